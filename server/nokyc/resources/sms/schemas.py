"""SMS as the API shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct, field

from nokyc.carriers.port import FailureCode
from nokyc.http.filters import Instant
from nokyc.http.schema import Body, ListQuery, Metadata, Phone
from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.kit.segments import Encoding
from nokyc.resources.accounts.schemas import Usd
from nokyc.resources.events.timeline import Step
from nokyc.resources.numbers.schemas import show_metadata

Status = Literal["queued", "sent", "delivered", "failed", "undelivered"]
Direction = Literal["inbound", "outbound"]
MAX_MEDIA = 5


class SmsCreate(Body, frozen=True, kw_only=True):
    """Body of POST /v1/sms."""

    from_: str = field(name="from")
    to: Phone
    body: str
    send_at: Instant | None = None
    media_urls: Annotated[list[str], Meta(max_length=MAX_MEDIA)] | None = None
    metadata: Metadata | None = None


class SmsPreview(Body, frozen=True, kw_only=True):
    """Body of POST /v1/sms/preview."""

    from_: str | None = field(name="from", default=None)
    to: Phone
    body: str


class TestSms(Body, frozen=True, kw_only=True):
    """Body of POST /v1/test/sms: an SMS from the outside world to one of the sandbox's numbers."""

    from_: Phone = field(name="from")
    to: str
    body: str
    media_urls: Annotated[list[str], Meta(max_length=MAX_MEDIA)] | None = None


class SmsQuery(ListQuery, frozen=True, kw_only=True):
    """Filters of GET /v1/sms."""

    number: str | None = None
    direction: Direction | None = None
    status: Status | None = None
    created_after: Instant | None = None
    created_before: Instant | None = None


class Sms(Struct, frozen=True, kw_only=True):
    """A message that was sent or received."""

    id: str
    object: Literal["sms"] = "sms"
    from_: str | None = field(name="from")
    from_e164: str
    to: str
    number_id: str
    body: str
    media_urls: list[str]
    direction: Direction
    segments: int
    status: Status
    failure_code: FailureCode | None
    created_at: str
    send_at: str | None
    delivered_at: str | None
    cost_usd: Usd | None
    metadata: Annotated[Raw | None, Meta(extra_json_schema={"type": ["object", "null"]})]


class SegmentStatus(Struct, frozen=True, kw_only=True):
    """How one segment fares."""

    index: int
    status: Status
    delivered_at: str | None
    failure_code: FailureCode | None


class SmsDetail(Sms, frozen=True, kw_only=True):
    """A message with its segments."""

    segment_status: list[SegmentStatus]


class PreviewSegment(Struct, frozen=True, kw_only=True):
    index: int
    text: str
    units: int
    """Septets or UTF-16 units."""


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether it would be accepted now, and if not, why."""

    ok: bool
    code: str | None
    message: str | None


class Preview(Struct, frozen=True, kw_only=True):
    """What would be sent, and for how much."""

    object: Literal["sms_preview"] = "sms_preview"
    encoding: Encoding
    characters: int
    segments: list[PreviewSegment]
    unicode_characters: list[str]
    """What forces UCS-2."""
    cost_usd: Usd
    verdict: Verdict


class Timeline(Struct, frozen=True, kw_only=True):
    """Everything that is known of a message, in order."""

    object: Literal["timeline"] = "timeline"
    sms: str
    request_id: str
    steps: list[Step]


def show_sms(row: Any) -> Sms:
    return Sms(**_fields(row))


def show_detail(row: Any, segments: list[Any]) -> SmsDetail:
    return SmsDetail(**_fields(row), segment_status=_segment_status(row, segments))


def _fields(row: Any) -> dict[str, Any]:
    outbound = row["direction"] == "outbound"
    number_id = ids.show("num", row["number_id"])
    cost = row["cost_micro"]
    return {
        "id": ids.show("sms", row["id"]),
        "from_": number_id if outbound else None,
        "from_e164": row["sender"],
        "to": row["recipient"],
        "number_id": number_id,
        "body": row["body"],
        "media_urls": row["media_urls"],
        "direction": row["direction"],
        "segments": row["segments"],
        "status": row["status"],
        "failure_code": row["failure_code"],
        "created_at": format_instant(row["created_at"]),
        "send_at": _instant(row["send_at"]),
        "delivered_at": _instant(row["delivered_at"]),
        "cost_usd": None if cost is None else usd(cost),
        "metadata": show_metadata(row["metadata"]),
    }


def _segment_status(row: Any, segments: list[Any]) -> list[SegmentStatus]:
    known = {segment["index"]: segment for segment in segments}
    shown = []
    for index in range(1, row["segments"] + 1):
        segment = known.get(index)
        status = row["status"] if segment is None else segment["status"]
        shown.append(
            SegmentStatus(
                index=index,
                status="queued" if status == "submitting" else status,
                delivered_at=_instant(segment["delivered_at"] if segment else row["delivered_at"]),
                failure_code=segment["failure_code"] if segment else row["failure_code"],
            )
        )
    return shown


def _instant(value: datetime | None) -> str | None:
    return None if value is None else format_instant(value)
