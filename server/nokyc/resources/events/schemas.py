"""The event envelope of the API document."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from nokyc.http.filters import Instant
from nokyc.http.schema import ListQuery
from nokyc.kit import ids
from nokyc.kit.clock import format_instant

EventType = Literal[
    "number.activated",
    "number.renewed",
    "number.paused",
    "number.resumed",
    "number.released",
    "call.received",
    "call.initiated",
    "call.answered",
    "call.completed",
    "call.recorded",
    "call.quality_alert",
    "sms.received",
    "sms.sent",
    "sms.delivered",
    "sms.failed",
    "voicemail.created",
    "ai.pickup",
    "account.balance_low",
    "webhook_endpoint.test",
]
"""Every type an event can have: the document's, and those that we add."""

EVENT_TYPES: tuple[str, ...] = EventType.__args__  # type: ignore[attr-defined]


class Event(Struct, frozen=True, kw_only=True):
    """A fact that happened; `data.object` is the object as it was then."""

    id: str
    object: Literal["event"] = "event"
    type: EventType
    created: str
    livemode: bool
    data: Annotated[Raw, Meta(extra_json_schema={"type": "object"})]
    request_id: str
    api_version: str


class EventQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/events."""

    type: str | None = None
    """One type, or a family such as `sms.*`."""
    created_after: Instant | None = None
    created_before: Instant | None = None
    delivery_success: bool | None = None


def render(row: Any, *, livemode: bool, api_version: str) -> Event:
    """A row of `events` as the API shows it; its data must already have the shape of `api_version`."""
    return Event(
        id=ids.show("evt", row["id"]),
        type=row["type"],
        created=format_instant(row["created_at"]),
        livemode=livemode,
        data=Raw(row["data"].encode()),
        request_id=row["request_id"],
        api_version=api_version,
    )
