"""On/off windows: the hours of the week in which a number is off, by the wall clock of its time zone.

A window begins on each of its days at `start` and lasts until the wall clock next reads `end`: on the same
day if `end` is later, on the next day if it is earlier or the same (22:00 to 22:00 is 24 hours). The end itself
is on again.

Clocks that change: each wall-clock time becomes one instant by the rule of `fold=0` (PEP 495). A time that
occurs twice is its first passage; a time that is skipped is read with the offset before the change, so 02:30
happens at 03:30. A window that would so end before it begins does not happen that day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

MAX_WINDOWS = 50
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

SEARCH_DAYS = 16
"""The next window is at most two weeks away, even if a clock change swallows one."""
HORIZON = timedelta(days=21)
"""Off for longer than this is off for ever; holes that only a clock change would tear are not looked for."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Window:
    """Off from `start` on each of `days` (in the order of the week) until `end`, both on the wall clock."""

    days: tuple[str, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Windows:
    """When a number is off."""

    timezone: str
    """An IANA name."""
    windows: tuple[Window, ...]


Fault = Literal["invalid", "missing", "unknown"]


class WindowsError(ValueError):
    """The JSON is not a set of windows; `path` tells where, as in `windows[0].from`."""

    def __init__(self, path: str, message: str, fault: Fault = "invalid") -> None:
        super().__init__(message)
        self.path = path
        self.fault = fault


def parse(obj: object) -> Windows:
    """Windows from JSON `{"timezone": …, "windows": [{"days": […], "from": "22:00", "to": "07:00"}]}`.

    Raises:
        WindowsError: anything else.
    """
    fields = _fields(obj, "", ("timezone", "windows"))
    timezone, windows = fields["timezone"], fields["windows"]
    if not isinstance(timezone, str) or timezone not in _zone_names():
        raise WindowsError("timezone", "must be an IANA time zone such as Europe/Paris")
    if not isinstance(windows, list) or not 1 <= len(windows) <= MAX_WINDOWS:
        raise WindowsError("windows", f"must be a list of 1 to {MAX_WINDOWS} windows")
    return Windows(timezone, tuple(_window(item, f"windows[{n}]") for n, item in enumerate(windows)))


def to_json(windows: Windows) -> dict[str, object]:
    """The inverse of `parse`."""
    return {
        "timezone": windows.timezone,
        "windows": [
            {"days": list(window.days), "from": f"{window.start:%H:%M}", "to": f"{window.end:%H:%M}"}
            for window in windows.windows
        ],
    }


def is_off(windows: Windows, at: datetime) -> bool:
    """Whether an instant lies within a window."""
    return any(start <= at < end for start, end in _spans(windows, at))


def next_change(windows: Windows, at: datetime) -> datetime | None:
    """The first instant (UTC) after `at` at which `is_off` changes, or None if it stays off for ever."""
    if not is_off(windows, at):
        return min((start for start, _ in _spans(windows, at, SEARCH_DAYS) if start > at), default=None)
    moment = at
    while moment - at < HORIZON:
        end = max((end for start, end in _spans(windows, moment) if start <= moment < end), default=None)
        if end is None:
            return moment
        moment = end
    return None


def _spans(windows: Windows, at: datetime, days_after: int = 1) -> Iterator[tuple[datetime, datetime]]:
    """The windows as instants, from those that may last at `at` to those `days_after` later."""
    assert at.tzinfo is not None, "a naive datetime is no instant"
    zone = ZoneInfo(windows.timezone)
    today = at.astimezone(zone).date()
    # Where clocks change at midnight, a span of two days ago may still last and tomorrow's may have begun.
    for offset in range(-2, days_after + 1):
        day = today + timedelta(days=offset)
        name = DAYS[day.weekday()]
        for window in windows.windows:
            if name in window.days:
                last_day = day if window.end > window.start else day + timedelta(days=1)
                start = datetime.combine(day, window.start, zone).astimezone(UTC)
                end = datetime.combine(last_day, window.end, zone).astimezone(UTC)
                if start < end:
                    yield start, end


def _window(item: object, path: str) -> Window:
    fields = _fields(item, path, ("days", "from", "to"))
    days = fields["days"]
    if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
        raise WindowsError(f"{path}.days", f"must be a list of some of {', '.join(DAYS)}")
    return Window(
        tuple(day for day in DAYS if day in days),
        _time(fields["from"], f"{path}.from"),
        _time(fields["to"], f"{path}.to"),
    )


def _time(value: object, path: str) -> time:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise WindowsError(path, "must be a time from 00:00 to 23:59")
    return time.fromisoformat(value)


def _fields(obj: object, path: str, names: tuple[str, ...]) -> dict[str, object]:
    """The object, once it is known to have exactly these keys."""
    if not isinstance(obj, dict):
        raise WindowsError(path, f"must be an object with {', '.join(names)}")
    prefix = f"{path}." if path else ""
    for name in obj:
        if name not in names:
            raise WindowsError(f"{prefix}{name[:80]}", "is not a known field", "unknown")
    for name in names:
        if name not in obj:
            raise WindowsError(f"{prefix}{name}", "is required", "missing")
    return obj


@lru_cache(1)
def _zone_names() -> frozenset[str]:
    # The package's list, not the machine's files: the same everywhere, and no name is a path out of it.
    return frozenset(files("tzdata").joinpath("zones").read_text().split())
