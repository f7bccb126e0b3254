"""Reading the audit log."""

from typing import Any

from nokyc.http.paging import NEWEST
from nokyc.store.store import Connection


async def of_account(
    connection: Connection, account_id: int, *, limit: int, below: int | None = None, actor: str | None = None
) -> list[Any]:
    """What was done on a live account, by whomever or by one actor, newest first, one row more than asked for."""
    return list(
        await connection.fetch(
            "SELECT * FROM audit_log WHERE account_id = $1 AND id < $2 AND ($3::text IS NULL OR actor = $3)"
            " ORDER BY id DESC LIMIT $4",
            account_id,
            NEWEST if below is None else below,
            actor,
            limit + 1,
        )
    )
