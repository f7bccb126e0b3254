"""One 20 ms clock for all legs. It runs behind after a stall and catches up at twice the pace, never in a burst."""

import time
from collections.abc import Callable

from nokyc_voice.media.port import FRAME_MS, Undo

FRAME_NS = FRAME_MS * 1_000_000
MAX_BEHIND = 10
"""Ticks that are made up for after a stall; what is older is skipped: 200 ms late is too late for anybody's ear."""

Step = Callable[[], None]
NowNs = Callable[[], int]


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

    def add(self, hear: Step, speak: Step) -> Undo:
        """Call both at each tick. One that raises is reported to the loop's exception handler and goes on."""
        raise NotImplementedError

    def tick(self) -> None:
        """One step of everybody, now. Tests call it by hand."""
        raise NotImplementedError

    async def run(self) -> None:
        """Tick for ever, until cancelled."""
        raise NotImplementedError
