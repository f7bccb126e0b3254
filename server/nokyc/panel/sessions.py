"""Signing in, and staying signed in by a cookie. Only hashes of tokens are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Connection, Unit

COOKIE = "nokyc_session"
LINK_LIFETIME = timedelta(hours=1)
SESSION_LIFETIME = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the list of sessions knows when one was last used."""


@dataclass(frozen=True, slots=True)
class Session:
    """Whose cookie this is. An operator's may have no account, or the one that the operator looks at."""

    id: int
    live_id: int
    operator: bool
    token: str
    account: Any
    """The row of the account on the side (live or test) that the page is about; None for an operator without one."""

    @property
    def actor(self) -> str:
        return "operator" if self.operator else "account"

    @property
    def login_id(self) -> int:
        """Whose password and second factor these are."""
        return OPERATOR if self.operator else self.live_id


async def make_link(unit: Unit, account_id: int) -> str:
    """A token that signs in once, within the hour; as the operator if `account_id` is 0."""
    token = secrets.token_urlsafe(24)
    await unit.connection.execute(
        "INSERT INTO panel_links (token_hash, account_id, expires_at) VALUES ($1, $2, $3)",
        _hash(token),
        account_id,
        unit.wall + LINK_LIFETIME,
    )
    return token


async def use_link(unit: Unit, token: str) -> int | None:
    """Use up a link; returns whose it is, None if it is unknown, used or too old."""
    account_id: int | None = await unit.connection.fetchval(
        "DELETE FROM panel_links WHERE token_hash = $1 AND expires_at > $2 RETURNING account_id",
        _hash(token),
        unit.wall,
    )
    return account_id


async def begin(unit: Unit, account_id: int, *, device: str, method: str) -> str:
    """A new session's token. Never one that the browser brought along."""
    token = secrets.token_urlsafe(24)
    await unit.connection.execute(
        "INSERT INTO panel_sessions"
        " (token_hash, account_id, expires_at, id, operator, device, method, created_at, seen_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        _hash(token),
        account_id,
        unit.wall + SESSION_LIFETIME,
        unit.ids.new(),
        account_id == OPERATOR,
        device,
        method,
        unit.wall,
    )
    return token


async def find(connection: Connection, request: Request, now: datetime, *, testing: bool) -> Session | None:
    """The session of the request's cookie, with its account; None if there is none that lasts."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    row = await connection.fetchrow(
        "SELECT s.id AS session_id, s.account_id AS session_account, s.operator, s.seen_at, a.* FROM panel_sessions s"
        " LEFT JOIN accounts a ON a.live_id = s.account_id AND a.livemode = $3"
        " WHERE s.token_hash = $1 AND s.expires_at > $2",
        _hash(token),
        now,
        not testing,
    )
    if row is None:
        return None
    if now - row["seen_at"] > SEEN_EVERY:
        await connection.execute("UPDATE panel_sessions SET seen_at = $2 WHERE token_hash = $1", _hash(token), now)
    account = row if row["id"] is not None else None
    return Session(row["session_id"], row["session_account"], row["operator"], token, account)


async def look_at(unit: Unit, session: Session, live_id: int) -> None:
    """An operator's session turns to an account, or with 0 away from it."""
    assert session.operator
    await unit.connection.execute(
        "UPDATE panel_sessions SET account_id = $2 WHERE token_hash = $1 AND operator", _hash(session.token), live_id
    )


async def end(unit: Unit, request: Request) -> None:
    """Sign out."""
    await unit.connection.execute(
        "DELETE FROM panel_sessions WHERE token_hash = $1", _hash(request.cookies.get(COOKIE, ""))
    )


def set_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Readable by nobody but us, and sent by no other site's forms."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/panel",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def device_of(user_agent: str) -> str:
    """Browser and system in words, so that people know their sessions apart; nothing finer is kept."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "Unknown browser")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
