"""On/off windows as a form and as a picture of the week."""

from dataclasses import dataclass
from typing import Any

from nokyc.kit.windows import DAYS, Windows
from nokyc.panel.forms import Form

MAX_ROWS = 50
DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one day in which the number is off, in minutes since midnight."""

    day: int
    start: int
    length: int


def read_windows(form: Form) -> dict[str, Any] | None:
    """The windows of a form's rows as the API takes them; None if no row has a day."""
    windows = []
    for row in range(MAX_ROWS):
        days = form.many(f"w{row}_days")
        if days:
            windows.append({"days": days, "from": form.raw(f"w{row}_from"), "to": form.raw(f"w{row}_to")})
    return {"timezone": form.raw("timezone"), "windows": windows} if windows else None


def blocks(windows: Windows) -> list[Block]:
    """What the picture shows; a window over midnight is two blocks."""
    found = []
    for window in windows.windows:
        start = window.start.hour * 60 + window.start.minute
        end = window.end.hour * 60 + window.end.minute
        for name in window.days:
            day = DAYS.index(name)
            if end > start:
                found.append(Block(day, start, end - start))
            else:
                found.append(Block(day, start, DAY_MIN - start))
                if end:
                    found.append(Block((day + 1) % len(DAYS), 0, end))
    return found
