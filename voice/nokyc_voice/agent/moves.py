"""What an agent is told, and what it wants done. Times are milliseconds since it began."""

from dataclasses import dataclass, field
from typing import Literal

from nokyc.speech.port import Intent, Message, SpeechStarted, TurnEnded
from nokyc_voice.agents import AgentResult

# --- inputs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    """The party is in and can hear us."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in the turn that ended last; once for each TurnEnded."""

    at_ms: int
    text: str | None = field(repr=False)
    """None: noise, or nothing that can be understood."""
    language: str = ""
    intent: Intent = field(default_factory=Intent, repr=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """All of the `n`th Speak was played."""

    at_ms: int
    n: int


@dataclass(frozen=True, slots=True)
class Replied:
    """The language model's answer to the `n`th Ask; None if it failed or took too long."""

    at_ms: int
    n: int
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Digit:
    """The party pressed a key."""

    at_ms: int
    digit: str


@dataclass(frozen=True, slots=True)
class Detected:
    """What we hear is no person."""

    at_ms: int
    what: Literal["hold_music", "machine"]


@dataclass(frozen=True, slots=True)
class Failed:
    """An engine that we cannot do without is missing or failed."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class HungUp:
    """The party is gone."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes; at least every 250 ms."""

    at_ms: int


Input = Begun | SpeechStarted | TurnEnded | Heard | Spoken | Replied | Digit | Detected | Failed | HungUp | Tick

# --- outputs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this, and tell when it has been said."""

    n: int
    text: str
    voice: str
    language: str
    lasting: bool = False
    """It holds nothing of what the party said, and will be said again in other calls."""
    pieces: tuple[str, ...] = ()
    """What it can be put together from, all of which will be said again; "" is a short rest."""


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop speaking at once: the party does."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the language model."""

    n: int
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Finish:
    """The conversation is over. `hand_over`: let the party leave a message."""

    result: AgentResult
    hand_over: bool


Move = Speak | Hush | Ask | Finish
