"""Signing in by a one-time link, and staying signed in by a cookie. Only hashes of tokens are stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from nokyc.store.store import Connection, Unit

COOKIE = "nokyc_session"
LINK_LIFETIME = timedelta(hours=1)
SESSION_LIFETIME = timedelta(days=7)


async def make_link(unit: Unit, account_id: int) -> str:
    """A token that signs in once, within the hour."""
    token = secrets.token_urlsafe(24)
    await unit.connection.execute(
        "INSERT INTO panel_links (token_hash, account_id, expires_at) VALUES ($1, $2, $3)",
        _hash(token),
        account_id,
        unit.wall + LINK_LIFETIME,
    )
    return token


async def sign_in(unit: Unit, token: str) -> str | None:
    """Use up a link; returns the session's token, None if the link is unknown, used or too old."""
    account_id = await unit.connection.fetchval(
        "DELETE FROM panel_links WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id",
        _hash(token),
        unit.wall,
    )
    if account_id is None:
        return None
    session = secrets.token_urlsafe(24)
    await unit.connection.execute(
        "INSERT INTO panel_sessions (token_hash, account_id, expires_at) VALUES ($1, $2, $3)",
        _hash(session),
        account_id,
        unit.wall + SESSION_LIFETIME,
    )
    return session


async def account_of(connection: Connection, request: Request, now: datetime) -> int | None:
    """The live account that the request's cookie stands for."""
    account_id: int | None = await connection.fetchval(
        "SELECT account_id FROM panel_sessions WHERE token_hash = $1 AND expires_at > $2",
        _hash(request.cookies.get(COOKIE, "")),
        now,
    )
    return account_id


async def sign_out(unit: Unit, request: Request) -> None:
    await unit.connection.execute(
        "DELETE FROM panel_sessions WHERE token_hash = $1", _hash(request.cookies.get(COOKIE, ""))
    )


def set_cookie(response: Response, session: str, *, secure: bool) -> None:
    """Readable by nobody but us, and sent by no other site's forms."""
    response.set_cookie(
        COOKIE,
        session,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/panel",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
