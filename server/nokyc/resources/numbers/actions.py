"""What can happen to a number. Each function is one unit of work or part of one."""

from datetime import datetime, timedelta
from typing import Any

import asyncpg

from nokyc.http.errors import ApiError, missing
from nokyc.kit import windows
from nokyc.kit.ids import request_id as new_request_id
from nokyc.kit.money import usd
from nokyc.kit.periods import MONTHS, BillingPeriod, add, next_after
from nokyc.resources.accounts import queries as account_queries
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.events.schemas import EventType
from nokyc.resources.numbers.pricing import price
from nokyc.resources.numbers.schemas import effective_status, show_number
from nokyc.resources.webhooks.actions import set_number_endpoint
from nokyc.store import ledger
from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, enqueue

MAX_MONTHS_AHEAD = 24
RENEWAL_LOOKS = (timedelta(days=2), timedelta(days=1))
"""Before the period ends we look whether the balance covers the renewal, and warn while there is time to pay."""


async def activate(
    unit: Unit,
    account_id: int,
    *,
    livemode: bool,
    quote_id: int | None,
    billing_period: BillingPeriod,
    addons: list[str],
    auto_renew: bool,
    metadata: str | None,
    webhook_url: str | None,
    api_version: str,
    now: datetime,
    request_id: str,
) -> tuple[Any, str | None]:
    """Lease the number behind a quote and charge its first period; returns the number's row, and the secret of its
    webhook if it has one, which hears of the activation already.

    Raises:
        ApiError: 404 for an unknown quote; 422 `reservation_expired`, `number_unavailable`; 402.
    """
    quote = await unit.connection.fetchrow(
        "SELECT * FROM quotes WHERE account_id = $1 AND id = $2", account_id, quote_id
    )
    if quote is None:
        raise missing("available number", param="available_id")
    if now >= quote["expires_at"]:
        raise ApiError("reservation_expired", param="available_id")
    stock = await unit.connection.fetchrow(
        "SELECT * FROM inventory WHERE id = $1 FOR NO KEY UPDATE", quote["inventory_id"]
    )
    if stock is None or (livemode and stock["leased_by"] is not None):
        raise ApiError("number_unavailable", param="available_id")
    number_id = unit.ids.new()
    try:
        row = await unit.connection.fetchrow(
            "INSERT INTO numbers (account_id, id, livemode, inventory_id, e164, country, type, tier, tier_pattern,"
            " carrier, status, billing_period, anchored_at, renews_at, auto_renew, addons, metadata, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', $11, $12, $13, $14, $15, $16, $12)"
            " RETURNING *",
            account_id, number_id, livemode, stock["id"], stock["e164"], stock["country"], stock["type"],
            stock["tier"], stock["tier_pattern"], stock["carrier"], billing_period, now,
            add(now, MONTHS[billing_period]), auto_renew, addons, metadata,
        )  # fmt: skip
    except asyncpg.UniqueViolationError:
        raise ApiError("number_unavailable", param="available_id") from None
    if livemode:
        await unit.connection.execute("UPDATE inventory SET leased_by = $2 WHERE id = $1", stock["id"], number_id)
    await _charge(unit, account_id, number_id, quote[f"{billing_period}_micro"], now)
    await _plan_period(unit, row, now, now)
    secret = None
    if webhook_url is not None:
        row, secret = await set_webhook(unit, row, webhook_url, api_version=api_version, now=now)
    await _tell(unit, row, "number.activated", now, request_id)
    return row, secret


async def update(unit: Unit, row: Any, changes: dict[str, Any], *, now: datetime, request_id: str) -> Any:
    """Apply checked changes of auto_renew, addons, on_off, status, metadata, webhook_url; returns the new row.

    Raises:
        ApiError: 422 `number_released`.
    """
    if not changes:
        return row
    if row["status"] == "released":
        raise ApiError("number_released")
    if "on_off" in changes:
        changes = changes | {"off_now": await _plan_windows(unit, row, changes["on_off"], now)}
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, start=3))
    updated = await unit.connection.fetchrow(
        f"UPDATE numbers SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING *",  # noqa: S608
        row["account_id"],
        row["id"],
        *changes.values(),
    )
    reason = "manual" if "status" in changes else "schedule"
    await _tell_pause(unit, row, updated, now, request_id, reason)
    return updated


async def set_webhook(
    unit: Unit, row: Any, url: str | None, *, api_version: str, now: datetime
) -> tuple[Any, str | None]:
    """Set or clear the number's own webhook; returns the row and the secret of a new endpoint."""
    secret = await set_number_endpoint(unit, row["account_id"], row["id"], url, api_version=api_version, at=now)
    updated = await unit.connection.fetchrow(
        "UPDATE numbers SET webhook_url = $3 WHERE account_id = $1 AND id = $2 RETURNING *",
        row["account_id"],
        row["id"],
        url,
    )
    return updated, secret


async def renew(unit: Unit, row: Any, billing_period: BillingPeriod, *, now: datetime, request_id: str) -> Any:
    """Pay one more period, from the end of the current one.

    Raises:
        ApiError: 422 `number_released`, `renewal_limit_reached`; 402.
    """
    if row["status"] == "released":
        raise ApiError("number_released")
    renews_at = next_after(row["anchored_at"], row["renews_at"], MONTHS[billing_period])
    if renews_at > add(now, MAX_MONTHS_AHEAD):
        raise ApiError("renewal_limit_reached")
    await _charge(unit, row["account_id"], row["id"], price(row["type"], row["tier"], billing_period), now)
    return await _extend(unit, row, billing_period, renews_at, now, request_id)


async def release(unit: Unit, row: Any) -> None:
    """Give the number up: no traffic from now on, back to stock when the paid period ends."""
    await unit.connection.execute(
        "UPDATE numbers SET status = 'released', auto_renew = false WHERE account_id = $1 AND id = $2"
        " AND status <> 'released'",
        row["account_id"],
        row["id"],
    )


async def window_due(unit: Unit, account_id: int, number_id: int, now: datetime) -> None:
    """The wall clock crossed an edge of the number's on/off windows."""
    row = await _locked(unit, account_id, number_id)
    if row is None or row["status"] == "released" or row["on_off"] is None:
        return
    off_now = await _plan_windows(unit, row, row["on_off"], now)
    updated = await unit.connection.fetchrow(
        "UPDATE numbers SET off_now = $3 WHERE account_id = $1 AND id = $2 RETURNING *", account_id, number_id, off_now
    )
    await _tell_pause(unit, row, updated, now, new_request_id(), "schedule")


async def period_due(unit: Unit, account_id: int, number_id: int, now: datetime, planned: str | None) -> None:
    """The period ends, or will soon: renew, warn, or give the number back. `planned` is the moment that this was for,
    however long ago: a clock that is moved on passes by none of them."""
    row = await _locked(unit, account_id, number_id)
    if row is None or row["returned_at"] is not None:
        return
    at = row["renews_at"]
    moment = now if planned is None else datetime.fromisoformat(planned)
    if moment < at:
        if row["auto_renew"] and moment >= at - RENEWAL_LOOKS[0]:
            await _warn_if_short(unit, row, moment)
        await _plan_period(unit, row, moment, now)
        return
    if row["auto_renew"] and row["status"] != "released":
        try:
            amount = price(row["type"], row["tier"], row["billing_period"])
            await _charge(unit, account_id, number_id, amount, at, capped=False)
        except ApiError:
            await _warn_if_short(unit, row, at)
        else:
            renews_at = next_after(row["anchored_at"], at, MONTHS[row["billing_period"]])
            renewed = await _extend(unit, row, row["billing_period"], renews_at, at, new_request_id())
            await _plan_period(unit, renewed, at, now)
            return
    await _give_back(unit, row, at)


async def _locked(unit: Unit, account_id: int, number_id: int) -> Any:
    return await unit.connection.fetchrow(
        "SELECT * FROM numbers WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE", account_id, number_id
    )


async def _charge(
    unit: Unit, account_id: int, number_id: int, amount: int, at: datetime, *, capped: bool = True
) -> None:
    """Take the price of a period. A cap on a day's spending must not cost a number, so auto-renewal ignores it."""
    try:
        await ledger.charge(unit, account_id, amount, category="number", subject_id=number_id, at=at, capped=capped)
    except ledger.SpendCapReachedError as error:
        message = f"This costs {usd(error.needed)} USD; the daily cap leaves {usd(error.available)} USD."
        raise ApiError("spend_cap_reached", message) from None
    except ledger.InsufficientBalanceError as error:
        message = f"This costs {usd(error.needed)} USD; {usd(error.available)} USD are available."
        raise ApiError("balance_insufficient", message) from None


async def _extend(
    unit: Unit, row: Any, billing_period: BillingPeriod, renews_at: datetime, at: datetime, request_id: str
) -> Any:
    updated = await unit.connection.fetchrow(
        "UPDATE numbers SET renews_at = $3, billing_period = $4 WHERE account_id = $1 AND id = $2 RETURNING *",
        row["account_id"],
        row["id"],
        renews_at,
        billing_period,
    )
    await _tell(unit, updated, "number.renewed", at, request_id)
    return updated


async def _give_back(unit: Unit, row: Any, at: datetime) -> None:
    updated = await unit.connection.fetchrow(
        "UPDATE numbers SET status = 'released', auto_renew = false, off_now = false, returned_at = $3"
        " WHERE account_id = $1 AND id = $2 RETURNING *",
        row["account_id"],
        row["id"],
        at,
    )
    await unit.connection.execute(
        "UPDATE inventory SET leased_by = NULL WHERE id = $1 AND leased_by = $2", row["inventory_id"], row["id"]
    )
    await _tell(unit, updated, "number.released", at, new_request_id())


async def _warn_if_short(unit: Unit, row: Any, at: datetime) -> None:
    account = await account_queries.get(unit.connection, row["account_id"])
    if account["balance_micro"] < price(row["type"], row["tier"], row["billing_period"]):
        content = await account_queries.show(unit.connection, row["account_id"], at)
        fact = Fact(row["account_id"], "account.balance_low", row["account_id"], content, new_request_id(), at)
        await emit(unit, [fact])


async def _plan_period(unit: Unit, row: Any, after: datetime, now: datetime) -> None:
    """Leave a task for the next moment after an instant that matters to the period: a look ahead, or its end."""
    moments = [row["renews_at"] - before for before in RENEWAL_LOOKS]
    due = next((moment for moment in moments if moment > after), row["renews_at"])
    await enqueue(
        unit, SCHEDULE, "number.period", row["account_id"], row["id"],
        payload=due.isoformat(), run_at=unit.wall + max(due - now, timedelta(0)),
    )  # fmt: skip


async def _plan_windows(unit: Unit, row: Any, on_off: dict[str, Any] | None, now: datetime) -> bool:
    """Replace the task for the next edge of the windows; returns whether the number is off now."""
    await unit.connection.execute(
        "DELETE FROM tasks WHERE account_id = $1 AND queue = 'schedule' AND kind = 'number.window'"
        " AND subject_id = $2 AND NOT claimed",
        row["account_id"],
        row["id"],
    )
    if on_off is None:
        return False
    parsed = windows.parse(on_off)
    change = windows.next_change(parsed, now)
    if change is not None:
        await enqueue(unit, SCHEDULE, "number.window", row["account_id"], row["id"], run_at=unit.wall + (change - now))
    return windows.is_off(parsed, now)


async def _tell_pause(unit: Unit, before: Any, after: Any, now: datetime, request_id: str, reason: str) -> None:
    was, now_is = effective_status(before), effective_status(after)
    if (was, now_is) == ("active", "paused"):
        await _tell(unit, after, "number.paused", now, request_id, {"reason": reason})
    elif (was, now_is) == ("paused", "active"):
        await _tell(unit, after, "number.resumed", now, request_id)


async def _tell(
    unit: Unit, row: Any, kind: EventType, at: datetime, request_id: str, extra: dict[str, Any] | None = None
) -> None:
    fact = Fact(row["account_id"], kind, row["id"], show_number(row), request_id, at, row["id"], extra or {})
    await emit(unit, [fact])
