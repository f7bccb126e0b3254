"""What is spent on strangers: a few answers a source, then silence and a count."""

from collections import OrderedDict

from nokyc_voice.sip.timers import Timers

WINDOW_SEC = 10.0
ANSWERS = 10
"""Refusals without state that one source gets in a window."""
MAX_SOURCES = 8_192
"""Sources remembered; the one that was quiet for longest is forgotten first."""


class Meter:
    """Counts by source, in windows that begin with the first refusal."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._sources: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, host: str) -> bool:
        """Whether this source gets another answer; asking counts."""
        now = self._timers.now()
        began, count = self._sources.pop(host, (now, 0))
        if now - began >= WINDOW_SEC:
            began, count = now, 0
        self._sources[host] = began, count + 1
        if len(self._sources) > MAX_SOURCES:
            self._sources.popitem(last=False)
        return count < ANSWERS
