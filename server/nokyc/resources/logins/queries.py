"""Reading sign-in names and second factors, and the sessions that are open."""

from datetime import datetime
from typing import Any

from nokyc.kit import ids
from nokyc.store.store import Connection

OPERATOR = 0
"""The account id of the operator's login."""
OPERATOR_NAME = "operator"


async def find(connection: Connection, account_id: int) -> Any:
    """The login of an account, or of the operator; None if no password was ever set."""
    return await connection.fetchrow("SELECT * FROM panel_logins WHERE account_id = $1", account_id)


async def by_name(connection: Connection, name: str) -> Any:
    """The login that somebody means who types a name or an account's id; None if there is none."""
    wanted = name.strip().lower()
    if wanted == OPERATOR_NAME:
        return await find(connection, OPERATOR)
    account_id = ids.read("acct", wanted)
    if account_id is not None:
        return await find(connection, account_id)
    return await connection.fetchrow("SELECT * FROM panel_logins WHERE name = $1", wanted)


async def sessions(connection: Connection, account_id: int, *, operator: bool, now: datetime) -> list[Any]:
    """The open sessions of an account, or all of operators, the latest first."""
    return list(
        await connection.fetch(
            "SELECT id, device, method, created_at, seen_at, expires_at FROM panel_sessions"
            " WHERE ($2 OR account_id = $1) AND operator = $2 AND expires_at > $3 ORDER BY id DESC",
            account_id,
            operator,
            now,
        )
    )


async def method(connection: Connection, account_id: int, session_id: int, since: datetime) -> str | None:
    """How a session was begun, link, password or passkey; None if that was before `since`."""
    begun: str | None = await connection.fetchval(
        "SELECT method FROM panel_sessions WHERE account_id = $1 AND id = $2 AND created_at > $3",
        account_id,
        session_id,
        since,
    )
    return begun
