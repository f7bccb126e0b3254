"""The part of every SDK that is written by hand stays small enough to be read at one sitting."""

import json
import sys

import pytest

from sdks.programs import SDKS, run

LIMIT = 700
"""Lines of code of a core: transport, retries, errors, pages, idempotency, webhooks."""
WITH_VALUES = {"php": 880, "python": 720}
"""The limit with JSON, decimals and fields of objects, where it is another one: PHP's own JSON has no exact
numbers, and every field is read with its type; Python has two clients, and a time-out is two things for them."""
BESIDE = 160
"""A client for tests; in PHP, the transports for those without curl and for those with a client of their own."""


@pytest.mark.parametrize("language", ["go", "node", "php", "python", "ruby"])
def test_cores_are_small(language: str) -> None:
    size = json.loads(run([sys.executable, SDKS / "generator" / "sizes.py"], folder=SDKS))[language]
    assert 500 < size["core"] <= LIMIT
    assert size["core"] + size["values"] <= WITH_VALUES.get(language, LIMIT)
    assert size["beside"] <= BESIDE
