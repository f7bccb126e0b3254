"""Numbers: what there is, what can be had, and what can be done with each."""

from typing import Any
from zoneinfo import available_timezones

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.kit import ids, windows
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.panel.week import blocks, read_windows
from nokyc.resources.numbers import queries
from nokyc.resources.numbers.pricing import PERIOD_FACTOR, price
from nokyc.resources.numbers.schemas import ADDON_ORDER

ADDONS = {
    "ai-pickup": "Answers calls when you do not",
    "ai-screen": "Asks unknown callers what they want",
    "ai-summary": "Sums up voicemails",
    "ai-trans": "Translates calls as they are spoken",
}
assert tuple(ADDONS) == ADDON_ORDER


async def index(view: View) -> Response:
    query = view.filters("country", "type", "status", "starting_after")
    found = await view.api("numbers.list", query=query)
    return view.page("numbers.html", numbers=found, query=query)


async def find(view: View) -> Response:
    """Search what is for sale; nothing is searched until a country is chosen."""
    async with view.store.reading() as connection:
        countries = await queries.countries(connection)
    default = view.account["default_country"]
    country = view.asked("country") or (default if default in countries else next(iter(countries), None))
    query = view.filters("type", "tier", "contains", "starting_after")
    if "contains" in query:
        query["contains"] = "".join(c for c in query["contains"] if c in "+0123456789")
    found = None
    if country is not None:
        found = await view.api("numbers.available", query={"country": country, **query}, audit=False)
    return view.page("numbers_find.html", countries=countries, country=country, query=query, found=found)


async def offer(view: View) -> Response:
    """One number for sale, with what it would cost."""
    async with view.store.reading() as connection:
        quote = ids.read("navail", view.path("id"))
        available = await queries.quoted(connection, view.account_id, quote, view.now)
    return view.page("numbers_offer.html", available=available, addons=ADDONS)


async def activate(view: View) -> Response:
    form = view.form
    body = {
        "available_id": view.path("id"),
        "billing_period": form.text("billing_period"),
        "addons": form.many("addons"),
        "auto_renew": form.flag("auto_renew"),
    }
    made = await view.api("numbers.create", body=body, key=form.maybe("once"))
    return view.go(f"/numbers/{made['id']}", "activated")


async def show(view: View) -> Response:
    number = await view.api("numbers.get", view.path("id"))
    recent = await view.api("sms.list", query={"number": number["id"], "limit": "6"})
    on_off = None if number["on_off"] is None else windows.parse(number["on_off"])
    return view.page(
        "number.html",
        number=number,
        recent=recent["data"],
        prices={period: price(number["type"], number["tier"], period) for period in PERIOD_FACTOR},
        week=[] if on_off is None else blocks(on_off),
        days=windows.DAYS,
        zones=_zones(),
    )


async def set_status(view: View) -> Response:
    status = view.form.text("status")
    return await _change(view, {"status": status}, "paused" if status == "paused" else "resumed")


async def set_renewal(view: View) -> Response:
    return await _change(view, {"auto_renew": view.form.flag("auto_renew")}, "saved")


async def set_windows(view: View) -> Response:
    return await _change(view, {"on_off": read_windows(view.form)}, "saved")


async def set_metadata(view: View) -> Response:
    return await _change(view, {"metadata": view.form.json("metadata")}, "saved")


async def set_webhook(view: View) -> Response:
    """A new URL gets a new secret, which is shown this once."""
    number = await view.api("numbers.update", view.path("id"), body={"webhook_url": view.form.maybe("webhook_url")})
    if "webhook_secret" not in number:
        return view.go(f"/numbers/{number['id']}", "saved")
    back = f"{view.base}/numbers/{number['id']}"
    return view.dialog(
        "part_secret.html", title="The webhook's signing secret", secret=number["webhook_secret"], back=back
    )


async def renew(view: View) -> Response:
    body = {"billing_period": view.form.text("billing_period")}
    number = await view.api("numbers.renew", view.path("id"), body=body, key=view.form.maybe("once"))
    return view.go(f"/numbers/{number['id']}", "renewed")


async def release(view: View) -> Response:
    """The last digits are typed as a confirmation, since nothing brings the number back."""
    number = await view.api("numbers.get", view.path("id"))
    if view.form.raw("confirm").strip() != number["number"][-4:]:
        raise ApiError("parameter_invalid", "Type the last four digits of the number to release it.", param="confirm")
    await view.api("numbers.delete", number["id"])
    return view.go(f"/numbers/{number['id']}", "released")


async def _change(view: View, body: dict[str, Any], done: str) -> Response:
    number = await view.api("numbers.update", view.path("id"), body=body)
    return view.go(f"/numbers/{number['id']}", done)


def _zones() -> list[str]:
    global _names  # noqa: PLW0603 - read from the disk once
    if not _names:
        _names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc", "posix")))
    return _names


_names: list[str] = []

PAGES = [
    get("/numbers", index),
    get("/numbers/find", find),
    get("/numbers/find/{id}", offer),
    post("/numbers/find/{id}", activate),
    get("/numbers/{id}", show),
    post("/numbers/{id}/status", set_status),
    post("/numbers/{id}/renewal", set_renewal),
    post("/numbers/{id}/windows", set_windows),
    post("/numbers/{id}/metadata", set_metadata),
    post("/numbers/{id}/webhook", set_webhook),
    post("/numbers/{id}/renew", renew),
    post("/numbers/{id}/release", release),
]
