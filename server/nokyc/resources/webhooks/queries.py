"""Reading endpoints, deliveries and attempts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from nokyc.http.errors import missing
from nokyc.http.paging import read_cursor
from nokyc.http.schema import ListQuery
from nokyc.resources.webhooks.schemas import Delivery, show_delivery
from nokyc.store.store import Connection


async def get(connection: Connection, account_id: int, endpoint_id: int, *, lock: bool = False) -> Any:
    """An endpoint's row. Raises ApiError 404."""
    statement = "SELECT * FROM webhook_endpoints WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL"
    row = await connection.fetchrow(statement + " FOR UPDATE" * lock, account_id, endpoint_id)
    if row is None:
        raise missing("webhook endpoint")
    return row


async def list_endpoints(connection: Connection, account_id: int, query: ListQuery) -> list[Any]:
    """One row more than the page holds, newest first."""
    below = await read_cursor(
        connection, "whk", query.starting_after, account_id=account_id, tables=["webhook_endpoints"]
    )
    return list(
        await connection.fetch(
            "SELECT * FROM webhook_endpoints WHERE account_id = $1 AND id < $2 AND deleted_at IS NULL"
            " ORDER BY id DESC LIMIT $3",
            account_id,
            below,
            query.limit + 1,
        )
    )


async def list_deliveries(
    connection: Connection, account_id: int, endpoint_id: int, query: ListQuery
) -> list[Delivery]:
    """One delivery more than the page holds, newest first."""
    below = await read_cursor(connection, "dlv", query.starting_after, account_id=account_id, tables=["deliveries"])
    rows = await connection.fetch(
        "SELECT d.*, e.type AS event_type FROM deliveries d"
        " JOIN events e ON e.account_id = d.account_id AND e.id = d.event_id"
        " WHERE d.account_id = $1 AND d.endpoint_id = $2 AND d.id < $3 ORDER BY d.id DESC LIMIT $4",
        account_id,
        endpoint_id,
        below,
        query.limit + 1,
    )
    return await _with_attempts(connection, account_id, rows)


async def deliveries_of(connection: Connection, account_id: int, event_id: int) -> list[Delivery]:
    """To whom an event was told, and how that went, oldest first."""
    rows = await connection.fetch(
        "SELECT d.*, e.type AS event_type FROM deliveries d"
        " JOIN events e ON e.account_id = d.account_id AND e.id = d.event_id"
        " WHERE d.account_id = $1 AND d.event_id = $2 ORDER BY d.id LIMIT 100",
        account_id,
        event_id,
    )
    return await _with_attempts(connection, account_id, rows)


async def _with_attempts(connection: Connection, account_id: int, rows: Sequence[Any]) -> list[Delivery]:
    attempts = defaultdict(list)
    for attempt in await connection.fetch(
        "SELECT * FROM delivery_attempts WHERE account_id = $1 AND delivery_id = ANY ($2) ORDER BY n",
        account_id,
        [row["id"] for row in rows],
    ):
        attempts[attempt["delivery_id"]].append(attempt)
    return [show_delivery(row, attempts[row["id"]]) for row in rows]
