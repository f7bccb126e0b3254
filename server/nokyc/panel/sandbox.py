"""Test mode: the sandbox's clock, and the world outside as the simulated carrier plays it."""

from starlette.responses import RedirectResponse, Response

from nokyc.carriers.simulated import carrier as simulated
from nokyc.http.errors import ApiError
from nokyc.panel import pages
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.calls import simulated as calls

UNITS = {"minutes": 60, "hours": 3_600, "days": 86_400}
MAGIC = [
    (simulated.INVALID, "fails: invalid_destination"),
    (simulated.UNREACHABLE, "is sent, then undelivered: unreachable"),
    (simulated.BLOCKED, "fails: blocked"),
    (simulated.THROTTLED_ONCE, "is throttled first, then delivered"),
    (simulated.SILENT, "never hears back, and expires"),
    (simulated.SECOND_SEGMENT_LOST, "loses its second segment"),
]

MAGIC_CALLS = [
    (calls.BUSY, "is busy"),
    (calls.NO_ANSWER, "rings, and nobody answers"),
    (calls.FAILED, "cannot be reached"),
    (calls.STAYS, "stays on the line until you hang up"),
    (calls.EARLY_MEDIA, "is heard before it is answered"),
    (calls.MACHINE, "is answered by a machine"),
]


async def index(view: View) -> Response:
    if not view.testing:
        return RedirectResponse("/panel/test/sandbox", 303, pages.HEADERS)
    held = await view.api("numbers.list", query={"limit": "100"})
    reached = [number for number in held["data"] if number["status"] != "released"]
    return view.page(
        "sandbox.html",
        numbers=sorted(reached, key=lambda number: str(number["status"])),  # active ones before those that are paused
        magic=MAGIC,
        magic_calls=MAGIC_CALLS,
        units=list(UNITS),
        offset=view.account["clock_offset_sec"],
        now=view.now,
    )


async def advance(view: View) -> Response:
    amount, unit = view.form.integer("amount"), view.form.raw("unit")
    if amount is None or unit not in UNITS:
        raise ApiError("parameter_invalid", "Say by how much.", param="amount")
    await view.api("test.clock.advance", body={"seconds": amount * UNITS[unit]})
    return view.go("/sandbox", "advanced")


async def receive(view: View) -> Response:
    """An SMS from the outside world to one of the sandbox's numbers."""
    form = view.form
    body = {"from": form.text("from").replace(" ", ""), "to": form.text("to"), "body": form.raw("body")}
    await view.api("test.sms.create", body=body)
    return view.go(f"/messages/with/{body['to']}/{body['from']}", "received")


async def ring(view: View) -> Response:
    """A call from the outside world to one of the sandbox's numbers."""
    form = view.form
    body = {
        "from": form.text("from").replace(" ", ""),
        "to": form.text("to"),
        "say": form.maybe("say"),
        "voicemail": form.flag("voicemail"),
    }
    made = await view.api("test.calls.create", body={name: value for name, value in body.items() if value is not None})
    return view.go(f"/calls/{made['id']}", "rings")


PAGES = [
    get("/sandbox", index),
    post("/sandbox/clock", advance),
    post("/sandbox/receive", receive),
    post("/sandbox/ring", ring),
]
