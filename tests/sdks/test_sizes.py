"""The part of every SDK that is written by hand stays small enough to be read at one sitting."""

import json
import sys

import pytest

from sdks.programs import SDKS, run

LIMIT = 700
"""Lines of code of a core: transport, retries, errors, pages, idempotency, webhooks, and what values are made of."""
LIMITS = {"php": 880}
"""PHP reads JSON with exact numbers, and fields with types, by itself: 180 lines that no other language needs."""
BESIDE = 160
"""A client for tests; in PHP, the transports for those without curl and for those with a client of their own."""


@pytest.mark.parametrize("language", ["go", "node", "php", "python", "ruby"])
def test_cores_are_small(language: str) -> None:
    size = json.loads(run([sys.executable, SDKS / "generator" / "sizes.py"], folder=SDKS))[language]
    assert 0 < size["core"] <= LIMITS.get(language, LIMIT)
    assert 0 < size["beside"] <= BESIDE
