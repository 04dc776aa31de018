#!/usr/bin/env bash
# Builds what the browser gets into $SITE. Each step is skipped when its inputs have not changed.
#   setup/site.sh         as shipped: smallest WASM, compressed beforehand
#   setup/site.sh --dev   as quick to build as can be
# shellcheck source=setup/lib.sh
. "$(dirname "$0")/lib.sh"

profile=wasm-release folder=wasm-release dev=${1:-}
[ "$dev" = --dev ] && profile=dev folder=debug
pkg=$SITE/pkg
wasm=$TARGET/wasm32-unknown-unknown/$folder/app.wasm

fresh "wasm-built-$profile" yes "$wasm" || say "building the browser's half (first time: 3-6 minutes)"
loud cargo build --locked -p app --lib --target wasm32-unknown-unknown --features hydrate --profile "$profile" ||
  die "the browser's half did not build" "the compiler says why above"
stamp "wasm-built-$profile" yes

step=$(key "$wasm" "$profile" "$(wasm-bindgen --version)" end2end/package-lock.json setup/site.sh)
stamp_name=pkg-$(key "$SITE" | cut -c1-8)
if ! fresh "$stamp_name" "$step" "$pkg/vedetta.js" "$pkg/vedetta_bg.wasm"; then
  say "wasm-bindgen${dev:+ (unoptimised)}: $pkg/vedetta_bg.wasm"
  new=$SITE/pkg.new
  rm -rf "$new" && mkdir -p "$new" "$pkg"
  wasm-bindgen --target web --no-typescript --out-name vedetta --out-dir "$new" "$wasm" || die "wasm-bindgen failed" "it says why above"
  if [ "$dev" != --dev ]; then
    # What rustc's wasm32 target switches on by itself since 1.82 (LLVM 19), and wasm-bindgen's externref with it. Stated,
    # because an older wasm-opt refuses what it was not told of, and a newer one must not use more than browsers of 2023 know.
    "$NPM/.bin/wasm-opt" -Oz --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
      --enable-mutable-globals --enable-reference-types --enable-multivalue --enable-call-indirect-overlong \
      -o "$new/opt.wasm" "$new/vedetta_bg.wasm" || die "wasm-opt failed" "it says why above"
    mv "$new/opt.wasm" "$new/vedetta_bg.wasm"
  fi
  rm -rf "$pkg/snippets" "$pkg"/vedetta*.wasm* "$pkg"/vedetta*.js*
  cp -R "$new/." "$pkg/" && rm -rf "$new"
  stamp "$stamp_name" "$step"
fi

node setup/site.mjs "$SITE" "$dev" || die "the site's other files could not be made" "it says why above"
