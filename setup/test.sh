#!/usr/bin/env bash
# Every test of the project, then one line that counts them all.
#
# Which server the browser tests drive: the one `cargo test` builds anyway (dev profile, dependencies optimised a little).
# A release server would cost a fresh machine a second build of every dependency, longer than all the tests together,
# and `make bench` is where speed is measured. The browser's half is the one that ships: nothing else shows its true size.
# shellcheck source=setup/lib.sh
. "$(dirname "$0")/lib.sh"
setup/install.sh test || exit 1
setup/site.sh || exit 1

out=target/test
rm -rf "$out" && mkdir -p "$out"

say "building the tests and the server (first time: 5-15 minutes)"
# Binaries and tests in one call: one set of features, so nothing is built twice.
if loud cargo build --locked --workspace --lib --bins --tests; then
  say "Rust tests"
  # --show-output, because a test that skips itself at run time says so in its output; rust-tests.mjs keeps the rest quiet.
  cargo test --locked --workspace --no-fail-fast -- --show-output 2>&1 | node setup/rust-tests.mjs "$out/rust.json" || true

  say "browser tests"
  VEDETTA_BIN=${VEDETTA_BIN:-$(realpath "$TARGET/debug/vedetta")} SITE=$(realpath "$SITE") CHROMIUM=$(find_chromium | head -n1) \
    "$NPM/.bin/playwright" test --config end2end/playwright.config.ts || true
fi

exec node setup/summary.mjs "$out"
