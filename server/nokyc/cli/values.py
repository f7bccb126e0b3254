"""Values of the command line: read with a reason when they are wrong, shown for people."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from cyclopts import Parameter

from nokyc.kit.money import parse_usd


def usd_amount(_type: Any, tokens: Sequence[Any]) -> int:
    """Dollars to micro-dollars, not below 0. Raises ValueError."""
    amount = parse_usd(tokens[0].value)
    if amount < 0:
        raise ValueError("an amount is not below 0")
    return amount


def positive_usd(_type: Any, tokens: Sequence[Any]) -> int:
    """Dollars to micro-dollars, above 0. Raises ValueError."""
    amount = parse_usd(tokens[0].value)
    if amount <= 0:
        raise ValueError("the amount must be above 0")
    return amount


Usd = Annotated[int, Parameter(converter=usd_amount)]
Secret = Annotated[str, Parameter(env_var="NOKYC_CARRIER_PASSWORD")]
"""May come from the environment, since the command line is visible to everybody on the machine."""


def country_code(text: str) -> str:
    """ISO 3166 in lower case. Raises ValueError."""
    from nokyc.kit import e164

    code = text.lower()
    if code not in e164.COUNTRIES:
        raise ValueError(f"{text!r} is not an ISO 3166 country code")
    return code


def show_usd(amount: Decimal) -> str:
    """An amount for people: at least cents."""
    exponent = amount.as_tuple().exponent
    return f"{amount:.2f} USD" if isinstance(exponent, int) and exponent > -2 else f"{amount} USD"
