"""Made by sdks/generator from the API's contract: the objects of its answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Literal, Mapping, Optional, Sequence, TypedDict, Union

from ._model import Model, decimal, instant, listed, nested, plain

AiConfigAddon = Union[
    Literal[
        "ai-pickup",
        "ai-screen",
        "ai-summary",
        "ai-trans",
    ],
    str,
]
CallAiAddon = Union[
    Literal[
        "ai-pickup",
        "ai-screen",
        "ai-summary",
        "ai-trans",
    ],
    str,
]
CallAnsweredBy = Union[
    Literal[
        "agent",
        "device",
        "machine",
        "party",
        "voicemail",
    ],
    str,
]
CallDirection = Union[
    Literal[
        "inbound",
        "outbound",
    ],
    str,
]
CallEndReason = Union[
    Literal[
        "agent_cost",
        "agent_done",
        "agent_hold_music",
        "agent_loop",
        "agent_machine",
        "agent_max_sec",
        "agent_max_turns",
        "agent_silence",
        "agent_unavailable",
        "api_hangup",
        "balance_used_up",
        "busy",
        "callee_hangup",
        "caller_hangup",
        "canceled",
        "carrier_refused",
        "carrier_timeout",
        "declined",
        "forbidden",
        "internal_error",
        "max_duration",
        "media_timeout",
        "no_answer",
        "no_media",
        "number_paused",
        "screened",
        "script_done",
        "session_expired",
        "shutdown",
        "unallocated",
        "unknown_number",
        "unreachable",
        "voicemail_done",
        "worker_lost",
    ],
    str,
]
CallStatus = Union[
    Literal[
        "busy",
        "completed",
        "failed",
        "in_progress",
        "no_answer",
        "queued",
        "ringing",
    ],
    str,
]
ConnectType = Union[
    Literal[
        "agent",
        "announcement",
        "number",
        "say",
        "softphone",
        "stream",
    ],
    str,
]
DeliveryStatus = Union[
    Literal[
        "canceled",
        "failed",
        "pending",
        "succeeded",
    ],
    str,
]
EndpointStatus = Union[
    Literal[
        "disabled",
        "enabled",
    ],
    str,
]
EventType = Union[
    Literal[
        "account.balance_low",
        "ai.pickup",
        "call.answered",
        "call.completed",
        "call.initiated",
        "call.quality_alert",
        "call.received",
        "call.recorded",
        "number.activated",
        "number.paused",
        "number.released",
        "number.renewed",
        "number.resumed",
        "sms.delivered",
        "sms.failed",
        "sms.received",
        "sms.sent",
        "voicemail.created",
        "webhook_endpoint.test",
    ],
    str,
]
GreetingType = Union[
    Literal[
        "audio",
        "default",
        "text",
    ],
    str,
]
NumberAddon = Union[
    Literal[
        "ai-pickup",
        "ai-screen",
        "ai-summary",
        "ai-trans",
    ],
    str,
]
NumberBillingPeriod = Union[
    Literal[
        "monthly",
        "quarterly",
        "yearly",
    ],
    str,
]
NumberStatus = Union[
    Literal[
        "active",
        "paused",
        "released",
    ],
    str,
]
NumberTier = Union[
    Literal[
        "premium",
        "standard",
    ],
    str,
]
NumberType = Union[
    Literal[
        "landline",
        "mobile",
    ],
    str,
]
PreviewEncoding = Union[
    Literal[
        "gsm7",
        "ucs2",
    ],
    str,
]
RegisteredDeviceTransport = Union[
    Literal[
        "tcp",
        "tls",
        "udp",
        "ws",
    ],
    str,
]
SipCredentialsTransport = Union[
    Literal[
        "tcp",
        "tls",
        "udp",
        "ws",
    ],
    str,
]
SmsDirection = Union[
    Literal[
        "inbound",
        "outbound",
    ],
    str,
]
SmsFailureCode = Union[
    Literal[
        "balance_insufficient",
        "blocked",
        "canceled",
        "carrier_rejected",
        "carrier_timeout",
        "expired",
        "invalid_destination",
        "spam_filtered",
        "unknown",
        "unreachable",
    ],
    str,
]
SmsStatus = Union[
    Literal[
        "delivered",
        "failed",
        "queued",
        "sent",
        "undelivered",
    ],
    str,
]
StepType = Union[
    Literal[
        "caption",
        "event",
        "idempotency",
        "ledger",
        "quality",
        "receipt",
        "request",
        "sip",
        "state",
        "submission",
        "webhook_attempt",
    ],
    str,
]
ToAgentType = Union[Literal["agent",], str]
ToNumberType = Union[Literal["number",], str]
ToSoftphoneType = Union[Literal["softphone",], str]
ToSpeechType = Union[Literal["say",], str]
ToStreamType = Union[Literal["stream",], str]
TranscriptSentiment = Union[
    Literal[
        "negative",
        "neutral",
        "positive",
    ],
    str,
]
UsagePeriod = Union[
    Literal[
        "current",
        "last_30d",
        "last_90d",
    ],
    str,
]
VoicemailAiAddon = Union[
    Literal[
        "ai-pickup",
        "ai-screen",
        "ai-summary",
        "ai-trans",
    ],
    str,
]
VoicemailAiEndedBy = Union[
    Literal[
        "caller_hangup",
        "cost",
        "digit",
        "done",
        "hold_music",
        "loop",
        "machine",
        "max_sec",
        "max_turns",
        "silence",
        "unavailable",
    ],
    str,
]
"""Values that are newer than this package are plain strings."""


class Account(Model):
    """Who pays."""

    object: str
    email_hash: Optional[str]
    balance_usd: Decimal
    """US dollars."""
    default_country: Optional[str]
    balance_low_threshold_usd: Optional[Decimal]
    """US dollars."""
    daily_spend_cap_usd: Optional[Decimal]
    """US dollars."""
    allowed_countries: Optional[List[str]]
    destination_velocity_per_hour: Optional[int]
    opt_out_everywhere: bool
    max_segments: int
    active_numbers: int
    monthly_call_minutes: int
    monthly_sms_segments: int
    created_at: datetime

    _known = frozenset(
        (
            "object",
            "email_hash",
            "balance_usd",
            "default_country",
            "balance_low_threshold_usd",
            "daily_spend_cap_usd",
            "allowed_countries",
            "destination_velocity_per_hour",
            "opt_out_everywhere",
            "max_segments",
            "active_numbers",
            "monthly_call_minutes",
            "monthly_sms_segments",
            "created_at",
        )
    )
    _decoders = {
        "balance_usd": decimal,
        "balance_low_threshold_usd": decimal,
        "daily_spend_cap_usd": decimal,
        "created_at": instant,
    }


class AddonUsage(Model):
    """AddonUsage"""

    cost_usd: Decimal
    """US dollars."""

    _known = frozenset(("cost_usd",))
    _decoders = {
        "cost_usd": decimal,
    }


class AutoPickup(Model):
    """An agent that answers after some rings (add-on `ai-pickup`)."""

    enabled: bool
    after_rings: int
    script: str
    language: str
    voice: str

    _known = frozenset(
        (
            "enabled",
            "after_rings",
            "script",
            "language",
            "voice",
        )
    )


class Screening(Model):
    """Unknown callers are asked who they are before you are rung (add-on `ai-screen`)."""

    enabled: bool
    allow: List[str]
    """Ring you at once."""
    deny: List[str]
    """Are refused; they win over `allow`."""

    _known = frozenset(
        (
            "enabled",
            "allow",
            "deny",
        )
    )


class Translator(Model):
    """Calls are translated live (add-on `ai-trans`)."""

    enabled: bool
    target_language: str

    _known = frozenset(
        (
            "enabled",
            "target_language",
        )
    )


class VoicemailSummary(Model):
    """Voicemails get a translation and a summary (add-on `ai-summary`)."""

    enabled: bool
    include_sentiment: bool

    _known = frozenset(
        (
            "enabled",
            "include_sentiment",
        )
    )


class AiConfig(Model):
    """What a number's AI does."""

    object: str
    number_id: str
    addons: List[AiConfigAddon]
    auto_pickup: AutoPickup
    screening: Screening
    translator: Translator
    voicemail_summary: VoicemailSummary
    on_off: Optional[Dict[str, Any]]

    _known = frozenset(
        (
            "object",
            "number_id",
            "addons",
            "auto_pickup",
            "screening",
            "translator",
            "voicemail_summary",
            "on_off",
        )
    )
    _decoders = {
        "auto_pickup": nested(AutoPickup),
        "screening": nested(Screening),
        "translator": nested(Translator),
        "voicemail_summary": nested(VoicemailSummary),
        "on_off": plain,
    }


class Attempt(Model):
    """One HTTP try."""

    attempt: int
    attempted_at: datetime
    status_code: Optional[int]
    error: Optional[str]
    elapsed_ms: int
    response_body: str

    _known = frozenset(
        (
            "attempt",
            "attempted_at",
            "status_code",
            "error",
            "elapsed_ms",
            "response_body",
        )
    )
    _decoders = {
        "attempted_at": instant,
    }


class Prices(Model):
    """What each billing period costs."""

    monthly: Decimal
    """US dollars."""
    quarterly: Decimal
    """US dollars."""
    yearly: Decimal
    """US dollars."""

    _known = frozenset(
        (
            "monthly",
            "quarterly",
            "yearly",
        )
    )
    _decoders = {
        "monthly": decimal,
        "quarterly": decimal,
        "yearly": decimal,
    }


class AvailableNumber(Model):
    """A number for sale, and a price for half an hour."""

    id: str
    object: str
    number: str
    display: str
    country: str
    type: NumberType
    tier: NumberTier
    tier_pattern: Optional[str]
    prices: Prices
    expires_at: datetime

    _known = frozenset(
        (
            "id",
            "object",
            "number",
            "display",
            "country",
            "type",
            "tier",
            "tier_pattern",
            "prices",
            "expires_at",
        )
    )
    _decoders = {
        "prices": nested(Prices),
        "expires_at": instant,
    }


class Connect(Model):
    """What the near end of an outbound call is."""

    type: ConnectType
    text: str
    voice: str
    to: str
    url: str
    parameters: Dict[str, Any]

    _known = frozenset(
        (
            "type",
            "text",
            "voice",
            "to",
            "url",
            "parameters",
        )
    )
    _decoders = {
        "parameters": plain,
    }


class CallAi(Model):
    """What answered a call."""

    addon: CallAiAddon

    _known = frozenset(("addon",))


class Call(Model):
    """A call that was placed or received."""

    id: str
    object: str
    from_: Optional[str]
    from_e164: Optional[str]
    """Null if the caller withheld it."""
    to: str
    number_id: str
    direction: CallDirection
    status: CallStatus
    started_at: datetime
    answered_at: Optional[datetime]
    answered_by: Optional[CallAnsweredBy]
    ended_at: Optional[datetime]
    end_reason: Optional[CallEndReason]
    hangup_cause: Optional[int]
    """ITU-T Q.850."""
    duration_sec: int
    callerid: Optional[str]
    recording_enabled: bool
    recording_url: Optional[str]
    connect: Optional[Connect]
    quality: Optional[Dict[str, Any]]
    cost_usd: Optional[Decimal]
    """US dollars."""
    metadata: Optional[Dict[str, Any]]
    ai: CallAi
    """Only in the event ai.pickup (decision F127)."""

    _known = frozenset(
        (
            "id",
            "object",
            "from_",
            "from_e164",
            "to",
            "number_id",
            "direction",
            "status",
            "started_at",
            "answered_at",
            "answered_by",
            "ended_at",
            "end_reason",
            "hangup_cause",
            "duration_sec",
            "callerid",
            "recording_enabled",
            "recording_url",
            "connect",
            "quality",
            "cost_usd",
            "metadata",
            "ai",
        )
    )
    _decoders = {
        "started_at": instant,
        "answered_at": instant,
        "ended_at": instant,
        "connect": nested(Connect),
        "quality": plain,
        "cost_usd": decimal,
        "metadata": plain,
        "ai": nested(CallAi),
    }


class Step(Model):
    """One thing that happened on the way of a message or call."""

    at: datetime
    type: StepType
    detail: Dict[str, Any]

    _known = frozenset(
        (
            "at",
            "type",
            "detail",
        )
    )
    _decoders = {
        "at": instant,
        "detail": plain,
    }


class CallTimeline(Model):
    """Everything that is known of a call, in order."""

    object: str
    call: str
    request_id: str
    steps: List[Step]

    _known = frozenset(
        (
            "object",
            "call",
            "request_id",
            "steps",
        )
    )
    _decoders = {
        "steps": listed(nested(Step)),
    }


class CallUsage(Model):
    """CallUsage"""

    count: int
    inbound: int
    outbound: int
    minutes: int
    cost_usd: Decimal
    """US dollars."""

    _known = frozenset(
        (
            "count",
            "inbound",
            "outbound",
            "minutes",
            "cost_usd",
        )
    )
    _decoders = {
        "cost_usd": decimal,
    }


class Day(Model):
    """One day, UTC."""

    date: str
    calls: int
    minutes: int
    sms: int
    segments: int
    cost_usd: Decimal
    """US dollars."""

    _known = frozenset(
        (
            "date",
            "calls",
            "minutes",
            "sms",
            "segments",
            "cost_usd",
        )
    )
    _decoders = {
        "cost_usd": decimal,
    }


class Delivery(Model):
    """One event for one endpoint."""

    id: str
    object: str
    endpoint: str
    event: str
    event_type: str
    status: DeliveryStatus
    next_attempt_at: Optional[datetime]
    created_at: datetime
    attempts: List[Attempt]

    _known = frozenset(
        (
            "id",
            "object",
            "endpoint",
            "event",
            "event_type",
            "status",
            "next_attempt_at",
            "created_at",
            "attempts",
        )
    )
    _decoders = {
        "next_attempt_at": instant,
        "created_at": instant,
        "attempts": listed(nested(Attempt)),
    }


class Endpoint(Model):
    """A URL that we POST events to."""

    id: str
    object: str
    url: str
    enabled_events: List[str]
    description: Optional[str]
    status: EndpointStatus
    disabled_reason: Optional[str]
    api_version: str
    number_id: Optional[str]
    created_at: datetime
    secret: str
    """Only in the answer that made it."""

    _known = frozenset(
        (
            "id",
            "object",
            "url",
            "enabled_events",
            "description",
            "status",
            "disabled_reason",
            "api_version",
            "number_id",
            "created_at",
            "secret",
        )
    )
    _decoders = {
        "created_at": instant,
    }


class Greeting(Model):
    """What callers hear before the tone."""

    object: str
    number_id: str
    type: GreetingType
    text: Optional[str]
    voice: Optional[str]
    audio_sec: Optional[int]
    updated_at: Optional[datetime]

    _known = frozenset(
        (
            "object",
            "number_id",
            "type",
            "text",
            "voice",
            "audio_sec",
            "updated_at",
        )
    )
    _decoders = {
        "updated_at": instant,
    }


class LegQuality(Model):
    """How one leg's audio fared (RFC 3550; MOS estimated by ITU-T G.107)."""

    codec: str
    packets_sent: int
    packets_received: int
    packets_lost: int
    jitter_ms: float
    round_trip_ms: Optional[float]
    mos: Optional[float]
    one_way: bool
    concealed_ms: int

    _known = frozenset(
        (
            "codec",
            "packets_sent",
            "packets_received",
            "packets_lost",
            "jitter_ms",
            "round_trip_ms",
            "mos",
            "one_way",
            "concealed_ms",
        )
    )
    _decoders = {
        "jitter_ms": plain,
        "round_trip_ms": plain,
        "mos": plain,
    }


class Number(Model):
    """A leased number."""

    id: str
    object: str
    number: str
    display: str
    country: str
    type: NumberType
    tier: NumberTier
    tier_pattern: Optional[str]
    status: NumberStatus
    billing_period: NumberBillingPeriod
    renews_at: datetime
    auto_renew: bool
    addons: List[NumberAddon]
    ai_enabled: bool
    webhook_url: Optional[str]
    on_off: Optional[Dict[str, Any]]
    metadata: Optional[Dict[str, Any]]
    created_at: datetime
    webhook_secret: str
    """Signing secret of webhook_url, only in the answer that set the URL."""

    _known = frozenset(
        (
            "id",
            "object",
            "number",
            "display",
            "country",
            "type",
            "tier",
            "tier_pattern",
            "status",
            "billing_period",
            "renews_at",
            "auto_renew",
            "addons",
            "ai_enabled",
            "webhook_url",
            "on_off",
            "metadata",
            "created_at",
            "webhook_secret",
        )
    )
    _decoders = {
        "renews_at": instant,
        "on_off": plain,
        "metadata": plain,
        "created_at": instant,
    }


class NumberUsage(Model):
    """NumberUsage"""

    active: int
    cost_usd: Decimal
    """US dollars."""

    _known = frozenset(
        (
            "active",
            "cost_usd",
        )
    )
    _decoders = {
        "cost_usd": decimal,
    }


class PreviewSegment(Model):
    """PreviewSegment"""

    index: int
    text: str
    units: int
    """Septets or UTF-16 units."""

    _known = frozenset(
        (
            "index",
            "text",
            "units",
        )
    )


class Verdict(Model):
    """Whether it would be accepted now, and if not, why."""

    ok: bool
    code: Optional[str]
    message: Optional[str]

    _known = frozenset(
        (
            "ok",
            "code",
            "message",
        )
    )


class Preview(Model):
    """What would be sent, and for how much."""

    object: str
    encoding: PreviewEncoding
    characters: int
    segments: List[PreviewSegment]
    unicode_characters: List[str]
    """What forces UCS-2."""
    cost_usd: Decimal
    """US dollars."""
    verdict: Verdict

    _known = frozenset(
        (
            "object",
            "encoding",
            "characters",
            "segments",
            "unicode_characters",
            "cost_usd",
            "verdict",
        )
    )
    _decoders = {
        "segments": listed(nested(PreviewSegment)),
        "cost_usd": decimal,
        "verdict": nested(Verdict),
    }


class RegisteredDevice(Model):
    """A softphone or SIP phone that can be rung now."""

    user_agent: str
    transport: RegisteredDeviceTransport
    expires_at: datetime

    _known = frozenset(
        (
            "user_agent",
            "transport",
            "expires_at",
        )
    )
    _decoders = {
        "expires_at": instant,
    }


class SegmentStatus(Model):
    """How one segment fares."""

    index: int
    status: SmsStatus
    delivered_at: Optional[datetime]
    failure_code: Optional[SmsFailureCode]

    _known = frozenset(
        (
            "index",
            "status",
            "delivered_at",
            "failure_code",
        )
    )
    _decoders = {
        "delivered_at": instant,
    }


class SipCredentials(Model):
    """How softphones and SIP phones of a number sign in."""

    object: str
    number_id: str
    username: str
    domain: str
    transports: List[SipCredentialsTransport]
    devices: List[RegisteredDevice]
    created_at: datetime
    password: str
    """Only in the answer that made it."""

    _known = frozenset(
        (
            "object",
            "number_id",
            "username",
            "domain",
            "transports",
            "devices",
            "created_at",
            "password",
        )
    )
    _decoders = {
        "devices": listed(nested(RegisteredDevice)),
        "created_at": instant,
    }


class Sms(Model):
    """A message that was sent or received."""

    id: str
    object: str
    from_: Optional[str]
    from_e164: str
    to: str
    number_id: str
    body: str
    media_urls: List[str]
    direction: SmsDirection
    segments: int
    status: SmsStatus
    failure_code: Optional[SmsFailureCode]
    created_at: datetime
    send_at: Optional[datetime]
    delivered_at: Optional[datetime]
    cost_usd: Optional[Decimal]
    """US dollars."""
    metadata: Optional[Dict[str, Any]]

    _known = frozenset(
        (
            "id",
            "object",
            "from_",
            "from_e164",
            "to",
            "number_id",
            "body",
            "media_urls",
            "direction",
            "segments",
            "status",
            "failure_code",
            "created_at",
            "send_at",
            "delivered_at",
            "cost_usd",
            "metadata",
        )
    )
    _decoders = {
        "created_at": instant,
        "send_at": instant,
        "delivered_at": instant,
        "cost_usd": decimal,
        "metadata": plain,
    }


class SmsDetail(Sms):
    """A message with its segments."""

    segment_status: List[SegmentStatus]

    _known = Sms._known | frozenset(("segment_status",))
    _decoders = {
        **Sms._decoders,
        "segment_status": listed(nested(SegmentStatus)),
    }


class SmsUsage(Model):
    """SmsUsage"""

    count: int
    inbound: int
    outbound: int
    segments: int
    cost_usd: Decimal
    """US dollars."""

    _known = frozenset(
        (
            "count",
            "inbound",
            "outbound",
            "segments",
            "cost_usd",
        )
    )
    _decoders = {
        "cost_usd": decimal,
    }


class TestClock(Model):
    """The sandbox's clock."""

    object: str
    now: datetime
    advanced_seconds: int

    _known = frozenset(
        (
            "object",
            "now",
            "advanced_seconds",
        )
    )
    _decoders = {
        "now": instant,
    }


class Timeline(Model):
    """Everything that is known of a message, in order."""

    object: str
    sms: str
    request_id: str
    steps: List[Step]

    _known = frozenset(
        (
            "object",
            "sms",
            "request_id",
            "steps",
        )
    )
    _decoders = {
        "steps": listed(nested(Step)),
    }


class Transcript(Model):
    """What was said (decision F117)."""

    text: str
    language: str
    translation_en: Optional[str]
    summary: Optional[str]
    sentiment: Optional[TranscriptSentiment]

    _known = frozenset(
        (
            "text",
            "language",
            "translation_en",
            "summary",
            "sentiment",
        )
    )


class Usage(Model):
    """What was used, by kind and by day; the totals are the sums of the days and of the ledger."""

    object: str
    period: UsagePeriod
    starts_at: datetime
    ends_at: datetime
    calls: CallUsage
    sms: SmsUsage
    numbers: NumberUsage
    addons: AddonUsage
    total_cost_usd: Decimal
    """US dollars."""
    daily: List[Day]

    _known = frozenset(
        (
            "object",
            "period",
            "starts_at",
            "ends_at",
            "calls",
            "sms",
            "numbers",
            "addons",
            "total_cost_usd",
            "daily",
        )
    )
    _decoders = {
        "starts_at": instant,
        "ends_at": instant,
        "calls": nested(CallUsage),
        "sms": nested(SmsUsage),
        "numbers": nested(NumberUsage),
        "addons": nested(AddonUsage),
        "total_cost_usd": decimal,
        "daily": listed(nested(Day)),
    }


class VoicemailAi(Model):
    """What an agent learned from the caller. Names and numbers stand in what was said, or they are null."""

    addon: VoicemailAiAddon
    name: Optional[str]
    reason: Optional[str]
    callback_number: Optional[str]
    number_confirmed: bool
    """The caller said that it was read back correctly."""
    turns: int
    language: str
    ended_by: VoicemailAiEndedBy

    _known = frozenset(
        (
            "addon",
            "name",
            "reason",
            "callback_number",
            "number_confirmed",
            "turns",
            "language",
            "ended_by",
        )
    )


class Voicemail(Model):
    """A message that a caller left."""

    id: str
    object: str
    number_id: str
    call_id: str
    from_e164: Optional[str]
    received_at: datetime
    duration_sec: int
    audio_url: str
    transcript: Optional[Transcript]
    ai: Optional[VoicemailAi]
    """Null if no agent had the caller."""

    _known = frozenset(
        (
            "id",
            "object",
            "number_id",
            "call_id",
            "from_e164",
            "received_at",
            "duration_sec",
            "audio_url",
            "transcript",
            "ai",
        )
    )
    _decoders = {
        "received_at": instant,
        "transcript": nested(Transcript),
        "ai": nested(VoicemailAi),
    }


AutoPickupUpdate = TypedDict(
    "AutoPickupUpdate",
    {
        "enabled": Optional[bool],
        "after_rings": Optional[int],
        "script": Optional[str],
        "language": Optional[str],
        "voice": Optional[str],
    },
    total=False,
)
"""Changes of `auto_pickup`; null brings a default back."""


ScreeningUpdate = TypedDict(
    "ScreeningUpdate",
    {
        "enabled": Optional[bool],
        "allow": Optional[Sequence[str]],
        "deny": Optional[Sequence[str]],
    },
    total=False,
)
"""Changes of `screening`; a list is replaced as a whole."""


TranslatorUpdate = TypedDict(
    "TranslatorUpdate",
    {
        "enabled": Optional[bool],
        "target_language": Optional[str],
    },
    total=False,
)
"""Changes of `translator`."""


VoicemailSummaryUpdate = TypedDict(
    "VoicemailSummaryUpdate",
    {
        "enabled": Optional[bool],
        "include_sentiment": Optional[bool],
    },
    total=False,
)
"""Changes of `voicemail_summary`."""


ToAgent = TypedDict(
    "ToAgent",
    {
        "type": ToAgentType,
    },
    total=False,
)
"""Join the callee with the number's AI agent (add-on `ai-pickup`)."""


ToNumber = TypedDict(
    "ToNumber",
    {
        "type": ToNumberType,
        "to": str,
    },
    total=False,
)
"""Call a second party, and join the two."""


ToSoftphone = TypedDict(
    "ToSoftphone",
    {
        "type": ToSoftphoneType,
    },
    total=False,
)
"""Join the callee with the number's browser or SIP device."""


ToSpeech = TypedDict(
    "ToSpeech",
    {
        "type": ToSpeechType,
        "text": str,
        "voice": str,
    },
    total=False,
)
"""Say something, then hang up."""


ToStream = TypedDict(
    "ToStream",
    {
        "type": ToStreamType,
        "url": str,
        "parameters": Mapping[str, Any],
    },
    total=False,
)
"""Both ways of audio over a WebSocket to a program of yours."""
