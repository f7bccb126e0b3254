"""/v1/webhook_endpoints."""

from msgspec import UNSET

from nokyc.http.call import Answer, Call, Page, Route
from nokyc.http.errors import ApiError, missing
from nokyc.http.paging import page
from nokyc.http.schema import ListQuery
from nokyc.http.urls import check_shape, look_up, require
from nokyc.kit import ids
from nokyc.resources.events import actions as events
from nokyc.resources.events import queries as event_queries
from nokyc.resources.events.actions import Fact
from nokyc.resources.events.schemas import Event
from nokyc.resources.events.schemas import render as show_event
from nokyc.resources.webhooks import actions, queries
from nokyc.resources.webhooks.schemas import (
    MAX_OVERLAP_SEC,
    Delivery,
    Endpoint,
    EndpointCreate,
    EndpointTest,
    EndpointUpdate,
    RotateSecret,
    check_event_names,
    show_endpoint,
)
from nokyc.store.store import Connection, Unit

MAX_DESCRIPTION_CHARS = 1_000


def routes(*, allow_private: bool) -> list[Route]:
    """The routes; `allow_private` admits http and private addresses (development)."""

    async def create(call: Call, unit: Unit) -> Answer:
        body: EndpointCreate = call.body
        check_shape(body.url, "url", allow_private=allow_private)
        events = check_event_names(body.enabled_events)
        _check_description(body.description)
        number_id = None
        if body.number_id is not None:
            number_id = ids.read("num", body.number_id)
            owned = "SELECT 1 FROM numbers WHERE account_id = $1 AND id = $2"
            if number_id is None or not await unit.connection.fetchval(owned, call.account_id, number_id):
                raise missing("number", param="number_id")
        url = require(call, body.url, "url")
        row, secret = await actions.create(
            unit,
            call.account_id,
            url=url,
            enabled_events=events,
            description=body.description,
            number_id=number_id,
            api_version=call.caller.api_version,
            at=call.now,
        )
        return Answer(201, show_endpoint(row, secret=secret))

    async def update(call: Call, unit: Unit) -> Answer:
        body: EndpointUpdate = call.body
        changes = {name: getattr(body, name) for name in body.__struct_fields__ if getattr(body, name) is not UNSET}
        if "url" in changes:
            check_shape(changes["url"], "url", allow_private=allow_private)
        if "enabled_events" in changes:
            changes["enabled_events"] = check_event_names(changes["enabled_events"])
        _check_description(changes.get("description"))
        row = await queries.get(unit.connection, call.account_id, call.id("whk", "webhook endpoint"), lock=True)
        if "url" in changes:
            changes["url"] = require(call, changes["url"], "url")
        return Answer(content=show_endpoint(await actions.update(unit, row, changes)))

    async def ahead(call: Call) -> None:
        await look_up(call, call.body.url, allow_private=allow_private)

    endpoint_errors = ("url_invalid", "url_forbidden")
    return [
        Route("POST", "/v1/webhook_endpoints", "webhook_endpoints.create", "Register a webhook endpoint", create,
              body=EndpointCreate, answers=Endpoint, status=201, secret=True, ahead=ahead,
              errors=(*endpoint_errors, "resource_missing", "endpoint_limit_reached"),
              example={"url": "https://example.com/hooks", "enabled_events": ["sms.received", "sms.delivered"]}),
        Route("GET", "/v1/webhook_endpoints", "webhook_endpoints.list", "List webhook endpoints", list_endpoints,
              query=ListQuery, answers=Page, items=Endpoint),
        Route("GET", "/v1/webhook_endpoints/{id}", "webhook_endpoints.get", "Retrieve a webhook endpoint", get,
              answers=Endpoint),
        Route("PATCH", "/v1/webhook_endpoints/{id}", "webhook_endpoints.update", "Update a webhook endpoint", update,
              body=EndpointUpdate, answers=Endpoint, ahead=ahead, errors=endpoint_errors),
        Route("DELETE", "/v1/webhook_endpoints/{id}", "webhook_endpoints.delete", "Remove a webhook endpoint", delete,
              status=204),
        Route("POST", "/v1/webhook_endpoints/{id}/rotate_secret", "webhook_endpoints.rotate_secret",
              "Give a webhook endpoint a new signing secret", rotate_secret,
              body=RotateSecret, answers=Endpoint, secret=True),
        Route("POST", "/v1/webhook_endpoints/{id}/test", "webhook_endpoints.test", "Send a test event", test,
              body=EndpointTest, answers=Event, errors=("endpoint_disabled",)),
        Route("GET", "/v1/webhook_endpoints/{id}/deliveries", "webhook_endpoints.deliveries",
              "List an endpoint's deliveries with their attempts", list_deliveries,
              query=ListQuery, answers=Page, items=Delivery),
    ]  # fmt: skip


async def list_endpoints(call: Call, connection: Connection) -> Answer:
    rows = await queries.list_endpoints(connection, call.account_id, call.query)
    path = "/v1/webhook_endpoints"
    return Answer(content=page(path, rows, call.query.limit, show_endpoint, lambda row: ids.show("whk", row["id"])))


async def get(call: Call, connection: Connection) -> Answer:
    return Answer(content=show_endpoint(await queries.get(connection, call.account_id, _id(call))))


async def delete(call: Call, unit: Unit) -> Answer:
    row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
    await actions.delete(unit, call.account_id, row["id"], call.now)
    return Answer(204)


async def rotate_secret(call: Call, unit: Unit) -> Answer:
    overlap_sec = call.body.expires_in
    if not 0 <= overlap_sec <= MAX_OVERLAP_SEC:
        message = f"`expires_in` is a number of seconds from 0 to {MAX_OVERLAP_SEC}."
        raise ApiError("parameter_invalid", message, param="expires_in")
    row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
    row, secret = await actions.rotate_secret(unit, row, overlap_sec=overlap_sec, at=call.now)
    return Answer(content=show_endpoint(row, secret=secret))


async def test(call: Call, unit: Unit) -> Answer:
    row = await queries.get(unit.connection, call.account_id, _id(call), lock=True)
    if row["status"] == "disabled":
        raise ApiError("endpoint_disabled")
    fact = Fact(
        account_id=call.account_id,
        type="webhook_endpoint.test",
        subject_id=row["id"],
        content=show_endpoint(row),
        request_id=call.request_id,
        at=call.now,
    )
    event_id = (await events.write(unit, [fact]))[0].id
    await events.deliver(unit, [(call.account_id, row["id"], event_id, call.now)])
    written = await event_queries.find(unit.connection, call.account_id, event_id)
    return Answer(content=show_event(written, livemode=call.caller.livemode, api_version=written["api_version"]))


async def list_deliveries(call: Call, connection: Connection) -> Answer:
    row = await queries.get(connection, call.account_id, _id(call))
    found = await queries.list_deliveries(connection, call.account_id, row["id"], call.query)
    path = f"/v1/webhook_endpoints/{call.path['id']}/deliveries"
    return Answer(content=page(path, found, call.query.limit, lambda delivery: delivery, lambda d: d.id))


def _id(call: Call) -> int:
    return call.id("whk", "webhook endpoint")


def _check_description(text: str | None) -> None:
    if text is not None and len(text) > MAX_DESCRIPTION_CHARS:
        message = f"`description` has more than {MAX_DESCRIPTION_CHARS} characters."
        raise ApiError("parameter_invalid", message, param="description")
