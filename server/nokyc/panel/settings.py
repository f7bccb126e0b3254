"""Settings: the account, how people sign in to it, and what was done."""

import io
import secrets
from datetime import timedelta
from typing import Any

import segno
from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.kit import ids, totp
from nokyc.panel import limits
from nokyc.panel.page import get, post
from nokyc.panel.view import View
from nokyc.panel.webauthn import party_of
from nokyc.resources.audit import queries as audit
from nokyc.resources.logins import actions, passkeys, queries
from nokyc.store.store import Unit
from nokyc.store.vault import WrongKeyError

LISTED = 50
OLD_A_MINUTE = 5
"""Passwords that somebody at an open page may try."""
PROOF_ENOUGH = ("link", "passkey")
PROOF_LASTS = timedelta(hours=1)
"""Ways to sign in after which nobody is asked for the password again, for so long."""
SETUP = "totp "
"""What a sealed secret begins with that is not in use yet, so that no other sealed thing passes for one."""


async def account(view: View) -> Response:
    return view.page("settings.html", figures=await view.api("account.get"))


async def set_account(view: View) -> Response:
    form = view.form
    segments = form.integer("max_segments")
    body: dict[str, Any] = {
        "default_country": form.maybe("default_country"),
        "opt_out_everywhere": form.flag("opt_out_everywhere"),
    }
    if segments is not None:
        body["max_segments"] = segments
    await view.api("account.update", body=body)
    return view.go("/settings", "saved")


async def sign_in(view: View) -> Response:
    session = view.session
    async with view.store.reading() as connection:
        login = await queries.find(connection, session.login_id)
        keys = await passkeys.of_login(connection, session.login_id)
        sessions = await queries.sessions(connection, session.live_id, operator=session.operator, now=view.wall)
    return view.page(
        "sign_in_settings.html",
        login=login,
        sessions=[dict(row) | {"shown": ids.show("ses", row["id"])} for row in sessions],
        passkeys=[dict(row) | {"shown": ids.show("pky", row["id"])} for row in keys],
        has_passkeys=party_of(view.public_url) is not None,
        current=session.id,
        prefix=_prefix(view),
    )


async def set_name(view: View) -> Response:
    async def work(unit: Unit) -> None:
        await actions.set_name(unit, view.session.login_id, view.form.maybe("name"))
        await _note(unit, view, "name_changed")

    await view.store.run(work)
    return back(view, "saved")


async def set_password(view: View) -> Response:
    """The old password is asked for, unless there is none or a one-time link has just let them in."""
    form, session = view.form, view.session
    password = form.raw("password")
    actions.check_password(password)
    if password != form.raw("again"):
        raise ApiError("parameter_invalid", "The two passwords differ.", param="again")
    await check_old(view)
    encoded = await view.desk.passwords.encode(password)

    async def work(unit: Unit) -> None:
        await actions.set_password(unit, session.login_id, encoded)
        await actions.end_other_sessions(unit, session.live_id, session.id, operator=session.operator)
        await _note(unit, view, "password_changed")

    await view.store.run(work)
    return back(view, "password")


async def begin_totp(view: View) -> Response:
    """A new secret for an app. It comes back, sealed, with the first code."""
    secret = secrets.token_bytes(totp.SECRET_BYTES)
    name = "operator" if view.session.operator else ids.show("acct", view.session.live_id)
    picture = io.BytesIO()
    segno.make(totp.uri(secret, name)).save(picture, kind="svg", xmldecl=False, svgns=True, scale=4, border=2, nl=False)
    sealed = view.store.vault.seal(SETUP.encode() + secret).hex()
    spelled = totp.spelled(secret)
    groups = " ".join(spelled[n : n + 4] for n in range(0, len(spelled), 4))
    return view.dialog(
        "part_totp.html", picture=picture.getvalue().decode(), spelled=groups, sealed=sealed, prefix=_prefix(view)
    )


async def set_totp(view: View) -> Response:
    try:
        opened = view.store.vault.open(bytes.fromhex(view.form.raw("sealed")))
    except (ValueError, WrongKeyError):
        opened = b""
    if not opened.startswith(SETUP.encode()):
        raise ApiError("parameter_invalid", "Begin again: this form is broken.", param="sealed")

    async def work(unit: Unit) -> None:
        await actions.set_totp(unit, view.session.login_id, opened[len(SETUP) :], view.form.raw("code"))
        await _note(unit, view, "second_factor_on")

    await view.store.run(work)
    return back(view, "totp")


async def clear_totp(view: View) -> Response:
    await check_old(view)

    async def work(unit: Unit) -> None:
        await actions.clear_totp(unit, view.session.login_id)
        await _note(unit, view, "second_factor_off")

    await view.store.run(work)
    return back(view, "saved")


async def end_session(view: View) -> Response:
    session_id = ids.read("ses", view.path("id"))
    session = view.session

    async def work(unit: Unit) -> None:
        await actions.end_session(unit, session.live_id, session_id or 0, operator=session.operator)
        await _note(unit, view, "session_ended")

    await view.store.run(work)
    return back(view, "ended")


async def activity(view: View) -> Response:
    query = view.filters("actor", "after")
    below = ids.read("aud", query["after"])
    async with view.store.reading() as connection:
        rows = await audit.of_account(
            connection, view.session.live_id, limit=LISTED, below=below, actor=query.get("actor")
        )
    following = ids.show("aud", rows[LISTED - 1]["id"]) if len(rows) > LISTED else None
    return view.page("activity.html", entries=rows[:LISTED], query=query, next=following)


async def check_old(view: View) -> None:
    """Raises ApiError 403 unless the password is right, 429 after too many that were tried; who has just come by a
    link or a passkey has proven enough."""
    async with view.store.reading() as connection:
        login = await queries.find(connection, view.session.login_id)
        method = await queries.method(connection, view.session.live_id, view.session.id, view.wall - PROOF_LASTS)
    if login is None or login["password"] is None or method in PROOF_ENOUGH:
        return
    await limits.limit(view.desk.limiter, "old password", str(view.session.login_id), OLD_A_MINUTE)
    if not await view.desk.passwords.fits(login["password"], view.form.raw("old")):
        raise ApiError("scope_insufficient", "The old password is wrong.", param="old")


async def _note(unit: Unit, view: View, action: str) -> None:
    await view.note(unit, action, "")


def _prefix(view: View) -> str:
    return "/panel/operator/sign-in" if view.session.operator else f"{view.base}/settings/sign-in"


def back(view: View, done: str) -> Response:
    """To the page about signing in, where it is said what was done."""
    return view.redirect(f"{_prefix(view)}?done={done}")


_SIGN_IN = [
    ("/name", set_name),
    ("/password", set_password),
    ("/totp", begin_totp),
    ("/totp/confirm", set_totp),
    ("/totp/clear", clear_totp),
    ("/sessions/{id}/end", end_session),
]

PAGES = [
    get("/settings", account),
    post("/settings", set_account),
    get("/settings/activity", activity),
    get("/settings/sign-in", sign_in),
    *(post(f"/settings/sign-in{path}", handler) for path, handler in _SIGN_IN),
    get("/operator/sign-in", sign_in, role="operator"),
    *(post(f"/operator/sign-in{path}", handler, role="operator") for path, handler in _SIGN_IN),
]
