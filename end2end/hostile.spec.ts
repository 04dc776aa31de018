// What feeds say is text and stays text: nothing in it runs, nothing in it becomes part of the page.
import { type Page } from "@playwright/test";
import { complaints, expect, test } from "./server";
import { CAP, Town, WZDX, bus, cap, open, wzdx } from "./town";

// Each tells if it ran, and each would leave an element behind.
const ATTACKS = [
  `<img src=x onerror="window.pwned='img'">`,
  `<script>window.pwned='script'</script>`,
  `<svg onload="window.pwned='svg'"><a xlink:href="javascript:window.pwned='xlink'">x</a></svg>`,
  `"><iframe srcdoc="<script>parent.pwned='iframe'</script>"></iframe>`,
  `<a href="javascript:window.pwned='link'" id="pwned">click</a>`,
  `</script><script>window.pwned='closed'</script>`,
  `<style>body{display:none}</style><b id="pwned">bold</b>`,
  `{{constructor.constructor('window.pwned="template"')()}} \${window.pwned='literal'} '"\`--><!--`,
  `\u202E<math href="javascript:window.pwned='math'">\u0000\u2028</math>`.replace("\u0000", ""),
];
const all = ATTACKS.join(" ");
const title = all.slice(0, 280); // as long as an incident's title may be

async function unharmed(page: Page) {
  expect(await page.evaluate(() => (window as any).pwned)).toBeUndefined();
  const strange = await page.evaluate(() => [
    ...document.querySelectorAll("body iframe, body style, body math, body object, body embed, body base, #pwned, img[src='x'], a[href^='javascript:' i], body script:not([nonce]):not([src])"),
    ...[...document.querySelectorAll("body *")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))),
  ].map((e) => e.outerHTML.slice(0, 120)));
  expect(strange).toEqual([]);
}

test("hostile words in every field stay words: in lists, in details, on the map, and in what is rendered before code runs", async ({ page, request, startServer }) => {
  test.slow();
  const town = await new Town(30).start();
  try {
    town.sources.documents = {
      [CAP]: cap({ id: `w-${ATTACKS[0]}`, headline: title, event: ATTACKS[1], description: all, instruction: all, area: all, sender: all, parameter: all, web: "javascript:window.pwned='web'" }),
      [WZDX]: wzdx({ id: `z-${ATTACKS[4]}`, road: title, name: all, description: all, impact: "all-lanes-closed" }),
    };
    const server = await startServer({ config: town.config });
    const heard = complaints(page);
    const asked: string[] = [];
    page.on("request", (r) => asked.push(r.url()));
    const pushed = await request.post(`${server.url}/api/v1/ingest/buses`, { data: bus(all.slice(0, 200)), headers: { "content-type": "application/x-protobuf" } });
    expect(pushed.status()).toBe(202);
    await expect.poll(async () => (await (await request.get(`${server.url}/api/v1/alarms`)).json()).alarms.length).toBeGreaterThan(1);

    for (const path of ["/", "/m", "/wall", "/feeds", "/kpis"]) {
      await open(page, server.url + path);
      await unharmed(page);
    }

    await open(page, server.url);
    await expect(page.getByTestId("map")).toHaveAttribute("data-ready", "true", { timeout: 40_000 });
    // In the queue it stands as it was sent, letter by letter.
    await expect(page.getByTestId("alarm").first()).toContainText("window.pwned='img'");
    await expect(page.getByTestId("alarm").filter({ hasText: `<img src=x onerror=` }).first()).toBeVisible();
    const rows = page.getByTestId("alarm").locator(".row-title");
    for (let i = 0; i < (await rows.count()); i++) {
      await rows.nth(i).click();
      await expect(page.getByTestId("details").locator("dl").last()).toBeVisible();
      await expect(page.getByTestId("details").locator("details.raw")).toHaveCount(1);
      await page.getByTestId("details").locator("summary").click();
      await expect(page.getByTestId("details").locator("pre")).not.toBeEmpty();
      await unharmed(page);
      // A link from a feed leads to the web or nowhere.
      for (const link of await page.getByTestId("details").getByRole("link").all())
        expect(await link.getAttribute("href")).toMatch(/^(https?:\/\/|\/api\/v1\/raw\/)/);
    }
    await page.keyboard.press("Escape");

    // In the list of what is on the map, vehicles included, and on the map drawn close.
    await page.locator(".things > summary").click();
    const things = page.locator(".things-list button");
    await expect(things.filter({ hasText: "<img src=x" }).first()).toBeVisible();
    await things.last().click();
    await expect(page.getByTestId("details").locator("h2").first()).toContainText("<img src=x");
    await unharmed(page);
    await page.getByTestId("map").hover();
    await unharmed(page);
    expect(await page.getByTestId("map").evaluate((e) => [...e.querySelectorAll("*")].filter((x) => /pwned/.test(x.outerHTML)).length)).toBe(0);

    // Made into an incident and noted, the words travel on, harmless.
    const warning = page.getByTestId("alarm").filter({ hasText: "Public warnings" });
    await warning.locator(".row-title").click();
    await warning.getByRole("button", { name: "Open incident" }).click();
    await warning.getByRole("button", { name: /^Incident I-/ }).click({ timeout: 10_000 });
    await page.getByPlaceholder("Add a note").fill(all.slice(0, 480));
    await page.getByRole("button", { name: "Note", exact: true }).click();
    await expect(page.getByTestId("details").locator(".log li").last()).toContainText("window.pwned='img'");
    await unharmed(page);
    await page.reload();
    await unharmed(page);

    // The raw message is handed out as a file, never as a page.
    const { situations } = await (await request.get(`${server.url}/api/v1/situations`)).json();
    const raw = await request.get(server.url + situations[0].raw);
    expect(raw.headers()["content-disposition"]).toMatch(/^attachment/);
    expect(raw.headers()["content-security-policy"]).toContain("sandbox");
    expect(raw.headers()["x-content-type-options"]).toBe("nosniff");

    expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:"))).toEqual([]);
    expect(heard).toEqual([]);
  } finally {
    await town.stop();
  }
});
