// What people do: every act has a name and a time, and one that is refused says why.
import { type Page } from "@playwright/test";
import { type Server, expect, test as base } from "./server";
import { CAP, Town, WZDX, cap, introduce, open, wzdx } from "./town";

const test = base.extend<{ town: Town; server: Server }>({
  town: async ({}, use) => {
    const town = await new Town(30).start();
    town.sources.documents = { [CAP]: cap(), [WZDX]: wzdx({ road: "Via Chiusa", impact: "all-lanes-closed" }) };
    await use(town);
    await town.stop();
  },
  server: async ({ town, startServer }, use) => use(await startServer({ config: town.config })),
  page: async ({ page, server }, use) => {
    await open(page, server.url);
    await introduce(page, "Giulia Meli");
    await use(page);
  },
});

const alarm = (page: Page, text: string) => page.getByTestId("alarm").filter({ hasText: text });
const incident = (page: Page, text: string) => page.getByTestId("incident").filter({ hasText: text });
const log = (page: Page) => page.getByTestId("details").locator(".log li");
const named = (what: RegExp) => new RegExp(`^\\s*\\d\\d:\\d\\d:\\d\\d\\s*Giulia Meli\\s*${what.source}`);

test("from an alarm to an incident, taken, noted, resolved", async ({ page, server, request }) => {
  const gale = alarm(page, "Gale over the old town");
  await gale.getByRole("button", { name: "Gale over the old town" }).click();
  await gale.getByRole("button", { name: "Open incident" }).click();
  await gale.getByRole("button", { name: /^Incident I-\d+$/ }).click();
  const drawer = page.getByTestId("details");
  await expect(drawer.getByRole("heading", { name: "Gale over the old town" })).toBeVisible();
  await expect(drawer).toContainText("Severe · Open · I-1");
  await expect(log(page)).toHaveText([named(/Opened from an alarm/)]);

  await drawer.getByRole("button", { name: "Take" }).click();
  await expect(log(page)).toHaveCount(2);
  await expect(log(page).nth(1)).toHaveText(named(/.*/));
  await expect(drawer).toContainText("Severe · Acknowledged · I-1");

  await drawer.getByPlaceholder("Add a note").fill("Two crews sent");
  await drawer.getByRole("button", { name: "Note", exact: true }).click();
  await expect(log(page).nth(2)).toHaveText(named(/Two crews sent/));
  await expect(drawer.getByPlaceholder("Add a note")).toHaveValue("");

  await drawer.getByRole("button", { name: "Resolve" }).click();
  await expect(log(page)).toHaveCount(4);
  await expect(log(page).nth(3)).toHaveText(named(/.*/));
  await expect(drawer).toContainText("Severe · Resolved · I-1");
  await expect(drawer.getByRole("button", { name: "Resolve" })).toHaveCount(0);
  await page.getByRole("tab", { name: /^Incidents/ }).click();
  await expect(page.getByText("Nothing is being worked on.")).toBeVisible();
  await expect(page.getByTestId("kpi-incidents-open")).toHaveAttribute("data-value", "0");

  const { incidents } = await (await request.get(`${server.url}/api/v1/incidents`)).json();
  expect(incidents).toHaveLength(1);
  expect(incidents[0].log.map((e: { by: string }) => e.by)).toEqual(Array(4).fill("Giulia Meli"));
  expect(incidents[0].log.every((e: { at: string }) => Math.abs(Date.now() - Date.parse(e.at)) < 120_000)).toBe(true);
});

test("an incident is opened by hand", async ({ page }) => {
  await page.getByRole("tab", { name: /^Incidents/ }).click();
  await page.getByPlaceholder("Open an incident by hand").fill("Lost child at the station");
  await page.getByLabel("How bad").selectOption("extreme");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const row = incident(page, "Lost child at the station");
  await expect(row).toContainText("Extreme");
  await expect(row).toHaveAttribute("data-state", "open");
  await row.getByRole("button", { name: "Lost child at the station" }).click();
  await expect(log(page)).toHaveText([named(/Opened/)]);
  await expect(page.getByPlaceholder("Open an incident by hand")).toHaveValue("");
});

test("an alarm is taken, and another shelved with an end", async ({ page }) => {
  const gale = alarm(page, "Gale over the old town");
  await gale.getByRole("button", { name: "Take" }).click();
  await expect(gale.locator(".owner")).toHaveText("Giulia Meli");
  await expect(gale.getByRole("button", { name: "Take" })).toHaveCount(0);
  const closed = alarm(page, "Via Chiusa");
  await closed.locator(".row-title").click();
  await closed.getByRole("button", { name: "Shelve 30 min" }).click();
  await page.getByText("Shelved 1").click();
  const shelved = page.locator(".shelf").getByTestId("alarm");
  await expect(shelved).toContainText(/shelved until \d\d:\d\d by Giulia Meli/);
  await expect(page.getByRole("tab", { name: /^Alarms/ })).toContainText("1");
});

test("an alarm with a very long headline becomes an incident like any other", async ({ page, town, startServer }) => {
  town.sources.documents[CAP] = cap({ id: "prova-long", headline: `Gale: ${"gusts up to 90 km/h, ".repeat(20)}stay inside` });
  const server = await startServer({ config: town.config });
  await open(page, server.url);
  const gale = alarm(page, "Gale: gusts");
  await gale.locator(".row-title").click();
  await gale.getByRole("button", { name: "Open incident" }).click();
  await expect(gale.getByRole("button", { name: /^Incident I-\d+$/ })).toBeVisible();
});

test("a refused act says why, stays in sight, and can be dismissed", async ({ page, server, browser }) => {
  await page.getByRole("tab", { name: /^Incidents/ }).click();
  await page.getByPlaceholder("Open an incident by hand").fill("Smoke in Via Ghibellina");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  const row = incident(page, "Smoke in Via Ghibellina");
  await expect(row).toBeVisible();
  // A colleague is quicker, but this page does not hear of it: its wire is cut, not its hands.
  const context = await browser.newContext({ baseURL: server.url });
  const colleague = await context.newPage();
  let cut = false;
  await page.routeWebSocket("**/live**", (socket) => {
    const real = socket.connectToServer();
    real.onMessage((frame) => void (cut || socket.send(frame)));
    socket.onMessage((frame) => void (cut || real.send(frame)));
  });
  await page.reload();
  await open(page, `${server.url}/`);
  await page.getByRole("tab", { name: /^Incidents/ }).click();
  await expect(row).toHaveAttribute("data-state", "open");
  cut = true;
  await open(colleague, `${server.url}/`);
  await introduce(colleague, "Marco Bini");
  await colleague.getByRole("tab", { name: /^Incidents/ }).click();
  await incident(colleague, "Smoke").getByRole("button", { name: "Take" }).click();
  await expect(incident(colleague, "Smoke")).toHaveAttribute("data-state", "acknowledged");

  await row.getByRole("button", { name: "Take" }).click();
  await expect(row.getByRole("alert")).toContainText("Marco Bini already has it.");
  await expect(page.getByTestId("outbox")).toContainText("not done: Marco Bini already has it.");
  await row.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByTestId("outbox")).toHaveCount(0);
  await context.close();
});
