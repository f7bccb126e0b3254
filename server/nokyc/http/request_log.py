"""The log of requests that customers look up by request id: written after the answer, in batches, and bounded.

A request costs the hot path one append. Refusals are all kept; of successes at most KEPT_PER_SEC a second and process,
because what a success made has a timeline of its own. The table is unlogged: a crash of the database empties it.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nokyc.store.store import LOST, Store

RETENTION = timedelta(days=7)
KEPT_PER_SEC = 25
MAX_WAITING = 2_000
"""Requests that wait to be written; when refusals come faster than that, the rest is not kept."""
FLUSH_SEC = 0.25
MAX_BODY_CHARS = 8_000

_COLUMNS = (
    "account_id", "id", "request_id", "key_id", "method", "path", "operation", "status", "elapsed_ms",
    "idempotency_key", "error_code", "request_body", "response_body", "created_at",
)  # fmt: skip
_SECRETS = re.compile(rb"(sk_(?:live|test)_|whsec_)[A-Za-z0-9+/=]+")
_PASSWORDS = re.compile(rb'("(?:password|credential)"\s*:\s*")(?:[^"\\]|\\.)*')
"""Of devices, browsers and their TURN servers."""
_ERROR_CODE = re.compile(rb'"code":"([a-z0-9_]+)"')


@dataclass(frozen=True, slots=True)
class Logged:
    """One answered request, as the pipeline knows it."""

    account_id: int
    key_id: int
    request_id: str
    method: str
    path: str
    operation: str
    status: int
    elapsed_ms: int
    idempotency_key: str | None
    request_body: bytes
    response_body: bytes


class RequestLog:
    """Keeps requests of one api process until they are written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Logged] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._second = 0
        self._kept = 0

    def wants(self, status: int) -> bool:
        """Whether this request will be kept; asked first, so that the others cost nothing."""
        if len(self._waiting) >= MAX_WAITING:
            return False
        if status >= 400:
            return True
        second = self._store.clock.monotonic_ms() // 1000
        if second != self._second:
            self._second, self._kept = second, 0
        self._kept += 1
        return self._kept <= KEPT_PER_SEC

    def note(self, request: Logged) -> None:
        """Keep a request; it is written soon."""
        self._waiting.append(request)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SEC, self._start)

    async def flush(self) -> None:
        """Write what waits."""
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        rows = self._rows(batch)
        with suppress(*LOST, TimeoutError):  # a log that cannot be written is no reason to fail anything
            async with self._store.reading() as connection:
                await connection.copy_records_to_table("request_log", records=rows, columns=_COLUMNS)

    def _start(self) -> None:
        self._timer = None
        if self._store.pool.is_closing():  # what is left was written, or cannot be
            return
        self._writing = asyncio.get_running_loop().create_task(self.flush())

    def _rows(self, batch: Sequence[Logged]) -> list[tuple[Any, ...]]:
        now = self._store.clock.now()
        return [
            (
                one.account_id,
                self._store.ids.new(),
                one.request_id,
                one.key_id,
                one.method,
                _text(one.path.encode("utf-8", "surrogateescape")),
                one.operation,
                one.status,
                one.elapsed_ms,
                one.idempotency_key,
                _error_code(one),
                _text(one.request_body),
                _text(one.response_body),
                now,
            )
            for one in batch
        ]


def _error_code(one: Logged) -> str | None:
    found = _ERROR_CODE.search(one.response_body) if one.status >= 400 else None
    return None if found is None else found[1].decode()


def _text(body: bytes) -> str:
    """What is kept of a body or a path: no secrets, an end, and no U+0000, for which PostgreSQL refuses the batch."""
    clean = body[: 4 * MAX_BODY_CHARS]
    for secret in (_SECRETS, _PASSWORDS):
        clean = secret.sub(rb"\1[not kept]", clean)
    return clean.decode("utf-8", "replace").replace("\0", "\ufffd")[:MAX_BODY_CHARS]
