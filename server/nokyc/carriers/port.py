"""What the platform asks of a carrier, and what a carrier may tell the platform.

An adapter knows one foreign protocol and nothing of ours but this file. It never raises for something that the
carrier said: what the carrier said is a verdict (to a submission) or a report (at any later time).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from nokyc.kit.segments import Encoding, Part

FailureCode = Literal[
    "invalid_destination",
    "unreachable",
    "blocked",
    "spam_filtered",
    "carrier_rejected",
    "carrier_timeout",
    "balance_insufficient",
    "canceled",
    "expired",
    "unknown",
]
"""Why an SMS failed. The closed list of the API; adapters map every foreign code to one of these."""


# --- what we hand over -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt to hand an SMS, or one segment of it, to a carrier.

    A carrier whose `unit` is "segment" gets one submission per segment, with exactly one part; a carrier whose
    `unit` is "message" gets one submission with all parts and uses `text`.
    """

    id: str
    """Stable over retries (`sms_….1`): the dedupe key for carriers that offer one."""
    sender: str
    """E.164 with a leading +."""
    recipient: str
    """E.164 with a leading +."""
    text: str
    """The whole body, also when only one of its segments is submitted."""
    encoding: Encoding
    parts: tuple[Part, ...]
    index: int = 1
    """Which segment `parts[0]` is, from 1."""
    total: int = 1
    """Number of segments of the whole message."""
    media_urls: tuple[str, ...] = ()
    validity_sec: int = 86_400
    """Seconds from now after which the carrier should give up."""
    attempt: int = 1
    """How often this has been tried, this time included."""


# --- what the carrier answers at once: five verdicts ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier took it and named it."""

    carrier_ref: str
    """The carrier's id, normalised so that a later receipt's `carrier_ref` is equal."""
    raw: str = ""
    """The carrier's own word for it, for the timeline."""
    later: tuple["Later", ...] = ()
    """Reports that this carrier wants to be told by us after a while. Only the simulated carrier uses it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A final no. It costs nothing and is not tried again."""

    failure_code: FailureCode
    raw: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """Not now: try the same carrier again later."""

    retry_after_sec: float
    raw: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly never reached the carrier (no link): any carrier may be tried."""

    raw: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was written, and the answer never came: it may or may not have been accepted."""

    raw: str


Verdict = Accepted | Refused | Throttled | NotSent | Unknown


# --- what the carrier says later ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery receipt about one submission. Intermediate states are not reported."""

    carrier_ref: str
    status: Literal["delivered", "undelivered"]
    failure_code: FailureCode | None = None
    raw: str = ""
    at: datetime | None = None
    """When the carrier says it happened (aware UTC); None if it did not say, or said nonsense."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One part of an inbound message that came in several; bytes, because a cut may fall inside a character."""

    reference: int
    total: int
    index: int
    """From 1."""
    encoding: Encoding
    data: bytes
    """`gsm7`: one septet per octet; `ucs2`: UTF-16BE."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """An SMS from the outside to one of our numbers: whole (`text`) or one `fragment` of it."""

    sender: str
    """E.164 with +, or the alphanumeric or short sender as the carrier gave it."""
    recipient: str
    """E.164 with +."""
    text: str = ""
    fragment: Fragment | None = None
    media_urls: tuple[str, ...] = ()
    carrier_ref: str = ""
    """The carrier's id when it gave one: the same inbound message told twice is stored once."""
    undecodable: bytes = b""
    """The raw body when its encoding is unknown: stored, never dropped."""


Report = Receipt | Inbound

MAX_MEDIA_BYTES = 5_000_000
"""Of one media file, in either direction."""


@dataclass(frozen=True, slots=True)
class Later:
    """A report that becomes due after a delay, kept by the platform in its store."""

    delay_sec: float
    report: Report


ReportSink = Callable[[Sequence[Report]], Awaitable[None]]
"""Given to a carrier at start. Returns once the reports are committed; only then may the carrier acknowledge
them to its far end. Raises if they could not be stored: then the carrier must not acknowledge."""


# --- the port ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkState:
    """One bind, trunk or HTTP account as an operator sees it."""

    name: str
    up: bool
    detail: str
    """In words: `bound as transceiver, window 3/10`, `refused: ESME_RINVPASWD`."""
    counters: dict[str, int] = field(default_factory=dict)


class SmsCarrier(Protocol):
    """A company that takes our SMS, as one adapter instance in one process."""

    name: str
    unit: Literal["segment", "message"]
    supports_media: bool

    def capacity(self) -> int:
        """Submissions that would be taken right now; 0 while the link is down or the carrier asked for rest."""
        ...

    async def start(self, sink: ReportSink) -> None:
        """Begin to connect; returns at once, reconnecting is the adapter's own work."""
        ...

    async def submit(self, submission: Submission) -> Verdict:
        """Hand it over. Never raises for what the carrier or the network did."""
        ...

    def links(self) -> list[LinkState]: ...

    async def probe(self) -> LinkState:
        """Ask the far end something harmless and say in words what came back (at most 15 s)."""
        ...

    async def stop(self) -> None:
        """Finish what is in flight (at most 10 s), then disconnect. What is left gets `Unknown`."""
        ...
