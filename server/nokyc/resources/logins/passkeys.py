"""What is kept of passkeys, and of the challenges that prove them: each is good once, for whoever asked for it."""

import hashlib
from datetime import timedelta
from typing import Any, Literal

import asyncpg

from nokyc.http.errors import ApiError, missing
from nokyc.store.store import Connection, Unit

MAX_PASSKEYS = 20
"""Of one login."""
MAX_NAME_CHARS = 60
CHALLENGE_LIFETIME = timedelta(minutes=5)

Purpose = Literal["register", "sign_in"]


async def of_login(connection: Connection, account_id: int) -> list[Any]:
    """The passkeys of an account, or of the operator, the oldest first."""
    return list(await connection.fetch("SELECT * FROM passkeys WHERE account_id = $1 ORDER BY id", account_id))


async def lock(unit: Unit, credential: bytes) -> Any:
    """The passkey that an authenticator names, until the end of the unit; None if nobody has it."""
    return await unit.connection.fetchrow("SELECT * FROM passkeys WHERE credential = $1 FOR UPDATE", credential)


async def add(unit: Unit, account_id: int, *, credential: bytes, public_key: bytes, uses: int, name: str) -> None:
    """Keep a new one. Raises ApiError 400 if it is known or there are too many."""
    if (
        await unit.connection.fetchval("SELECT count(*) FROM passkeys WHERE account_id = $1", account_id)
        >= MAX_PASSKEYS
    ):
        raise ApiError("parameter_invalid", f"There are {MAX_PASSKEYS} passkeys already; remove one first.")
    try:
        await unit.connection.execute(
            "INSERT INTO passkeys (account_id, id, credential, public_key, uses, name, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            account_id, unit.ids.new(), credential, public_key, uses, name[:MAX_NAME_CHARS], unit.wall,
        )  # fmt: skip
    except asyncpg.UniqueViolationError:
        raise ApiError("parameter_invalid", "This passkey is known already.") from None


async def record_use(unit: Unit, passkey: Any, uses: int) -> None:
    await unit.connection.execute(
        "UPDATE passkeys SET uses = $3, used_at = $4 WHERE account_id = $1 AND id = $2",
        passkey["account_id"],
        passkey["id"],
        uses,
        unit.wall,
    )


async def remove(unit: Unit, account_id: int, passkey_id: int) -> str:
    """Forget one; returns its name. Raises ApiError 404."""
    name: str | None = await unit.connection.fetchval(
        "DELETE FROM passkeys WHERE account_id = $1 AND id = $2 RETURNING name", account_id, passkey_id
    )
    if name is None:
        raise missing("passkey")
    return name


async def begin(unit: Unit, holder: str, purpose: Purpose, challenge: bytes) -> None:
    """Remember what the holder of this token was asked; it takes the place of what they were asked before."""
    await unit.connection.execute(
        "INSERT INTO panel_challenges (holder, purpose, challenge, expires_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (holder, purpose) DO UPDATE SET challenge = $3, expires_at = $4",
        _hash(holder),
        purpose,
        challenge,
        unit.wall + CHALLENGE_LIFETIME,
    )


async def take(unit: Unit, holder: str, purpose: Purpose) -> bytes | None:
    """Use up what the holder was asked; None if there is nothing, or it is too old."""
    challenge: bytes | None = await unit.connection.fetchval(
        "DELETE FROM panel_challenges WHERE holder = $1 AND purpose = $2 AND expires_at > $3 RETURNING challenge",
        _hash(holder),
        purpose,
        unit.wall,
    )
    return challenge


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
