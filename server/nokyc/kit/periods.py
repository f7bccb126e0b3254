"""Billing periods: calendar months that keep the day of the first one."""

from calendar import monthrange
from datetime import UTC, datetime
from typing import Literal

BillingPeriod = Literal["monthly", "quarterly", "yearly"]

MONTHS: dict[BillingPeriod, int] = {"monthly": 1, "quarterly": 3, "yearly": 12}


def add(anchor: datetime, months: int) -> datetime:
    """`months` calendar months after the anchor: the same day, or the last of a month that is too short."""
    assert anchor.tzinfo is UTC, "periods are counted in UTC"
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    day = min(anchor.day, monthrange(year, month + 1)[1])
    return anchor.replace(year=year, month=month + 1, day=day)


def next_after(anchor: datetime, current: datetime, months: int) -> datetime:
    """The renewal `months` after `current`, itself some months after the anchor.

    Counting from the anchor brings its day back after a short month: Jan 31, Feb 28, Mar 31.
    """
    elapsed = (current.year - anchor.year) * 12 + current.month - anchor.month
    assert add(anchor, elapsed) == current, "a renewal lies whole months after the anchor"
    return add(anchor, elapsed + months)
