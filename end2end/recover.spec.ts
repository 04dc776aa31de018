// A power cut costs nothing that anybody did, and a screen nobody touches comes back by itself.
import { expect, test } from "./server";
import { CAP, Town, cap, introduce, open } from "./town";

const WITHIN = 3_000; // ms from the restarted server's first word to the right picture

test("after kill -9 the page comes back by itself with the right picture, and what people did is still there", async ({ page, startServer }) => {
  const town = await new Town(4).start();
  try {
    const server = await startServer({ config: town.config });
    await open(page, server.url);
    await introduce(page, "Giulia Meli");
    await page.getByRole("tab", { name: /^Incidents/ }).click();
    await page.getByPlaceholder("Open an incident by hand").fill("Tree across Via Romana");
    await page.getByLabel("How bad").selectOption("severe");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const row = page.getByTestId("incident").filter({ hasText: "Tree across Via Romana" });
    await row.getByRole("button", { name: "Take" }).click();
    await expect(row).toHaveAttribute("data-state", "acknowledged");
    await row.getByRole("button", { name: "Tree across Via Romana" }).click();
    const log = page.getByTestId("details").locator(".log li");
    await expect(log).toHaveCount(2);
    const written = await log.allInnerTexts();
    for (const line of written) expect(line).toMatch(/\d\d:\d\d:\d\d\s+Giulia Meli/);
    await page.evaluate(() => ((window as any).same = true)); // gone if the page was loaded anew

    // Not the power cut's luck: while it is off, the city changes.
    await server.kill9();
    await expect(page.getByTestId("link")).toHaveAttribute("data-state", "lost");
    await expect(page.getByTestId("link")).toContainText("Lost");
    town.sources.documents[CAP] = cap({ id: "prova-2", headline: "Gale over, flood to come" });
    await server.start();
    const right = Date.now() + WITHIN;
    const left = () => ({ timeout: Math.max(1, right - Date.now()) });
    await expect(page.getByTestId("link")).toHaveAttribute("data-state", "live", left());
    await expect(row).toHaveAttribute("data-state", "acknowledged", left());
    await expect(page.getByTestId("kpi-incidents-open")).toHaveAttribute("data-value", "1", left());
    await expect(page.getByTestId("kpi-incidents-open")).toHaveAttribute("data-freshness", "fresh", left());
    expect(await log.allInnerTexts()).toEqual(written);
    await page.getByRole("tab", { name: /^Alarms/ }).click();
    await expect(page.getByTestId("alarm").filter({ hasText: "Gale over, flood to come" })).toBeVisible();
    expect(await page.evaluate(() => (window as any).same)).toBe(true);

    // And so the next page finds it.
    await page.reload();
    await page.getByRole("tab", { name: /^Incidents/ }).click();
    await row.getByRole("button", { name: "Tree across Via Romana" }).click();
    await expect(log).toHaveText(written.map((line) => new RegExp(line.split(/\s+/).map((w) => w.replace(/[^\w:]/g, ".")).join("\\s*"))));
  } finally {
    await town.stop();
  }
});

test("after a longer outage it is back as quickly", async ({ page, startServer }) => {
  const town = await new Town(4).start();
  try {
    const server = await startServer({ config: town.config });
    await open(page, server.url);
    await server.kill9();
    const link = page.getByTestId("link");
    await expect(link).toHaveAttribute("data-state", "lost");
    await expect(link).toContainText(/Lost 1[2-9] s/, { timeout: 25_000 });
    await server.start();
    await expect(link).toHaveAttribute("data-state", "live", { timeout: WITHIN });
  } finally {
    await town.stop();
  }
});

test("what was asked for while the server was away is done once it is back, once", async ({ page, request, startServer }) => {
  const town = await new Town(4).start();
  try {
    const server = await startServer({ config: town.config });
    await open(page, server.url);
    await introduce(page, "Giulia Meli");
    await server.kill9();
    await expect(page.getByTestId("link")).toHaveAttribute("data-state", "lost");
    await page.getByRole("tab", { name: /^Incidents/ }).click();
    await page.getByPlaceholder("Open an incident by hand").fill("Written in the dark");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await expect(page.getByTestId("outbox")).toContainText("Written in the dark");
    await server.start();
    await expect(page.getByTestId("incident").filter({ hasText: "Written in the dark" })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByTestId("outbox")).toHaveCount(0);
    const { incidents } = await (await request.get(`${server.url}/api/v1/incidents`)).json();
    expect(incidents).toHaveLength(1);
  } finally {
    await town.stop();
  }
});
