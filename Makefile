# The words of this project, the same for people, the README and CI: run · test · check · fix · bench.

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench bench-peers soak guard clauses bindings audit client setup setup-test setup-peers
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
SHELL := bash

STEP := scripts/step
DATA ?= .tmp/demo
LISTEN ?= 127.0.0.1:8443
# One profile for run, test and bench, so that dependencies are built once.
PROFILE ?= dev

# Always the whole workspace's features: of fewer packages Cargo asks others of the dependencies, and builds them again.
BUILD := cargo build --locked --workspace --profile $(PROFILE)
MEASURED := $(STEP) "server and loadtest" $(BUILD) --bin tsumugi --bin loadtest
BUILT := target/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))
LOADTEST := $(BUILT)/loadtest

NODE_MODULES := client-web/node_modules/.package-lock.json
CLIENT := client-web/dist/index.html
CLIENT_SOURCES := $(shell find client-web protocol/bindings \
	\( -name node_modules -o -name dist \) -prune -o -type f -print 2>/dev/null)

help: ## what can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: setup client ## a demo server on https://127.0.0.1:8443
	@$(STEP) "server" $(BUILD) --bin tsumugi
	@$(BUILT)/tsumugi demo --data $(DATA) --listen $(LISTEN)

test: setup-test client ## every test: server, client, browser
	@scripts/test

check: setup client ## what must hold before a commit: format, lints, generated files, clauses
	@$(STEP) "format" cargo fmt --all --check -- --color=never
	@$(STEP) "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
	@$(STEP) "generated types" scripts/bindings --check
	@$(STEP) "client lints and types" npm --prefix client-web run check
	@$(STEP) "scripts" python3 -B -m unittest discover -s scripts/tests -t .
	@$(STEP) "clauses known" scripts/clauses --quiet
	@if cargo deny --version >/dev/null 2>&1; then \
		$(STEP) "licences and sources" cargo deny --offline check licenses bans sources; fi

fix: setup $(NODE_MODULES) ## format, apply the lints' own suggestions, write generated types anew
	@$(STEP) "generated types" scripts/bindings
	@$(STEP) "lints" cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged
	@$(STEP) "format" cargo fmt --all
	@$(STEP) "client" npm --prefix client-web run fix

bench: setup client ## the figures of this machine beside the floor (about 10 min): a table for people; JSON=FILE, HTML=FILE
	@$(MEASURED)
	@$(LOADTEST) bench $(if $(JSON),--json $(JSON)) $(if $(HTML),--html $(HTML))

soak: setup client ## the long variants: days, floods, 5,000 in a room and coming back, a million posts (about an hour)
	@$(MEASURED)
	@$(LOADTEST) soak $(if $(JSON),--json $(JSON)) $(if $(HTML),--html $(HTML))
	@$(LOADTEST) big-room --big 5000 --peer floor
	@$(LOADTEST) reconnect-storm --scale 2.5
	@TSUMUGI_TIMING_ROUNDS=600 cargo test --locked --profile $(PROFILE) --workspace --test promises -- sign_in_timing --nocapture --test-threads 1

bench-peers: setup-peers client ## the figures beside ejabberd, ours on SQLite and on PostgreSQL (about 20 min); JSON=FILE, QUICK=1
	@$(MEASURED)
	@$(LOADTEST) bench --peer ejabberd --only lone-sender,care-teams,big-room,idle-links \
		$(if $(QUICK),--quick) $(if $(JSON),--json $(JSON))

guard: setup client ## fail when a delivery costs clearly more CPU beside the floor than recorded (about 100 s)
	@$(MEASURED)
	@$(LOADTEST) guard

bindings: ## write the generated TypeScript anew
	@scripts/bindings

clauses: ## which governing clauses a test proves; the last line is JSON
	@scripts/clauses $(if $(MISSING),--missing)

audit: $(NODE_MODULES) ## licences, bans, sources and advisories of every dependency; needs cargo-deny and the network
	@cargo deny --version >/dev/null 2>&1 || { echo "audit: cargo-deny is missing: cargo install cargo-deny" >&2; exit 1; }
	@$(STEP) "rust dependencies" cargo deny check
	@$(STEP) "client dependencies" npm --prefix client-web audit

setup:
	@scripts/setup run

setup-test:
	@scripts/setup test

setup-peers:
	@scripts/setup peers

# The server embeds the built client, so it comes before every build of the server.
client: $(CLIENT)

# Not `npm ci`: it wants every platform's binary in the lock file, also those that a registry does not carry.
$(NODE_MODULES): client-web/package-lock.json | setup
	@$(STEP) "client dependencies" npm --prefix client-web install --no-save --no-audit --no-fund
	@mkdir -p $(@D) && touch $@

$(CLIENT): $(NODE_MODULES) $(CLIENT_SOURCES)
	@$(STEP) "client" npm --prefix client-web run build
	@mkdir -p $(@D) && touch $@
