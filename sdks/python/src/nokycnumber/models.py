"""Made by sdks/generator from the API's contract: the objects of its answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Literal, Optional, Union

from ._model import Model, decimal, instant, listed, nested, plain

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
        "event",
        "idempotency",
        "ledger",
        "receipt",
        "request",
        "submission",
        "webhook_attempt",
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


class Step(Model):
    """One thing that happened on the way of a message."""

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
