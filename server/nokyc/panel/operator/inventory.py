"""Inventory: what is for sale, and importing more of it, with a look at the mistakes first."""

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.kit import ids
from nokyc.panel.operator.notes import note
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.numbers import inventory
from nokyc.resources.operator import queries
from nokyc.store.store import Unit

LISTED = 50
SHOWN_ERRORS = 50
SHOWN_ITEMS = 10
FREE = {"free": True, "leased": False}


async def index(view: View) -> Response:
    query = view.filters("country", "contains", "state", "after")
    async with view.store.reading() as connection:
        rows = await queries.stock(
            connection,
            limit=LISTED,
            below=ids.read("inv", query.get("after", "")),
            country=query.get("country"),
            contains="".join(c for c in query.get("contains", "") if c.isdigit()) or None,
            free=FREE.get(query.get("state", "")),
        )
        sums = await queries.stock_sums(connection)
    following = ids.show("inv", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None
    return view.page("operator/inventory.html", stock=rows[:LISTED], sums=sums, query=query, next=following)


async def preview(view: View) -> Response:
    """What would be imported, and which lines are wrong; nothing is changed."""
    text = view.form.raw("csv")
    items, errors = inventory.read_csv(text.splitlines())
    unknown = await _unknown_carriers(view, items)
    errors += [f"there is no carrier {name!r}" for name in unknown]
    return view.page(
        "operator/part_import.html", csv=text, items=items[:SHOWN_ITEMS], count=len(items),
        errors=errors[:SHOWN_ERRORS], more=max(0, len(errors) - SHOWN_ERRORS), blocked=bool(unknown),
    )  # fmt: skip


async def add(view: View) -> Response:
    items, _ = inventory.read_csv(view.form.raw("csv").splitlines())
    if not items or await _unknown_carriers(view, items):
        raise ApiError("parameter_invalid", "There is nothing to import in this.", param="csv")

    async def work(unit: Unit) -> int:
        added = len(await inventory.add(unit, items))
        await note(unit, view, "inventory.import", "", f"{added} new of {len(items)}")
        return added

    await view.store.run(work)
    return view.redirect("/panel/operator/inventory?done=imported")


async def _unknown_carriers(view: View, items: list[inventory.StockItem]) -> list[str]:
    async with view.store.reading() as connection:
        known = {row["name"] for row in await queries.carriers(connection)}
    return sorted({one.carrier for one in items if one.carrier} - known - {"simulated"})


PAGES = [
    get("/operator/inventory", index, role="operator"),
    post("/operator/inventory/preview", preview, role="operator"),
    post("/operator/inventory", add, role="operator"),
]
