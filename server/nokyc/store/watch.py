"""Hearing from other processes: notifications when they arrive, a poll when they do not.

LISTEN/NOTIFY is an optimisation; everything it says is also found by looking, every POLL_SEC.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import structlog

from nokyc.store.store import CHANNEL, LOST, REVISION, Store

POLL_SEC = 0.5
RECONNECT_SEC = 0.5

log = structlog.get_logger("nokyc.store")


async def watch(store: Store, dsn: str, on_wake: Callable[[str | None], None]) -> None:
    """Run until cancelled: forget on changes, and call `on_wake(queue)`, or `on_wake(None)` for "look everywhere"."""
    while True:
        try:
            connection = await asyncpg.connect(dsn, timeout=5)
        except (*LOST, TimeoutError):
            await asyncio.sleep(RECONNECT_SEC)
            continue
        try:
            await _follow(store, connection, on_wake)
        except (*LOST, TimeoutError):
            log.warning("the database went away")
        finally:
            connection.terminate()


async def _follow(store: Store, connection: Any, on_wake: Callable[[str | None], None]) -> None:
    woken = asyncio.Event()
    seen = 0  # after a connection that was lost, what is remembered may be old

    def hear(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        if payload == REVISION:
            woken.set()
        else:
            on_wake(payload)

    await connection.add_listener(CHANNEL, hear)
    while True:
        revision: int = await connection.fetchval("SELECT n FROM revision", timeout=5)
        if revision != seen:
            seen = revision
            store.changed()
        on_wake(None)
        try:
            async with asyncio.timeout(POLL_SEC):  # wait_for may lose a cancellation before Python 3.12
                await woken.wait()
            woken.clear()
        except TimeoutError:
            pass
