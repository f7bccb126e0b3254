"""Messages one by one: writing, the list of all, and what happened to each."""

from typing import Any

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.panel.page import get, post
from nokyc.panel.view import View, since_midnight

FILTERS = ("number", "direction", "status", "created_after", "created_before", "starting_after")


async def index(view: View) -> Response:
    query = {name: since_midnight(value) for name, value in view.filters(*FILTERS).items()}
    found = await view.api("sms.list", query=query)
    return view.page("messages.html", messages=found, query=view.filters(*FILTERS))


async def write(view: View) -> Response:
    chosen = view.asked("from")
    numbers = await view.active_numbers(chosen)
    return view.page("message_new.html", numbers=numbers, to=view.asked("to") or "", chosen=chosen)


async def preview(view: View) -> Response:
    """Encoding, segments and price of what is being typed; whatever is wrong with it is part of the answer."""
    form = view.form
    text = form.raw("body")
    data: dict[str, Any] = {"preview": None, "refusal": None}
    if text.strip():
        body = {"from": form.maybe("from"), "to": (form.maybe("to") or "+15005550001"), "body": text}
        try:
            data["preview"] = await view.api("sms.preview", body=body)
        except ApiError as refusal:
            data["refusal"] = refusal
    return view.page("part_preview.html", typed_to=form.maybe("to"), **data)


async def send(view: View) -> Response:
    form = view.form
    body: dict[str, Any] = {"from": form.text("from"), "to": form.text("to").replace(" ", "")}
    body["body"] = form.raw("body")
    media = form.raw("media_urls").split()
    extra = {"send_at": form.instant("send_at"), "media_urls": media or None, "metadata": form.json("metadata")}
    body |= {name: value for name, value in extra.items() if value is not None}
    made = await view.api("sms.create", body=body, key=form.maybe("once"))
    return view.go(f"/messages/{made['id']}", "scheduled" if made["send_at"] else "sent")


async def show(view: View) -> Response:
    message = await view.api("sms.get", view.path("id"))
    timeline = await view.api("sms.timeline", message["id"])
    return view.page("message.html", message=message, timeline=timeline)


async def cancel(view: View) -> Response:
    message = await view.api("sms.cancel", view.path("id"))
    return view.go(f"/messages/{message['id']}", "canceled")


PAGES = [
    get("/messages/all", index),
    get("/messages/new", write),
    post("/messages/new", send),
    post("/messages/preview", preview),
    get("/messages/{id}", show),
    post("/messages/{id}/cancel", cancel),
]
