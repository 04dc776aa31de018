// Reads `cargo test -- --show-output`, passes on what a person wants to see, and writes the counts to a file.
//   cargo test … 2>&1 | node setup/rust-tests.mjs OUT.json
// A test that finds it cannot run (a capture is not on this machine) prints a line `SKIPPED: why` and returns; libtest counts it as
// passed, this counts it as skipped.
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

const counts = { passed: 0, failed: 0, skipped: 0, skips: [], failures: [], finished: false };
let unit = ""; // which test binary is running
let section = ""; // "successes" is hidden: a passing test's output is of interest only when it says SKIPPED
let test = "";
let open = 0; // binaries started whose result has not come: one that crashes never sends it
const skippedHere = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const started = /^ +(?:Running (\S.*?) \(|Doc-tests (\S+))/.exec(line);
  if (started) {
    if (open) crashed();
    unit = started[1] ?? `doc-tests of ${started[2]}`;
    open = 1;
    section = "";
  }
  const result = /^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
  const ignored = /^test (.+) \.\.\. ignored(?:, (.*))?$/.exec(line);
  const skip = /^SKIPPED:\s*(.*)$/.exec(line);
  const failed = /^test (.+) \.\.\. FAILED$/.exec(line);
  const head = /^---- (.+?) (?:stdout|stderr) ----$/.exec(line);
  if (line === "successes:" || line === "failures:") section = line.slice(0, -1);
  if (head) test = head[1];
  if (ignored) counts.skips.push(`${unit} ${ignored[1]}: ${ignored[2] || "ignored, without a reason: give it one"}`);
  if (failed) counts.failures.push(`${unit} ${failed[1]}`);
  if (skip && section === "successes" && !skippedHere.has(test)) {
    skippedHere.add(test);
    counts.skips.push(`${unit} ${test}: ${skip[1]}`);
  }
  if (result) {
    const [passed, bad, out] = result.slice(1).map(Number);
    counts.passed += passed - skippedHere.size;
    counts.failed += bad;
    counts.skipped += out + skippedHere.size;
    skippedHere.clear();
    section = "";
    open = 0;
  }
  if (section !== "successes") console.log(line);
}
if (open) crashed();
counts.finished = true;
writeFileSync(process.argv[2], JSON.stringify(counts));

/** A test binary ended without its result line: whatever it did not finish did not pass. */
function crashed() {
  counts.failed += 1;
  counts.failures.push(`${unit}: ended before its result (crashed or was killed)`);
  skippedHere.clear();
}
