"""/v1/account, and the sandbox's clock."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from msgspec import UNSET

from nokyc.http.call import Answer, Call, Route
from nokyc.http.errors import ApiError
from nokyc.kit.clock import format_instant
from nokyc.kit.money import parse_usd
from nokyc.resources.accounts import actions, queries
from nokyc.resources.accounts.schemas import Account, AccountUpdate, ClockAdvance, TestClock, Usage, UsageQuery
from nokyc.store.store import Connection, Unit

MAX_AHEAD_SEC = 100 * 366 * 86_400
"""How far a sandbox's clock can be ahead: calendars end in the year 9999."""


async def get(call: Call, connection: Connection) -> Answer:
    return Answer(content=await queries.show(connection, call.account_id, call.now))


async def update(call: Call, unit: Unit) -> Answer:
    body: AccountUpdate = call.body
    await actions.update(unit, call.account_id, changes_of(body))
    return Answer(content=await queries.show(unit.connection, call.account_id, call.now))


async def usage(call: Call, connection: Connection) -> Answer:
    return Answer(content=await queries.usage(connection, call.account_id, call.query.period, call.now))


async def advance_clock(call: Call, unit: Unit) -> Answer:
    offset = await actions.advance_clock(unit, call.account_id, call.body.seconds)
    if offset > MAX_AHEAD_SEC:
        raise ApiError("parameter_invalid", "The clock would be more than a hundred years ahead.", param="seconds")
    return Answer(content=TestClock(now=format_instant(call.wall + timedelta(seconds=offset)), advanced_seconds=offset))


_COLUMNS = {
    "balance_low_threshold_usd": "low_threshold_micro",
    "daily_spend_cap_usd": "daily_cap_micro",
    "destination_velocity_per_hour": "destination_velocity",
}
"""Where a field's column has another name."""


def changes_of(body: AccountUpdate) -> dict[str, Any]:
    """The fields that were sent, as columns. Raises ApiError 400 for amounts finer than a micro-dollar."""
    changes: dict[str, Any] = {}
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if value is not UNSET:
            changes[_COLUMNS.get(name, name)] = _micro(name, value) if name.endswith("_usd") else value
    if changes.get("allowed_countries") is not None:
        changes["allowed_countries"] = sorted(set(changes["allowed_countries"]))
    return changes


def _micro(name: str, dollars: float | None) -> int | None:
    if dollars is None:
        return None
    try:
        return parse_usd(str(Decimal(repr(dollars))))
    except ValueError as error:
        raise ApiError("parameter_invalid", f"{error}.", param=name) from None


ROUTES = [
    Route("GET", "/v1/account", "account.get", "Retrieve your account", get, answers=Account),
    Route("PATCH", "/v1/account", "account.update", "Update your account", update, body=AccountUpdate, answers=Account),
    Route("GET", "/v1/account/usage", "account.usage", "Usage by kind and day", usage, query=UsageQuery, answers=Usage),
    Route("POST", "/v1/test/clock/advance", "test.clock.advance", "Move the sandbox's clock", advance_clock,
          body=ClockAdvance, answers=TestClock, test_mode_only=True),
]  # fmt: skip
