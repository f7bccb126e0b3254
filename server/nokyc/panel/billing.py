"""Billing: the ledger and its export, usage, and what bounds spending."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response, StreamingResponse

from nokyc.http.paging import NEWEST
from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.panel import pages
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.accounts import queries
from nokyc.resources.sms import conversations

LISTED = 50
EXPORT_AT_ONCE = 1_000
MAX_EXPORTED = 1_000_000
PERIODS = {"current": "This month", "last_30d": "30 days", "last_90d": "90 days"}
SUBJECTS = {
    "sms": ("sms", "/messages/"),
    "number": ("num", "/numbers/"),
    "addon": ("num", "/numbers/"),
    "call": ("call", "/calls/"),
}
"""What the subject of an entry is, by its category: how its id begins, and where it is shown."""


async def ledger(view: View) -> Response:
    query = view.filters("category", "created_after", "created_before", "after")
    below = ids.read("txn", query.get("after", ""))
    async with view.store.reading() as connection:
        rows = await queries.ledger(
            connection, view.account_id, limit=LISTED, below=NEWEST if below is None else below,
            category=query.get("category"),  # type: ignore[arg-type]  # what is no category is no condition
            after=view.day("created_after"), before=view.day("created_before"), livemode=view.livemode,
        )  # fmt: skip
    account = view.account
    return view.page(
        "ledger.html",
        entries=[_entry(row) for row in rows[:LISTED]],
        next=ids.show("txn", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None,
        query=query,
        categories=queries.CATEGORIES,
        balance=account["balance_micro"],
        held=account["held_micro"],
    )


async def export(view: View) -> Response:
    """The whole ledger as CSV, newest first, as it is read."""
    name = f"ledger-{view.wall:%Y-%m-%d}.csv"
    headers = {**pages.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_lines(view), headers=headers, media_type="text/csv")


async def usage(view: View) -> Response:
    period = view.asked("period")
    shown = await view.api("account.usage", query={"period": period if period in PERIODS else "last_30d"})
    async with view.store.reading() as connection:
        by_number = await conversations.by_number(connection, view.account_id)
    return view.page(
        "usage.html",
        usage=shown,
        periods=PERIODS,
        by_number=[dict(row) | {"number": ids.show("num", row["number_id"])} for row in by_number],
        looked_at=conversations.USAGE_LOOKED_AT,
    )


async def limits(view: View) -> Response:
    return view.page("limits.html", figures=await view.api("account.get"))


async def set_limits(view: View) -> Response:
    form = view.form
    countries = form.raw("allowed_countries").replace(",", " ").split()
    body = {
        "balance_low_threshold_usd": form.dollars("balance_low_threshold_usd"),
        "daily_spend_cap_usd": form.dollars("daily_spend_cap_usd"),
        "allowed_countries": countries or None,
        "destination_velocity_per_hour": form.integer("destination_velocity_per_hour"),
    }
    await view.api("account.update", body=body)
    return view.go("/billing/limits", "saved")


def _entry(row: Any) -> dict[str, Any]:
    gains = row["credit"] == "balance"
    loses = row["debit"] == "balance"
    prefix, path = SUBJECTS.get(row["category"], ("", ""))
    subject = ids.show(prefix, row["subject_id"]) if prefix and row["subject_id"] else None
    return {
        "id": ids.show("txn", row["id"]),
        "at": row["created_at"],
        "move": row["move"],
        "category": row["category"],
        "micro": row["amount_micro"] if gains else -row["amount_micro"],
        "counts": gains or loses,
        "subject": subject,
        "path": f"{path}{subject}" if subject else None,
    }


async def _lines(view: View) -> AsyncIterator[str]:
    yield "entry,created_at,move,category,amount_usd,balance_change_usd,subject\r\n"
    below, left = NEWEST, MAX_EXPORTED
    while left > 0:
        async with view.store.reading() as connection:
            rows = await queries.ledger(connection, view.account_id, limit=EXPORT_AT_ONCE, below=below)
        text = io.StringIO()
        writer = csv.writer(text)
        for row in rows[:EXPORT_AT_ONCE]:
            entry = _entry(row)
            change = usd(entry["micro"]) if entry["counts"] else 0
            writer.writerow(
                [entry["id"], format_instant(entry["at"]), entry["move"], entry["category"],
                 f"{usd(row['amount_micro']):f}", f"{change:f}" if change else "0", entry["subject"] or ""]
            )  # fmt: skip
        yield text.getvalue()
        if len(rows) <= EXPORT_AT_ONCE:
            return
        below, left = rows[EXPORT_AT_ONCE - 1]["id"], left - EXPORT_AT_ONCE


PAGES = [
    get("/billing", ledger),
    get("/billing/ledger.csv", export),
    get("/billing/usage", usage),
    get("/billing/limits", limits),
    post("/billing/limits", set_limits),
]
