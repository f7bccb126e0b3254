"""Test mode: the sandbox's clock, and the world outside as the simulated carrier plays it."""

from starlette.responses import RedirectResponse, Response

from nokyc.carriers.simulated import carrier as simulated
from nokyc.http.errors import ApiError
from nokyc.panel import pages
from nokyc.panel.page import get, post
from nokyc.panel.view import View

UNITS = {"minutes": 60, "hours": 3_600, "days": 86_400}
MAGIC = [
    (simulated.INVALID, "fails: invalid_destination"),
    (simulated.UNREACHABLE, "is sent, then undelivered: unreachable"),
    (simulated.BLOCKED, "fails: blocked"),
    (simulated.THROTTLED_ONCE, "is throttled first, then delivered"),
    (simulated.SILENT, "never hears back, and expires"),
    (simulated.SECOND_SEGMENT_LOST, "loses its second segment"),
]


async def index(view: View) -> Response:
    if not view.testing:
        return RedirectResponse("/panel/test/sandbox", 303, pages.HEADERS)
    held = await view.api("numbers.list", query={"limit": "100"})
    offset = view.account["clock_offset_sec"]
    return view.page("sandbox.html", numbers=held["data"], magic=MAGIC, units=list(UNITS), offset=offset, now=view.now)


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


PAGES = [
    get("/sandbox", index),
    post("/sandbox/clock", advance),
    post("/sandbox/receive", receive),
]
