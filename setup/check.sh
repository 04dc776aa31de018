#!/usr/bin/env bash
# What a reviewer would run first. Everything is run, the exit status says whether all of it held.
# shellcheck source=setup/lib.sh
. "$(dirname "$0")/lib.sh"
setup/install.sh || exit 1

bad=()
holds() { # holds NAME COMMAND…
  local name=$1
  shift
  say "$name"
  "$@" || bad+=("$name")
}
# shellcheck disable=SC2317 # called through `holds`
lock_names_no_registry() { ! grep -nE '"resolved"' end2end/package-lock.json; }

holds "format" cargo fmt --check
# Both halves, each for its own target; never --all-features: `hydrate` and `ssr` exclude each other.
holds "lints, server half" loud cargo clippy --locked -p server -p app --all-targets -- -D warnings
holds "lints, browser half" loud cargo clippy --locked -p app --lib --target wasm32-unknown-unknown --features hydrate -- -D warnings
holds "npm's lock file names no registry" lock_names_no_registry
if have shellcheck; then holds "shell scripts" shellcheck -x setup/*.sh .ci/run; else say "shell scripts: not checked, shellcheck is not installed"; fi
if have cargo-deny; then
  # Advisories need a database from the network; without it the other three still count.
  holds "licences, bans, sources" cargo deny --log-level error check licenses bans sources
  if quietly advisories cargo deny --log-level error check advisories; then
    say "advisories: none"
  elif grep -qiE 'fetch|network|could not resolve|failed to (connect|clone)' "$LOGS/advisories.log"; then
    say "advisories: not checked, their database cannot be reached"
  else
    cat "$LOGS/advisories.log"
    bad+=("advisories")
  fi
else
  say "licences and advisories: not checked, cargo-deny is not installed (cargo install cargo-deny)"
fi

[ ${#bad[@]} = 0 ] && say "all of it holds" && exit 0
printf 'does not hold: %s\n' "${bad[@]}" >&2
exit 1
