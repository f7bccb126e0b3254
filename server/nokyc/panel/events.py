"""Events: what happened, frozen as it was, and to whom it was told."""

from starlette.responses import Response

from nokyc.kit import ids
from nokyc.panel.endpoints import FAMILIES
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.events.schemas import EVENT_TYPES
from nokyc.resources.webhooks import queries


async def index(view: View) -> Response:
    query = view.filters("type", "delivery_success", "starting_after")
    events = await view.api("events.list", query=query)
    return view.page("events.html", events=events, query=query, types=[*FAMILIES, *EVENT_TYPES])


async def show(view: View) -> Response:
    event = await view.api("events.get", view.path("id"))
    async with view.store.reading() as connection:
        deliveries = await queries.deliveries_of(connection, view.account_id, ids.read("evt", event["id"]) or 0)
    return view.page("event.html", event=event, deliveries=deliveries)


async def resend(view: View) -> Response:
    await view.api("events.resend", view.path("id"), body={})
    return view.go(f"/events/{view.path('id')}", "resent")


PAGES = [get("/events", index), get("/events/{id}", show), post("/events/{id}/resend", resend)]
