"""The ledger: entries that are only ever added, and the two balances that are their sums.

balance = free to spend, held = set aside for what is under way. Each move (see table ledger_moves) takes from one
side and gives to another. The hot path for SMS makes the same entries in SQL (functions/sms_send.sql).
"""

from datetime import datetime
from typing import Literal

from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, enqueue

Category = Literal["topup", "number", "sms", "call", "addon"]


class InsufficientBalanceError(Exception):
    """The account cannot pay; nothing was changed. Amounts in micro-dollars."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(needed, available)
        self.needed = needed
        self.available = available


class SpendCapReachedError(InsufficientBalanceError):
    """The account's own cap for the day (UTC) leaves only `available`."""


async def credit(unit: Unit, account_id: int, amount: int, *, at: datetime) -> int:
    """Add money from outside; returns the new balance in micro-dollars."""
    assert amount > 0
    balance: int = await unit.connection.fetchval(
        "UPDATE accounts SET balance_micro = balance_micro + $2,"
        " is_low = is_low AND NOT balance_micro + $2 >= coalesce(low_threshold_micro, 0)"
        " WHERE id = $1 RETURNING balance_micro",
        account_id,
        amount,
    )
    await _enter(unit, account_id, "credit", "topup", amount, None, at)
    return balance


async def charge(
    unit: Unit,
    account_id: int,
    amount: int,
    *,
    category: Category,
    subject_id: int,
    at: datetime,
    capped: bool = True,
) -> None:
    """Take money at once; unless `capped`, the account's daily cap does not matter.

    Raises:
        InsufficientBalanceError: the balance, or the cap, does not cover it.
    """
    await _take(unit, account_id, amount, held=0, at=at, capped=capped)
    if amount:
        await _enter(unit, account_id, "charge", category, amount, subject_id, at)
        await count_usage(unit, account_id, category, at=at, cost=amount)


async def hold(unit: Unit, account_id: int, amount: int, *, category: Category, subject_id: int, at: datetime) -> None:
    """Set money aside for something under way.

    Raises:
        InsufficientBalanceError: the balance, or the account's daily cap, does not cover it.
    """
    await _take(unit, account_id, amount, held=amount, at=at, capped=True)
    if amount:
        await _enter(unit, account_id, "hold", category, amount, subject_id, at)


async def settle(
    unit: Unit, account_id: int, *, held: int, cost: int, category: Category, subject_id: int, at: datetime
) -> None:
    """Take `cost` of what was held for something that is over, and give the rest back. The use is counted by itself."""
    assert 0 <= cost <= held
    if not held:
        return
    await unit.connection.execute(
        "UPDATE accounts SET held_micro = held_micro - $2, balance_micro = balance_micro + $3,"
        " is_low = is_low AND NOT balance_micro + $3 >= coalesce(low_threshold_micro, 0) WHERE id = $1",
        account_id, held, held - cost,
    )  # fmt: skip
    if cost:
        await _enter(unit, account_id, "post", category, cost, subject_id, at)
    if held > cost:
        await _enter(unit, account_id, "void", category, held - cost, subject_id, at)


async def count_usage(
    unit: Unit, account_id: int, category: Category, *, at: datetime, inbound: int = 0, outbound: int = 0,
    units: int = 0, cost: int = 0,
) -> None:  # fmt: skip
    """Add to the day's sums, which account figures and usage read."""
    await unit.connection.execute(
        "INSERT INTO usage_days AS u (account_id, day, category, inbound, outbound, units, cost_micro)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, day, category) DO UPDATE SET"
        " inbound = u.inbound + $4, outbound = u.outbound + $5, units = u.units + $6,"
        " cost_micro = u.cost_micro + $7",
        account_id, at.date(), category, inbound, outbound, units, cost,
    )  # fmt: skip


async def _take(unit: Unit, account_id: int, amount: int, *, held: int, at: datetime, capped: bool) -> None:
    row = await unit.connection.fetchrow(
        "SELECT balance_micro, held_micro, low_threshold_micro, is_low, daily_cap_micro FROM accounts"
        " WHERE id = $1 FOR NO KEY UPDATE",
        account_id,
    )
    assert row is not None
    if capped and row["daily_cap_micro"] is not None:
        room = row["daily_cap_micro"] - row["held_micro"] - await _spent(unit, account_id, at)
        if amount > room:
            raise SpendCapReachedError(amount, max(0, room))
    left = row["balance_micro"] - amount
    if left < 0:
        raise InsufficientBalanceError(amount, row["balance_micro"])
    falls_below = row["low_threshold_micro"] is not None and left < row["low_threshold_micro"]
    await unit.connection.execute(
        "UPDATE accounts SET balance_micro = $2, held_micro = held_micro + $3, is_low = is_low OR $4 WHERE id = $1",
        account_id, left, held, falls_below,
    )  # fmt: skip
    if falls_below and not row["is_low"]:
        await enqueue(unit, SCHEDULE, "account.warn_low", account_id, account_id)


async def _spent(unit: Unit, account_id: int, at: datetime) -> int:
    """What was paid on this day (UTC)."""
    spent: int = await unit.connection.fetchval(
        "SELECT coalesce(sum(cost_micro), 0)::bigint FROM usage_days WHERE account_id = $1 AND day = $2",
        account_id,
        at.date(),
    )
    return spent


async def _enter(
    unit: Unit,
    account_id: int,
    move: str,
    category: Category,
    amount: int,
    subject_id: int | None,
    at: datetime,
) -> None:
    await unit.connection.execute(
        "INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        account_id, unit.ids.new(), move, category, amount, subject_id, at,
    )  # fmt: skip
