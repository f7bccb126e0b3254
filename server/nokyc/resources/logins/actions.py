"""What can happen to a login: a name, a password, a second factor, and the end of sessions."""

import re

import asyncpg

from nokyc.http.errors import ApiError
from nokyc.kit import totp
from nokyc.resources.logins.queries import OPERATOR_NAME
from nokyc.store.store import Unit

MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 200
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")


def check_password(password: str) -> None:
    """Raises ApiError 400 for one that is too short to stand guessing, or absurdly long."""
    if len(password) < MIN_PASSWORD_CHARS:
        message = f"A password needs at least {MIN_PASSWORD_CHARS} characters; a sentence is best."
        raise ApiError("parameter_invalid", message, param="password")
    if len(password) > MAX_PASSWORD_CHARS:
        raise ApiError("parameter_invalid", f"More than {MAX_PASSWORD_CHARS} characters.", param="password")


async def set_name(unit: Unit, account_id: int, name: str | None) -> None:
    """Set or clear the name that an account signs in with instead of its id.

    Raises:
        ApiError: 400 if it is no name or taken.
    """
    wanted = None if name is None or not name.strip() else name.strip().lower()
    if wanted is not None and (not _NAME.fullmatch(wanted) or wanted == OPERATOR_NAME or wanted.startswith("acct_")):
        message = "A name has 3 to 64 of a-z, 0-9 and . _ @ + -, and is neither `operator` nor an account's id."
        raise ApiError("parameter_invalid", message, param="name")
    try:
        await unit.connection.execute(
            "INSERT INTO panel_logins (account_id, name, changed_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (account_id) DO UPDATE SET name = $2, changed_at = $3",
            account_id,
            wanted,
            unit.wall,
        )
    except asyncpg.UniqueViolationError:
        raise ApiError("parameter_invalid", "Somebody else signs in with this name.", param="name") from None


async def set_password(unit: Unit, account_id: int, encoded: str | None) -> None:
    """Set the password (as its argon2id hash), or take it away."""
    await unit.connection.execute(
        "INSERT INTO panel_logins (account_id, password, changed_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (account_id) DO UPDATE SET password = $2, changed_at = $3",
        account_id,
        encoded,
        unit.wall,
    )


async def set_totp(unit: Unit, account_id: int, secret: bytes, code: str) -> None:
    """Require codes from an app from now on; the first one proves that the app has the secret.

    Raises:
        ApiError: 400 if the code is wrong, or if there is another secret: turning that off asks for the password.
    """
    step = totp.step_of(secret, code, unit.wall.timestamp(), after=0)
    if step is None:
        raise ApiError("parameter_invalid", "This is not the code that the app shows now.", param="code")
    done = await unit.connection.fetchval(
        "INSERT INTO panel_logins (account_id, totp, totp_step, changed_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (account_id) DO UPDATE SET totp = $2, totp_step = $3, changed_at = $4"
        " WHERE panel_logins.totp IS NULL RETURNING true",
        account_id,
        unit.vault.seal(secret),
        step,
        unit.wall,
    )
    if not done:
        raise ApiError("parameter_invalid", "Codes are on already. Turn them off first.", param="code")


async def clear_totp(unit: Unit, account_id: int) -> None:
    await unit.connection.execute(
        "UPDATE panel_logins SET totp = NULL, changed_at = $2 WHERE account_id = $1", account_id, unit.wall
    )


async def use_code(unit: Unit, account_id: int, code: str) -> bool:
    """Whether the second factor is satisfied: there is none, or this is its code, used for the first time."""
    row = await unit.connection.fetchrow(
        "SELECT totp, totp_step FROM panel_logins WHERE account_id = $1 FOR UPDATE", account_id
    )
    if row is None or row["totp"] is None:
        return True
    step = totp.step_of(unit.vault.open(row["totp"]), code, unit.wall.timestamp(), after=row["totp_step"])
    if step is None:
        return False
    await unit.connection.execute("UPDATE panel_logins SET totp_step = $2 WHERE account_id = $1", account_id, step)
    return True


async def end_session(unit: Unit, account_id: int, session_id: int, *, operator: bool) -> None:
    """End one of the sessions that `queries.sessions` lists."""
    await unit.connection.execute(
        "DELETE FROM panel_sessions WHERE id = $2 AND ($3 OR account_id = $1) AND operator = $3",
        account_id,
        session_id,
        operator,
    )


async def end_other_sessions(unit: Unit, account_id: int, session_id: int, *, operator: bool) -> None:
    """End all of them but one: after a change of the password, whoever knew the old one is out."""
    await unit.connection.execute(
        "DELETE FROM panel_sessions WHERE id <> $2 AND ($3 OR account_id = $1) AND operator = $3",
        account_id,
        session_id,
        operator,
    )
