"""The gate before a carrier: submissions queue here while its window is full or it asked for rest."""

import asyncio
from collections import deque

from nokyc.carriers.port import SmsCarrier

LOOK_AGAIN_SEC = 0.05
"""A carrier gets room by time too, not only when an answer comes."""
PATIENCE_SEC = 15.0
"""With the longest submission that may follow still below a task's lease, so that nobody else takes the message."""


class Gate:
    """Lets submissions pass in order, as many as the carrier has room for."""

    def __init__(self, carrier: SmsCarrier) -> None:
        self._carrier = carrier
        self._queue: deque[tuple[float, asyncio.Future[bool]]] = deque()
        self._porter: asyncio.Task[None] | None = None
        self._nudged = asyncio.Event()
        self._closed = False

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def enter(self) -> bool:
        """Wait for a place. False: none came in time, or the gate was closed; nothing may be submitted then."""
        if self._closed:
            return False
        if not self._queue and self._room():
            return True
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        self._queue.append((loop.time() + PATIENCE_SEC, place))
        if self._porter is None:
            self._porter = loop.create_task(self._serve())
        return await place

    def nudge(self) -> None:
        """A submission came back: there may be room."""
        self._nudged.set()

    def close(self) -> None:
        """Turn everybody away, now and later."""
        self._closed = True
        self._nudged.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            room = len(self._queue) if self._closed else self._room()
            while self._queue and (room > 0 or self._queue[0][0] <= loop.time()):
                _, place = self._queue.popleft()
                if not place.done():
                    place.set_result(room > 0 and not self._closed)
                    room -= 1
            # Whoever was let in takes up the window in this turn of the loop, before we look at it again.
            await asyncio.sleep(0)
            if self._queue and not self._room() and not self._closed:
                self._nudged.clear()
                timer = loop.call_later(LOOK_AGAIN_SEC, self._nudged.set)
                await self._nudged.wait()
                timer.cancel()
        self._porter = None

    def _room(self) -> int:
        """Places free now; without a limit if it cannot be reached at all, so that it can say so."""
        return self._carrier.capacity() or (0 if is_up(self._carrier) else len(self._queue) + 1)


def is_up(carrier: SmsCarrier) -> bool:
    """Whether any of its links is."""
    return any(link.up for link in carrier.links())
