#!/usr/bin/env bash
# Builds the server as it is run.
# shellcheck source=setup/lib.sh
. "$(dirname "$0")/lib.sh"

[ -x "$TARGET/release/vedetta" ] || say "building the server (first time: 5-15 minutes)"
loud cargo build --locked --release -p server || die "the server did not build" "the compiler says why above"
