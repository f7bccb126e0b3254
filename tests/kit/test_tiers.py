"""Patterns: each has its examples, their order is fixed, and few numbers have any."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.kit.tiers import PATTERNS, tier


@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        ("+33611112222", "double-repeat"),  # the contract's own sample
        ("+33698112233", "double-repeat"),
        ("+33698111222", "double-repeat"),
        ("+33612345678", "sequential"),
        ("+33654321998", "sequential"),
        ("+33698124567", "sequential"),
        ("+33698127654", "sequential"),
        ("+33698671212", "alternating"),
        ("+33612121212", "alternating"),
        ("+33698123321", "mirror"),
        ("+33698123123", "block-repeat"),
        ("+33698125000", "round"),
        ("+33698000000", "round"),
        ("+33677779182", "repeat"),
        ("+33655555555", "repeat"),
        ("+12025550143", None),
        ("+33647189022", None),
        ("+33698124568", None),
        ("+33698126677", None),
    ],
)
def test_examples(number: str, pattern: str | None) -> None:
    assert tier(number) == ("premium" if pattern else "standard", pattern)


def test_the_country_code_plays_no_part() -> None:
    assert tier("+77771234098") == ("standard", None)  # +7, then 777 and no more


def test_a_few_numbers_in_a_hundred_are_premium() -> None:
    random = Random(2026)
    found = [tier(f"+336{random.randrange(10**8):08d}")[1] for _ in range(6_000)]
    share = sum(pattern is not None for pattern in found) / len(found)
    assert 0.01 < share < 0.03


@given(st.from_regex(r"\+33[67][0-9]{8}", fullmatch=True))
def test_premium_numbers_have_a_known_pattern(number: str) -> None:
    name, pattern = tier(number)
    assert (name == "premium") == (pattern in PATTERNS)
    assert (name == "standard") == (pattern is None)
