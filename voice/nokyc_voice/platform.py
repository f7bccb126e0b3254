"""What the voice engine asks of the platform, and what it tells it: the one narrow way between the two.

The platform decides (whose number, what it costs, what to do with a call), keeps (rows, files) and tells customers.
The engine owns the dialogs and the audio. Plans come down, reports go up. A report repeats all that is known so far,
so that one that was lost with the database's connection does no harm once the next one arrives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from nokyc_voice.agents import Addon as Addon
from nokyc_voice.agents import Agent as Agent
from nokyc_voice.agents import AgentEnd as AgentEnd
from nokyc_voice.agents import AgentResult as AgentResult

Transport = Literal["udp", "tcp", "tls", "ws"]
Prompt = Literal["voicemail_greeting", "unavailable", "recorded", "goodbye"]
"""What can be said with no engine: audio that comes with us (`speech/prompts`)."""
Outcome = Literal["completed", "busy", "no_answer", "failed"]
EndReason = Literal[
    "caller_hangup", "callee_hangup", "api_hangup", "canceled", "busy", "no_answer", "declined", "unallocated",
    "unreachable", "forbidden", "carrier_refused", "carrier_timeout", "media_timeout", "session_expired",
    "max_duration", "balance_used_up", "voicemail_done", "agent_done", "agent_silence", "agent_max_sec",
    "agent_max_turns", "agent_cost", "agent_hold_music", "agent_machine", "agent_loop", "agent_unavailable",
    "script_done", "screened", "number_paused", "unknown_number", "no_media", "worker_lost", "shutdown",
    "internal_error",
]  # fmt: skip
"""Why a call ended; the closed list of the API's additive `end_reason`."""
MAX_CAPTIONS = 500
"""Of one call; what is said later is not told."""


# --- whom we may talk to ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trunk:
    """A carrier's SIP side, as the operator configured it."""

    name: str
    targets: tuple[tuple[str, int], ...]
    """Host and port, tried in order: the next one on a time-out or 503."""
    transport: Literal["udp", "tcp", "tls"] = "udp"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    register: bool = False
    srtp: bool = False
    """Offer SDES (RFC 4568) and insist on it."""
    ping_sec: int = 30
    """OPTIONS that often; 0 for never."""
    allow: tuple[str, ...] = ()
    """Further addresses or networks (CIDR) that its calls come from; its targets' own addresses always count."""
    caller_id_in: Literal["from", "pai"] = "pai"
    """Where we state the number: P-Asserted-Identity beside From, or From alone."""
    codecs: tuple[str, ...] = ("PCMA", "PCMU", "G722")


DEVICES = ("num", "bws")
"""Prefixes of devices' user names: a number's phones, and browsers."""


@dataclass(frozen=True, slots=True)
class Device:
    """A softphone or SIP phone of one number, which proves itself by digest."""

    number_id: int
    account_id: int
    username: str
    ha1: Mapping[str, str] = field(repr=False)
    """Per digest algorithm (`MD5`, `SHA-256`): H(username:realm:password) in hex (RFC 8760)."""
    valid_sec: float | None = None
    """How long it may still sign in, if that ends by itself: a browser's session."""


# --- plans: what the platform wants done -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text, then hang up."""

    text: str
    voice: str
    language: str = "auto"


@dataclass(frozen=True, slots=True)
class Announce:
    """Play a shipped announcement (`speech/prompts`), then hang up."""

    prompt: Prompt
    language: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Call a second party and join the two."""

    to: str
    trunks: tuple[Trunk, ...]
    ring_sec: int = 60
    translate: str | None = None
    """The language (ISO 639-1) of the second party: the call is translated live into it and back."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Both ways of audio to a customer's program over a WebSocket."""

    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Greeting, tone, and a message until silence, hang-up or limit."""

    number_id: int
    greeting_text: str | None = None
    greeting_voice: str = "neutral_en"
    greeting_audio: bytes | None = field(default=None, repr=False)
    """8 kHz mono s16le; wins over the text. With neither, the shipped prompt is played."""
    language: str = "en"
    max_sec: int = 180
    silence_sec: int = 6


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring the devices of a number, all at once; the first that answers is joined."""

    number_id: int
    ring_sec: int = 25
    screen: Agent | None = None
    """Answer first and ask who it is: the devices show that, and whoever picks up hears it before they are joined."""
    translate: str | None = None
    """The language (ISO 639-1) of the number's owner: the call is translated live into it and back."""


Near = Say | Announce | Bridge | Stream | Ring | Voicemail | Agent
"""What the far end is joined with."""


@dataclass(frozen=True, slots=True)
class Place:
    """One outbound call."""

    call_id: int
    account_id: int
    to: str
    """E.164."""
    caller: str
    """The account's number that the call is placed from, for the trunk's eyes if the caller id is withheld."""
    caller_id: str | None
    """The number to show, one of the account's own; None: withheld (RFC 3323 Privacy: id)."""
    trunks: tuple[Trunk, ...]
    """Best first."""
    near: Near
    recording: bool
    allowed_sec: int
    """Seconds of talking that are paid for so far; `beat` may raise it."""
    max_sec: int
    ring_sec: int = 60


@dataclass(frozen=True, slots=True)
class Refuse:
    """A final no to an inbound call, with its SIP status (RFC 3261, 21) and Q.850 cause."""

    status: int
    reason: str
    cause: int


@dataclass(frozen=True, slots=True)
class Take:
    """An inbound call that was written down: try these in order until one of them has had it."""

    call_id: int
    account_id: int
    steps: tuple[Near, ...]
    recording: bool
    allowed_sec: int
    max_sec: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """An INVITE from a trunk."""

    trunk: str
    callee: str
    """The number as dialled, E.164 if it could be read as that."""
    caller: str | None
    """E.164; None if withheld or no number."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """An INVITE from one of our devices."""

    device: Device
    to: str


# --- reports: what happened ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """The far end is being rung."""

    call_id: int
    at: datetime
    carrier: str


@dataclass(frozen=True, slots=True)
class Answered:
    call_id: int
    at: datetime
    by: Literal["party", "device", "voicemail", "agent"] = "party"
    addon: Addon = "ai-pickup"
    """Whose agent it is, if it is one."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One leg's audio in figures (RFC 3550; MOS estimated by ITU-T G.107)."""

    codec: str
    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: float | None
    mos: float | None
    one_way: bool
    """Nothing was heard from the far end for the whole call although we sent."""
    concealed_ms: int = 0


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One SIP message of a call, without addresses and bodies."""

    at: datetime
    leg: str
    """`caller`, `callee`, or `device`."""
    sent: bool
    message: str
    """`INVITE`, `180 Ringing`, `BYE (Q.850 16)`."""


@dataclass(frozen=True, slots=True)
class Ended:
    call_id: int
    at: datetime
    outcome: Outcome
    reason: EndReason
    answered_at: datetime | None
    status: int | None = None
    """The SIP status that decided it, if one did."""
    cause: int | None = None
    """ITU-T Q.850 cause."""
    talked_ms: int = 0
    quality: tuple[tuple[str, Quality], ...] = ()
    """By leg, as in the ladder."""
    ladder: tuple[LadderStep, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityAlert:
    """Audio got bad while the call goes on; told once per call and kind."""

    call_id: int
    at: datetime
    kind: Literal["packet_loss", "jitter", "one_way_audio", "low_mos"]
    quality: Quality


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording, as a file on this machine that the platform takes over."""

    call_id: int
    at: datetime
    path: Path
    duration_ms: int


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """A voicemail, as a file on this machine that the platform takes over; 16-bit mono WAV at 8 kHz."""

    call_id: int
    number_id: int
    at: datetime
    path: Path
    duration_ms: int
    agent: AgentResult | None = None
    """If one had the caller before, or took the message itself."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Something that was said in a call that is translated live."""

    call_id: int
    at: datetime
    n: int
    """Counts the captions of a call from 0."""
    leg: str
    """Who said it, as in the ladder."""
    language: str
    said: str
    translation: str | None
    """None if no engine can do this pair."""
    target: str | None


@dataclass(frozen=True, slots=True)
class Registration:
    """A device said where it can be reached, or that it can no longer (`expires_at` None)."""

    number_id: int
    account_id: int
    contact: str
    user_agent: str
    transport: Transport
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrunkState:
    """One trunk as the operator sees it."""

    name: str
    up: bool
    detail: str
    counters: Mapping[str, int] = field(default_factory=dict)


Report = Rung | Answered | Ended | QualityAlert | Recorded | MessageLeft | Caption | Registration


class Platform(Protocol):
    """Everything outside of voice. Methods that decide raise `PlatformAwayError` while the store is away."""

    async def trunks(self) -> Sequence[Trunk]:
        """All SIP carriers; asked again after each change that the engine is told of."""
        ...

    async def incoming(self, incoming: Incoming) -> Take | Refuse:
        """Write an inbound call down and say what to do with it. Committed before anybody is rung."""
        ...

    async def device(self, username: str) -> Device | None:
        """The device behind a user name; None if there is none (any more)."""
        ...

    async def dialled(self, dialled: Dialled) -> Place | Refuse:
        """A device wants to call somebody: the call is written down and its money held, or it is refused.

        The `near` of the answer is the device's own leg and is ignored.
        """
        ...

    async def report(self, report: Report) -> None:
        """Write down what happened. Never raises: it is tried until the store is back, in order per call."""
        ...

    async def beat(self, talking: Mapping[int, int], waiting: Sequence[int]) -> Mapping[int, int]:
        """These calls live: seconds talked so far by call, and calls that are not answered yet. Returns how many
        seconds of each are paid for now; 0 for a call that is to end at once (hung up, or unknown)."""
        ...


class PlatformAwayError(Exception):
    """The store cannot be reached: an inbound call is refused with 503 and Retry-After."""
