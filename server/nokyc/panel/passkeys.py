"""Passkeys of a login: registering, naming and removing them. Signing in with one is the front door's."""

from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.kit import ids
from nokyc.panel import pages
from nokyc.panel.page import post
from nokyc.panel.settings import back, check_old
from nokyc.panel.view import View
from nokyc.panel.webauthn import Party, party_of
from nokyc.resources.logins import passkeys
from nokyc.store.store import Unit
from nokyc.store.vault import Vault


def user_handle(vault: Vault, account_id: int) -> bytes:
    """What authenticators know a login by; it tells nobody which one."""
    return vault.keyed_hash("passkey user", str(account_id))


async def ask(view: View) -> Response:
    """What the browser needs to make a passkey. Whoever adds one proves as much as who changes the password."""
    await check_old(view)
    party, account_id = _party(view), view.session.login_id
    name = "operator" if view.session.operator else ids.show("acct", account_id)
    user = user_handle(view.store.vault, account_id)

    async def work(unit: Unit) -> str:
        known = [row["credential"] for row in await passkeys.of_login(unit.connection, account_id)]
        challenge, options = party.ask_to_register(user, name, known)
        await passkeys.begin(unit, view.session.token, "register", challenge)
        return options

    options = await view.store.run(work)
    return Response(options, headers=pages.HEADERS, media_type="application/json")


async def add(view: View) -> Response:
    """Keep the passkey that the browser made."""
    party, form, session = _party(view), view.form, view.session
    name = form.maybe("name") or "Passkey"
    challenge = await view.store.run(lambda unit: passkeys.take(unit, session.token, "register"))
    if challenge is None:
        raise ApiError("parameter_invalid", "This took too long. Begin again.")
    made = party.check_registration(form.raw("credential"), challenge)

    async def work(unit: Unit) -> None:
        await passkeys.add(
            unit, session.login_id, credential=made.credential_id, public_key=made.credential_public_key,
            uses=made.sign_count, name=name,
        )  # fmt: skip
        await view.note(unit, "passkey_added", "", name)

    await view.store.run(work)
    return back(view, "passkey")


async def remove(view: View) -> Response:
    async def work(unit: Unit) -> None:
        name = await passkeys.remove(unit, view.session.login_id, ids.read("pky", view.path("id")) or 0)
        await view.note(unit, "passkey_removed", "", name)

    await view.store.run(work)
    return back(view, "removed")


def _party(view: View) -> Party:
    party = party_of(view.public_url)
    if party is None:
        raise ApiError("parameter_invalid", "Passkeys need a host name, and HTTPS.")
    return party


_PAGES = [("/passkeys/ask", ask), ("/passkeys", add), ("/passkeys/{id}/remove", remove)]

PAGES = [
    *(post(f"/settings/sign-in{path}", handler) for path, handler in _PAGES),
    *(post(f"/operator/sign-in{path}", handler, role="operator") for path, handler in _PAGES),
]
