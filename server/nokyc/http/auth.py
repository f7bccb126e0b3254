"""Bearer keys: who is calling, and with which scope (decisions F6–F11)."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from nokyc.http.errors import ApiError
from nokyc.store.store import LOST, Store

Scope = Literal["read", "read_write", "admin"]
Mode = Literal["live", "test"]

METHODS: dict[str, frozenset[str]] = {
    "read": frozenset({"GET", "HEAD", "OPTIONS"}),
    "read_write": frozenset({"GET", "HEAD", "OPTIONS", "POST", "PATCH"}),
    "admin": frozenset({"GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"}),
}
ROTATION_OVERLAP = timedelta(minutes=5)
MAX_CACHED = 50_000
FAILURES_PER_MINUTE = 600
"""Failed authentications from one address; a valid key is never held up by it."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="nokyc"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """A key, and of its account what every request needs. May be up to a second old."""

    key_id: int
    account_id: int
    livemode: bool
    scope: Scope
    rate_limit: int
    api_version: str
    clock_offset: timedelta
    max_segments: int
    guarded: bool
    """Whether the account restricts destinations."""

    def now(self, wall: datetime) -> datetime:
        """Account time: the wall clock, moved on by what a test clock was advanced."""
        return wall + self.clock_offset


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    expires_at: datetime | None
    """Set for the secret that a rotation replaced: account time."""


def new_secret(mode: Mode) -> str:
    """`sk_live_` or `sk_test_` and 128 random bits in hex."""
    return f"sk_{mode}_{secrets.token_hex(16)}"


def secret_hash(secret: str) -> bytes:
    """What is stored of a key. The secret has 128 random bits, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


class Authenticator:
    """Finds the caller of a request; remembers keys until the store's revision moves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: OrderedDict[bytes, _Known] = OrderedDict()
        self._failures: dict[str, list[int]] = {}
        self._noting: set[asyncio.Task[None]] = set()
        self._noted: dict[int, datetime] = {}
        self._revision = 0
        store.on_change(self._forget)

    async def authenticate(self, authorization: list[bytes], address: str, wall: datetime) -> Caller:
        """The caller behind the Authorization headers.

        Raises:
            ApiError: 401; 429 after too many failures from this address.
        """
        secret = self._secret(authorization)
        if secret is None:
            raise self._refuse(address, "api_key_missing", "No API key: send `Authorization: Bearer sk_live_…`.")
        if secret.startswith("pk_"):
            raise self._refuse(address, "secret_key_required", "This endpoint needs a secret key (sk_…).")
        digest = secret_hash(secret)
        known = self._cache.get(digest) or await self._load(digest)
        if known is None or (known.expires_at is not None and known.caller.now(wall) >= known.expires_at):
            raise self._refuse(address, "api_key_invalid", "Invalid API key.")
        if known.expires_at is not None:
            self._note_old_secret(known.caller.key_id, wall)
        return known.caller

    def _forget(self) -> None:
        self._revision += 1
        self._cache.clear()

    @staticmethod
    def _secret(authorization: list[bytes]) -> str | None:
        if len(authorization) != 1:
            return None
        scheme, _, secret = authorization[0].decode("latin-1").partition(" ")
        return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None

    def _refuse(self, address: str, code: str, message: str) -> ApiError:
        now = self._store.clock.monotonic_ms()
        recent = [at for at in self._failures.get(address, ()) if now - at < 60_000]
        if len(recent) >= FAILURES_PER_MINUTE:
            wait = str(max(1, -(-(recent[0] + 60_000 - now) // 1000)))
            return ApiError(
                "rate_limit_exceeded",
                "Too many failed authentications from this address.",
                headers={"Retry-After": wait},
            )
        if len(self._failures) > MAX_CACHED:
            self._failures.clear()
        self._failures[address] = [*recent, now]
        return ApiError(code, message, headers=CHALLENGE)

    async def _load(self, digest: bytes) -> _Known | None:
        revision = self._revision
        async with self._store.reading() as connection:
            row = await connection.fetchrow(
                "SELECT k.id, k.account_id, k.scope, k.rate_limit, a.livemode, a.api_version, a.clock_offset_sec,"
                " a.max_segments, a.allowed_countries IS NOT NULL AS guarded,"
                " CASE WHEN k.previous_hash = $1 THEN k.previous_expires_at END AS expires_at"
                " FROM api_keys k JOIN accounts a ON a.id = k.account_id"
                " WHERE (k.secret_hash = $1 OR k.previous_hash = $1) AND k.revoked_at IS NULL",
                digest,
            )
        if row is None:
            return None
        caller = Caller(
            key_id=row["id"],
            account_id=row["account_id"],
            livemode=row["livemode"],
            scope=row["scope"],
            rate_limit=row["rate_limit"],
            api_version=row["api_version"],
            clock_offset=timedelta(seconds=row["clock_offset_sec"]),
            max_segments=row["max_segments"],
            guarded=row["guarded"],
        )
        known = _Known(caller, row["expires_at"])
        if revision == self._revision:  # else what was read may be from before the change
            self._cache[digest] = known
            if len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        return known

    def _note_old_secret(self, key_id: int, wall: datetime) -> None:
        """Remember when the replaced secret was last used, at most once a minute, beside the request."""
        if wall - self._noted.get(key_id, datetime.min.replace(tzinfo=wall.tzinfo)) < timedelta(minutes=1):
            return
        self._noted[key_id] = wall
        task = asyncio.create_task(self._save_note(key_id, wall))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _save_note(self, key_id: int, wall: datetime) -> None:
        with suppress(*LOST):
            async with self._store.reading() as connection:
                await connection.execute("UPDATE api_keys SET previous_used_at = $2 WHERE id = $1", key_id, wall)
