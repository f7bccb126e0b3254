"""Reading the request log."""

from typing import Any

from nokyc.http.filters import Where
from nokyc.store.store import Connection

OUTCOMES = {"ok": "status < 400", "refused": "status BETWEEN 400 AND 499", "failed": "status >= 500"}


async def list_requests(
    connection: Connection,
    account_id: int,
    *,
    limit: int,
    below: int | None = None,
    outcome: str | None = None,
    operation: str | None = None,
    key_id: int | None = None,
) -> list[Any]:
    """One row more than asked for, newest first; without the bodies."""
    where = Where(account_id)
    where.add("id < {}", below)
    where.add("operation = {}", operation)
    where.add("key_id = {}", key_id)
    condition = OUTCOMES.get(outcome or "")
    statement = (
        "SELECT id, request_id, key_id, method, path, operation, status, elapsed_ms, error_code, created_at"  # noqa: S608 - our own conditions
        f" FROM request_log WHERE {where}{f' AND {condition}' if condition else ''} ORDER BY id DESC LIMIT {limit + 1}"
    )
    return list(await connection.fetch(statement, *where.values))


async def find(connection: Connection, account_id: int, request_id: str) -> Any:
    """One request with its bodies; None if it was not kept or is somebody else's."""
    return await connection.fetchrow(
        "SELECT * FROM request_log WHERE account_id = $1 AND request_id = $2 ORDER BY id DESC LIMIT 1",
        account_id,
        request_id,
    )
