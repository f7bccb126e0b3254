# `make` says what there is.

VENV := .venv
PYTHON ?= python3
PORT ?= 8080
DATA_DIR ?= .data
PIP := $(VENV)/bin/pip --disable-pip-version-check -q
SOUNDS := $(foreach kind,en fr es,asterisk-core-sounds-$(kind) asterisk-core-sounds-$(kind)-wav) asterisk-moh-opsound-wav
NODE_PEER := tests/carriers/smpp/peer_node
SOURCES := server voice tests tools bench

.DEFAULT_GOAL := help
.PHONY: help install run dev check test format bench-voice bench-api bench-smpp torture sip-peers clean bench-voice-media bench-speech

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/installed ## set up what `make run` needs

run: $(VENV)/installed ## set up and run everything: API, workers, PostgreSQL, simulated carrier, panel
	@exec "$(VENV)/bin/nokyc" serve --demo --port $(PORT) --data-dir "$(DATA_DIR)"

dev: $(VENV)/developer $(NODE_PEER)/node_modules/.package-lock.json ## set up what the tests need

check: dev ## format, lint, types, layers, unit tests: under a minute
	$(VENV)/bin/ruff format --check -q $(SOURCES)
	$(VENV)/bin/ruff check -q $(SOURCES)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n 2 tests/kit tests/test_tidy.py tests/journeys

test: dev sip-peers ## every suite
	$(VENV)/bin/ruff format --check -q $(SOURCES)
	$(VENV)/bin/ruff check -q $(SOURCES)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports > /dev/null || $(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n 2 tests

format: dev ## put the code into its form
	$(VENV)/bin/ruff format -q $(SOURCES)
	$(VENV)/bin/ruff check -q --fix $(SOURCES)

bench-api: dev ## POST /v1/sms against pgbench, in ratios
	@# The load comes from Debian's wrk; as root we fetch it, otherwise the benchmark says what is missing.
	@command -v wrk > /dev/null || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -y -qq wrk; }
	$(VENV)/bin/python bench/api.py

bench-smpp: dev ## our SMPP client against smpp34's, in ratios
	$(VENV)/bin/python bench/smpp_client.py

bench-voice: dev sip-peers ## recorded calls and set-ups per second of a whole voice process
	$(VENV)/bin/python bench/voice.py

bench-voice-media: dev ## recorded calls that one process carries, over RTP on loopback
	$(VENV)/bin/python bench/voice_media.py
	$(VENV)/bin/python bench/voice_media.py --bridged

bench-speech: dev ## how well the local engines hear telephone audio
	@# Speech with known text and music come from Debian; as root we fetch them, otherwise the benchmark says what is missing.
	@test -d /usr/share/asterisk/moh || test "$$(id -u)" != 0 || { apt-get update -qq && apt-get install -y -qq $(SOUNDS); }
	$(VENV)/bin/nokyc speech install --data-dir "$(DATA_DIR)"
	$(VENV)/bin/python bench/speech.py --data-dir "$(DATA_DIR)"

torture: dev ## kill every process under load, and count what was lost
	$(VENV)/bin/nokyc torture

sip-peers:
	@# SIPp and baresip are the far ends of our SIP; as root we fetch them, otherwise their tests are skipped.
	@{ command -v sipp && command -v baresip; } > /dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update -qq && apt-get install -y -qq sip-tester baresip-core; }

clean: ## remove what was set up, but no data
	rm -rf $(VENV) $(NODE_PEER)/node_modules

$(VENV)/installed: pyproject.toml constraints.txt
	@# Debian splits venv off into a package of its own; as root we fetch it, otherwise venv's own words say how.
	@test -x $(VENV)/bin/pip || $(PYTHON) -m venv $(VENV) || { test "$$(id -u)" = 0 && rm -rf $(VENV) && \
		apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV); }
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/developer: $(VENV)/installed
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

$(NODE_PEER)/node_modules/.package-lock.json: $(NODE_PEER)/package-lock.json
	@cd $(NODE_PEER) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
