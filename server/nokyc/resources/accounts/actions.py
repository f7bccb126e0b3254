"""What can happen to an account."""

from datetime import datetime
from typing import Any

from nokyc.kit.ids import request_id
from nokyc.resources.accounts import queries
from nokyc.resources.events.actions import Fact, emit
from nokyc.settings import API_VERSION
from nokyc.store import ledger
from nokyc.store.store import Unit


async def create(unit: Unit, *, email: str | None, balance: int, country: str | None) -> tuple[int, int]:
    """A live account and its sandbox, each with a ledger of its own; returns their ids. `balance` in micro-dollars."""
    email_hash = unit.vault.keyed_hash("email", email.strip().lower()).hex()[:16] if email else None
    live_id, test_id = unit.ids.new(), unit.ids.new()
    for account_id in (live_id, test_id):
        await unit.connection.execute(
            "INSERT INTO accounts (id, live_id, livemode, email_hash, default_country, api_version, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            account_id,
            live_id,
            account_id == live_id,
            email_hash,
            country,
            API_VERSION,
            unit.wall,
        )
        if balance:
            await ledger.credit(unit, account_id, balance, at=unit.wall)
    return live_id, test_id


REMEMBERED = frozenset({"allowed_countries", "max_segments"})
"""Columns that processes keep with a key (http/auth.py)."""


async def update(unit: Unit, account_id: int, changes: dict[str, Any]) -> None:
    """Set columns to checked values; a changed threshold arms the warning anew."""
    if not changes:
        return
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, start=2))
    await unit.connection.execute(
        f"UPDATE accounts SET {assignments} WHERE id = $1",  # noqa: S608 - names of our own struct
        account_id,
        *changes.values(),
    )
    if "low_threshold_micro" in changes:
        await unit.connection.execute(
            "UPDATE accounts SET is_low = coalesce(balance_micro < low_threshold_micro, false) WHERE id = $1",
            account_id,
        )
    if REMEMBERED & changes.keys():
        await unit.touch()


async def warn_low(unit: Unit, account_id: int, at: datetime) -> None:
    """Tell the account that its balance fell below the threshold: once per crossing, even if it rose again since."""
    if (await queries.get(unit.connection, account_id))["low_threshold_micro"] is not None:
        content = await queries.show(unit.connection, account_id, at)
        await emit(unit, [Fact(account_id, "account.balance_low", account_id, content, request_id=request_id(), at=at)])


async def hold_clock(unit: Unit, account_id: int) -> None:
    """Keep a sandbox's clock where it is until the unit is over: what is left for later is due by that clock, and must
    be there before it moves."""
    await unit.connection.execute("SELECT pg_advisory_xact_lock_shared($1)", account_id)


async def advance_clock(unit: Unit, account_id: int, seconds: int) -> int:
    """Move a sandbox's clock; work that was due within these seconds becomes due now. Returns the whole offset.

    Due times of tasks and deadlines are wall clock, so they move back by as much as the account's clock moves on. Work
    of the schedule that is being done comes to its end before (`hold_clock`).
    """
    await unit.connection.execute("SELECT pg_advisory_xact_lock($1)", account_id)
    offset: int = await unit.connection.fetchval(
        "UPDATE accounts SET clock_offset_sec = clock_offset_sec + $2"
        " WHERE id = $1 AND NOT livemode RETURNING clock_offset_sec",
        account_id,
        seconds,
    )
    await unit.connection.execute(
        "UPDATE tasks SET run_at = run_at - make_interval(secs => $2) WHERE account_id = $1 AND NOT claimed",
        account_id,
        float(seconds),
    )
    await unit.connection.execute(
        "UPDATE sms SET expires_at = expires_at - make_interval(secs => $2)"
        " WHERE account_id = $1 AND status IN ('queued', 'sent')",
        account_id,
        float(seconds),
    )
    await unit.touch()
    for queue in await unit.connection.fetch("SELECT DISTINCT queue FROM tasks WHERE account_id = $1", account_id):
        unit.wake(queue["queue"])
    return offset
