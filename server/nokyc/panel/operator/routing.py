"""Routes: which carrier takes what, and for how much."""

from starlette.responses import Response

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.http.errors import ApiError
from nokyc.panel.operator.notes import note
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.panel.words import micro
from nokyc.resources.carriers import actions
from nokyc.resources.operator import queries
from nokyc.store.store import Unit


async def index(view: View) -> Response:
    query = view.filters("carrier", "to")
    number = "".join(filter(str.isdigit, query["to"]))
    async with view.store.reading() as connection:
        routes = [
            route
            for route in await queries.routes(connection)
            if query.get("carrier") in (None, route["carrier"]) and (not number or number.startswith(route["prefix"]))
        ]
        carriers = [row["name"] for row in await queries.carriers(connection)]
    default = view.desk.settings.default_sms_price_micro
    return view.page(
        "operator/routes.html", routes=routes, carriers=[*carriers, SIMULATED], default=default, query=query
    )


async def add(view: View) -> Response:
    form = view.form
    prefix = "".join(form.raw("prefix").split()).removeprefix("+")
    carrier, price = form.text("carrier"), form.micro("price")
    shown = "default" if price is None else micro(price)

    async def work(unit: Unit) -> None:
        sms, voice = form.flag("sms"), form.flag("voice")
        await actions.add_route(unit, prefix, carrier, sms=sms, voice=voice, price_micro=price)
        await note(unit, view, "routes.add", carrier, f"prefix {prefix or 'any'}, price {shown}")

    try:
        await view.store.run(work)
    except ValueError as error:
        raise ApiError("parameter_invalid", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    return view.redirect("/panel/operator/routes?done=saved")


async def remove(view: View) -> Response:
    prefix, carrier = view.form.raw("prefix"), view.form.text("carrier")

    async def work(unit: Unit) -> None:
        if await actions.remove_route(unit, prefix, carrier):
            await note(unit, view, "routes.remove", carrier, f"prefix {prefix or 'any'}")

    await view.store.run(work)
    return view.redirect("/panel/operator/routes?done=removed")


PAGES = [
    get("/operator/routes", index, role="operator"),
    post("/operator/routes", add, role="operator"),
    post("/operator/routes/remove", remove, role="operator"),
]
