// Every value has a pedigree: from what is on screen to the very bytes it came in, by keyboard alone.
import { type Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "./server";
import { open } from "./town";

const drawer = (page: Page) => page.getByTestId("details");
const fact = (page: Page, name: string) => drawer(page).locator(`dt:text-is("${name}") + dd`).first();

/** Opens the list beside the map and selects its first vehicle, with keys only. Returns the row. */
async function firstVehicle(page: Page) {
  await page.locator(".things > summary").focus();
  await page.keyboard.press("Enter");
  const row = page.locator(".things-list h3", { hasText: "Vehicles" }).locator("+ ul button").first();
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(drawer(page)).toBeVisible();
  return row;
}

test("a vehicle chosen by keyboard shows every field, its age, its owner, its licence and its raw record", async ({ page, request }) => {
  await open(page, "/");
  const row = await firstVehicle(page);
  await expect(row).toHaveAttribute("aria-pressed", "true");
  await expect(drawer(page).locator("h2").first()).not.toBeEmpty();
  await expect(fact(page, "Observed")).toHaveText(/\d\d:\d\d.*\d+ (s|min)/);
  await expect(fact(page, "Received")).toHaveText(/\d\d:\d\d:\d\d/);
  await expect(fact(page, "Source")).toHaveText("Buses and trams, positions");
  await expect(fact(page, "Owner")).toHaveText("Transit");
  await expect(fact(page, "Licence")).toHaveText("ODbL 1.0 (routes from OpenStreetMap)");
  await expect(fact(page, "Access")).toHaveText("public");
  await expect(fact(page, "Position")).toHaveText(/11\.\d+, 43\.\d+|43\.\d+, 11\.\d+/);
  await expect(fact(page, "Speed")).toHaveText(/\d+ km\/h/);

  // The API's own fields of it are all there.
  const id = await fact(page, "Id").innerText();
  const { movers } = (await (await request.get("/api/v1/movers")).json()) as { movers: { id: string; label?: string; trip?: Record<string, string> }[] };
  const mover = movers.find((m) => m.id.endsWith(id))!;
  expect(mover, `the API knows ${id}`).toBeTruthy();
  if (mover.label) await expect(fact(page, "Label")).toHaveText(mover.label);
  if (mover.trip?.trip_id) await expect(drawer(page)).toContainText(mover.trip.trip_id);

  // The raw record, and the message it was in.
  await drawer(page).locator("summary").click();
  await expect(drawer(page).locator("pre")).toContainText(id);
  const link = drawer(page).getByRole("link", { name: "The whole message" });
  // The vehicle reports again every few seconds, in another message: what came is held against the name it came under.
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const name = new URL(download.url()).pathname.split("/").pop()!;
  expect(name).toMatch(/^[0-9a-f]{64}$/);
  expect(createHash("sha256").update(readFileSync(await download.path())).digest("hex")).toBe(name);
});

test("the raw record stays open, and the focus in it, while its vehicle reports anew", async ({ page }) => {
  await open(page, "/");
  await firstVehicle(page);
  await drawer(page).locator("summary").focus();
  await page.keyboard.press("Enter");
  const raw = drawer(page).locator("details.raw");
  await expect(raw).toHaveAttribute("open", "");
  const received = await fact(page, "Received").innerText();
  await expect(fact(page, "Received")).not.toHaveText(received, { timeout: 20_000 });
  await expect(raw).toHaveAttribute("open", "", { timeout: 1_000 });
  await expect(drawer(page).locator("summary")).toBeFocused({ timeout: 1_000 });
});

test("Escape closes the details and the focus is where it was", async ({ page }) => {
  await open(page, "/");
  const row = await firstVehicle(page);
  const name = await row.locator(".name").innerText();
  await expect(row).toBeFocused();
  // Into the details and out again, as somebody who reads them with keys does.
  await drawer(page).getByRole("button", { name: "Close the details" }).focus();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
  await expect(page.locator(":focus .name")).toHaveText(name);
});

test("the list keeps the focus while the vehicles move", async ({ page }) => {
  await open(page, "/");
  const row = await firstVehicle(page);
  await expect(row).toBeFocused();
  const name = await row.locator(".name").innerText();
  // The list is looked at anew every five seconds.
  const clock = page.getByTestId("clock");
  const at = Date.parse((await clock.getAttribute("datetime"))!);
  await expect.poll(async () => Date.parse((await clock.getAttribute("datetime"))!), { timeout: 20_000 }).toBeGreaterThan(at + 7_000);
  await expect(page.locator(":focus .name")).toHaveText(name);
});

test("a key figure explains itself: its formula and what it is made of", async ({ page, request }) => {
  await open(page, "/");
  const { kpis } = (await (await request.get("/api/v1/kpis")).json()) as { kpis: { id: string; title: string; formula: string }[] };
  const kpi = kpis.find((k) => k.id === "movers-reporting")!;
  const tile = page.getByTestId("kpi-movers-reporting");
  await tile.click();
  await expect(tile).toHaveAttribute("aria-expanded", "true");
  await expect(drawer(page).getByRole("heading", { name: kpi.title })).toBeVisible();
  await expect(fact(page, "Formula")).toHaveText(kpi.formula);
  const input = drawer(page).locator(".inputs li");
  await expect(input).toHaveCount(1);
  await expect(input).toContainText("Buses and trams, positions");
  await expect(input).toContainText(/\d+ values/);
  await expect(input.locator(".age")).toHaveText(/\d+ s/);
  await expect(input).toHaveAttribute("data-freshness", "fresh");
  // And on to the feed, and from there to the bytes.
  await input.getByRole("button").click();
  await expect(fact(page, "Owner")).toHaveText("Transit");
  await drawer(page).locator("summary").click();
  await expect(drawer(page).getByRole("link", { name: "The whole message" })).toBeVisible();
});
