"""Months on the calendar, with the anchor's day kept."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nokyc.kit.periods import MONTHS, add, next_after

anchors = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
periods = st.sampled_from(list(MONTHS.values()))


def day(year: int, month: int, day_of_month: int) -> datetime:
    return datetime(year, month, day_of_month, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (day(2026, 4, 26), 12, day(2027, 4, 26)),  # the contract's own sample
        (day(2026, 1, 31), 1, day(2026, 2, 28)),
        (day(2026, 1, 31), 2, day(2026, 3, 31)),
        (day(2026, 1, 31), 3, day(2026, 4, 30)),
        (day(2028, 1, 31), 1, day(2028, 2, 29)),
        (day(2028, 2, 29), 12, day(2029, 2, 28)),
        (day(2028, 2, 29), 48, day(2032, 2, 29)),
        (day(2026, 12, 15), 1, day(2027, 1, 15)),
        (day(2026, 12, 15), 0, day(2026, 12, 15)),
        (day(2026, 11, 30), 3, day(2027, 2, 28)),
    ],
)
def test_add(anchor: datetime, months: int, expected: datetime) -> None:
    assert add(anchor, months) == expected


def test_a_short_month_does_not_eat_the_day() -> None:
    anchor = current = day(2026, 1, 31)
    seen = [current := next_after(anchor, current, 1) for _ in range(4)]
    assert [(at.month, at.day) for at in seen] == [(2, 28), (3, 31), (4, 30), (5, 31)]


@given(anchors, st.lists(periods, max_size=12))
def test_renewals_are_counted_from_the_anchor(anchor: datetime, lengths: list[int]) -> None:
    current = anchor
    for months in lengths:
        renewed = next_after(anchor, current, months)
        assert renewed > current
        current = renewed
    assert current == add(anchor, sum(lengths))


@given(anchors, st.integers(0, 240))
def test_the_day_is_kept_where_the_month_has_it(anchor: datetime, months: int) -> None:
    later = add(anchor, months)
    assert later.day == min(anchor.day, monthrange(later.year, later.month)[1])
    assert (later.year * 12 + later.month) - (anchor.year * 12 + anchor.month) == months
    assert later.timetz() == anchor.timetz()


def test_mistakes_are_assertions() -> None:
    with pytest.raises(AssertionError):
        add(datetime(2026, 1, 1), 1)  # noqa: DTZ001
    with pytest.raises(AssertionError):
        next_after(day(2026, 1, 31), day(2026, 2, 27), 1)
    with pytest.raises(AssertionError):
        next_after(day(2026, 1, 31), day(2026, 2, 28) + timedelta(seconds=1), 1)
