# `make` says what there is.

VENV := .venv
PYTHON ?= python3
PORT ?= 8080
DATA_DIR ?= .data
FUZZ_MINUTES ?= 15
SOURCES := server voice tests tools bench sdks
PIP := $(VENV)/bin/pip --disable-pip-version-check -q
SOUNDS := $(foreach kind,en fr es,asterisk-core-sounds-$(kind) asterisk-core-sounds-$(kind)-wav) asterisk-moh-opsound-wav
NODE_SDK := sdks/node
NODE_PROJECTS := tests/carriers/smpp/peer_node tests/panel/axe $(NODE_SDK) sdks/toolchain
GO := GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-mod=mod GOCACHE="$(CURDIR)/$(VENV)/go/cache" \
	GOPATH="$(CURDIR)/$(VENV)/go" "$(CURDIR)/$(VENV)/bin/go"
NODE_INSTALLED := $(NODE_PROJECTS:%=%/node_modules/.package-lock.json)

.DEFAULT_GOAL := help
.PHONY: help install run dev audit check check-security fuzz lint lint-deploy test format sdks peers shots torture talks clean \
	bench-agent bench-api bench-cluster bench-faults bench-panel bench-peers bench-sdks bench-smpp bench-speech bench-voice bench-voice-media bench-voicemails

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(VENV)/installed ## set up what `make run` needs

run: $(VENV)/installed ## set up and run everything: API, workers, voice, PostgreSQL, simulated carrier, panel
	@exec "$(VENV)/bin/nokyc" serve --demo --port $(PORT) --data-dir "$(DATA_DIR)"

dev: $(VENV)/developer $(NODE_INSTALLED) $(NODE_SDK)/dist/cjs/package.json ## set up what developing needs

check: dev lint ## format, lint, types, layers, unit tests: under a minute
	$(VENV)/bin/pytest -n 2 tests/kit tests/test_tidy.py tests/journeys

test: dev peers $(VENV)/go lint ## every suite
	$(VENV)/bin/pytest -n 2 tests

check-security: dev ## the walls alone: URLs, tenancy, connections, panel, SIP scanners
	$(VENV)/bin/ruff check -q --select S server voice
	$(VENV)/bin/pytest tests/http/test_ssrf.py tests/http/test_guard.py tests/http/test_outbound.py tests/http/test_tenancy.py \
		tests/http/test_connections.py tests/http/test_auth.py tests/panel/test_walls.py tests/voice/test_scanners.py \
		tests/resources/webhooks/test_replay.py tests/fuzz

audit: $(VENV)/audit/bin/pip-audit ## known holes in what we depend on, by the advisories of PyPI and npm, which it has to reach
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --no-deps -r constraints.txt
	for each in $(NODE_PROJECTS); do npm audit --prefix $$each || exit 1; done

fuzz: dev ## parsers and the whole API under what nobody should send: FUZZ_MINUTES for each of seven
	@$(PIP) install -c constraints.txt -e '.[fuzz]'
	PYTHONPATH=tests $(VENV)/bin/python -m fuzz.run --minutes $(FUZZ_MINUTES)
	PYTHONPATH=tests $(VENV)/bin/python -m voice.fuzz --minutes $(FUZZ_MINUTES)
	PYTHONPATH=tests $(VENV)/bin/python -m fuzz.api --minutes $(FUZZ_MINUTES)

lint:
	$(VENV)/bin/ruff format --check -q $(SOURCES)
	$(VENV)/bin/ruff check -q $(SOURCES)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports

lint-deploy: dev ## deploy/: systemd units, compose file, Helm chart
	@tools/fetch.sh systemd-analyze:systemd
	@$(PIP) install -c constraints.txt -e '.[deploy]'
	$(VENV)/bin/pytest tests/deploy

format: dev ## put the code into its form
	$(VENV)/bin/ruff format -q $(SOURCES)
	$(VENV)/bin/ruff check -q --fix $(SOURCES)

sdks: dev ## make contract, event schemas and SDKs anew from the server; refuses what would break clients
	$(VENV)/bin/python tools/make_openapi.py
	$(VENV)/bin/python tools/make_event_schemas.py
	$(VENV)/bin/python sdks/generator
	@$(MAKE) --no-print-directory $(NODE_SDK)/dist/cjs/package.json

peers:
	@# Far ends of the tests, from Debian: phones, a browser, languages of the SDKs. As root we fetch them, otherwise
	@# their tests are skipped, or say what is missing.
	@tools/fetch.sh sipp:sip-tester baresip:baresip-core kamailio rtpengine:rtpengine-daemon ip:iproute2 chromium firefox-esr curl php:php-cli phpunit composer phpcs:php-codesniffer ruby rubocop \
		/usr/share/php/GuzzleHttp/autoload.php:php-guzzlehttp-guzzle /usr/share/doc/php-curl:php-curl \
		/usr/share/php/PHPStan/PhpDocParser/autoload.php:php-phpstan-phpdoc-parser /usr/share/php/Psr/Log/autoload.php:php-psr-log /usr/share/php/Psr/Http/Client/autoload.php:php-psr-http-client

bench-api: dev ## POST /v1/sms against pgbench, and webhooks against a bare client, in ratios
	@tools/fetch.sh wrk
	$(VENV)/bin/python bench/api.py
	$(VENV)/bin/python bench/webhooks.py

bench-cluster: dev ## eight processes on a replicated PostgreSQL behind PgBouncer, and what is lost when each dies
	@tools/fetch.sh pgbouncer ip:iproute2 setpriv:util-linux
	$(VENV)/bin/python bench/cluster.py

bench-panel: dev ## server time of every page at a million messages, and what a first visit weighs
	$(VENV)/bin/python bench/panel.py

PEER_GATEWAYS := bearerbox:kannel redis-server /usr/lib/rabbitmq/bin/rabbitmq-server:rabbitmq-server

bench-peers: dev ## this platform beside Kannel and Jasmin, in ratios
	@tools/fetch.sh $(PEER_GATEWAYS)
	$(VENV)/bin/python bench/peers.py

bench-faults: dev ## the same three when something breaks: lost, sent twice, standing still
	@tools/fetch.sh $(PEER_GATEWAYS)
	$(VENV)/bin/python bench/faults.py

bench-sdks: dev ## what each SDK adds to its language's bare HTTP client, in ratios
	$(VENV)/bin/python bench/sdks.py

bench-smpp: dev ## our SMPP client against smpp34's, in ratios
	$(VENV)/bin/python bench/smpp_client.py

bench-voice: dev peers ## recorded calls and set-ups per second of a whole voice process
	$(VENV)/bin/python bench/voice.py

bench-agent: dev peers ## how long callers wait for an agent, and how soon it is silent
	$(VENV)/bin/nokyc speech install --data-dir "$(DATA_DIR)"
	$(VENV)/bin/python bench/agent.py --data-dir "$(DATA_DIR)"

bench-speech: dev ## how well the local engines hear telephone audio
	@# Speech with known text and music come from Debian; as root we fetch them, otherwise the benchmark says what is missing.
	@test -d /usr/share/asterisk/moh || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -y -qq $(SOUNDS); }
	$(VENV)/bin/nokyc speech install --data-dir "$(DATA_DIR)"
	$(VENV)/bin/python bench/speech.py --data-dir "$(DATA_DIR)"

bench-voicemails: dev ## what is made of voicemails that the rules were not made with: read, and heard
	$(VENV)/bin/python bench/voicemails.py
	$(VENV)/bin/nokyc speech install --data-dir "$(DATA_DIR)"
	$(VENV)/bin/python bench/voicemails_heard.py --data-dir "$(DATA_DIR)"

talks: dev ## twenty conversations with agents, on real calls and with the local engines
	@# Hold music comes from Debian; as root we fetch it, otherwise its conversation says what is missing.
	@test -d /usr/share/asterisk/moh || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -y -qq $(SOUNDS); }
	$(VENV)/bin/nokyc speech install --data-dir "$(DATA_DIR)"
	$(VENV)/bin/python bench/agent_talks.py --data-dir "$(DATA_DIR)"

bench-voice-media: dev ## recorded calls that one process carries, over RTP on loopback
	$(VENV)/bin/python bench/voice_media.py
	$(VENV)/bin/python bench/voice_media.py --bridged

shots: dev peers ## pictures of every page of the panel, in both sizes and palettes, below .shots
	PANEL_SHOTS="$(CURDIR)/.shots" $(VENV)/bin/pytest -q tests/panel/test_every_page.py

torture: dev ## half an hour of load in which everything breaks; then what was promised is counted
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

$(VENV)/audit/bin/pip-audit: | $(VENV)/installed
	@# In an environment of its own: what looks at dependencies is none of them.
	@$(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/pip --disable-pip-version-check install -q pip-audit

$(NODE_INSTALLED): %/node_modules/.package-lock.json: %/package-lock.json
	@cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(NODE_SDK)/dist/cjs/package.json: $(wildcard $(NODE_SDK)/src/*.ts $(NODE_SDK)/tsconfig*.json) \
		$(NODE_SDK)/node_modules/.package-lock.json
	@cd $(NODE_SDK) && npm run --silent build

$(VENV)/go: | $(VENV)/developer
	@# Go is a wheel; its standard library is compiled here, once, so that no test has to wait for it.
	@cd sdks/go && $(GO) test -race -run '^$$' ./... > /dev/null
