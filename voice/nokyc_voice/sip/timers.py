"""Time as the SIP core sees it: handed in, so that tests run on a clock of their own."""

import asyncio
from collections.abc import Callable
from typing import Protocol

T1 = 0.5
"""Seconds: estimated round trip, RFC 3261 17.1.1.1."""
T2 = 4.0
"""Seconds: the longest wait between retransmissions of anything but INVITE."""
T4 = 5.0
"""Seconds that a message may stay in the network."""
TIMEOUT = 64 * T1
"""Seconds until a transaction gives up (timers B, F, H, J, L, M)."""
TIMER_D = 32.0
"""Seconds that a refused INVITE absorbs repeated refusals over UDP."""


class Handle(Protocol):
    """A call that is due later."""

    def cancel(self) -> None: ...


class Timers(Protocol):
    """Where waiting comes from."""

    def now(self) -> float:
        """Seconds that never go back."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object]) -> Handle:
        """Call once, `delay` seconds from now."""
        ...


class LoopTimers:
    """The running event loop's own time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now(self) -> float:
        return self._loop.time()

    def call_later(self, delay: float, callback: Callable[[], object]) -> Handle:
        return self._loop.call_later(delay, callback)
