"""Reading devices."""

from datetime import datetime
from typing import Any

from nokyc.store.store import Connection


async def is_registered(connection: Connection, account_id: int, number_id: int, now: datetime) -> bool:
    """Whether some device of a number can be rung now; `now` is wall clock."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM registrations WHERE account_id = $1 AND number_id = $2 AND expires_at > $3)",
        account_id,
        number_id,
        now,
    )
    return found


async def find_credentials(connection: Connection, account_id: int, number_id: int) -> Any:
    """A number's credentials, or None."""
    return await connection.fetchrow(
        "SELECT * FROM sip_credentials WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )


async def registered(connection: Connection, account_id: int, number_id: int, now: datetime) -> list[Any]:
    """The devices of a number that can be rung now."""
    return list(
        await connection.fetch(
            "SELECT * FROM registrations WHERE account_id = $1 AND number_id = $2 AND expires_at > $3"
            " ORDER BY expires_at DESC",
            account_id,
            number_id,
            now,
        )
    )


async def find_device(connection: Connection, username: str) -> Any:
    """The credentials behind a phone's user name, if it may sign in: those of a live number that is somebody's."""
    return await connection.fetchrow(
        "SELECT c.* FROM sip_credentials c JOIN numbers n ON n.account_id = c.account_id AND n.id = c.number_id"
        " WHERE c.username = $1 AND n.livemode AND n.status <> 'released' AND n.returned_at IS NULL",
        username,
    )


async def find_browser_session(connection: Connection, session_id: int, now: datetime) -> Any:
    """The same for a browser's session that has not ended; `now` is wall clock."""
    return await connection.fetchrow(
        "SELECT s.* FROM browser_sessions s JOIN numbers n ON n.account_id = s.account_id AND n.id = s.number_id"
        " WHERE s.id = $1 AND s.expires_at > $2 AND n.livemode AND n.status <> 'released' AND n.returned_at IS NULL",
        session_id,
        now,
    )
