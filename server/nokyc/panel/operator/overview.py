"""How the platform does: throughput, links, what waits, what was set aside."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from nokyc.panel.page import get
from nokyc.panel.view import View
from nokyc.resources.operator import queries

MINUTES = 60


async def index(view: View) -> Response:
    async with view.store.reading() as connection:
        links = await queries.links(connection, view.wall)
        carriers = await queries.carriers(connection)
        data: dict[str, Any] = {
            "links": links,
            "down": _down(carriers, links),
            "work": await queries.work(connection, view.wall),
            "voice": await queries.voice_processes(connection, view.wall),
            "dead": await queries.dead(connection),
            "stock": await queries.stock_sums(connection),
        }
        rows = await queries.throughput(connection, view.wall)
    minutes = [view.wall.replace(second=0, microsecond=0) - timedelta(minutes=n) for n in range(MINUTES - 1, -1, -1)]
    counts = {(row["minute"], row["type"]): row["n"] for row in rows}
    course = {
        kind: [counts.get((minute, f"sms.{kind}"), 0) for minute in minutes] for kind in ("sent", "received", "failed")
    }
    labels = [f"{minute:%H:%M} UTC" for minute in minutes]
    template = "operator/part_overview.html" if view.partial else "operator/overview.html"
    return view.page(template, course=course, labels=labels, **data)


def _down(carriers: list[Any], links: list[Any]) -> list[str]:
    """Carriers, trunks among them, that have no link that is up."""
    up = {link["carrier"] for link in links if link["up"]}
    return [row["name"] for row in carriers if row["name"] not in up]


PAGES = [get("/operator", index, role="operator")]
