"""The request log: what programs asked, and what they were answered."""

from starlette.responses import Response

from nokyc.http.errors import catalogue, missing
from nokyc.http.request_log import RETENTION
from nokyc.kit import ids
from nokyc.panel.masking import masked, masked_path
from nokyc.panel.page import get
from nokyc.panel.view import View
from nokyc.panel.words import pretty
from nokyc.resources.keys import queries as keys
from nokyc.resources.requests import queries

LISTED = 50


async def index(view: View) -> Response:
    query = view.filters("outcome", "operation", "key", "after")
    async with view.store.reading() as connection:
        rows = await queries.list_requests(
            connection,
            view.account_id,
            limit=LISTED,
            below=ids.read("log", query.get("after", "")),
            outcome=query.get("outcome"),
            operation=query.get("operation"),
            key_id=ids.read("key", query.get("key", "")),
        )
        known = await keys.of_account(connection, view.account_id)
    shown = [dict(row) | {"shown_path": masked_path(row["path"])} for row in rows[:LISTED]]
    return view.page(
        "requests.html",
        requests=shown,
        next=ids.show("log", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None,
        keys={row["id"]: row["last4"] for row in known},
        key_ids={row["id"]: ids.show("key", row["id"]) for row in known},
        operations=[route.operation for route in view.desk.operations.routes],
        query=query,
        days=RETENTION.days,
    )


async def show(view: View) -> Response:
    """One request; values that are somebody's business are hidden unless asked for."""
    async with view.store.reading() as connection:
        row = await queries.find(connection, view.account_id, view.path("id"))
    if row is None:
        raise missing("request in the log")
    revealed = view.asked("show") == "values"
    read = pretty if revealed else masked
    return view.page(
        "request.html",
        row=row,
        path=row["path"] if revealed else masked_path(row["path"]),
        sent=read(row["request_body"]),
        answered=read(row["response_body"]),
        revealed=revealed,
        entry=catalogue().get(row["error_code"] or ""),
        key=ids.show("key", row["key_id"]),
    )


PAGES = [get("/requests", index), get("/requests/{id}", show)]
