"""All that a fuzzer ever found worth keeping, and pieces of it cut and joined, once more."""

import random

import pytest

from fuzz import corpora
from fuzz.targets import TARGETS

JOINED = 500


@pytest.mark.parametrize("name", TARGETS)
def test_everything_is_borne(name: str) -> None:
    inputs = corpora.read(name)
    assert inputs
    dice = random.Random(1)
    for data in inputs:
        TARGETS[name](data)
    for _ in range(JOINED):
        first, second = dice.choice(inputs), dice.choice(inputs)
        TARGETS[name](first[: dice.randrange(len(first) + 1)] + second[dice.randrange(len(second) + 1) :])
