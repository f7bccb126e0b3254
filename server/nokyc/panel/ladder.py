"""A call's SIP messages as a ladder: geometry for an SVG, computed here like the charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEFT = 96
"""Where the first lifeline stands; the times are beside it."""
APART = 190
TOP = 30
STEP = 26
LEGS = {"caller": "Caller", "callee": "Callee", "device": "Your phone", "bridged": "Second party"}
US = "Platform"
FIRST = "caller"
"""Whoever rings stands left of the platform, all others right of it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One message between the platform and a leg."""

    y: int
    start: int
    end: int
    head: str
    at: str
    sender: str
    receiver: str
    message: str
    bad: bool

    @property
    def middle(self) -> int:
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Ladder:
    """Lifelines by name and position, and the messages between them."""

    width: int
    height: int
    lines: list[tuple[str, int]]
    arrows: list[Arrow]


def draw(steps: Sequence[Any]) -> Ladder | None:
    """The ladder of a timeline's steps; None if no message is among them."""
    messages = [step for step in steps if step["type"] == "sip"]
    if not messages:
        return None
    legs = list(dict.fromkeys(step["detail"]["leg"] for step in messages))
    order = [leg for leg in legs if leg == FIRST] + [US] + [leg for leg in legs if leg != FIRST]
    places = {leg: LEFT + n * APART for n, leg in enumerate(order)}
    arrows = [_arrow(step, places, TOP + 22 + n * STEP) for n, step in enumerate(messages)]
    lines = [(_name(leg), x) for leg, x in places.items()]
    return Ladder(LEFT + (len(order) - 1) * APART + 60, TOP + len(messages) * STEP + 24, lines, arrows)


def _arrow(step: Any, places: dict[str, int], y: int) -> Arrow:
    detail = step["detail"]
    ends = [US, detail["leg"]] if detail["sent"] else [detail["leg"], US]
    start, end = places[ends[0]], places[ends[1]]
    back = end - 7 if end > start else end + 7
    head = f"M{end},{y}L{back},{y - 4}V{y + 4}Z"
    bad = detail["message"][:1] in "456"
    return Arrow(y, start, end, head, step["at"], _name(ends[0]), _name(ends[1]), detail["message"], bad)


def _name(leg: str) -> str:
    return leg if leg == US else LEGS.get(leg, leg.replace("_", " ").capitalize())
