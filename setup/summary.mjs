// Adds up what every runner left in a folder, says what failed and why what was skipped, and ends with the one line that counts.
//   node setup/summary.mjs FOLDER      (rust.json of rust-tests.mjs, playwright.json of Playwright's own reporter)
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const read = (name) => {
  const file = join(process.argv[2], name);
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
  } catch {
    return null; // cut off half way: the runner died
  }
};
let [passed, failed, skipped] = [0, 0, 0];
const [failures, skips] = [[], []];

const rust = read("rust.json");
if (rust?.finished && rust.passed + rust.failed + rust.skipped > 0) {
  passed += rust.passed;
  failed += rust.failed;
  skipped += rust.skipped;
  failures.push(...rust.failures);
  skips.push(...rust.skips);
} else {
  failed += 1;
  failures.push("the Rust tests did not build or did not run: see above");
}

const browser = read("playwright.json");
const visit = (suite, path) => {
  const here = suite.title && suite.title !== suite.file ? [...path, suite.title] : path;
  for (const inner of suite.suites ?? []) visit(inner, here);
  for (const spec of suite.specs ?? [])
    for (const test of spec.tests) {
      const name = `end2end/${spec.file} ${[...here, spec.title].join(" › ")}`;
      if (test.status === "skipped") {
        skipped += 1;
        skips.push(`${name}: ${test.annotations.find((a) => ["skip", "fixme"].includes(a.type))?.description || "no reason given: give it one"}`);
      } else if (test.status === "expected") {
        passed += 1;
      } else {
        failed += 1;
        failures.push(name);
      }
    }
};
if (browser) {
  for (const suite of browser.suites) visit(suite, []);
  for (const error of browser.errors ?? []) {
    failed += 1;
    failures.push(`end2end: ${error.message?.split("\n")[0]}`);
  }
} else {
  failed += 1;
  failures.push("the browser tests did not run: see above");
}

for (const line of skips) console.log(`skipped  ${line}`);
for (const line of failures) console.log(`FAILED   ${line}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);
