"""Idempotency keys (semantics A1): one execution per key and day, and its answer again for every repetition.

A key's row is written in the transaction that does the work, under the lock of the account's row. So a request that
failed leaves nothing behind, a process that dies releases everything, and two executions cannot both commit.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nokyc.http.call import Answer
from nokyc.http.errors import ApiError
from nokyc.kit.jsontext import canonical
from nokyc.store.store import Connection, Unit

LIFETIME = timedelta(hours=24)
MAX_LENGTH = 255


def read_key(header: str | None) -> str | None:
    """The key of a request: 1 to 255 printable ASCII characters, bare or in one pair of double quotes.

    Raises:
        ApiError: 400 `idempotency_key_invalid`.
    """
    if header is None:
        return None
    key = header[1:-1] if len(header) >= 2 and header[0] == header[-1] == '"' else header
    if not (0 < len(key) <= MAX_LENGTH and key.isascii() and key.isprintable()):
        raise ApiError("idempotency_key_invalid")
    return key


def fingerprint(method: str, path: str, body: dict[str, Any]) -> bytes:
    """What makes two requests the same: method, path and the meaning of the body."""
    return hashlib.sha256(f"{method} {path}\n".encode() + canonical(body)).digest()


@dataclass(slots=True)
class InFlight:
    """The keys that this process is executing right now, so that a duplicate hears so at once."""

    _keys: set[tuple[int, str]] = field(default_factory=set)

    def enter(self, account_id: int, key: str | None) -> None:
        """Raises ApiError 409 `idempotency_key_in_use` if the key is being executed."""
        if key is None:
            return
        if (account_id, key) in self._keys:
            raise in_use()
        self._keys.add((account_id, key))

    def leave(self, account_id: int, key: str | None) -> None:
        if key is not None:
            self._keys.discard((account_id, key))


def in_use() -> ApiError:
    return ApiError("idempotency_key_in_use", headers={"Retry-After": "1"})


def mismatch() -> ApiError:
    message = "This idempotency key was used with another request. Use a new key for a new operation."
    return ApiError("idempotency_key_mismatch", message)


def replay(status: int, response: bytes, request_id: str) -> Answer:
    """The stored answer, byte for byte."""
    headers = {"Idempotent-Replayed": "true", "Idempotency-Original-Request": request_id}
    return Answer(status, text=response, headers=headers)


async def begin(unit: Unit, account_id: int, key: str, print_: bytes, now: datetime) -> Answer | None:
    """Take the key for this unit of work, or give the stored answer.

    Raises:
        ApiError: 409, if another process executes the key or it was used for another request.
    """
    # An optimisation: without it, the row lock below makes the duplicate wait instead of hearing 409.
    lock = "SELECT pg_try_advisory_xact_lock(hashtextextended($2, $1))"
    if not await unit.connection.fetchval(lock, account_id, key):
        raise in_use()
    await unit.connection.execute("SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE", account_id)
    return await find(unit.connection, unit.vault.open, account_id, key, print_, now)


async def find(
    connection: Connection, open_: Any, account_id: int, key: str, print_: bytes, now: datetime
) -> Answer | None:
    """The stored answer to a key, or None if it is free. Raises ApiError 409 on a mismatch."""
    row = await connection.fetchrow(
        "SELECT fingerprint, status, response, sealed, request_id FROM idempotency_keys"
        " WHERE account_id = $1 AND key = $2 AND created_at > $3",
        account_id,
        key,
        now - LIFETIME,
    )
    if row is None:
        return None
    if row["fingerprint"] != print_:
        raise mismatch()
    response = open_(row["response"]) if row["sealed"] else row["response"]
    return replay(row["status"], response, row["request_id"])


async def remember(
    unit: Unit, account_id: int, key: str, print_: bytes, now: datetime, *,
    status: int, response: bytes, secret: bool, request_id: str, subject_id: int | None,
) -> None:  # fmt: skip
    """Store the answer with the work that it answers for."""
    await unit.connection.execute(
        "INSERT INTO idempotency_keys"
        " (account_id, key, fingerprint, status, response, sealed, request_id, created_at, subject_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id, key) DO UPDATE SET"
        " fingerprint = $3, status = $4, response = $5, sealed = $6, request_id = $7, created_at = $8,"
        " subject_id = $9",
        account_id, key, print_, status, unit.vault.seal(response) if secret else response, secret, request_id, now,
        subject_id,
    )  # fmt: skip
