// The server as a person meets it first: it says where it is, serves what was built, and comes back where it was.
import { complaints, expect, test } from "./server";

test("it names its address and answers there", async ({ city, request }) => {
  expect((await request.get(`${city.url}/healthz`)).status()).toBe(200);
  const page = await request.get(`${city.url}/`);
  expect(page.status()).toBe(200);
  expect(page.headers()["content-type"]).toContain("text/html");
});

test("a browser opens it without complaint", async ({ page }) => {
  const heard = complaints(page);
  await page.goto("/");
  await expect(page.locator("body")).not.toBeEmpty();
  expect(heard).toEqual([]);
});

test("it serves what was built, compressed and with the right type", async ({ city, request }) => {
  for (const [path, type] of [
    ["/pkg/vedetta.js", /javascript/],
    ["/pkg/vedetta_bg.wasm", /^application\/wasm/],
    ["/vendor/maplibre-gl.mjs", /javascript/],
    ["/favicon.svg", /^image\/svg/],
    ["/manifest.webmanifest", /^application\/manifest\+json/],
  ] as const) {
    const answer = await request.get(city.url + path, { headers: { "accept-encoding": "br" } });
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()["content-type"], path).toMatch(type);
    expect(answer.headers()["content-encoding"], path).toBe("br");
  }
});

test("the basemap is served in pieces", async ({ city, request }) => {
  const piece = await request.get(`${city.url}/basemap/florence.pmtiles`, { headers: { range: "bytes=0-6" } });
  expect(piece.status()).toBe(206);
  expect((await piece.body()).toString()).toBe("PMTiles");
});

test("after a power cut it starts again on the same port", async ({ startServer, request }) => {
  const server = await startServer();
  const before = server.url;
  await server.kill9();
  await expect(request.get(`${before}/healthz`)).rejects.toThrow();
  await server.start();
  expect(server.url).toBe(before);
  expect((await request.get(`${before}/healthz`)).status()).toBe(200);
});
