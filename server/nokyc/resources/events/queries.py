"""Reading events."""

from datetime import datetime, timedelta
from typing import Any

from nokyc.http.filters import Where
from nokyc.http.paging import read_cursor
from nokyc.kit import ids
from nokyc.kit.ids import first_id_at
from nokyc.resources.events.schemas import EventQuery
from nokyc.store.store import Connection

RETENTION = timedelta(days=30)


async def find(connection: Connection, account_id: int, event_id: int) -> Any:
    """One event, or None."""
    return await connection.fetchrow("SELECT * FROM events WHERE account_id = $1 AND id = $2", account_id, event_id)


async def list_events(
    connection: Connection, account_id: int, query: EventQuery, wall: datetime, *, livemode: bool = False
) -> list[Any]:
    """One row more than the page holds, newest first. `livemode` tells that no id is older than its event; it may be
    younger, where we were late."""
    below = _swept(query.starting_after, wall) or await read_cursor(
        connection, "evt", query.starting_after, account_id=account_id, tables=["events"]
    )
    where = Where(account_id)
    where.add("id < {}", below)
    if query.type is not None and query.type.endswith(".*"):
        where.add("starts_with(type, {})", query.type[:-1])
    else:
        where.add("type = {}", query.type)
    where.add_range("created_at", query.created_after, query.created_before)
    if livemode:
        where.add_ids("id", query.created_after, None)
    undelivered = (
        "EXISTS (SELECT 1 FROM deliveries d WHERE d.account_id = events.account_id AND d.event_id = events.id"
        " AND d.status IN ('pending', 'failed'))"
    )
    if query.delivery_success is not None:
        where.add(f"{undelivered} <> {{}}", query.delivery_success)
    statement = f"SELECT * FROM events WHERE {where} ORDER BY id DESC LIMIT {query.limit + 1}"  # noqa: S608
    return list(await connection.fetch(statement, *where.values))


def _swept(cursor: str | None, wall: datetime) -> int | None:
    """The place of a cursor that is too old to be looked up: a page that began before the sweep can be continued."""
    place = None if cursor is None else ids.read("evt", cursor)
    return place if place is not None and place < first_id_at(wall - RETENTION) else None


async def of_subject(connection: Connection, account_id: int, subject_id: int) -> list[Any]:
    """Everything that happened to one object, oldest first."""
    return list(
        await connection.fetch(
            "SELECT * FROM events WHERE account_id = $1 AND subject_id = $2 ORDER BY id", account_id, subject_id
        )
    )
