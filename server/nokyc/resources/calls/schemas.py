"""Calls as the API shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from nokyc.http.filters import Instant
from nokyc.http.schema import Body, ListQuery, Metadata, Phone, Voice
from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.resources.accounts.schemas import Usd
from nokyc.resources.events.timeline import Step
from nokyc.resources.numbers.schemas import Addon, show_metadata
from nokyc_voice.platform import EndReason

Status = Literal["queued", "ringing", "in_progress", "completed", "failed", "no_answer", "busy"]
Direction = Literal["inbound", "outbound"]
AnsweredBy = Literal["party", "device", "voicemail", "agent", "machine"]
MAX_SAID_CHARS = 2_000
MAX_PARAMETERS = 20
Said = Annotated[str, Meta(min_length=1, max_length=MAX_SAID_CHARS)]
Language = Annotated[str, Meta(pattern=r"^(auto|[a-z]{2}(-[A-Za-z0-9]{2,8})?)$")]
Parameter = Annotated[str, Meta(max_length=500)]


class ToSoftphone(Body, frozen=True, kw_only=True, tag_field="type", tag="softphone"):
    """Join the callee with the number's browser or SIP device."""


class ToAgent(Body, frozen=True, kw_only=True, tag_field="type", tag="agent"):
    """Join the callee with the number's AI agent (add-on `ai-pickup`)."""


class ToSpeech(Body, frozen=True, kw_only=True, tag_field="type", tag="say"):
    """Say something, then hang up."""

    text: Said
    voice: Voice | None = None


class ToNumber(Body, frozen=True, kw_only=True, tag_field="type", tag="number"):
    """Call a second party, and join the two."""

    to: Phone


class ToStream(Body, frozen=True, kw_only=True, tag_field="type", tag="stream"):
    """Both ways of audio over a WebSocket to a program of yours."""

    url: str
    parameters: Annotated[dict[str, Parameter], Meta(max_length=MAX_PARAMETERS)] | None = None


ConnectTo = ToSoftphone | ToAgent | ToSpeech | ToNumber | ToStream


class CallCreate(Body, frozen=True, kw_only=True):
    """Body of POST /v1/calls."""

    from_: str = field(name="from")
    to: Phone
    recording_enabled: bool | None = None
    callerid_mask: Annotated[str, Meta(description='"hide", "rotate", or a number of yours in E.164.')] | None = None
    metadata: Metadata | None = None
    connect: ConnectTo | None = None


class TestCall(Body, frozen=True, kw_only=True):
    """Body of POST /v1/test/calls: a call from the outside world to one of the sandbox's numbers."""

    from_: Phone = field(name="from")
    to: str
    say: Said | None = None
    """What the caller says."""
    language: Language | None = None
    voicemail: bool | None = None
    """Whether the caller leaves a message where there is a voicemail; if not, nobody speaks."""


class CallQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/calls."""

    number: str | None = None
    direction: Direction | None = None
    status: Status | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None


class Connect(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the near end of an outbound call is."""

    type: Literal["softphone", "agent", "say", "number", "stream", "announcement"]
    text: str | UnsetType = UNSET
    voice: str | UnsetType = UNSET
    to: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    parameters: dict[str, str] | UnsetType = UNSET


class LegQuality(Struct, frozen=True, kw_only=True):
    """How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107)."""

    codec: str
    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: float | None
    mos: float | None
    one_way: bool
    concealed_ms: int


class CallAi(Struct, frozen=True, kw_only=True):
    """What answered a call."""

    addon: Addon


class Call(Struct, frozen=True, kw_only=True):
    """A call that was placed or received."""

    id: str
    object: Literal["call"] = "call"
    from_: str | None = field(name="from")
    from_e164: str | None
    """Null if the caller withheld it."""
    to: str
    number_id: str
    direction: Direction
    status: Status
    started_at: str
    answered_at: str | None
    answered_by: AnsweredBy | None
    ended_at: str | None
    end_reason: EndReason | None
    hangup_cause: int | None
    """ITU-T Q.850."""
    duration_sec: int
    callerid: str | None
    recording_enabled: bool
    recording_url: str | None
    connect: Connect | None
    quality: dict[str, LegQuality] | None
    cost_usd: Usd | None
    metadata: Annotated[Raw | None, Meta(extra_json_schema={"type": ["object", "null"]})]
    ai: CallAi | UnsetType = UNSET
    """Only in the event ai.pickup (decision F127)."""


class CallTimeline(Struct, frozen=True, kw_only=True):
    """Everything that is known of a call, in order."""

    object: Literal["timeline"] = "timeline"
    call: str
    request_id: str
    steps: list[Step]


def show_call(row: Any, *, recording_url: str | None = None, addon: Addon | None = None) -> Call:
    outbound = row["direction"] == "outbound"
    number_id = ids.show("num", row["number_id"])
    cost = row["cost_micro"]
    return Call(
        id=ids.show("call", row["id"]),
        from_=number_id if outbound else None,
        from_e164=row["caller"],
        to=row["callee"],
        number_id=number_id,
        direction=row["direction"],
        status=row["status"],
        started_at=format_instant(row["started_at"]),
        answered_at=_instant(row["answered_at"]),
        answered_by=row["answered_by"],
        ended_at=_instant(row["ended_at"]),
        end_reason=row["end_reason"],
        hangup_cause=row["hangup_cause"],
        duration_sec=row["duration_sec"],
        callerid=row["callerid"],
        recording_enabled=row["recording_enabled"],
        recording_url=recording_url,
        connect=None if row["connect"] is None else Connect(**row["connect"]),
        quality=None if row["quality"] is None else {leg: LegQuality(**each) for leg, each in row["quality"].items()},
        cost_usd=None if cost is None else usd(cost),
        metadata=show_metadata(row["metadata"]),
        ai=UNSET if addon is None else CallAi(addon=addon),
    )


def _instant(value: datetime | None) -> str | None:
    return None if value is None else format_instant(value)
