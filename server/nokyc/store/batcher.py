"""Micro-batching: concurrent callers share one round trip and one fsync, and each gets an answer of its own.

A batch is whatever arrived while the previous ones were on their way to the disk. There is no timer, unless the batcher
is told to rest: then batches of several follow each other at that distance, since large ones cost less for each member.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from nokyc.kit import pace

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_BATCH = 128
MAX_WAITING = 10_000
"""Callers in the queue; more are refused at once, so that nobody waits for minutes."""


class OverloadedError(Exception):
    """More callers are waiting than will be served in a sensible time."""


class Batcher(Generic[Item, Result]):
    """Runs `commit(items) -> results` with up to `lanes` batches in flight.

    If a batch raises, its members run one by one, so that one bad item cannot fail the others.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        lanes: int = 2,
        most: int = MAX_BATCH,
        rest_sec: float = 0.0,
    ) -> None:
        self._commit = commit
        self._idle = lanes
        self._most = most
        self._rest_sec = rest_sec
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._open: set[asyncio.Future[Result]] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Result:
        """The result for one item, once its batch is committed.

        Raises:
            OverloadedError: too many callers wait already; nothing was done.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise OverloadedError
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._open.add(future)
        if self._idle:
            self._idle -= 1
            lane = asyncio.create_task(self._lane())
            self._running.add(lane)
            lane.add_done_callback(self._running.discard)
        try:
            return await future
        finally:
            self._open.discard(future)

    async def settle(self, within_sec: float) -> None:
        """Wait until all that was submitted by now is committed, or the time is over."""
        if self._open:
            await asyncio.wait(self._open, timeout=within_sec)

    async def _lane(self) -> None:
        try:
            await asyncio.sleep(0)  # let callers of the same loop turn join the first batch
            while self._waiting:
                began = pace.now()
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._run(batch)
                if self._rest_sec and len(batch) > 1 and len(self._waiting) < self._most:
                    await pace.rest(began, self._rest_sec)
        finally:
            self._idle += 1

    async def _run(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                _settle(batch[0][1], error=error)
                return
            for member in batch:
                await self._run([member])
            return
        for (_, future), result in zip(batch, results, strict=True):
            _settle(future, result=result)


def _settle(future: "asyncio.Future[Result]", *, result: Result | None = None, error: Exception | None = None) -> None:
    if future.done():  # the caller went away
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)  # type: ignore[arg-type]  # None only where Result allows it
