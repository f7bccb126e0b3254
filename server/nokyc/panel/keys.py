"""Developers: API keys, and the version that the account is pinned to."""

from typing import Any, get_args

from starlette.responses import Response

from nokyc.http.auth import Scope
from nokyc.http.errors import ApiError, missing
from nokyc.kit import ids
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.resources.keys import actions, queries
from nokyc.settings import API_VERSION
from nokyc.store.store import Connection, Unit


async def index(view: View) -> Response:
    async with view.store.reading() as connection:
        rows = await queries.of_account(connection, view.account_id)
    query = view.filters("scope")
    keys = [_shown(row, view) for row in rows if query.get("scope") in (None, row["scope"])]
    return view.page(
        "developers.html",
        keys=[key for key in keys if not key["revoked_at"]],
        revoked=[key for key in keys if key["revoked_at"]],
        version=view.account["api_version"],
        newest=API_VERSION,
        query=query,
        scopes=get_args(Scope),
    )


async def create(view: View) -> Response:
    scope = view.form.text("scope")
    if scope not in get_args(Scope):
        raise ApiError("parameter_invalid", "Choose what the key may do.", param="scope")

    async def work(unit: Unit) -> str:
        mode = "live" if view.account["livemode"] else "test"
        key_id, secret = await actions.create(unit, view.account_id, scope=scope, mode=mode)  # type: ignore[arg-type]
        await view.note(unit, "keys.create", ids.show("key", key_id), scope)
        return secret

    return _show_secret(view, await view.store.run(work), "Your new key")


async def rotate(view: View) -> Response:
    async def work(unit: Unit) -> str:
        row = await _get(unit.connection, view)
        await view.note(unit, "keys.rotate", view.path("id"))
        return await actions.rotate(unit, row)

    return _show_secret(view, await view.store.run(work), "The key's new secret", rotated=True)


async def revoke(view: View) -> Response:
    async def work(unit: Unit) -> None:
        row = await _get(unit.connection, view)
        await view.note(unit, "keys.revoke", view.path("id"))
        await actions.revoke(unit, row["id"])

    await view.store.run(work)
    return view.go("/developers", "revoked")


async def _get(connection: Connection, view: View) -> Any:
    """The key in the path. Raises ApiError 404 unless it is a working one of this account."""
    key_id = ids.read("key", view.path("id"))
    row = None if key_id is None else await queries.find(connection, key_id)
    if row is None or row["account_id"] != view.account_id:
        raise missing("key")
    return row


def _shown(row: Any, view: View) -> dict[str, Any]:
    until = row["previous_expires_at"]
    overlapping = until is not None and until > view.now
    return {
        "id": ids.show("key", row["id"]),
        "mode": "live" if view.account["livemode"] else "test",
        "last4": row["last4"],
        "scope": row["scope"],
        "rate_limit": row["rate_limit"],
        "created_at": row["created_at"],
        "revoked_at": row["revoked_at"],
        "old_until": until if overlapping else None,
        "old_seconds": int((until - view.now).total_seconds()) if overlapping else 0,
        "old_used_at": row["previous_used_at"],
    }


def _show_secret(view: View, secret: str, title: str, *, rotated: bool = False) -> Response:
    back = f"{view.base}/developers"
    return view.dialog("part_secret.html", title=title, secret=secret, back=back, rotated=rotated)


PAGES = [
    get("/developers", index),
    post("/keys", create),
    post("/keys/{id}/rotate", rotate),
    post("/keys/{id}/revoke", revoke),
]
