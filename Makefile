# `make` says what there is.

VENV := .venv
PYTHON ?= python3
PORT ?= 8080
DATA_DIR ?= .data
PYTHON_CODE := server tests tools bench sdks
PIP := $(VENV)/bin/pip --disable-pip-version-check -q
NODE_PEER := tests/carriers/smpp/peer_node
NODE_SDK := sdks/node
NODE_PROJECTS := $(NODE_PEER) $(NODE_SDK) sdks/toolchain
DEBIAN_PACKAGES := php-cli php-curl phpunit composer php-guzzlehttp-guzzle ruby
GO := GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-mod=mod GOCACHE=$(CURDIR)/$(VENV)/go/cache GOPATH=$(CURDIR)/$(VENV)/go \
	$(CURDIR)/$(VENV)/bin/go
NODE_INSTALLED := $(NODE_PROJECTS:%=%/node_modules/.package-lock.json)

.DEFAULT_GOAL := help
.PHONY: help install run dev check test format sdks bench-api bench-smpp bench-sdks torture clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/installed ## set up what `make run` needs

run: $(VENV)/installed ## set up and run everything: API, workers, PostgreSQL, simulated carrier, panel
	@exec "$(VENV)/bin/nokyc" serve --demo --port $(PORT) --data-dir "$(DATA_DIR)"

dev: $(VENV)/developer $(NODE_INSTALLED) $(NODE_SDK)/dist/cjs/package.json $(VENV)/languages ## set up what the tests need

check: dev ## format, lint, types, layers, unit tests: under a minute
	$(VENV)/bin/ruff format --check -q $(PYTHON_CODE)
	$(VENV)/bin/ruff check -q $(PYTHON_CODE)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n 2 tests/kit tests/test_tidy.py tests/journeys

test: dev ## every suite
	$(VENV)/bin/ruff format --check -q $(PYTHON_CODE)
	$(VENV)/bin/ruff check -q $(PYTHON_CODE)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n 2 tests

format: dev ## put the code into its form
	$(VENV)/bin/ruff format -q $(PYTHON_CODE)
	$(VENV)/bin/ruff check -q --fix $(PYTHON_CODE)

sdks: dev ## make contract, event schemas and SDKs anew from the server; refuses what would break clients
	$(VENV)/bin/python tools/make_openapi.py
	$(VENV)/bin/python tools/make_event_schemas.py
	$(VENV)/bin/python sdks/generator
	@$(MAKE) --no-print-directory $(NODE_SDK)/dist/cjs/package.json

bench-api: dev ## POST /v1/sms against pgbench, in ratios
	@# The load comes from Debian's wrk; as root we fetch it, otherwise the benchmark says what is missing.
	@command -v wrk > /dev/null || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -y -qq wrk; }
	$(VENV)/bin/python bench/api.py

bench-smpp: dev ## our SMPP client against smpp34's, in ratios
	$(VENV)/bin/python bench/smpp_client.py

bench-sdks: dev ## what each SDK adds to its language's bare HTTP client, in ratios
	$(VENV)/bin/python bench/sdks.py

torture: dev ## kill every process under load, and count what was lost
	$(VENV)/bin/nokyc torture

clean: ## remove what was set up, but no data
	rm -rf $(VENV) $(NODE_PROJECTS:%=%/node_modules) $(NODE_SDK)/dist

$(VENV)/installed: pyproject.toml constraints.txt
	@# Debian splits venv off into a package of its own; as root we fetch it, otherwise venv's own words say how.
	@test -x $(VENV)/bin/pip || $(PYTHON) -m venv $(VENV) || { test "$$(id -u)" = 0 && rm -rf $(VENV) && \
		apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/developer: $(VENV)/installed
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(NODE_INSTALLED): %/node_modules/.package-lock.json: %/package-lock.json
	@cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(NODE_SDK)/dist/cjs/package.json: $(wildcard $(NODE_SDK)/src/*.ts $(NODE_SDK)/tsconfig*.json) \
		$(NODE_SDK)/node_modules/.package-lock.json
	@cd $(NODE_SDK) && npm run --silent build

$(VENV)/languages: | $(VENV)/developer
	@# PHP and Ruby come from Debian; as root we fetch them, otherwise we say what is missing. Go is a wheel, whose standard
	@# library is compiled here, once, so that no test has to wait for it.
	@set -e; have() { for program in php phpunit composer ruby; do command -v $$program > /dev/null || return 1; done; \
		php -m | grep -qx curl && test -e /usr/share/php/GuzzleHttp/autoload.php; }; \
	have || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(DEBIAN_PACKAGES) > /dev/null; } || \
	{ echo "The SDKs' tests need: apt-get install $(DEBIAN_PACKAGES)"; exit 0; }; \
	(cd sdks/go && $(GO) test -race -run '^$$' ./... > /dev/null) || true; touch $@
