"""Reading calls."""

from datetime import datetime
from typing import Any

from nokyc.http.errors import missing
from nokyc.http.filters import Where
from nokyc.http.paging import read_cursor
from nokyc.kit import ids
from nokyc.resources.calls.schemas import Call, CallQuery, show_call
from nokyc.resources.calls.settle import IS_OPEN
from nokyc.resources.files.links import Links
from nokyc.resources.numbers.queries import ids_of
from nokyc.store.store import Connection, Unit

RECORDED = (
    "SELECT c.*, r.file, r.expires_at FROM calls c"
    " LEFT JOIN recordings r ON r.account_id = c.account_id AND r.id = c.id"
)


PARTY = "CASE direction WHEN 'inbound' THEN caller ELSE callee END"
"""The other party, as its index has it."""


async def get(connection: Connection, account_id: int, call_id: int) -> Any:
    """A call's row, with its recording's. Raises ApiError 404."""
    row = await connection.fetchrow(f"{RECORDED} WHERE c.account_id = $1 AND c.id = $2", account_id, call_id)
    if row is None:
        raise missing("call")
    return row


async def lock(unit: Unit, account_id: int, call_id: int) -> Any:
    """A call's row with its account's clock_offset_sec and livemode, and nobody else moves it meanwhile; None if
    there is none."""
    return await unit.connection.fetchrow(
        "SELECT c.*, a.clock_offset_sec, a.livemode FROM calls c JOIN accounts a ON a.id = c.account_id"
        " WHERE c.account_id = $1 AND c.id = $2 FOR NO KEY UPDATE OF c",
        account_id,
        call_id,
    )


async def list_calls(
    connection: Connection, account_id: int, query: CallQuery, *, livemode: bool = False, party: str | None = None
) -> list[Any]:
    """One row more than the page holds, newest first; with `party`, those from or to that number. `livemode` tells that
    ids are as old as their calls, so that a range of time is found by them."""
    below = await read_cursor(connection, "call", query.starting_after, account_id=account_id, tables=["calls"])
    where = Where(account_id, "c")
    where.add("c.id < {}", below)
    if query.number is not None:
        where.add("c.number_id = ANY ({})", await ids_of(connection, account_id, query.number))
    where.add("c.direction = {}", query.direction)
    where.add("c.status = {}", query.status)
    where.add(f"{PARTY} = {{}}", party)
    where.add_range("c.started_at", query.created_after, query.created_before)
    if livemode:
        where.add_ids("c.id", query.created_after, query.created_before)
    statement = f"{RECORDED} WHERE {where} ORDER BY c.id DESC LIMIT {query.limit + 1}"
    return list(await connection.fetch(statement, *where.values))


async def going_on(connection: Connection, account_id: int, *, limit: int) -> list[Any]:
    """Calls that are not over yet, newest first."""
    return list(
        await connection.fetch(
            f"{RECORDED} WHERE c.account_id = $1 AND c.{IS_OPEN} ORDER BY c.id DESC LIMIT {limit}",
            account_id,
        )
    )


async def voicemail_of(connection: Connection, account_id: int, call_id: int) -> int | None:
    """The message that a call left."""
    found: int | None = await connection.fetchval(
        "SELECT id FROM voicemails WHERE account_id = $1 AND call_id = $2 AND deleted_at IS NULL", account_id, call_id
    )
    return found


def is_recorded(row: Any, now: datetime) -> bool:
    """Whether its recording can be heard: for 30 days after its end."""
    return row["file"] is not None and row["ended_at"] is not None and bool(now < row["expires_at"])


def show(row: Any, links: Links, now: datetime) -> Call:
    """A call as `get` and `list_calls` found it, with a fresh address of its recording."""
    there = is_recorded(row, now)
    return show_call(row, recording_url=links.sign("rec", row["id"], row["file"], now) if there else None)


async def bad_audio(connection: Connection, account_id: int, since: datetime) -> int:
    """How many calls that began since then (wall clock) got bad audio while they went on."""
    found: int = await connection.fetchval(
        "SELECT count(DISTINCT call_id) FROM call_alerts WHERE account_id = $1 AND call_id > $2",
        account_id,
        ids.first_id_at(since),
    )
    return found
