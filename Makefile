# Two commands are all a fresh machine needs: `make run` and `make test`. Each installs what is missing and says so.
# What each step does, and why, is in setup/*.sh; a step whose inputs have not changed is skipped.
.PHONY: run test dev check bless bench size site setup
ARGS ?=
server = $(or $(CARGO_TARGET_DIR),target)/release/vedetta

run: site                     # serves the demo city on http://127.0.0.1:3000
	@setup/server.sh
	@exec $(server) serve --site $(or $(SITE),target/site) $(ARGS)

test:                         # every test; the last line is `N passed, N failed, N skipped`
	@setup/test.sh

dev: setup                    # rebuilds and restarts when a file is saved
	@setup/dev.sh

check:                        # what a reviewer would run first: format, lints, licences
	@setup/check.sh

bless: setup                  # accepts the snapshots as they now are; look at the diff before committing it
	@bash -c '. setup/lib.sh && INSTA_UPDATE=always cargo test --locked --workspace --quiet'

bench: setup                  # measures this machine; nothing is sent anywhere
	@setup/server.sh
	$(server) bench ingest
	$(server) bench fanout

size: site                    # bytes a browser loads before the page is alive; fails over the budget
	@node setup/size.mjs $(or $(SITE),target/site)

site: setup                   # what the browser gets: WASM, style, map library, font, basemap
	@setup/site.sh

setup:                        # installs what is missing
	@setup/install.sh
