"""Accounts: making them, crediting them, their guards, and looking at their pages."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from nokyc.http.errors import ApiError, missing
from nokyc.http.schema import Country
from nokyc.kit import ids
from nokyc.panel import sessions
from nokyc.panel.operator.notes import note
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.panel.words import micro
from nokyc.resources.accounts import actions
from nokyc.resources.accounts.routes import changes_of
from nokyc.resources.accounts.schemas import AccountUpdate
from nokyc.resources.audit import queries as audit
from nokyc.resources.operator import queries
from nokyc.store import ledger
from nokyc.store.store import Connection, Unit

LISTED = 50


async def index(view: View) -> Response:
    query = view.filters("name", "after")
    below = ids.read("acct", query["after"])
    if (wanted := ids.read("acct", query["name"])) is not None:
        return view.redirect(f"/panel/operator/accounts/{ids.show('acct', wanted)}")
    async with view.store.reading() as connection:
        rows = await queries.accounts(connection, limit=LISTED, below=below, name=query.get("name"))
    following = ids.show("acct", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None
    shown = [dict(row) | {"shown": ids.show("acct", row["id"])} for row in rows[:LISTED]]
    return view.page("operator/accounts.html", accounts=shown, query=query, next=following)


async def show(view: View) -> Response:
    async with view.store.reading() as connection:
        row = await _get(connection, view)
        done = await audit.of_account(connection, row["id"], limit=10)
    return view.page("operator/account.html", row=row, shown=view.path("id"), entries=done[:10])


async def create(view: View) -> Response:
    country = view.form.maybe("country")
    code = None if country is None else _country(country)
    balance = view.form.micro("balance") or 0

    async def work(unit: Unit) -> str:
        live_id, _ = await actions.create(unit, email=None, balance=balance, country=code)
        await note(unit, view, "accounts.create", ids.show("acct", live_id), account_id=live_id)
        return ids.show("acct", live_id)

    return view.redirect(f"/panel/operator/accounts/{await view.store.run(work)}?done=created")


async def credit(view: View) -> Response:
    form = view.form
    amount, side = form.micro("amount", least=1), form.text("side")
    if amount is None:
        raise ApiError("parameter_missing", "This field is needed.", param="amount")
    if side not in ("live", "test"):
        raise ApiError("parameter_invalid", "Choose a balance.", param="side")

    async def work(unit: Unit) -> None:
        row = await _get(unit.connection, view)
        account_id = row["test_id"] if side == "test" else row["id"]
        offset = await unit.connection.fetchval("SELECT clock_offset_sec FROM accounts WHERE id = $1", account_id)
        await ledger.credit(unit, account_id, amount, at=unit.wall + timedelta(seconds=offset))
        detail = f"{micro(amount)}, {side}"
        await note(unit, view, "accounts.credit", view.path("id"), detail, account_id=row["id"])

    await view.store.run(work)
    return view.redirect(f"/panel/operator/accounts/{view.path('id')}?done=credited")


async def set_guards(view: View) -> Response:
    """The limits that an account may set itself too; the operator's word is the last one said."""
    form = view.form
    countries = form.raw("allowed_countries").replace(",", " ").split()
    body = {
        "daily_spend_cap_usd": form.dollars("daily_spend_cap_usd"),
        "allowed_countries": countries or None,
        "destination_velocity_per_hour": form.integer("destination_velocity_per_hour"),
    }
    changes = changes_of(view.read(AccountUpdate, body))

    async def work(unit: Unit) -> None:
        row = await _get(unit.connection, view)
        for account_id in (row["id"], row["test_id"]):
            await actions.update(unit, account_id, changes)
        await note(unit, view, "accounts.guards", view.path("id"), account_id=row["id"])

    await view.store.run(work)
    return view.redirect(f"/panel/operator/accounts/{view.path('id')}?done=saved")


async def link(view: View) -> Response:
    """A one-time link for the account's owner."""

    async def work(unit: Unit) -> str:
        row = await _get(unit.connection, view)
        await note(unit, view, "accounts.link", view.path("id"), account_id=row["id"])
        return await sessions.make_link(unit, row["id"])

    secret = f"{view.public_url}/panel/sign-in/{await view.store.run(work)}"
    back = f"/panel/operator/accounts/{view.path('id')}"
    return view.dialog("part_secret.html", title="A link that signs in once, within the hour", secret=secret, back=back)


async def look_at(view: View) -> Response:
    """Turn to the account's own pages; that is written down."""

    async def work(unit: Unit) -> None:
        row = await _get(unit.connection, view)
        await note(unit, view, "accounts.look", view.path("id"), account_id=row["id"])
        await sessions.look_at(unit, view.session, row["id"])

    await view.store.run(work)
    return view.redirect("/panel")


async def leave(view: View) -> Response:
    await view.store.run(lambda unit: sessions.look_at(unit, view.session, 0))
    return view.redirect("/panel/operator/accounts")


async def _get(connection: Connection, view: View) -> Any:
    account_id = ids.read("acct", view.path("id"))
    row = None if account_id is None else await queries.account(connection, account_id)
    if row is None:
        raise missing("account")
    return row


def _country(text: str) -> str:
    try:
        return Country.parse(text)
    except ValueError:
        raise ApiError("parameter_invalid", f"{text!r} is not an ISO 3166 country code.") from None


PAGES = [
    get("/operator/accounts", index, role="operator"),
    post("/operator/accounts", create, role="operator"),
    post("/operator/leave", leave, role="operator"),
    get("/operator/accounts/{id}", show, role="operator"),
    post("/operator/accounts/{id}/credit", credit, role="operator"),
    post("/operator/accounts/{id}/guards", set_guards, role="operator"),
    post("/operator/accounts/{id}/link", link, role="operator"),
    post("/operator/accounts/{id}/look", look_at, role="operator"),
]
