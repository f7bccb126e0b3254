"""The audit log of the whole platform."""

from starlette.responses import Response

from nokyc.kit import ids
from nokyc.panel.page import get
from nokyc.panel.view import View
from nokyc.resources.operator import queries

LISTED = 50


async def index(view: View) -> Response:
    query = view.filters("account", "actor", "after")
    account_id = ids.read("acct", query["account"]) if "account" in query else None
    async with view.store.reading() as connection:
        rows = await queries.audit(
            connection,
            limit=LISTED,
            below=ids.read("aud", query.get("after", "")),
            account_id=-1 if "account" in query and account_id is None else account_id,
            actor=query.get("actor"),
        )
    shown = [
        dict(row) | {"account": ids.show("acct", row["account_id"]) if row["account_id"] else ""}
        for row in rows[:LISTED]
    ]
    following = ids.show("aud", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None
    return view.page("operator/audit.html", entries=shown, query=query, next=following)


PAGES = [get("/operator/audit", index, role="operator")]
