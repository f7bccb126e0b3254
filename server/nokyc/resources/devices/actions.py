"""What can happen to a number's devices."""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from nokyc.kit import ids
from nokyc.store.store import Unit

PASSWORD_BYTES = 18
MAX_TEXT_CHARS = 500
MAX_DEVICES = 10
"""Registrations of one number that are kept."""
BROWSER_SESSION = timedelta(hours=12)
"""A working day."""
MAX_BROWSER_SESSIONS = 100
"""Of one number; the oldest make room."""


async def set_credentials(
    unit: Unit, account_id: int, number_id: int, *, domain: str, now: datetime
) -> tuple[Any, str]:
    """Make a number's credentials, or give them a new password; returns their row and the password.

    Only what digest authentication needs is kept of it, sealed (RFC 7616, 3.4.2). Devices that were signed in with the
    old password are forgotten.
    """
    username, password = ids.show("num", number_id), secrets.token_urlsafe(PASSWORD_BYTES)
    row = await unit.connection.fetchrow(
        "INSERT INTO sip_credentials (account_id, number_id, username, ha1, created_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (account_id, number_id) DO UPDATE SET ha1 = $4, created_at = $5 RETURNING *",
        account_id, number_id, username, _seal(unit, username, domain, password), now,
    )  # fmt: skip
    await _forget_devices(unit, account_id, number_id)
    return row, password


async def delete_credentials(unit: Unit, account_id: int, number_id: int) -> bool:
    """Let no device sign in any more, nor any browser; False if none could."""
    sessions = await unit.connection.execute(
        "DELETE FROM browser_sessions WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )
    gone = await unit.connection.fetchval(
        "DELETE FROM sip_credentials WHERE account_id = $1 AND number_id = $2 RETURNING number_id",
        account_id,
        number_id,
    )
    await _forget_devices(unit, account_id, number_id)
    return gone is not None or sessions != "DELETE 0"


async def open_browser_session(
    unit: Unit, account_id: int, number_id: int, *, domain: str
) -> tuple[str, str, datetime]:
    """Credentials for a browser beside those of phones: user name, password, and when they end (wall clock)."""
    session_id, password = unit.ids.new(), secrets.token_urlsafe(PASSWORD_BYTES)
    username, expires_at = ids.show("bws", session_id), unit.wall + BROWSER_SESSION
    await unit.connection.execute(
        "INSERT INTO browser_sessions (account_id, id, number_id, ha1, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        account_id, session_id, number_id, _seal(unit, username, domain, password), unit.wall, expires_at,
    )  # fmt: skip
    await unit.connection.execute(
        "DELETE FROM browser_sessions WHERE account_id = $1 AND number_id = $2 AND id IN ("
        "SELECT id FROM browser_sessions WHERE account_id = $1 AND number_id = $2 ORDER BY id DESC OFFSET $3)",
        account_id,
        number_id,
        MAX_BROWSER_SESSIONS,
    )
    return username, password, expires_at


async def record_registration(
    unit: Unit,
    account_id: int,
    number_id: int,
    *,
    contact: str,
    user_agent: str,
    transport: str,
    expires_at: datetime | None,
) -> None:
    """A device said where it can be reached until `expires_at` (wall clock), or, with None, that it can no longer."""
    contact, user_agent = contact[:MAX_TEXT_CHARS], user_agent[:MAX_TEXT_CHARS]
    if expires_at is None:
        await unit.connection.execute(
            "DELETE FROM registrations WHERE account_id = $1 AND number_id = $2 AND contact = $3",
            account_id,
            number_id,
            contact,
        )
        return
    await unit.connection.execute(
        "INSERT INTO registrations (account_id, number_id, contact, user_agent, transport, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, number_id, contact)"
        " DO UPDATE SET user_agent = $4, transport = $5, expires_at = $6",
        account_id, number_id, contact, user_agent, transport, expires_at,
    )  # fmt: skip
    await unit.connection.execute(
        "DELETE FROM registrations WHERE account_id = $1 AND number_id = $2 AND contact IN ("
        "SELECT contact FROM registrations WHERE account_id = $1 AND number_id = $2"
        " ORDER BY expires_at DESC OFFSET $3)",
        account_id,
        number_id,
        MAX_DEVICES,
    )


def digests(username: str, realm: str, password: str) -> dict[str, str]:
    """H(username:realm:password) for each digest algorithm that devices speak (RFC 8760)."""
    text = f"{username}:{realm}:{password}".encode()
    return {
        "MD5": hashlib.md5(text, usedforsecurity=False).hexdigest(),  # old phones speak nothing else
        "SHA-256": hashlib.sha256(text).hexdigest(),
    }


def _seal(unit: Unit, username: str, domain: str, password: str) -> bytes:
    return unit.vault.seal(json.dumps(digests(username, domain, password)).encode())


async def _forget_devices(unit: Unit, account_id: int, number_id: int) -> None:
    await unit.connection.execute(
        "DELETE FROM registrations WHERE account_id = $1 AND number_id = $2", account_id, number_id
    )
