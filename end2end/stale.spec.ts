// Nothing old is ever painted as new: a source that falls silent is shown as stale in time, with every figure made of it.
import { type Page } from "@playwright/test";
import { expect, test } from "./server";
import { Town, bus, open } from "./town";

const EVERY = 4; // s; the promise is one and a half of it
const MARGIN = 3_000; // the page's clock steps once a second, and two cores are shared with a browser

/** Writes down every freshness these elements ever show from now on. */
async function watch(page: Page, ids: string[]) {
  await page.evaluate((ids) => {
    const seen: [string, string, number][] = ((window as any).seen = []);
    const note = (e: Element) => seen.push([e.getAttribute("data-testid")!, e.getAttribute("data-freshness")!, Date.now()]);
    const all = ids.flatMap((id) => [...document.querySelectorAll(`[data-testid="${id}"]`)]);
    const observer = new MutationObserver((changes) => changes.forEach((c) => note(c.target as Element)));
    for (const e of all) {
      note(e);
      observer.observe(e, { attributes: true, attributeFilter: ["data-freshness"] });
    }
  }, ids);
  return async () => (await page.evaluate(() => (window as any).seen)) as [string, string, number][];
}

test("a source that stops answering turns stale in time, its figure with it, and fresh only when it answers again", async ({ page, startServer }) => {
  const town = await new Town(EVERY).start();
  try {
    const server = await startServer({ config: town.config });
    await open(page, server.url);
    await page.getByRole("tab", { name: /^Feeds/ }).click();
    const pairs = [["feed-warnings", "kpi-alerts-in-force"], ["feed-works", "kpi-road-events"]];
    const works = page.getByTestId("feed-works");
    // Push nothing, and alerts stay "not known" beside their silent buses: the road works have one feed alone.
    for (const id of ["feed-warnings", "feed-works", "kpi-road-events"]) await expect(page.getByTestId(id), id).toHaveAttribute("data-freshness", "fresh");
    await expect(page.getByTestId("kpi-road-events")).toHaveAttribute("data-value", "1");

    const seen = await watch(page, pairs.flat());
    town.sources.silent = true;
    const left = () => Math.max(1, town.sources.answered + 1.5 * EVERY * 1000 + MARGIN - Date.now());
    for (const id of ["feed-works", "kpi-road-events", "feed-warnings"])
      await expect(page.getByTestId(id), id).not.toHaveAttribute("data-freshness", "fresh", { timeout: left() });
    await expect(works).toContainText("◔");
    await expect(works).toContainText("stale");
    await expect(page.getByTestId("kpi-road-events").locator(".age")).toContainText("◔");
    // The room hears of it: an alarm stands, and the share of fresh feeds falls.
    await page.getByRole("tab", { name: /^Alarms/ }).click();
    await expect(page.getByTestId("alarm").filter({ hasText: "Road works is silent" })).toBeVisible();
    await expect(page.getByTestId("kpi-feeds-fresh")).toHaveAttribute("data-value", "0");

    const back = Date.now();
    town.sources.silent = false;
    // It asks again less and less often while nobody answers.
    for (const id of ["feed-works", "kpi-road-events", "feed-warnings"])
      await expect(page.getByTestId(id), id).toHaveAttribute("data-freshness", "fresh", { timeout: 40_000 });
    await expect(page.getByTestId("alarm").filter({ hasText: "Road works is silent" })).toHaveCount(0);
    for (const id of ["feed-works", "kpi-road-events", "feed-warnings"]) {
      const turns = (await seen()).filter(([of]) => of === id);
      const left_fresh = turns.find(([, f]) => f !== "fresh")!;
      const meanwhile = turns.filter(([, f, at]) => f === "fresh" && at > left_fresh[2] && at < back);
      expect(meanwhile, `${id} was shown as fresh while its source was silent`).toEqual([]);
    }
  } finally {
    await town.stop();
  }
});

test("a pushed source that falls silent takes its movers' figure with it", async ({ page, request, startServer }) => {
  const town = await new Town(EVERY).start();
  try {
    const server = await startServer({ config: town.config });
    const push = () => request.post(`${server.url}/api/v1/ingest/buses`, { data: bus("12 Prova"), headers: { "content-type": "application/x-protobuf" } });
    await open(page, server.url);
    await expect(page.getByTestId("kpi-movers-reporting")).toHaveAttribute("data-freshness", "unknown");
    await expect(page.getByTestId("kpi-movers-reporting").locator("b")).toHaveText("—");
    const pushed = Date.now();
    expect((await push()).status()).toBe(202);
    const tile = page.getByTestId("kpi-movers-reporting");
    await expect(tile).toHaveAttribute("data-freshness", "fresh");
    await expect(tile).toHaveAttribute("data-value", "1");
    await expect(tile).not.toHaveAttribute("data-freshness", "fresh", { timeout: Math.max(1, pushed + 1.5 * EVERY * 1000 + MARGIN - Date.now()) });
    expect((await push()).status()).toBe(202);
    await expect(tile).toHaveAttribute("data-freshness", "fresh");
  } finally {
    await town.stop();
  }
});

test("a page that lost its server paints nothing as fresh", async ({ page, startServer }) => {
  const town = await new Town(EVERY).start();
  try {
    const server = await startServer({ config: town.config });
    await open(page, server.url);
    await expect(page.getByTestId("kpi-road-events")).toHaveAttribute("data-freshness", "fresh");
    const clock = page.getByTestId("clock");
    await server.kill9();
    await expect(page.getByTestId("link")).toHaveAttribute("data-state", "lost");
    for (const tile of await page.getByTestId(/^kpi-/).all()) await expect(tile).not.toHaveAttribute("data-freshness", "fresh");
    await expect(page.getByTestId(/^feed-/).filter({ has: page.locator(".age.fresh") })).toHaveCount(0, { timeout: 1.5 * EVERY * 1000 + MARGIN });
    const stopped = await clock.getAttribute("datetime");
    await expect(page.getByTestId("link")).toContainText(/Lost \d+ s/);
    expect(await clock.getAttribute("datetime")).toBe(stopped);
  } finally {
    await town.stop();
  }
});
