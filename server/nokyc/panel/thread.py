"""Conversations: what was said between a number and a peer, and saying more."""

from typing import Any

from starlette.responses import Response

from nokyc.http.errors import missing
from nokyc.http.schema import Phone
from nokyc.kit import ids
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.sms import conversations
from nokyc.resources.sms.schemas import show_sms

LISTED = 50
MESSAGES = 50


async def index(view: View) -> Response:
    number_id = ids.read("num", view.asked("number") or "")
    async with view.store.reading() as connection:
        found = await conversations.conversations(
            connection, view.account_id, limit=LISTED, below=_below(view), number_id=number_id
        )
    held = await view.api("numbers.list", query={"limit": "100"})
    return view.page(
        "conversations.html", found=_shown(found), numbers=held["data"], thread=None, first=not _below(view)
    )


async def show(view: View) -> Response:
    """One conversation, the others beside it."""
    number_id, peer = _of(view)
    async with view.store.reading() as connection:
        number = await numbers.get(connection, view.account_id, number_id)
        said = await conversations.thread(
            connection, view.account_id, number_id, peer, limit=MESSAGES, below=_below(view)
        )
        others = await conversations.conversations(connection, view.account_id, limit=LISTED)
    thread = {
        "number": ids.show("num", number_id),
        "e164": number["e164"],
        "active": number["status"] == "active" and not number["off_now"],
        "peer": peer,
        "messages": [show_sms(row) for row in reversed(said.rows)],
        "earlier": None if said.looked_to is None else ids.show("sms", said.looked_to),
        "first": not _below(view),
    }
    if view.partial and view.asked("part") == "messages":
        return view.page("part_messages.html", thread=thread)
    return view.page("conversations.html", found=_shown(others), numbers=[], thread=thread, first=True)


async def say(view: View) -> Response:
    number_id, peer = _of(view)
    number = ids.show("num", number_id)
    body = {"from": number, "to": peer, "body": view.form.raw("body")}
    await view.api("sms.create", body=body, key=view.form.maybe("once"))
    return view.go(f"/messages/with/{number}/{peer}")


def _of(view: View) -> tuple[int, str]:
    """Number and peer from the path. Raises ApiError 404 or 400."""
    number_id = ids.read("num", view.path("id"))
    if number_id is None:
        raise missing("number")
    return number_id, str(Phone.parse(view.path("peer")))


def _below(view: View) -> int | None:
    return ids.read("sms", view.asked("starting_after") or "")


def _shown(found: conversations.Found) -> dict[str, Any]:
    rows = [
        {
            "number": ids.show("num", row["number_id"]),
            "e164": row["e164"],
            "peer": row["peer"],
            "direction": row["direction"],
            "body": row["body"],
            "status": row["status"],
            "at": row["created_at"],
        }
        for row in found.rows
    ]
    return {"data": rows, "next": None if found.looked_to is None else ids.show("sms", found.looked_to)}


PAGES = [
    get("/messages", index),
    get("/messages/with/{id}/{peer}", show),
    post("/messages/with/{id}/{peer}", say),
]
