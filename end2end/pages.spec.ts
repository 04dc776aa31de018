// Every page: no complaint in the console, readable by everybody, in the dark and in the light, with keys alone, and the phone without code.
import AxeBuilder from "@axe-core/playwright";
import { complaints, expect, test } from "./server";
import { open } from "./town";

const PAGES = ["/", "/wall", "/m", "/kpis", "/feeds", "/no-such-page"];

for (const path of PAGES)
  test(`${path}, in the dark and in the light: no complaint, nothing that shuts anybody out`, async ({ page }) => {
    test.slow(); // two looks, each looked through whole
    const heard = complaints(page);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await open(page, path);
    await expect(page.getByTestId(/^(kpi-movers-reporting|feed-hospitals)$/).or(page.getByText("There is no such page")).filter({ visible: true })).not.toHaveCount(0);
    const map = page.getByTestId("map");
    if (await map.count()) await expect(map).toHaveAttribute("data-ready", "true", { timeout: 40_000 });
    for (const scheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
      const said = grave.map((v) => `${v.id}: ${v.help} — ${v.nodes.map((n) => `${n.target.join(" ")} (${n.any.map((a) => a.message).join("; ")})`).join(" | ")}`);
      expect.soft(said, scheme).toEqual([]);
    }
    // The browser reports a 404 of the page itself: that one is meant.
    expect(heard.filter((h) => !(path === "/no-such-page" && /status of 404/.test(h)))).toEqual([]);
  });

test("an unknown address says so, with a way back", async ({ page, request }) => {
  expect((await request.get("/no-such-page")).status()).toBe(404);
  await open(page, "/no-such-page");
  await page.getByRole("link", { name: "To operations" }).click();
  await expect(page.getByTestId("map")).toBeVisible();
});

test("the phone page reads without code: alarms, figures, what to do", async ({ browser, city, request }) => {
  await expect.poll(async () => (await (await request.get("/api/v1/alarms")).json()).alarms.length).toBeGreaterThan(0);
  const context = await browser.newContext({ baseURL: city.url, javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto("/m");
  await expect(page.getByRole("heading", { name: /Alarms/ })).toBeVisible();
  const { alarms } = (await (await request.get("/api/v1/alarms")).json()) as { alarms: { title: string }[] };
  await expect(page.getByTestId("alarm").first()).toBeVisible();
  await expect(page.getByText(alarms[0].title).first()).toBeVisible();
  for (const id of ["movers-reporting", "feeds-fresh", "alerts-in-force", "incidents-open", "road-events", "hospital-beds-free"])
    await expect(page.getByTestId(`kpi-${id}`).locator("b")).toHaveText(/\d/);
  await expect(page.getByText(/Oldest input/)).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
  expect(wide).toBeLessThanOrEqual(0);
  await context.close();
});

test("the Tab key reaches everything on the operations page that can be touched", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByTestId("alarm").first()).toBeVisible();
  await expect(page.getByTestId("map")).toHaveAttribute("data-ready", "true", { timeout: 40_000 });
  // What can be touched, named; of a row of tabs only the chosen one is a stop, the arrows do the rest.
  const stops = await page.evaluate(() => {
    const name = (e: Element) => `${e.tagName.toLowerCase()} ${(e.getAttribute("aria-label") ?? e.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 60)}`;
    const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex]")];
    all.forEach((e, i) => (e.dataset.stop = String(i)));
    return all
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !(e as HTMLButtonElement).disabled && !(e.getAttribute("role") === "tab" && e.tabIndex < 0))
      .map((e) => [e.dataset.stop!, name(e)] as const);
  });
  const reached = new Set<string>();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < stops.length * 2 + 20; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null;
      const style = e && getComputedStyle(e);
      const box = e?.getBoundingClientRect();
      const shown = !!style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      return { stop: e?.dataset.stop, shown, seen: !!box && box.width > 0, what: e?.outerHTML.slice(0, 120) };
    });
    if (at.stop) {
      reached.add(at.stop);
      expect(at.shown, `the focus is seen on ${at.what}`).toBe(true);
    }
    if (stops.every(([id]) => reached.has(id))) break;
  }
  // Rows that went meanwhile need no reaching.
  const there = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("[data-stop]")].map((e) => e.dataset.stop));
  expect(stops.filter(([id]) => there.includes(id) && !reached.has(id)).map(([, name]) => name)).toEqual([]);

  // Tabs by arrow.
  await page.getByRole("tab", { name: /^Alarms/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: /^Incidents/ })).toBeFocused();
  await expect(page.getByPlaceholder("Open an incident by hand")).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: /^Alarms/ })).toHaveAttribute("aria-selected", "true");
});
