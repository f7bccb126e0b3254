"""Webhooks: endpoints, their deliveries and attempts, and telling an event again."""

from starlette.responses import Response

from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.events.schemas import EVENT_TYPES

FAMILIES = tuple(dict.fromkeys(kind.partition(".")[0] + ".*" for kind in EVENT_TYPES))


async def index(view: View) -> Response:
    query = view.filters("status")
    found = await view.api("webhook_endpoints.list", query={"limit": "100"})
    endpoints = [each for each in found["data"] if query.get("status") in (None, each["status"])]
    held = await view.api("numbers.list", query={"limit": "100"})
    return view.page(
        "endpoints.html", endpoints=endpoints, query=query, numbers=held["data"], families=FAMILIES, types=EVENT_TYPES
    )


async def create(view: View) -> Response:
    form = view.form
    body = {
        "url": form.text("url"),
        "enabled_events": ["*"] if form.flag("all") else form.many("events"),
        "description": form.maybe("description"),
        "number_id": form.maybe("number_id"),
    }
    made = await view.api("webhook_endpoints.create", body={k: v for k, v in body.items() if v is not None})
    back = f"{view.base}/webhooks/{made['id']}"
    return view.dialog("part_secret.html", title="The endpoint's signing secret", secret=made["secret"], back=back)


async def show(view: View) -> Response:
    endpoint = await view.api("webhook_endpoints.get", view.path("id"))
    query = view.filters("starting_after")
    deliveries = await view.api("webhook_endpoints.deliveries", endpoint["id"], query={"limit": "25", **query})
    return view.page("endpoint.html", endpoint=endpoint, deliveries=deliveries, types=EVENT_TYPES, families=FAMILIES)


async def update(view: View) -> Response:
    form = view.form
    body = {
        "url": form.text("url"),
        "enabled_events": ["*"] if form.flag("all") else form.many("events"),
        "description": form.maybe("description"),
    }
    await view.api("webhook_endpoints.update", view.path("id"), body=body)
    return view.go(f"/webhooks/{view.path('id')}", "saved")


async def switch(view: View) -> Response:
    body = {"status": view.form.text("status")}
    await view.api("webhook_endpoints.update", view.path("id"), body=body)
    return view.go(f"/webhooks/{view.path('id')}", "saved")


async def rotate(view: View) -> Response:
    hours = view.form.integer("hours") or 0
    body = {"expires_in": hours * 3_600}
    made = await view.api("webhook_endpoints.rotate_secret", view.path("id"), body=body)
    back = f"{view.base}/webhooks/{made['id']}"
    return view.dialog("part_secret.html", title="The endpoint's new signing secret", secret=made["secret"], back=back)


async def test(view: View) -> Response:
    await view.api("webhook_endpoints.test", view.path("id"))
    return view.go(f"/webhooks/{view.path('id')}", "tested")


async def resend(view: View) -> Response:
    event = view.form.text("event")
    await view.api("events.resend", event, body={"endpoint": view.path("id")})
    return view.go(f"/webhooks/{view.path('id')}", "resent")


async def delete(view: View) -> Response:
    await view.api("webhook_endpoints.delete", view.path("id"))
    return view.go("/webhooks", "deleted")


PAGES = [
    get("/webhooks", index),
    post("/webhooks", create),
    get("/webhooks/{id}", show),
    post("/webhooks/{id}", update),
    post("/webhooks/{id}/status", switch),
    post("/webhooks/{id}/rotate", rotate),
    post("/webhooks/{id}/test", test),
    post("/webhooks/{id}/resend", resend),
    post("/webhooks/{id}/delete", delete),
]
