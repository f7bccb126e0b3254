"""Reading voicemails and greetings."""

from datetime import timedelta
from typing import Any

from nokyc.http.errors import missing
from nokyc.http.filters import Where
from nokyc.http.paging import read_cursor
from nokyc.resources.numbers.queries import ids_of
from nokyc.resources.voicemails.schemas import VoicemailQuery
from nokyc.store.store import Connection

LATENESS = timedelta(days=30)
"""A message whose process died is written down once somebody finds it."""


async def find(connection: Connection, account_id: int, voicemail_id: int, *, lock: bool = False) -> Any:
    """A voicemail's row, or None."""
    statement = "SELECT * FROM voicemails WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL"
    return await connection.fetchrow(statement + " FOR NO KEY UPDATE" * lock, account_id, voicemail_id)


async def get(connection: Connection, account_id: int, voicemail_id: int, *, lock: bool = False) -> Any:
    """A voicemail's row. Raises ApiError 404."""
    row = await find(connection, account_id, voicemail_id, lock=lock)
    if row is None:
        raise missing("voicemail")
    return row


async def list_voicemails(
    connection: Connection,
    account_id: int,
    query: VoicemailQuery,
    *,
    livemode: bool = False,
    caller: str | None = None,
) -> list[Any]:
    """One row more than the page holds, newest first; with `caller`, those of that number. A deleted one still says
    where a page continues. `livemode` as for calls."""
    below = await read_cursor(connection, "vm", query.starting_after, account_id=account_id, tables=["voicemails"])
    where = Where(account_id)
    where.add("id < {}", below)
    if query.number is not None:
        where.add("number_id = ANY ({})", await ids_of(connection, account_id, query.number))
    where.add("caller = {}", caller)
    where.add_range("received_at", query.created_after, query.created_before)
    if livemode:
        where.add_ids("id", query.created_after, query.created_before, LATENESS)
    statement = (
        f"SELECT * FROM voicemails WHERE {where} AND deleted_at IS NULL"  # noqa: S608
        f" ORDER BY id DESC LIMIT {query.limit + 1}"
    )
    return list(await connection.fetch(statement, *where.values))


async def any_unheard(connection: Connection) -> bool:
    """Whether a message of any account waits for an engine that can hear."""
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM voicemails WHERE unheard)"))


async def find_greeting(connection: Connection, account_id: int, number_id: int) -> Any:
    """What a number's callers hear before the tone; None for the shipped prompt."""
    return await connection.fetchrow(
        "SELECT * FROM greetings WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )
