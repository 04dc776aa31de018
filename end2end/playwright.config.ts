// The browser tests: the real server, a real Chromium, one at a time, no second chances.
//   make test, or in this folder: npx playwright test (with the site and the debug server built)
import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

/** The first Chromium on PATH; `CHROMIUM` names another. Playwright's own download is never used. */
function chromium(): string {
  for (const name of [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"]) {
    if (!name) continue;
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // not this one
    }
  }
  throw new Error("there is no Chromium on PATH: `make test` installs Debian's, or name one in CHROMIUM");
}

const out = "../target/test";

export default defineConfig({
  testDir: ".",
  outputDir: `${out}/browser`,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: `${out}/playwright.json` }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    trace: "off",
    launchOptions: {
      executablePath: chromium(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
