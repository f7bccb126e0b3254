"""The store of one process: its connections, its clock, its ids, and the unit of work.

A unit of work is one transaction, opened and committed here and nowhere else. Whatever must happen outside leaves as
a task row in it; `wake` only tells the workers after the commit that there is something to do.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias, TypeVar

import asyncpg

from nokyc.kit.clock import Clock
from nokyc.kit.ids import IdFactory
from nokyc.store.vault import Vault

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

RETRIES = 5
"""How often a unit of work runs again after a serialisation failure or a deadlock (SQLSTATE 40001, 40P01), or because a
migration has changed what a statement gives that was planned before."""
CHANNEL = "nokyc"
REVISION = "revision"
"""What is notified on the channel after `touch`; everything else there is the name of a queue."""
NOTIFY_REST_SEC = 0.01
"""Rest after a notification, which wakes every listener: what comes meanwhile goes out together."""
POOL_SIZE = 10

_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.InvalidCachedStatementError)
LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that ended in the middle of an exchange
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby that is not promoted yet, or a primary that is being relieved
    asyncpg.InsufficientResourcesError,  # it has no disk, memory or connection left (SQLSTATE class 53)
    OSError,
)
"""What it looks like when the database went away, or cannot go on just now: it comes back without us."""
_NOTIFY = """
SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, queue) FROM unnest($2::text[]) AS queue
"""
"""NOTIFY takes part in the commit, but nothing is lost with it: it need not wait for the disk."""


class Taker(Protocol):
    """A worker of this very process that does new tasks of a queue without looking for them."""

    @property
    def holder(self) -> int | None:
        """With whose death the tasks come back."""

    def room(self) -> int:
        """How many it would take now."""

    def take(self, handed: Sequence[Any]) -> None:
        """Begin what was handed over: its tasks are leased to it by a transaction that is committed."""


@dataclass(slots=True)
class Unit:
    """One unit of work: everything done through it is committed together or not at all."""

    connection: Connection
    wall: datetime
    """The wall clock at the start, the same for the whole unit."""
    ids: IdFactory
    vault: Vault
    takers: Mapping[str, Taker] = field(default_factory=dict)
    wakes: set[str] = field(default_factory=set)
    handed: list[tuple[Taker, Sequence[Any]]] = field(default_factory=list)

    def account_now(self, row: Any) -> datetime:
        """Account time, by a row that has the account's `clock_offset_sec`."""
        return self.wall + timedelta(seconds=row["clock_offset_sec"])

    def wake(self, queue: str) -> None:
        """Tell the workers of a queue after the commit."""
        self.wakes.add(queue)

    def hand_over(self, taker: Taker, handed: Sequence[Any]) -> None:
        """Give a taker its tasks after the commit."""
        self.handed.append((taker, handed))

    async def touch(self) -> None:
        """Have every process forget what it keeps in memory (keys, routes, clocks) once this is committed."""
        await self.connection.execute("UPDATE revision SET n = n + 1")
        self.wakes.add(REVISION)


class Store:
    """A pool of connections with our conventions."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock, ids: IdFactory, vault: Vault) -> None:
        self.pool = pool
        self.clock = clock
        self.ids = ids
        self.vault = vault
        self._forgetters: list[Callable[[], None]] = []
        self._wakeable: list[Callable[[str], bool]] = []
        self.takers: dict[str, Taker] = {}
        """By queue."""
        self._waking: set[str] = set()
        self._waker: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for queries alone."""
        async with self.pool.acquire() as connection:
            yield connection  # type: ignore[misc]  # the pool's proxy has the connection's methods

    async def run(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run one unit of work and commit it; run it again when the database asks for that."""
        for attempt in range(RETRIES + 1):
            try:
                async with self.pool.acquire() as connection, connection.transaction():
                    unit = Unit(connection, self.clock.now(), self.ids, self.vault, self.takers)  # type: ignore[arg-type]
                    result = await work(unit)
            except _AGAIN:
                if attempt == RETRIES:
                    raise
            else:
                for queue in unit.wakes:
                    self.wake(queue)
                for taker, handed in unit.handed:
                    taker.take(handed)
                return result
        raise AssertionError("unreachable")

    def on_change(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever keys, routes or clocks have changed, here or in another process."""
        self._forgetters.append(forget)

    def on_wake(self, take: Callable[[str], bool]) -> None:
        """Call `take(queue)` at each wake of this process; if it says that it will look, nobody else is notified."""
        self._wakeable.append(take)

    def changed(self) -> None:
        """Forget at once what this process keeps in memory."""
        for forget in self._forgetters:
            forget()

    def wake(self, queue: str) -> None:
        """Notify the workers of a queue soon: many wakes become one round trip, outside any hot transaction.

        The first goes at once. Where a worker of this very process takes it, others find what it leaves by their poll.
        """
        if queue == REVISION:
            self.changed()
        elif any(take(queue) for take in self._wakeable):
            return
        self._waking.add(queue)
        if self._waker is None or self._waker.done():
            self._waker = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        while self._waking:
            queues, self._waking = self._waking, set()
            with suppress(*LOST):  # a lost wake is found by the next poll
                await self.pool.execute(_NOTIFY, CHANNEL, list(queues))
            await asyncio.sleep(NOTIFY_REST_SEC)

    async def close(self) -> None:
        if self._waker is not None:
            await self._waker
        await self.pool.close()


async def connect(
    dsn: str,
    clock: Clock,
    vault: Vault,
    *,
    size: int = POOL_SIZE,
    plan_once: bool = False,
) -> Store:
    """Open the store of this process; its id node comes from the database. `plan_once` is for processes
    whose statements all look rows up by key: their plans do not depend on the values."""

    async def prepare(connection: Any) -> None:
        await prepare_connection(connection)
        if plan_once:  # no parameter of the start, which a pooler would pass on to none or to all
            await connection.execute("SET plan_cache_mode = force_generic_plan")

    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=_keep_session,
        command_timeout=60,
        server_settings=_server_settings(),
    )
    node = await pool.fetchval("SELECT nextval('nodes')")
    return Store(pool, clock, IdFactory(node, lambda: int(clock.now().timestamp() * 1000)), vault)


async def prepare_connection(connection: Any) -> None:
    """Our codecs: JSON columns are Python values, except `json`, which keeps its text."""
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _keep_session(connection: Any) -> None:
    """Spare the round trip that resets a session at each release: nothing of ours outlives its transaction there (no
    LISTEN, no session's advisory lock, no SET but what each connection begins with). A transaction that was left open
    is still rolled back, by the pool."""


def _server_settings() -> dict[str, str]:
    """Our statements look rows up by key. A plan that was made while a table was small is kept for long, so scans and
    hash joins, which are cheap on small tables alone, are not to be chosen where an index will do."""
    scans_off = dict.fromkeys(("enable_seqscan", "enable_hashjoin", "enable_mergejoin"), "off")
    return {"application_name": "nokyc", "timezone": "UTC", "jit": "off"} | scans_off
