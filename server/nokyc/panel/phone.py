"""The softphone that every page can open: which number it is, and what lets a browser be its phone."""

import msgspec
from starlette.responses import Response

from nokyc.panel import pages
from nokyc.panel.page import get, post
from nokyc.panel.view import View


async def open_phone(view: View) -> Response:
    """The phone as a part of the page."""
    return view.page("part_phone.html", numbers=await view.active_numbers())


async def session(view: View) -> Response:
    """Credentials for the softphone module, as POST …/browser_sessions gives them."""
    made = await view.api("browser_sessions.create", view.form.text("number"))
    return Response(msgspec.json.encode(made), 201, pages.HEADERS, "application/json")


PAGES = [get("/phone", open_phone), post("/phone/session", session)]
