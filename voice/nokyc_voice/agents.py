"""What the platform wants of an AI agent in a call, and what it is told of it; part of `platform`."""

from dataclasses import dataclass
from typing import Literal

Addon = Literal["ai-pickup", "ai-screen"]
RING_SEC = 6
"""One ring as we count them: 1 to 2 s of tone and 4 s of silence in most countries (ITU-T E.180, supplement 2)."""
AgentEnd = Literal[
    "done", "digit", "caller_hangup", "silence", "max_sec", "max_turns", "cost", "hold_music", "machine", "loop",
    "unavailable",
]  # fmt: skip
"""Why an agent stopped; the closed list of the API's `ended_by`."""


@dataclass(frozen=True, slots=True)
class Agent:
    """An AI agent that talks to the far end within a script and its limits."""

    number_id: int
    script: str | None
    """What it opens with; None for the shipped one, in the language of the call."""
    language: str
    """ISO 639-1, to begin with."""
    voice: str
    follow: bool = False
    """Go on in the caller's language once it is known."""
    addon: Addon = "ai-pickup"
    """Whether it takes a message, or asks who it is for an owner who is about to be rung."""
    after_rings: int = 0
    """Rings of RING_SEC that the caller hears before, other steps' included."""
    max_sec: int = 180
    max_turns: int = 20
    max_cost_micro: int = 50_000
    """Of engines, at the prices in `agent/leash.py`, in millionths of a dollar."""


@dataclass(frozen=True, slots=True)
class AgentResult:
    """What an agent learned. Names and numbers stand in what the caller said, or they are None."""

    addon: Addon
    ended_by: AgentEnd
    language: str
    turns: int
    """Of the caller."""
    name: str | None = None
    reason: str | None = None
    callback_number: str | None = None
    number_confirmed: bool = False
    """The caller said that it was read back correctly."""
