"""GET /v1/events, GET /v1/events/{id}, POST /v1/events/{id}/resend."""

from typing import Any

from nokyc.http.call import Answer, Call, Page, Route
from nokyc.http.errors import ApiError, missing
from nokyc.http.paging import page
from nokyc.http.schema import Body
from nokyc.kit import ids
from nokyc.resources.events import actions, queries
from nokyc.resources.events.schemas import EVENT_TYPES, Event, EventQuery, render
from nokyc.store.store import Connection, Unit


class Resend(Body, frozen=True, kw_only=True):
    """Which endpoint gets the event again; every one that it was for, if not given."""

    endpoint: str | None = None


async def list_events(call: Call, connection: Connection) -> Answer:
    kind = call.query.type
    if kind is not None and kind not in EVENT_TYPES and not _is_family(kind):
        raise ApiError("parameter_invalid", f"Unknown event type. Known: {', '.join(EVENT_TYPES)}.", param="type")
    livemode = call.caller.livemode
    rows = await queries.list_events(connection, call.account_id, call.query, call.wall, livemode=livemode)
    return Answer(
        content=page(
            "/v1/events", rows, call.query.limit, lambda row: _show(row, call), lambda r: ids.show("evt", r["id"])
        )
    )


async def get_event(call: Call, connection: Connection) -> Answer:
    row = await queries.find(connection, call.account_id, call.id("evt", "event"))
    if row is None:
        raise missing("event")
    return Answer(content=_show(row, call))


async def resend_event(call: Call, unit: Unit) -> Answer:
    event_id = call.id("evt", "event")
    row = await queries.find(unit.connection, call.account_id, event_id)
    if row is None:
        raise missing("event")
    endpoints = await unit.connection.fetch(
        "SELECT id, enabled_events, number_id, status FROM webhook_endpoints"
        " WHERE account_id = $1 AND deleted_at IS NULL ORDER BY id",
        call.account_id,
    )
    if call.body.endpoint is not None:
        chosen = [e for e in endpoints if e["id"] == ids.read("whk", call.body.endpoint)]
        if not chosen:
            raise missing("webhook endpoint", param="endpoint")
        if chosen[0]["status"] == "disabled":
            raise ApiError("endpoint_disabled", param="endpoint")
    else:
        chosen = [
            e
            for e in endpoints
            if e["status"] == "enabled"
            and actions.wants(e["enabled_events"], e["number_id"], row["type"], row["number_id"])
        ]
    again = [(call.account_id, endpoint["id"], event_id, call.now) for endpoint in chosen]
    await actions.deliver(unit, again, resend=True)
    return Answer(content=_show(row, call))


def _is_family(text: str) -> bool:
    return text.endswith(".*") and any(kind.startswith(text[:-1]) for kind in EVENT_TYPES)


def _show(row: Any, call: Call) -> Event:
    return render(row, livemode=call.caller.livemode, api_version=row["api_version"])


ROUTES = [
    Route("GET", "/v1/events", "events.list", "List events of the last 30 days", list_events,
          query=EventQuery, answers=Page, items=Event),
    Route("GET", "/v1/events/{id}", "events.get", "Retrieve an event", get_event, answers=Event),
    Route("POST", "/v1/events/{id}/resend", "events.resend", "Deliver an event again", resend_event,
          body=Resend, answers=Event, errors=("endpoint_disabled",)),
]  # fmt: skip
