"""Carriers: their links, a test, connecting and disconnecting them."""

import json
from typing import Any

from starlette.responses import Response

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.sip.config import DEFAULT_PORT, SipConfig
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.http.errors import ApiError, missing
from nokyc.panel.forms import Form
from nokyc.panel.operator.notes import note
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.carriers import actions
from nokyc.resources.operator import queries
from nokyc.store.store import Unit

SECRETS = frozenset({"password", "signing_key"})


async def index(view: View) -> Response:
    query = view.filters("kind")
    async with view.store.reading() as connection:
        rows = [(row["name"], row["kind"]) for row in await queries.carriers(connection)]
        links = await queries.links(connection, view.wall)
        routes = await queries.routes(connection)
    shown = [
        {
            "name": name,
            "kind": kind,
            "links": [link for link in links if link["carrier"] == name],
            "routes": sum(route["carrier"] == name for route in routes),
        }
        for name, kind in [*rows, (SIMULATED, "simulated")]
        if query.get("kind") in (None, kind)
    ]
    return view.page("operator/carriers.html", carriers=shown, query=query)


async def show(view: View) -> Response:
    name = view.path("name")
    async with view.store.reading() as connection:
        row = await queries.carrier(connection, name)
        links = [link for link in await queries.links(connection, view.wall) if link["carrier"] == name]
        routes = [route for route in await queries.routes(connection) if route["carrier"] == name]
    if row is None:
        raise missing("carrier")
    config = json.loads(view.store.vault.open(row["config"]))
    shown = {
        key: "set" if key in SECRETS else value for key, value in config.items() if value not in ("", None, [], {})
    }
    return view.page("operator/carrier.html", row=row, config=shown, links=links, routes=routes)


async def add(view: View) -> Response:
    form = view.form
    name, kind = form.text("name"), form.text("kind")
    try:
        config = _config(kind, name, form, view.public_url)
        await view.store.run(lambda unit: _add(unit, view, name, kind, config))
    except ValueError as error:
        raise ApiError("parameter_invalid", f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    return view.redirect(f"/panel/operator/carriers/{name}?done=added")


async def test(view: View) -> Response:
    """Ask the carrier something harmless, and say in words what came back."""
    name = view.path("name")
    async with view.store.reading() as connection:
        row = await queries.carrier(connection, name)
    if row is None:
        raise missing("carrier")
    config = json.loads(view.store.vault.open(row["config"]))
    async with view.desk.outbound() as client:
        up, detail = await view.desk.probe(row["kind"], config, client)
    return view.page("part_verdict.html", verdict={"ok": up, "reason": "", "detail": detail})


async def remove(view: View) -> Response:
    name = view.path("name")
    if view.form.raw("confirm").strip() != name:
        raise ApiError("parameter_invalid", "Type the carrier's name to disconnect it.", param="confirm")

    async def work(unit: Unit) -> None:
        await actions.remove_carrier(unit, name)
        await note(unit, view, "carriers.remove", name)

    try:
        await view.store.run(work)
    except ValueError:
        raise missing("carrier") from None
    return view.redirect("/panel/operator/carriers?done=removed")


async def _add(unit: Unit, view: View, name: str, kind: str, config: dict[str, Any]) -> None:
    await actions.add_carrier(unit, name, kind, config)
    await note(unit, view, "carriers.add", name, kind)


def _config(kind: str, name: str, form: Form, public_url: str) -> dict[str, Any]:
    """A form as the configuration of a carrier of that kind. Raises ValueError for what makes no sense."""
    if kind == "smpp":
        values: dict[str, Any] = {
            "name": name,
            "host": form.text("host"),
            "port": form.integer("port") or 2775,
            "system_id": form.text("system_id"),
            "password": form.raw("smpp_password"),
            "system_type": form.raw("system_type"),
            "tls": form.flag("tls"),
            "binds": form.integer("binds") or 1,
            "window": form.integer("window") or 10,
            "tps": form.integer("tps"),
        }
        return SmppConfig.from_json(values).to_json()
    if kind == "http":
        reached = f"{public_url}/carriers/{name}" if public_url.startswith("https:") else ""
        values = {
            "name": name,
            "preset": form.text("preset"),
            "account": form.raw("account"),
            "username": form.raw("username"),
            "password": form.raw("http_password"),
            "signing_key": form.raw("signing_key"),
            "base_url": form.raw("base_url"),
            "callback_url": form.maybe("callback_url") or reached,
            "window": form.integer("http_window") or 10,
            "tps": form.integer("http_tps"),
        }
        if form.maybe("template"):
            values["template"] = form.json("template")
        return HttpConfig.from_json(values).to_json()
    if kind == "sip":
        return _trunk(name, form).to_json()
    raise ValueError("choose SMPP, HTTP or SIP")


def _trunk(name: str, form: Form) -> SipConfig:
    values = {
        "name": name,
        "host": form.text("sip_host"),
        "port": form.integer("sip_port") or DEFAULT_PORT,
        "transport": form.raw("transport"),
        "username": form.maybe("sip_username"),
        "password": form.maybe("sip_password"),
        "register": form.flag("register"),
        "srtp": form.flag("srtp"),
        "allow": form.raw("allow").replace(",", " ").split(),
    }
    return SipConfig.from_json(values)


PAGES = [
    get("/operator/carriers", index, role="operator"),
    post("/operator/carriers", add, role="operator"),
    get("/operator/carriers/{name}", show, role="operator"),
    post("/operator/carriers/{name}/test", test, role="operator"),
    post("/operator/carriers/{name}/remove", remove, role="operator"),
]
