"""What a number costs, in micro-dollars. Add-ons are part of the price."""

from nokyc.kit.money import MICRO
from nokyc.kit.periods import BillingPeriod

MONTHLY = {"mobile": 5 * MICRO, "landline": 3 * MICRO}
PREMIUM_FACTOR = 4
PERIOD_FACTOR: dict[BillingPeriod, tuple[int, int]] = {"monthly": (1, 1), "quarterly": (27, 10), "yearly": (10, 1)}
"""Times the monthly price, as a fraction: a quarter costs 2.7 months, a year 10."""


def price(kind: str, tier: str, period: BillingPeriod) -> int:
    """The price of one period."""
    monthly = MONTHLY[kind] * (PREMIUM_FACTOR if tier == "premium" else 1)
    numerator, denominator = PERIOD_FACTOR[period]
    return monthly * numerator // denominator
