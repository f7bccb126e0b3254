"""Running one queue: claim what is due, handle it, look again when woken or after a moment."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from nokyc.kit import pace
from nokyc.kit.faults import where
from nokyc.store import tasks
from nokyc.store.store import LOST, Connection, Store, Unit
from nokyc.store.tasks import CLAIM, FAIR_ACCOUNTS, MAX_ATTEMPTS, Task

POLL_SEC = 0.2
"""How late a task can be that nobody announced."""
REST_SEC = 0.02
"""Distance of claims that follow each other without being full, where nobody waits for milliseconds: many tasks at once
cost the database less than a few at a time."""
PAUSE_SEC = 1.0
"""Rest after the database went away."""
RETRY_SEC = (1, 5, 30, 120, 600)
"""Waits after our own code failed on a task; the last one repeats."""

log = structlog.get_logger("nokyc.worker")


class _LapsedError(Exception):
    """Somebody else has done the task."""


class Runner:
    """Calls `once` until it finds nothing, then waits for a wake. `once` returns how many tasks it took."""

    def __init__(self, name: str, once: Callable[[], Awaitable[int]], *, rest_sec: float = 0.0) -> None:
        self.name = name
        self.once = once
        self._rest_sec = rest_sec
        self._woken = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """Let `run` come to its end after what it does now."""
        self._stopped = True
        self._woken.set()

    async def run(self) -> None:
        """Until stopped."""
        while not self._stopped:
            self._woken.clear()
            began = pace.now()
            try:
                if taken := await self.once():
                    if taken < CLAIM and self._rest_sec:
                        await pace.rest(began, self._rest_sec)
                    continue
            except (*LOST, TimeoutError):
                log.warning("the database went away", queue=self.name)
                await asyncio.sleep(PAUSE_SEC)
                continue
            except Exception as error:  # a bug must not stop the queue
                log.error("failed", queue=self.name, error=type(error).__name__, where=where(error))
                await asyncio.sleep(PAUSE_SEC)
            if not self._stopped:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SEC):  # wait_for may lose a cancellation before Python 3.12
                        await self._woken.wait()


class Claimer:
    """Claims tasks of a queue, walking fairly over the accounts."""

    def __init__(self, store: Store, queue: str, holder: int | None = None) -> None:
        self._store = store
        self._queue = queue
        self._holder = holder
        self._after = -1
        self._unanswered: datetime | None = None
        """When a claim was made of which we do not know what came: the database went away."""

    async def claim(self, limit: int) -> list[Task]:
        async with self._store.reading() as connection:
            claimed = await self.claim_in(connection, limit)
        self.answered()
        return claimed

    async def claim_in(self, connection: Connection, limit: int) -> list[Task]:
        """The same on a given connection, as part of its transaction; `answered` is to be called once that is known to
        be committed."""
        if self._unanswered is not None and self._holder is not None:
            await tasks.unclaim(connection, self._queue, self._holder, self._unanswered)
        self._unanswered = now = self._store.clock.now()
        claimed = await tasks.claim(connection, self._queue, now, limit, self._after, self._holder)
        accounts = {task.account_id for task in claimed}
        # Fewer than there was room for: everybody behind `after` was served, and the walk begins anew.
        all_served = len(claimed) < limit and len(accounts) < FAIR_ACCOUNTS
        self._after = -1 if all_served else max(accounts)
        return claimed

    def answered(self) -> None:
        """What was claimed last is known here."""
        self._unanswered = None


async def handle_each(store: Store, batch: Sequence[Task], handle: Callable[[Unit, Task], Awaitable[object]]) -> None:
    """One unit of work for each task, which also removes it; a task that fails is tried again later, then set aside.
    What another worker did meanwhile, since our lease ended or we were taken for dead, is not done a second time."""
    for task in batch:

        async def work(unit: Unit, task: Task = task) -> None:
            await handle(unit, task)
            if not await tasks.finish(unit.connection, [task]):
                raise _LapsedError

        try:
            await store.run(work)
        except _LapsedError:
            log.warning("task is done already", kind=task.kind)
        except LOST:
            raise
        except Exception as error:
            await failed(store, task, error)


async def failed(store: Store, task: Task, error: Exception) -> None:
    """Our own code failed on a task."""
    error_name = type(error).__name__
    log.error("task failed", kind=task.kind, attempts=task.attempts, error=error_name, where=where(error))
    now = store.clock.now()
    async with store.reading() as connection:
        if task.attempts >= MAX_ATTEMPTS:
            await tasks.give_up(connection, task, f"{error_name} at {where(error)}", now)
        else:
            wait = RETRY_SEC[min(task.attempts, len(RETRY_SEC)) - 1]
            await tasks.postpone(connection, task, now + timedelta(seconds=wait))
