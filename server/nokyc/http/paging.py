"""Forward-only cursor pages (decisions F35–F40): newest first by id, stable under inserts and deletes.

The cursor is an id, and ids are in time order, so a page is a range scan that costs the same at any depth. An id says
where it stands even after its object is gone; only whether it ever was this list's has to be checked.
"""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from nokyc.http.call import Page
from nokyc.http.errors import ApiError
from nokyc.kit import ids
from nokyc.store.store import Connection

NEWEST = (1 << 62) - 1


async def read_cursor(
    connection: Connection, prefix: str, cursor: str | None, *, account_id: int, tables: Sequence[str]
) -> int:
    """The id to continue below.

    Raises:
        ApiError: 400 `cursor_invalid` unless one of the tables has, or had, this id on the account.
    """
    if cursor is None:
        return NEWEST
    value = ids.read(prefix, cursor)
    if value is not None:
        for table in tables:  # table names are our own constants
            found = f"SELECT 1 FROM {table} WHERE account_id = $1 AND id = $2"  # noqa: S608
            if await connection.fetchval(found, account_id, value):
                return value
    raise ApiError("cursor_invalid", "`starting_after` is not an object of this list.", param="starting_after")


def page(
    path: str,
    rows: Sequence[Any],
    limit: int,
    render: Callable[[Any], Struct],
    cursor_of: Callable[[Any], str],
) -> Page:
    """A page of the first `limit` rows; callers fetch one more to know whether there are more."""
    shown = rows[:limit]
    has_more = len(rows) > limit
    return Page(
        url=path,
        data=[render(row) for row in shown],
        has_more=has_more,
        next_cursor=cursor_of(shown[-1]) if has_more else None,
    )
