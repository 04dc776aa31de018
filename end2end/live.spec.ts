// The picture lives: what moves in the city moves on the map, and every figure says how old it is.
import { expect, test } from "./server";
import { open } from "./town";

const KPIS = ["movers-reporting", "feeds-fresh", "alerts-in-force", "incidents-open", "road-events", "hospital-beds-free"];

test("movers move on the map as they move in the city", async ({ page, request }) => {
  test.slow(); // the map is drawn without a graphics card
  const movers = async () => {
    const { movers } = (await (await request.get("/api/v1/movers")).json()) as { movers: { id: string; position: unknown }[] };
    return new Map(movers.map((m) => [m.id, JSON.stringify(m.position)]));
  };
  await open(page, "/");
  const map = page.getByTestId("map");
  await expect(map).toHaveAttribute("data-ready", "true", { timeout: 60_000 });
  await expect.poll(async () => Number(await map.getAttribute("data-movers"))).toBeGreaterThan(50);

  const [was, drawn] = [await movers(), Number(await map.getAttribute("data-moved"))];
  expect(was.size).toBeGreaterThan(50);
  expect([...was.values()].every((p) => p.length > 5)).toBe(true);
  await expect.poll(async () => [...(await movers())].filter(([id, at]) => was.has(id) && was.get(id) !== at).length, { timeout: 20_000 }).toBeGreaterThan(20);
  await expect.poll(async () => Number(await map.getAttribute("data-moved")), { timeout: 20_000 }).toBeGreaterThan(drawn + 1);
});

test("the link is live and the picture's clock goes", async ({ page }) => {
  await open(page, "/");
  await expect(page.getByTestId("link")).toContainText("Live");
  await expect(page.getByTestId("link")).toContainText("oldest input");
  const clock = page.getByTestId("clock");
  const time = async () => Date.parse((await clock.getAttribute("datetime")) ?? "");
  const before = await time();
  await expect.poll(time).toBeGreaterThan(before + 1000);
  await expect(clock).toHaveText(/^\d\d:\d\d:\d\d$/);
});

test("the strip shows every key figure with its value, its age and its freshness", async ({ page, request }) => {
  await open(page, "/");
  for (const id of KPIS) {
    const tile = page.locator("footer").getByTestId(`kpi-${id}`);
    await expect(tile, id).toHaveAttribute("data-freshness", /^(fresh|stale)$/, { timeout: 20_000 });
    await expect(tile, id).toHaveAttribute("data-value", /^-?\d+(\.\d+)?$/);
    await expect(tile.locator("b"), id).toHaveText(/\d/);
    await expect(tile.locator(".age"), id).toHaveText(/^(◔ )?\d+ (s|min|h|d)/);
  }
  await expect(page.locator("footer").getByTestId(/^kpi-/)).toHaveCount(KPIS.length);
  // What is shown is what the server says, number and freshness.
  for (const id of KPIS) {
    await expect
      .poll(async () => {
        const { kpis } = (await (await request.get("/api/v1/kpis")).json()) as { kpis: { id: string; value: number; freshness: string }[] };
        const said = kpis.find((k) => k.id === id);
        const tile = page.locator("footer").getByTestId(`kpi-${id}`);
        return said?.value === Number(await tile.getAttribute("data-value")) && said.freshness.toLowerCase() === (await tile.getAttribute("data-freshness"));
      }, { message: id, timeout: 20_000 })
      .toBe(true);
  }
});
