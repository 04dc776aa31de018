#!/usr/bin/env bash
# Rebuilds and restarts when a file is saved. A site folder of its own, so that the shipped one stays as it is.
# shellcheck source=setup/lib.sh
export SITE=${SITE:-target/dev-site}
. "$(dirname "$0")/lib.sh"
export PATH="$PWD/$NPM/.bin:$PATH" # cargo-leptos looks for sass and wasm-opt there
setup/install.sh || exit 1

# vedetta's own address and arguments; ARGS adds to them.
read -ra args <<<"serve --site $SITE ${ARGS:-}"

if have cargo-leptos; then
  say "cargo leptos watch"
  # It empties its site folder of what is not in the assets folder, so the assets folder is everything but Rust and style.
  SITE=target/dev-assets setup/install.sh || exit 1
  node setup/site.mjs target/dev-assets --dev
  LEPTOS_SITE_ROOT=$SITE LEPTOS_ASSETS_DIR=target/dev-assets exec cargo leptos watch -- "${args[@]}"
fi

say "cargo-leptos is not installed: watching files once a second, the page is not reloaded by itself (cargo install cargo-leptos does better)"
seen=target/stamps/dev-seen
server=
stop() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true # it may have ended by itself
  wait "$server" 2>/dev/null || true
  server=
}
trap stop EXIT
trap 'exit 0' INT TERM

build() {
  SITE=$SITE setup/site.sh --dev || return 1
  loud cargo build --locked -p server || return 1
}
while :; do
  touch "$seen"
  if build; then
    stop
    "$TARGET/debug/vedetta" "${args[@]}" &
    server=$!
  else
    say "waiting for the next save; the server before it goes on"
  fi
  until [ -n "$(find app server style public Cargo.toml Cargo.lock -newer "$seen" -type f -print -quit 2>/dev/null)" ]; do sleep 1; done
done
