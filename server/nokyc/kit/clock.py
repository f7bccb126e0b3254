"""The one place that reads the machine's clock. Everything else is handed an instant."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where instants come from."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        ...

    def monotonic_ms(self) -> int:
        """Integer milliseconds that never go back."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


class ManualClock:
    """A clock for tests: it moves only when told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic_ms = 0

    def now(self) -> datetime:
        return self._now

    def monotonic_ms(self) -> int:
        return self._monotonic_ms

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic_ms += round(seconds * 1000)


def format_instant(instant: datetime) -> str:
    """The API's only timestamp form, `YYYY-MM-DDTHH:MM:SSZ`, truncated to the second."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
