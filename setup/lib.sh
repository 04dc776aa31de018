# shellcheck shell=bash disable=SC2034,SC2317
# What every script here shares: where things are, how a step is announced, how one fails, and what is already done.
# Sourced, not run. Settings a caller may hand in: CARGO_TARGET_DIR, SITE, TOOLS, CHROMIUM.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

TARGET=${CARGO_TARGET_DIR:-target} # what cargo builds
SITE=${SITE:-target/site}          # what the browser gets
TOOLS=${TOOLS:-target/tools}       # tools built for this project only
LOGS=target/logs
STAMPS=target/stamps
NPM=end2end/node_modules
mkdir -p "$LOGS" "$STAMPS" "$TOOLS"
export PATH="$PWD/$TOOLS/bin:$PATH:$HOME/.cargo/bin" PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

say() { printf '· %s\n' "$*"; }
die() { # die WHAT [HINT]: the one line a failed step leaves behind
  printf 'failed: %s%s\n' "$1" "${2:+ — $2}" >&2
  exit 1
}
trap 'die "an unforeseen step failed (${BASH_SOURCE[0]##*/}, line $LINENO)" "what it printed stands above, or in $LOGS"' ERR
have() { command -v "$1" >/dev/null 2>&1; }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$1" ]; } # at_least WANTED FOUND

# The Rust of rust-toolchain.toml, named outright: read from the file, rustup would also want its components here and now, and a
# build needs neither rustfmt nor clippy. A machine whose `stable` is that very version needs no second copy of it.
RUST=$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && have rustup; then
  toolchains=$(rustup toolchain list 2>/dev/null || true)
  if grep -q "^$RUST" <<<"$toolchains"; then
    export RUSTUP_TOOLCHAIN=$RUST
  elif grep -q '^stable' <<<"$toolchains" && [ "$(rustc +stable --version | cut -d' ' -f2)" = "$RUST" ]; then
    export RUSTUP_TOOLCHAIN=stable
  fi
fi

# A step's inputs as one word; `fresh NAME KEY OUTPUT…` is true when that very step was done before and its outputs still stand.
key() { { printf '%s\n' "$@"; for f in "$@"; do if [ -f "$f" ]; then sha256sum <"$f"; fi; done; } | sha256sum | cut -c1-32; }
fresh() {
  local name=$1 wanted=$2 output
  shift 2
  for output in "$@"; do [ -e "$output" ] || return 1; done
  [ "$(cat "$STAMPS/$name" 2>/dev/null)" = "$wanted" ]
}
stamp() { printf '%s' "$2" >"$STAMPS/$1"; }

# quietly LOG COMMAND…: runs it with its output in a file; shown only through the line of whoever calls `die`.
quietly() {
  local log=$LOGS/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null
}
# Why a registry's client gave up, in its own words: the most telling line of its log, shortened.
reason() {
  local pattern line
  for pattern in 'no space|permission denied|EACCES' 'could not (resolve|connect)|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|timed? ?out' \
    'unable to (locate|fetch)|no matching package|failed to (download|fetch|connect|compile)|checksum|EINTEGRITY' 'error'; do
    line=$(grep -m1 -iE "$pattern" "$LOGS/$1.log" || true)
    if [ -n "$line" ]; then
      sed -E 's/^[[:space:]]+//' <<<"${line:0:160}"
      return
    fi
  done
}

# apt PACKAGE… : Debian packages, as root or through sudo.
apt() {
  local as=()
  if [ "$(id -u)" != 0 ]; then
    have sudo || die "$* is missing and this user is not root" "ask an administrator for: apt-get install $*"
    as=(sudo -n)
    [ -t 0 ] && as=(sudo)
  fi
  have apt-get || die "$* is missing and there is no apt-get here" "install it with this system's own package manager"
  install_debian() { "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }
  quietly apt install_debian "$@" && return
  quietly apt-update "${as[@]}" apt-get update || true
  quietly apt install_debian "$@" || die "apt-get could not install $*: $(reason apt)" "see $LOGS/apt.log"
}

# The browser the tests drive; CHROMIUM names another one.
find_chromium() { if [ -n "${CHROMIUM:-}" ]; then command -v "$CHROMIUM"; else command -v chromium || command -v chromium-browser || command -v google-chrome; fi; }

# cargo's progress on a terminal, silence (but for warnings and errors) in a log.
loud() { if [ -t 2 ]; then "$@"; else CARGO_TERM_QUIET=true "$@"; fi; }
