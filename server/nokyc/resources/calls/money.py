"""What a call sets aside: the first minutes when it is placed, and more before they are over.

So a call can last as long as the balance does, and never longer; nobody has to pay four hours in advance.
"""

from datetime import datetime
from typing import Any

from nokyc.http.errors import ApiError
from nokyc.kit.money import usd
from nokyc.resources.calls.settle import MINUTE, cost_micro
from nokyc.store import ledger
from nokyc.store.store import Unit

CHUNK_SEC = 600
"""Talking that is set aside for at a time."""
MIN_SEC = 60
"""A call that cannot be paid for so long is not placed."""
EXTEND_BEFORE_SEC = 30
"""How long before the end of what is paid for the next part is set aside."""


async def hold_first(
    unit: Unit, account_id: int, call_id: int, *, price_micro: int, max_sec: int, at: datetime
) -> tuple[int, int]:
    """Set the beginning of a call aside; returns the seconds that it pays for, and the amount.

    Raises:
        ApiError: 402 if that is less than MIN_SEC.
    """
    if not price_micro:
        return max_sec, 0
    try:
        return await _hold(unit, account_id, call_id, price_micro, min(CHUNK_SEC, max_sec), 0, at, least_sec=MIN_SEC)
    except ledger.SpendCapReachedError as error:
        raise ApiError("spend_cap_reached", _short(price_micro, error, "the daily cap leaves")) from None
    except ledger.InsufficientBalanceError as error:
        raise ApiError("balance_insufficient", _short(price_micro, error, "available are")) from None


async def extend(unit: Unit, row: Any, *, talked_sec: int, max_sec: int, at: datetime) -> int:
    """Set more aside for a call that goes on, once it nears the end of what it has; returns the seconds that are paid
    for now. `row` is the call's, locked."""
    allowed: int = row["allowed_sec"]
    if row["status"] != "in_progress" or not needs_more(talked_sec, allowed, max_sec):
        return allowed
    held = row["held_micro"]
    try:
        longer, held = await _hold(
            unit, row["account_id"], row["id"], row["price_micro"], min(allowed + CHUNK_SEC, max_sec), held, at,
            least_sec=allowed + 1,
        )  # fmt: skip
    except ledger.InsufficientBalanceError:
        return allowed
    await unit.connection.execute(
        "UPDATE calls SET allowed_sec = $3, held_micro = $4 WHERE account_id = $1 AND id = $2",
        row["account_id"], row["id"], longer, held,
    )  # fmt: skip
    return longer


def needs_more(talked_sec: int, allowed_sec: int, max_sec: int) -> bool:
    """Whether it is time to set the next part aside."""
    return allowed_sec < max_sec and talked_sec >= allowed_sec - EXTEND_BEFORE_SEC


async def _hold(
    unit: Unit, account_id: int, call_id: int, price_micro: int, seconds: int, held: int, at: datetime, *,
    least_sec: int,
) -> tuple[int, int]:  # fmt: skip
    """Hold for `seconds` in all, or for as many as the balance pays for; returns them, and all that is held now.

    Raises:
        InsufficientBalanceError: it does not pay for `least_sec`.
    """

    wanted = cost_micro(price_micro, seconds)
    try:
        await ledger.hold(unit, account_id, wanted - held, category="call", subject_id=call_id, at=at)
    except ledger.InsufficientBalanceError as error:
        seconds = (held + error.available) * MINUTE // price_micro
        if seconds < least_sec:
            raise
        wanted = cost_micro(price_micro, seconds)
        await ledger.hold(unit, account_id, wanted - held, category="call", subject_id=call_id, at=at)
    return seconds, wanted


def _short(price_micro: int, error: ledger.InsufficientBalanceError, there: str) -> str:
    least = cost_micro(price_micro, MIN_SEC)
    return f"The first minute costs {usd(least)} USD; {there} {usd(error.available)} USD."
