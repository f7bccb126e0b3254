"""Reading accounts and their usage, which is kept as sums per day beside the ledger."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from nokyc.http.filters import Where
from nokyc.http.paging import NEWEST
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.resources.accounts.schemas import (
    Account,
    AddonUsage,
    CallUsage,
    Day,
    NumberUsage,
    Period,
    SmsUsage,
    Usage,
    show_account,
)
from nokyc.store.ledger import Category
from nokyc.store.store import Connection

CATEGORIES = get_args(Category)
PERIOD_DAYS = {"last_30d": 30, "last_90d": 90}


async def get(connection: Connection, account_id: int) -> Any:
    """The account's row."""
    row = await connection.fetchrow("SELECT * FROM accounts WHERE id = $1", account_id)
    assert row is not None, "a key's account exists"
    return row


async def show(connection: Connection, account_id: int, now: datetime) -> Account:
    """The account with its figures of the current month (UTC)."""
    month = now.astimezone(UTC).replace(day=1).date()
    figures = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM numbers WHERE account_id = $1 AND status = 'active' AND NOT off_now)"
        " AS active_numbers,"
        " coalesce(sum(units) FILTER (WHERE category = 'call'), 0)::bigint AS call_minutes,"
        " coalesce(sum(units) FILTER (WHERE category = 'sms'), 0)::bigint AS sms_segments"
        " FROM usage_days WHERE account_id = $1 AND day >= $2",
        account_id,
        month,
    )
    return show_account(await get(connection, account_id), dict(figures or {}))


async def ledger(
    connection: Connection, account_id: int, *, limit: int, below: int = NEWEST, category: Category | None = None,
    after: datetime | None = None, before: datetime | None = None, livemode: bool = False,
) -> list[Any]:  # fmt: skip
    """Ledger entries, newest first, one row more than asked for. `livemode` tells that ids are as old as their entries,
    so that a range of time is found by them. Raises ApiError 400 for a range the wrong way round."""
    # The name of a category stands in the statement itself, so that the index of the rare ones can serve it.
    condition = f" AND category = '{category}'" if category in CATEGORIES else ""
    where = Where(account_id)
    where.add("id < {}", below)
    where.add_range("created_at", after, before)
    if livemode:
        where.add_ids("id", after, before)
    statement = (
        "SELECT e.*, m.debit, m.credit FROM ledger_entries e JOIN ledger_moves m ON m.move = e.move"  # noqa: S608
        f" WHERE {where}{condition} ORDER BY id DESC LIMIT {limit + 1}"
    )
    return list(await connection.fetch(statement, *where.values))


async def top_ups(connection: Connection, account_id: int, first: date) -> dict[date, int]:
    """Micro-dollars that came in on each day (UTC) since `first`."""
    rows = await connection.fetch(
        "SELECT (created_at AT TIME ZONE 'UTC')::date AS day, sum(amount_micro)::bigint AS micro FROM ledger_entries"
        " WHERE account_id = $1 AND category = 'topup' AND created_at >= $2 GROUP BY 1",
        account_id,
        datetime(first.year, first.month, first.day, tzinfo=UTC),
    )
    return {row["day"]: row["micro"] for row in rows}


async def usage(connection: Connection, account_id: int, period: Period, now: datetime) -> Usage:
    """Usage by kind and day; days without any are left out of nothing: every day of the period is listed."""
    today = now.astimezone(UTC).date()
    first = today.replace(day=1) if period == "current" else today - timedelta(days=PERIOD_DAYS[period] - 1)
    rows = await connection.fetch(
        "SELECT day, category, inbound, outbound, units, cost_micro FROM usage_days"
        " WHERE account_id = $1 AND day BETWEEN $2 AND $3",
        account_id,
        first,
        today,
    )
    active = await connection.fetchval(
        "SELECT count(*) FROM numbers WHERE account_id = $1 AND status = 'active' AND NOT off_now", account_id
    )

    def total(category: str, column: str) -> int:
        return sum(row[column] for row in rows if row["category"] == category)

    def one_day(day: Any) -> Day:
        of_day = {row["category"]: row for row in rows if row["day"] == day}

        def figure(category: str, *columns: str) -> int:
            return sum(of_day[category][column] for column in columns) if category in of_day else 0

        return Day(
            date=day.isoformat(),
            calls=figure("call", "inbound", "outbound"),
            minutes=figure("call", "units"),
            sms=figure("sms", "inbound", "outbound"),
            segments=figure("sms", "units"),
            cost_usd=usd(sum(row["cost_micro"] for row in of_day.values())),
        )

    return Usage(
        period=period,
        starts_at=format_instant(datetime(first.year, first.month, first.day, tzinfo=UTC)),
        ends_at=format_instant(now),
        calls=CallUsage(
            count=total("call", "inbound") + total("call", "outbound"),
            inbound=total("call", "inbound"),
            outbound=total("call", "outbound"),
            minutes=total("call", "units"),
            cost_usd=usd(total("call", "cost_micro")),
        ),
        sms=SmsUsage(
            count=total("sms", "inbound") + total("sms", "outbound"),
            inbound=total("sms", "inbound"),
            outbound=total("sms", "outbound"),
            segments=total("sms", "units"),
            cost_usd=usd(total("sms", "cost_micro")),
        ),
        numbers=NumberUsage(active=active, cost_usd=usd(total("number", "cost_micro"))),
        addons=AddonUsage(cost_usd=usd(total("addon", "cost_micro"))),
        total_cost_usd=usd(sum(row["cost_micro"] for row in rows)),
        daily=[one_day(first + timedelta(days=n)) for n in range((today - first).days + 1)],
    )
