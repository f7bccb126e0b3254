"""Money is integer micro-dollars; decimals exist only at the edge, in JSON and on the command line."""

from decimal import Decimal
from functools import lru_cache

MICRO = 1_000_000
MAX_MICRO = 10**15
"""A billion dollars: no single amount is greater."""
MAX_SHOWN = 4_096
"""Amounts that are remembered in their decimal form: prices come again and again."""


@lru_cache(MAX_SHOWN)
def usd(micro: int) -> Decimal:
    """The amount in dollars in its shortest exact form: 47320000 is 47.32, 12000 is 0.012, 0 is 0."""
    sign, absolute = ("-", -micro) if micro < 0 else ("", micro)
    whole, fraction = divmod(absolute, MICRO)
    if not fraction:
        return Decimal(f"{sign}{whole}")
    return Decimal(f"{sign}{whole}.{fraction:06d}".rstrip("0"))


def parse_usd(text: str) -> int:
    """Micro-dollars of a decimal such as `100.00`.

    Raises:
        ValueError: not a plain decimal number, finer than a micro-dollar, or beyond `MAX_MICRO`.
    """
    try:
        micro = Decimal(text) * MICRO
    except ArithmeticError:  # no number, or one beyond all exponents
        raise ValueError(f"{text!r} is not an amount in dollars") from None
    if not micro.is_finite() or abs(micro) > MAX_MICRO:
        raise ValueError(f"{text!r} is not an amount in dollars")
    if micro != int(micro):
        raise ValueError(f"{text!r} is finer than a millionth of a dollar")
    return int(micro)
