"""Reading numbers and what is for sale."""

from datetime import datetime, timedelta
from typing import Any

from nokyc.http.errors import ApiError, missing
from nokyc.http.filters import Where
from nokyc.http.paging import NEWEST, read_cursor
from nokyc.kit import ids
from nokyc.kit.periods import BillingPeriod
from nokyc.resources.numbers.pricing import PERIOD_FACTOR, price
from nokyc.resources.numbers.schemas import AvailableNumber, AvailableQuery, NumberQuery, show_available
from nokyc.store.store import Connection, Unit

QUOTE_LIFETIME = timedelta(minutes=30)
EFFECTIVE_STATUS = "CASE WHEN status = 'active' AND off_now THEN 'paused' ELSE status END"


async def find(connection: Connection, account_id: int, number_id: int | None, *, lock: bool = False) -> Any:
    """A number's row, or None."""
    statement = "SELECT * FROM numbers WHERE account_id = $1 AND id = $2"
    return await connection.fetchrow(statement + " FOR NO KEY UPDATE" * lock, account_id, number_id)


async def get(connection: Connection, account_id: int, number_id: int, *, lock: bool = False) -> Any:
    """A number's row. Raises ApiError 404."""
    row = await find(connection, account_id, number_id, lock=lock)
    if row is None:
        raise missing("number")
    return row


async def find_named(connection: Connection, account_id: int, name: str) -> Any:
    """The number that an id or an E.164 stands for and that is not back in stock, or None."""
    number_id = ids.read("num", name)
    if number_id is not None:
        return await find(connection, account_id, number_id)
    return await connection.fetchrow(
        "SELECT * FROM numbers WHERE account_id = $1 AND e164 = $2 AND returned_at IS NULL", account_id, name
    )


async def ids_of(connection: Connection, account_id: int, name: str) -> list[int]:
    """The account's numbers that an id or an E.164 stands for; none for somebody else's (decision F41)."""
    number_id = ids.read("num", name)
    if number_id is not None:
        return [number_id]
    rows = await connection.fetch("SELECT id FROM numbers WHERE account_id = $1 AND e164 = $2", account_id, name)
    return [row["id"] for row in rows]


async def list_numbers(connection: Connection, account_id: int, query: NumberQuery) -> list[Any]:
    """One row more than the page holds, newest first."""
    below = await read_cursor(connection, "num", query.starting_after, account_id=account_id, tables=["numbers"])
    where = Where(account_id)
    where.add("id < {}", below)
    where.add("country = {}", query.country)
    where.add("type = {}", query.type)
    where.add(f"{EFFECTIVE_STATUS} = {{}}", query.status)
    statement = f"SELECT * FROM numbers WHERE {where} ORDER BY id DESC LIMIT {query.limit + 1}"  # noqa: S608
    return list(await connection.fetch(statement, *where.values))


async def quoted(connection: Connection, account_id: int, quote_id: int | None, now: datetime) -> AvailableNumber:
    """What a quote that still holds is for. Raises ApiError 404."""
    row = await connection.fetchrow(
        "SELECT i.*, q.id AS quote_id, q.monthly_micro, q.quarterly_micro, q.yearly_micro, q.expires_at FROM quotes q"
        " JOIN inventory i ON i.id = q.inventory_id WHERE q.account_id = $1 AND q.id = $2 AND q.expires_at > $3",
        account_id,
        quote_id,
        now,
    )
    if row is None:
        raise missing("available number")
    prices: dict[BillingPeriod, int] = {period: row[f"{period}_micro"] for period in PERIOD_FACTOR}
    return show_available(row, row["quote_id"], row["expires_at"], prices)


async def ending(connection: Connection, account_id: int, before: datetime) -> list[Any]:
    """Numbers that will not renew themselves and end before an instant, the next one first."""
    return list(
        await connection.fetch(
            "SELECT * FROM numbers WHERE account_id = $1 AND NOT auto_renew AND status <> 'released'"
            " AND renews_at < $2 ORDER BY renews_at LIMIT 20",
            account_id,
            before,
        )
    )


async def with_digits(connection: Connection, account_id: int, digits: str, *, limit: int) -> list[Any]:
    """Numbers of an account that have these digits in a row, those that still serve first."""
    return list(
        await connection.fetch(
            "SELECT id, e164, status FROM numbers WHERE account_id = $1 AND strpos(e164, $2) > 0"
            " ORDER BY status = 'released', id DESC LIMIT $3",
            account_id,
            digits,
            limit,
        )
    )


async def countries(connection: Connection) -> list[str]:
    """Where numbers are sold, each country once."""
    rows = await connection.fetch(
        "WITH RECURSIVE c AS ((SELECT country FROM inventory ORDER BY country LIMIT 1) UNION ALL"
        " SELECT (SELECT i.country FROM inventory i WHERE i.country > c.country ORDER BY i.country LIMIT 1)"
        " FROM c WHERE c.country IS NOT NULL) SELECT country FROM c WHERE country IS NOT NULL"
    )
    return [row["country"] for row in rows]


async def search(
    unit: Unit, account_id: int, livemode: bool, query: AvailableQuery, now: datetime
) -> list[AvailableNumber]:
    """Numbers for sale, one more than the page holds, each with a quote that is kept for half an hour.

    Raises:
        ApiError: 422 `country_unsupported` if nothing is ever sold there; 400 for a bad cursor.
    """
    connection = unit.connection
    sold = "SELECT 1 FROM inventory WHERE country = $1 LIMIT 1"
    if not await connection.fetchval(sold, query.country):
        raise ApiError("country_unsupported", f"No numbers are sold in {query.country!r}.", param="country")
    rows = await connection.fetch(
        "SELECT * FROM inventory i WHERE country = $1 AND id < $2"
        " AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR tier = $4)"
        " AND ($5::text IS NULL OR tier_pattern = $5) AND ($6::text IS NULL OR strpos(e164, $6) > 0)"
        " AND CASE WHEN $7 THEN leased_by IS NULL ELSE NOT EXISTS (SELECT 1 FROM numbers n"
        " WHERE n.account_id = $8 AND n.e164 = i.e164 AND n.returned_at IS NULL) END"
        " ORDER BY id DESC LIMIT $9",
        query.country,
        await _search_cursor(connection, account_id, query.starting_after),
        query.type,
        query.tier,
        query.tier_pattern,
        query.contains,
        livemode,
        account_id,
        query.limit + 1,
    )
    expires_at = now + QUOTE_LIFETIME
    quotes = []
    for row in rows:
        prices = {period: price(row["type"], row["tier"], period) for period in PERIOD_FACTOR}
        quotes.append((account_id, unit.ids.new(), row["id"], *prices.values(), expires_at))
    await connection.executemany(
        "INSERT INTO quotes (account_id, id, inventory_id, monthly_micro, quarterly_micro, yearly_micro, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        quotes,
    )
    return [
        show_available(row, quote[1], expires_at, dict(zip(PERIOD_FACTOR, quote[3:6], strict=True)))
        for row, quote in zip(rows, quotes, strict=True)
    ]


async def _search_cursor(connection: Connection, account_id: int, cursor: str | None) -> int:
    if cursor is None:
        return NEWEST
    position: int | None = await connection.fetchval(
        "SELECT inventory_id FROM quotes WHERE account_id = $1 AND id = $2", account_id, ids.read("navail", cursor)
    )
    if position is None:
        raise ApiError("cursor_invalid", "`starting_after` is not an object of this list.", param="starting_after")
    return position
