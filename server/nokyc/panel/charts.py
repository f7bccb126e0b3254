"""Charts as SVG geometry, computed here: the browser gets a picture and needs no script for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

WIDTH = 600
HEIGHT = 120
GAP = 0.3
"""Share of a bar's room that stays empty."""


@dataclass(frozen=True, slots=True)
class Area:
    """A line over time and the area below it."""

    line: str
    area: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a bar chart."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: float


def area(values: Sequence[float]) -> Area:
    """Points from left to right; the scale begins at nothing."""
    top = max([*values, 0]) or 1
    step = WIDTH / max(1, len(values) - 1)
    points = [
        f"{n * step:.1f},{HEIGHT - 2 - float(value) / float(top) * (HEIGHT - 8):.1f}" for n, value in enumerate(values)
    ]
    line = "M" + " L".join(points)
    return Area(line, f"{line} L{WIDTH},{HEIGHT} L0,{HEIGHT} Z", min([*values, 0]), top)


def bars(values: Sequence[float], labels: Sequence[str]) -> list[Bar]:
    """A bar for each value; one that is not nothing can be seen."""
    top = float(max([*values, 0]) or 1)
    room = WIDTH / max(1, len(values))
    made = []
    for n, (value, label) in enumerate(zip(values, labels, strict=True)):
        height = ceil(float(value) / top * (HEIGHT - 4)) if value else 0
        made.append(Bar(n * room + room * GAP / 2, HEIGHT - height, room * (1 - GAP), height, label, value))
    return made
