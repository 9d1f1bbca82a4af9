# Commands for contributors. They need make, and either deno or npm: without deno, the pinned version is
# installed from npm into .deno/.

DENO_VERSION = 2.9.6
# Draws recordings; nothing else needs it.
RICH_VERSION = 15.0.0
PREFIX ?= /usr/local
DESTDIR ?=
MCP_HOST ?=
MCP_READ ?= $(HOME)/.containarium/credentials.json
MCP_WRITE ?=

# The first deno that is recent enough. Found when a recipe runs: an earlier recipe may have installed it.
DENO = $(shell for deno in "$$(command -v deno)" $(CURDIR)/.deno/node_modules/@deno/*/deno $(CURDIR)/.deno/node_modules/@deno/*/deno.exe; do \
	if "$$deno" --version 2>/dev/null | grep -Eq '^deno (2[.](9|[1-9][0-9]+)|[3-9])[.]'; then echo "$$deno"; break; fi; done)
# Where jsr.io cannot be reached, imports resolve through npm/.
IMPORTS = $(shell cat .deno/imports 2>/dev/null)
# Variables that the server reads, from the one place that lists them.
MCP_ENV = $(shell $(DENO) eval 'import c from "./deno.json" with { type: "json" }; console.log(c.permissions.default.env.join(","))')
# Without a code cache: Deno keeps that under a fixed name in /tmp, where others could put theirs first.
# Without the flag, V8's young generation grows to 16 MiB for good; calls are not slower with it.
# The old one is collected before it has doubled: node:http leaves much that only that collects.
V8_FLAGS = --v8-flags=--max-semi-space-size=2,--heap-growing-percent=30
COMPILE = $(DENO) compile -q --no-config --no-prompt --no-code-cache $(V8_FLAGS) \
	--allow-net$(if $(MCP_HOST),=$(MCP_HOST)) --allow-env=$(MCP_ENV) $(if $(MCP_READ),"--allow-read=$(MCP_READ)") \
	$(if $(MCP_WRITE),"--allow-write=$(MCP_WRITE)")
# Binaries are compiled in bin/new and replace those in bin/ only once all of them are complete.
NEW_BIN = rm -rf bin/new && mkdir -p bin/new
REPLACE_BIN = mv bin/new/* bin/ && rm -rf bin/new
NOT_MADE = rm -rf bin/new; \
	echo "bin/ is as it was. The first time, this downloads from dl.deno.land: if it cannot, set DENORT_BIN to a copy of" \
	  "denort $(DENO_VERSION), or use make bundle or make dist-npm." >&2; exit 1
DIST = $(DENO) run -q -P=test $(IMPORTS) scripts/dist.ts $(if $(ALL),--all) $(if $(STRICT),--strict) $(IMPORTS)
QUALITY = $(DENO) run -q --allow-read=docs/quality.md,dist,tests --allow-write=docs/quality.md $(IMPORTS) scripts/quality_page.ts
# Behind a command whose failure counts, and whose figures are worth seeing all the same.
THEN_QUALITY = code=$$?; $(QUALITY) && exit $$code
# Entries that deno.json exports.
ENTRIES = mod.ts client/mod.ts server/mod.ts main.ts
# Folders with tests, or with examples in doc comments.
ROOMS = $(LONGEST) mod.ts client server cli tools tests
# The slowest tests start first, so that all processors finish at about the same time.
LONGEST = tests/soak tests/tools/terminal tests/client/terminal tests/tools/ssh_keys tests/tools/logs \
	tests/tools/fleet_view tests/readme_test.ts tests/inspector_test.ts tests/cli/start_test.ts \
	tests/server/hostile_text_test.ts tests/tools/admission tests/tools/quotas \
	tests/official_client_test.ts tests/python_client_test.ts tests/mcp_conformance_test.ts
# The view runs in a browser, which has other types.
PAGE = tools/fleet_view/page
SOURCES = deno.json $(wildcard *.ts $(foreach room,client server cli tools,$(room)/* $(room)/*/* $(room)/*/*/*) $(PAGE)/* scripts/bundle.ts scripts/bundle/*)

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | awk -F '\t' '{ printf "  %-16s %s\n", $$1, $$2 }'

.PHONY: demo
demo: cached ## Watch a client talk to a simulated daemon through the server
	@$(DENO) run -q -P=test $(IMPORTS) scripts/demo.ts

.PHONY: daemon
daemon: cached ## Serve a simulated daemon; its terminals are shells on this machine
	@$(DENO) run -q $(IMPORTS) --allow-net=127.0.0.1 --allow-run=script,sh --allow-read --allow-write \
		--allow-env=PATH,WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE tests/daemon/main.ts --shell --zfs --container alice

.PHONY: test
test: cached ## Run every test; ROOMS=tests/tools runs some
	@TOOK=$(if $(filter file,$(origin ROOMS)),.deno/test_seconds) \
		sh tests/run.sh $(DENO) test -q --doc --no-check --parallel -P $(IMPORTS) \
		$(if $(filter command,$(origin STARTED)),--preload=tests/started_programs.ts) $(ROOMS)

.PHONY: check
check: .deno/imports ## Check format, lint, types and documentation
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check --doc $(IMPORTS) .
	$(DENO) doc --lint $(IMPORTS) $(ENTRIES)
	$(DENO) fmt --check --config $(PAGE)/deno.json $(PAGE)
	$(DENO) lint --config $(PAGE)/deno.json $(PAGE)
	$(DENO) check --config $(PAGE)/deno.json $(PAGE)

.PHONY: bench
bench: cached dist/mcp-server.js ## Measure start, memory, calls, lists and commands; BENCH=quick takes a minute
	@$(DENO) run -q -P=test $(IMPORTS) scripts/bench.ts $(V8_FLAGS)
	@$(if $(filter quick,$(BENCH)),:,$(QUALITY))

.PHONY: soak
soak: cached ## Talk at random to servers whose daemon fails; SOAK_SECONDS=300, SOAK_SEED=1 draws the same again
	@$(DENO) run -q -P=test $(IMPORTS) scripts/soak.ts; $(THEN_QUALITY)

.PHONY: quality
quality: .deno/imports ## Put what soak, interop, bench and mutation left in dist/ on docs/quality.md
	@$(QUALITY)

.PHONY: interop
interop: cached ## Try the server with the clients of others; INTEROP=name runs one. Downloads them
	@$(DENO) run -q -P=test $(IMPORTS) scripts/interop.ts; code=$$?; $(DENO) fmt -q docs/interop.md; \
		(exit $$code); $(THEN_QUALITY)

.PHONY: surface
surface: cached ## Write tests/server/golden/surface.txt: what clients see of the server
	@$(DENO) run -q -P=test $(IMPORTS) scripts/surface.ts

.PHONY: mutation
mutation: cached ## Count which changes of the source no test finds; ROOMS=client/transport MUTANTS=200 SEED=1 try some
	@ROOMS="$(if $(filter-out file,$(origin ROOMS)),$(ROOMS))" \
		nice -n 19 $(DENO) run -q -P=test $(IMPORTS) scripts/mutate.ts $(IMPORTS); $(THEN_QUALITY)

.PHONY: docs
docs: cached ## Write what is generated: the README's table, docs/tools.md, demo.md, config.schema.json
	$(DENO) run -q --allow-read=README.md --allow-write=README.md $(IMPORTS) scripts/tool_tables.ts
	$(DENO) run -q -P=test $(IMPORTS) scripts/tool_page.ts
	$(DENO) run -q -P=test $(IMPORTS) scripts/demo_page.ts
	$(DENO) run -q --allow-write=docs/config.schema.json $(IMPORTS) scripts/config_schema.ts

.PHONY: picture
picture: cached ## Write docs/fleet.png, the view of the fleet; needs chromium
	$(DENO) run -q -P=test $(IMPORTS) scripts/picture.ts

.PHONY: recording
recording: cached ## Write docs/session.svg and docs/top.svg, recordings of a terminal; needs python3, bash and script
	@test -x .deno/venv/bin/pip || python3 -m venv .deno/venv
	@.deno/venv/bin/pip install --quiet --disable-pip-version-check --no-deps rich==$(RICH_VERSION)
	$(DENO) run -q -P=test $(IMPORTS) scripts/recording.ts

.PHONY: changelog
changelog: .deno/imports ## Move changes.d/ to CHANGELOG.md as the release VERSION=1.2.3
	$(DENO) run -q --allow-read=CHANGELOG.md,changes.d --allow-write=CHANGELOG.md,changes.d $(IMPORTS) scripts/changelog.ts "$(VERSION)"

.PHONY: publish-dry-run
publish-dry-run: .deno/imports ## Check what JSR would publish, without publishing it; needs jsr.io
	$(DENO) publish --dry-run

.PHONY: bundle
bundle: dist/mcp-server.js ## Make dist/mcp-server.js, and what it imports, for deno run

dist/mcp-server.js: .deno/imports $(SOURCES)
	$(DENO) run -q -P=test $(IMPORTS) scripts/bundle.ts main.ts $@ $(IMPORTS)

.PHONY: build-mcp
build-mcp: dist/mcp-server.js ## Make bin/mcp-server; MCP_HOST=host:443[,...] MCP_READ=file[,...] narrow it, MCP_WRITE=file widens it
	@$(NEW_BIN)
	@$(COMPILE) -o bin/new/mcp-server $< || { $(NOT_MADE); }
	@$(REPLACE_BIN)
	@echo "Made bin/mcp-server, which may reach $(or $(MCP_HOST),any host) and read $(or $(MCP_READ),no file)$(if $(MCP_WRITE), and write $(MCP_WRITE))"

.PHONY: build-mcp-linux
build-mcp-linux: dist/mcp-server.js ## Make bin/mcp-server-linux-x86_64 and -aarch64
	@$(NEW_BIN)
	@$(COMPILE) --target x86_64-unknown-linux-gnu -o bin/new/mcp-server-linux-x86_64 $< || { $(NOT_MADE); }
	@$(COMPILE) --target aarch64-unknown-linux-gnu -o bin/new/mcp-server-linux-aarch64 $< || { $(NOT_MADE); }
	@$(REPLACE_BIN)
	@echo "Made bin/mcp-server-linux-x86_64 and bin/mcp-server-linux-aarch64"

.PHONY: smoke
smoke: cached ## Try bin/mcp-server against a simulated daemon
	@$(DENO) run -q -P=test $(IMPORTS) scripts/smoke.ts $(SMOKE) bin/mcp-server

.PHONY: dist
dist: dist/mcp-server.js ## Make every package of a release in dist/; ALL=1 for every system, STRICT=1 skips nothing
	@$(DIST)

.PHONY: dist-binaries
dist-binaries: dist/mcp-server.js ## Make dist/mcp-server-SYSTEM, which confines itself
	@$(DIST) binaries

.PHONY: dist-npm
dist-npm: dist/mcp-server.js ## Make the package for npm
	@$(DIST) npm

.PHONY: dist-mcpb
dist-mcpb: dist/mcp-server.js ## Make the MCPB bundle; ALL=1 for every system
	@$(DIST) mcpb

.PHONY: dist-extensions
dist-extensions: dist/mcp-server.js ## Make the plugin of Claude Code, the extension of Gemini CLI, Antigravity's file
	@$(DIST) plugin gemini antigravity

.PHONY: smoke-dist
smoke-dist: cached ## Install each package in dist/ into an empty home, and try it
	@$(DENO) run -q -P=test $(IMPORTS) scripts/smoke_packages.ts

.PHONY: first-minute
first-minute: dist-npm ## Time what a newcomer types, in an empty home with Node alone
	@$(DENO) run -q -P=test $(IMPORTS) scripts/first_minute.ts

.PHONY: install-mcp
install-mcp: ## Install bin/mcp-server to $(DESTDIR)$(PREFIX)/bin
	@test -f bin/mcp-server || { echo "There is no bin/mcp-server: run make build-mcp first, not as root" >&2; exit 1; }
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 bin/mcp-server "$(DESTDIR)$(PREFIX)/bin/mcp-server"

.PHONY: clean
clean: ## Remove what was made, but not .deno/node_modules
	rm -rf bin dist coverage .deno/imports

# Determined once: whether jsr.io can be reached takes well under a second to find out.
.deno/imports: | deno
	@if (cd .deno && $(DENO) cache -q --no-config --no-lock jsr:@std/assert@1) >/dev/null 2>&1; \
	then : > $@; \
	else echo '--import-map=npm/imports.json --lock=npm/deno.lock' > $@; fi

# The server is started with --cached-only, as in its users' configuration.
.PHONY: cached
cached: .deno/imports
	@$(DENO) cache -q $(IMPORTS) main.ts

.PHONY: deno
deno:
	@mkdir -p .deno
	@if [ -n "$(DENO)" ]; then :; \
	elif command -v npm >/dev/null 2>&1; then \
	  echo "No deno 2.9 or newer on PATH: installing deno $(DENO_VERSION) from npm into .deno/"; \
	  npm install --loglevel=error --no-update-notifier --no-save --no-audit --no-fund --prefix .deno deno@$(DENO_VERSION) >/dev/null; \
	else echo "Found neither Deno 2.9 or newer nor npm: install Deno (https://deno.com) or Node.js with npm, then try again." >&2; exit 1; fi
