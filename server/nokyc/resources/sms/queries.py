"""Reading messages."""

from typing import Any

from nokyc.http.errors import missing
from nokyc.http.filters import Where
from nokyc.http.paging import read_cursor
from nokyc.kit import ids
from nokyc.resources.numbers.queries import ids_of
from nokyc.resources.sms.schemas import SmsQuery
from nokyc.store.store import Connection


async def get(connection: Connection, account_id: int, sms_id: int) -> Any:
    """A message's row. Raises ApiError 404."""
    row = await connection.fetchrow("SELECT * FROM sms WHERE account_id = $1 AND id = $2", account_id, sms_id)
    if row is None:
        raise missing("sms")
    return row


async def segments(connection: Connection, account_id: int, sms_id: int) -> list[Any]:
    """What carriers were given of a message, in order."""
    return list(
        await connection.fetch(
            "SELECT * FROM segments WHERE account_id = $1 AND sms_id = $2 ORDER BY index", account_id, sms_id
        )
    )


async def list_sms(connection: Connection, account_id: int, query: SmsQuery, *, livemode: bool = False) -> list[Any]:
    """One row more than the page holds, newest first. `livemode` tells that ids are as old as their messages, so that a
    range of time is found by them."""
    cursor = None if query.starting_after is None else ids.read("sms", query.starting_after)
    where = Where(account_id)
    where.add("id < {}", cursor)
    # A page is proof of its own cursor, so that it costs no more round trips than the first one.
    where.add("EXISTS (SELECT 1 FROM sms c WHERE c.account_id = $1 AND c.id = {})", cursor)
    if query.number is not None:
        where.add("number_id = ANY ({})", await ids_of(connection, account_id, query.number))
    where.add("direction = {}", query.direction)
    where.add("status = {}", query.status)
    where.add_range("created_at", query.created_after, query.created_before)
    if livemode:
        where.add_ids("id", query.created_after, query.created_before)
    statement = f"SELECT * FROM sms WHERE {where} ORDER BY id DESC LIMIT {query.limit + 1}"  # noqa: S608
    rows = list(await connection.fetch(statement, *where.values))
    if cursor is None or not rows:
        await read_cursor(connection, "sms", query.starting_after, account_id=account_id, tables=["sms"])
    return rows
