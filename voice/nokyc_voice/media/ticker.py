"""One 20 ms clock for all legs. After a stall it catches up at twice the pace, never in a burst."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from nokyc_voice.media.port import FRAME_MS, Undo

FRAME_NS = FRAME_MS * 1_000_000
CATCH_UP_NS = FRAME_NS // 2
"""Between two ticks at the least."""
MAX_BEHIND = 10
"""Ticks that are made up for after a stall. Older ones are skipped: 200 ms late is too late for anybody's ear."""

Step = Callable[[], None]
NowNs = Callable[[], int]
T = TypeVar("T")


class Ticker:
    """Calls every member once each FRAME_MS, in two steps: first all of them hear, then all of them speak. So what
    one leg hears leaves through another within the same tick."""

    def __init__(self, now_ns: NowNs = time.monotonic_ns) -> None:
        self.now_ns = now_ns
        self.ticks = 0
        """Frames of 20 ms since the start, the skipped ones among them."""
        self.skipped = 0
        self.worst_gap_ms = 0.0
        """The longest time between two ticks so far."""
        self._first: dict[object, Step] = {}
        self._members: dict[object, tuple[Step, Step]] = {}
        self._steps: list[Step] | None = None
        self._last_ns: int | None = None

    def add(self, hear: Step, speak: Step) -> Undo:
        """Call both at each tick, from the next one on. One that raises is reported to the loop and goes on."""
        return self._enter(self._members, (hear, speak))

    def first(self, step: Step) -> Undo:
        """Call this at the beginning of each tick, before anybody hears."""
        return self._enter(self._first, step)

    def tick(self) -> None:
        """One step of everybody, now. Tests call it by hand."""
        now = self.now_ns()
        if self._last_ns is not None:
            self.worst_gap_ms = max(self.worst_gap_ms, (now - self._last_ns) / 1e6)
        self._last_ns = now
        self.ticks += 1
        if self._steps is None:
            members = self._members.values()
            self._steps = [*self._first.values(), *(hear for hear, _ in members), *(speak for _, speak in members)]
        for step in self._steps:
            try:
                step()
            except Exception as problem:
                report(problem)

    async def run(self) -> None:
        """Tick for ever, until cancelled."""
        pace = _Pace(self, asyncio.get_running_loop())
        pace.start()
        try:
            await asyncio.Event().wait()
        finally:
            pace.stop()

    def _enter(self, members: dict[object, T], member: T) -> Undo:
        key = object()
        members[key] = member
        self._steps = None

        def undo() -> None:
            if members.pop(key, None) is not None:
                self._steps = None

        return undo


def report(problem: Exception) -> None:
    """One call's fault is no other call's: tell the loop's exception handler, which logs it, and go on."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        raise problem from None
    loop.call_exception_handler({"message": "a member of the media ticker failed", "exception": problem})


class _Pace:
    """Timers instead of a task that sleeps: one callback of the loop a tick, and nothing else."""

    def __init__(self, ticker: Ticker, loop: asyncio.AbstractEventLoop) -> None:
        self._ticker = ticker
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._due_ns = 0

    def start(self) -> None:
        self._due_ns = self._ticker.now_ns() + FRAME_NS
        self._timer = self._loop.call_later(FRAME_NS / 1e9, self._fire)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _fire(self) -> None:
        ticker = self._ticker
        begun = ticker.now_ns()
        behind = (begun - self._due_ns) // FRAME_NS
        if behind > MAX_BEHIND:
            missed = behind - MAX_BEHIND
            ticker.ticks += missed
            ticker.skipped += missed
            self._due_ns += missed * FRAME_NS
        ticker.tick()
        self._due_ns += FRAME_NS
        now = ticker.now_ns()
        wait = max(self._due_ns, begun + CATCH_UP_NS) - now
        self._timer = self._loop.call_later(max(wait, 0) / 1e9, self._fire)
