#!/usr/bin/env bash
# Installs exactly what is missing, and says so; says nothing when nothing is.
#   setup/install.sh        what building and serving needs
#   setup/install.sh test   that, and what the tests need
# shellcheck source=setup/lib.sh
. "$(dirname "$0")/lib.sh"

# --- Rust -------------------------------------------------------------------------------------------------------------
have cargo || die "there is no cargo on PATH" "install Rust with rustup, then run this again"
toolchain=${RUSTUP_TOOLCHAIN:-$RUST}
if have rustup; then
  if ! grep -q "^$toolchain" <<<"$(rustup toolchain list)"; then
    say "Rust $toolchain is missing: installing it (1 minute)"
    quietly rustup rustup toolchain install "$toolchain" --profile minimal --component rustfmt,clippy --target wasm32-unknown-unknown ||
      die "rustup could not install Rust $toolchain: $(reason rustup)" "see $LOGS/rustup.log"
  elif ! grep -qx wasm32-unknown-unknown <<<"$(rustup target list --installed --toolchain "$toolchain")"; then
    say "Rust's wasm32-unknown-unknown target is missing: adding it"
    quietly rustup rustup target add wasm32-unknown-unknown --toolchain "$toolchain" ||
      die "rustup could not add the wasm32-unknown-unknown target: $(reason rustup)" "see $LOGS/rustup.log"
  fi
else
  found=$(rustc --version | cut -d' ' -f2)
  at_least "$RUST" "$found" || die "Rust $found is too old, $RUST is needed" "install Rust with rustup"
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || die "this Rust has no wasm32-unknown-unknown target" "install Rust with rustup, which can add it"
fi
have cc || { say "a C compiler is missing (SQLite and zstd are built from source): installing gcc"; apt gcc libc6-dev; }

lock=$(key Cargo.lock)
if ! fresh crates "$lock"; then
  say "fetching the crates of Cargo.lock"
  quietly fetch cargo fetch --locked --target x86_64-unknown-linux-gnu --target wasm32-unknown-unknown ||
    die "cargo could not fetch its crates: $(reason fetch)" "is the crate registry reachable? see $LOGS/fetch.log"
  stamp crates "$lock"
fi

# --- wasm-bindgen: the tool must be of exactly the library's version --------------------------------------------------
bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $bindgen" ]; then
  say "wasm-bindgen $bindgen is missing: building it (3-6 minutes)"
  # A build folder of its own, so that an interrupted build goes on where it stopped.
  CARGO_TARGET_DIR=$PWD/$TOOLS/build quietly wasm-bindgen cargo install wasm-bindgen-cli --version "=$bindgen" --root "$TOOLS" --force ||
    die "wasm-bindgen $bindgen could not be built: $(reason wasm-bindgen)" "see $LOGS/wasm-bindgen.log"
  rm -rf "$TOOLS/build"
fi

# --- npm: the style compiler, wasm-opt, the map library, the font, the browser tests ----------------------------------
have node || die "there is no node on PATH" "install Node.js 20"
have npm || die "there is no npm on PATH" "it comes with Node.js 20"
node=$(node -p process.versions.node)
at_least 20.19 "$node" || die "Node $node is too old, 20.19 is needed" "install a current Node.js 20"
npm=$(key end2end/package.json end2end/package-lock.json end2end/.npmrc "$(node -p process.versions.modules)")
if ! fresh npm "$npm" "$NPM/.package-lock.json"; then
  say "npm packages are missing or old: installing them"
  quietly npm npm ci --prefix end2end --loglevel=error ||
    die "npm could not install its packages: $(reason npm)" "is the npm registry reachable? see $LOGS/npm.log"
  stamp npm "$npm"
fi

# --- the demo city's basemap: Florence, OpenStreetMap data (ODbL), shipped as a fixture of the crate `pmtiles` --------
map=$SITE/basemap/florence.pmtiles
sum=feeeca346019172195f025b4952f9bd76cf93dd8e2e5e79011dbbb0f875c9006
if ! fresh basemap "$sum" "$map"; then
  say "the basemap of Florence is missing: taking it from the crate pmtiles 0.25.0"
  mkdir -p target/basemap/src "$SITE/basemap"
  : >target/basemap/src/lib.rs
  printf '%s\n' '[package]' 'name = "basemap"' 'version = "0.0.0"' 'edition = "2024"' '[dependencies]' \
    'pmtiles = { version = "=0.25.0", default-features = false }' '[workspace]' >target/basemap/Cargo.toml
  quietly basemap cargo fetch --manifest-path target/basemap/Cargo.toml --target x86_64-unknown-linux-gnu ||
    die "cargo could not fetch the crate pmtiles 0.25.0: $(reason basemap)" "is the crate registry reachable? see $LOGS/basemap.log"
  crate=$(cargo metadata --manifest-path target/basemap/Cargo.toml --offline --format-version 1 --filter-platform x86_64-unknown-linux-gnu |
    node -p 'JSON.parse(require("fs").readFileSync(0)).packages.find(p => p.name === "pmtiles").manifest_path.replace(/Cargo.toml$/, "")')
  cp "$crate/fixtures/protomaps(vector)ODbL_firenze.pmtiles" "$map.part" || die "the crate pmtiles 0.25.0 holds no map of Florence"
  echo "$sum  $map.part" | sha256sum --check --status || die "the map of Florence is not the one expected" "its SHA-256 is not $sum"
  mv "$map.part" "$map"
  stamp basemap "$sum"
fi
[ "${1:-}" = test ] || exit 0

# --- the tests --------------------------------------------------------------------------------------------------------
if ! find_chromium >/dev/null; then
  say "Chromium is missing: installing Debian's (1 minute)"
  apt chromium fonts-liberation
fi
have xmllint || { say "xmllint is missing: installing libxml2-utils"; apt libxml2-utils; }
