"""Webhook endpoints and deliveries as the API shows them."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from nokyc.http.errors import ApiError
from nokyc.http.schema import Body
from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.resources.events.schemas import EVENT_TYPES

MAX_EVENT_NAMES = 100
MAX_OVERLAP_SEC = 86_400


class EndpointCreate(Body, frozen=True, kw_only=True):
    """Body of POST /v1/webhook_endpoints."""

    url: str
    enabled_events: list[str]
    description: str | None = None
    number_id: str | None = None
    """Only this number's events."""


class EndpointUpdate(Body, frozen=True, kw_only=True):
    """Body of PATCH /v1/webhook_endpoints/{id}."""

    url: str | UnsetType = UNSET
    enabled_events: list[str] | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    status: Literal["enabled", "disabled"] | UnsetType = UNSET


class RotateSecret(Body, frozen=True, kw_only=True):
    """Body of POST /v1/webhook_endpoints/{id}/rotate_secret."""

    expires_in: int = MAX_OVERLAP_SEC
    """Seconds for which the old secret signs too."""


class EndpointTest(Body, frozen=True, kw_only=True):
    """Body of POST /v1/webhook_endpoints/{id}/test: nothing."""


class Endpoint(Struct, frozen=True, kw_only=True):
    """A URL that we POST events to."""

    id: str
    object: Literal["webhook_endpoint"]
    url: str
    enabled_events: list[str]
    description: str | None
    status: Literal["enabled", "disabled"]
    disabled_reason: str | None
    api_version: str
    number_id: str | None
    created_at: str
    secret: str | UnsetType = UNSET
    """Only in the answer that made it."""


class Attempt(Struct, frozen=True, kw_only=True):
    """One HTTP try."""

    attempt: int
    attempted_at: str
    status_code: int | None
    error: str | None
    elapsed_ms: int
    response_body: str


class Delivery(Struct, frozen=True, kw_only=True):
    """One event for one endpoint."""

    id: str
    object: Literal["delivery"] = "delivery"
    endpoint: str
    event: str
    event_type: str
    status: Literal["pending", "succeeded", "failed", "canceled"]
    next_attempt_at: str | None
    created_at: str
    attempts: list[Attempt]


def check_event_names(names: list[str]) -> list[str]:
    """The subscription without duplicates. Raises ApiError 400 (decision F136)."""
    if not names or len(names) > MAX_EVENT_NAMES:
        raise ApiError("parameter_invalid", "`enabled_events` needs at least one event type.", param="enabled_events")
    families = {name.partition(".")[0] + ".*" for name in EVENT_TYPES}
    for position, name in enumerate(names):
        if name not in EVENT_TYPES and name not in families and name != "*":
            message = (
                f"Unknown event type {name[:80]!r}. Known: {', '.join(EVENT_TYPES)}, families such as sms.*, and *."
            )
            raise ApiError("parameter_invalid", message, param=f"enabled_events[{position}]")
    unique = list(dict.fromkeys(names))
    if "*" in unique and len(unique) > 1:
        raise ApiError("parameter_invalid", "`*` stands for all events, so it stands alone.", param="enabled_events")
    return unique


def show_endpoint(row: Any, *, secret: str | None = None) -> Endpoint:
    return Endpoint(
        id=ids.show("whk", row["id"]),
        object="webhook_endpoint",
        url=row["url"],
        enabled_events=row["enabled_events"],
        description=row["description"],
        status=row["status"],
        disabled_reason=row["disabled_reason"],
        api_version=row["api_version"],
        number_id=ids.show("num", row["number_id"]) if row["number_id"] is not None else None,
        created_at=format_instant(row["created_at"]),
        secret=UNSET if secret is None else secret,
    )


def show_delivery(row: Any, attempts: list[Any]) -> Delivery:
    return Delivery(
        id=ids.show("dlv", row["id"]),
        endpoint=ids.show("whk", row["endpoint_id"]),
        event=ids.show("evt", row["event_id"]),
        event_type=row["event_type"],
        status=row["status"],
        next_attempt_at=format_instant(row["next_attempt_at"]) if row["next_attempt_at"] else None,
        created_at=format_instant(row["created_at"]),
        attempts=[
            Attempt(
                attempt=attempt["n"],
                attempted_at=format_instant(attempt["attempted_at"]),
                status_code=attempt["status_code"],
                error=attempt["error"],
                elapsed_ms=attempt["elapsed_ms"],
                response_body=attempt["response_body"],
            )
            for attempt in attempts
        ],
    )
