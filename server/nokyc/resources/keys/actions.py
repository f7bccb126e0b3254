"""What can happen to an API key. Secrets are shown once and stored as hashes."""

from typing import Any

from nokyc.http.auth import ROTATION_OVERLAP, Mode, Scope, new_secret, secret_hash
from nokyc.store.store import Unit

DEFAULT_RATE_LIMIT = 100
"""Requests per rolling minute."""


async def create(
    unit: Unit, account_id: int, *, scope: Scope, mode: Mode, rate_limit: int = DEFAULT_RATE_LIMIT
) -> tuple[int, str]:
    """A new key's id and secret. `account_id` is the account of that mode (the sandbox for test keys)."""
    secret = new_secret(mode)
    key_id = unit.ids.new()
    await unit.connection.execute(
        "INSERT INTO api_keys (id, account_id, secret_hash, last4, scope, rate_limit, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        key_id,
        account_id,
        secret_hash(secret),
        secret[-4:],
        scope,
        rate_limit,
        unit.wall,
    )
    return key_id, secret


async def rotate(unit: Unit, row: Any) -> str:
    """Swap the secret of a key (its row, with the account's clock); the old one works five minutes more.

    A second rotation within that time ends the oldest: only the newest two secrets work (decision F10).
    """
    secret = new_secret("live" if row["livemode"] else "test")
    account_now = unit.account_now(row)
    await unit.connection.execute(
        "UPDATE api_keys SET previous_hash = secret_hash, previous_expires_at = $2, previous_used_at = NULL,"
        " secret_hash = $3, last4 = $4 WHERE id = $1",
        row["id"],
        account_now + ROTATION_OVERLAP,
        secret_hash(secret),
        secret[-4:],
    )
    await unit.touch()
    return secret


async def revoke(unit: Unit, key_id: int) -> None:
    """End a key at once, in every process within a second."""
    await unit.connection.execute(
        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1", key_id, unit.wall
    )
    await unit.touch()
