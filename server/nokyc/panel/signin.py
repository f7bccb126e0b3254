"""The front door: one-time links, passwords with second factors, and passkeys."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from webauthn.helpers.structs import AuthenticationCredential

from nokyc.http.edge import STATE_KEY
from nokyc.http.errors import ApiError
from nokyc.http.request import Request as Head
from nokyc.panel import forms, limits, pages, sessions
from nokyc.panel.passkeys import user_handle
from nokyc.panel.view import THEME_COOKIE, Desk
from nokyc.panel.webauthn import Party, credential_of, party_of, read_sign_in
from nokyc.resources.audit import actions as audit
from nokyc.resources.logins import actions, passkeys, queries
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Unit

TRIES_PER_NAME = 5
"""Passwords in any 60 seconds for one name."""
TRIES_PER_ADDRESS = 20
THEME_SEC = 365 * 86_400
INSTEAD = ", or use a one-time link"
CHALLENGE_COOKIE = "nokyc_passkey"
WRONG = "Name, password or code is wrong."


class SignIn:
    """Handlers of signing in and out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._secure = desk.settings.public_url.startswith("https:")
        self._has_passkeys = party_of(desk.settings.public_url) is not None

    @property
    def doors(self) -> list[tuple[str, str, Callable[[Request], Awaitable[Response]]]]:
        """Methods, paths and handlers."""
        return [
            ("GET", "/panel/sign-in", self.show),
            ("POST", "/panel/sign-in", self.by_password),
            ("POST", "/panel/sign-in/passkey/ask", self.ask_passkey),
            ("POST", "/panel/sign-in/passkey", self.by_passkey),
            ("GET", "/panel/sign-in/{token}", self.by_link),
            ("POST", "/panel/sign-out", self.sign_out),
            ("POST", "/panel/theme", self.theme),
        ]

    def signed_out(self, request: Request) -> Response:
        """What somebody sees who is not signed in; a script is sent here as a whole page."""
        if request.headers.get("hx-request") == "true":
            return Response(status_code=401, headers={**pages.HEADERS, "HX-Redirect": "/panel/sign-in"})
        return self._page(request, 401)

    async def show(self, request: Request) -> Response:
        return self._page(request, 200)

    async def by_link(self, request: Request) -> Response:
        """A link works once; what signs in by it needs no password and no second factor. Who only asks whether it is
        there (HEAD) does not use it up."""
        if request.method == "HEAD":
            return self._page(request, 200)
        token, device = request.path_params["token"], _device(request)

        async def work(unit: Unit) -> tuple[int, str] | None:
            account_id = await sessions.use_link(unit, token)
            if account_id is None:
                return None
            await self._note(unit, request, account_id, "by link")
            return account_id, await sessions.begin(unit, account_id, device=device, method="link")

        begun = await self._desk.store.run(work)
        return self._page(request, 403, refusal="used") if begun is None else self._signed_in(*begun)

    async def by_password(self, request: Request) -> Response:
        form = await forms.read_form(request)
        try:
            if not forms.same_origin(request):
                raise ApiError("scope_insufficient", "This form came from another site.")
            name = form.raw("name").strip()
            await self._limit(request, name)
            async with self._desk.store.reading() as connection:
                login = await queries.by_name(connection, name)
            fits = await self._desk.passwords.fits(login and login["password"], form.raw("password"))
            if not fits or login is None:
                raise ApiError("scope_insufficient", WRONG)
            begun = await self._begin(request, login, form.raw("code"))
        except ApiError as refusal:
            return self._page(
                request, refusal.status, refusal=refusal.message, name=form.raw("name"), headers=refusal.headers
            )
        return self._signed_in(*begun)

    async def ask_passkey(self, request: Request) -> Response:
        """What a browser needs to sign in by a passkey; the challenge is good once, for this browser."""
        try:
            party = self._party(request)
            await limits.limit(self._desk.limiter, "passkey", self._address(request), TRIES_PER_ADDRESS)
        except ApiError as refusal:
            return Response(refusal.message, refusal.status, pages.HEADERS | refusal.headers, "text/plain")
        challenge, options = party.ask_to_sign_in()
        holder = secrets.token_urlsafe(24)
        await self._desk.store.run(lambda unit: passkeys.begin(unit, holder, "sign_in", challenge))
        response = Response(options, headers=pages.HEADERS, media_type="application/json")
        response.set_cookie(
            CHALLENGE_COOKIE, holder, max_age=int(passkeys.CHALLENGE_LIFETIME.total_seconds()), path="/panel/sign-in",
            secure=self._secure, httponly=True, samesite="strict",
        )  # fmt: skip
        return response

    async def by_passkey(self, request: Request) -> Response:
        """A passkey says who somebody is; with the user verified by the authenticator it is both factors in one."""
        form = await forms.read_form(request)
        try:
            party = self._party(request)
            await limits.limit(
                self._desk.limiter, "address", self._address(request), TRIES_PER_ADDRESS, otherwise=INSTEAD
            )
            answer = read_sign_in(form.raw("credential"))
            holder = request.cookies.get(CHALLENGE_COOKIE, "")
            challenge = await self._desk.store.run(lambda unit: passkeys.take(unit, holder, "sign_in"))
            if challenge is None:
                raise ApiError("scope_insufficient", "This took too long. Begin again.")
            begun = await self._desk.store.run(lambda unit: self._by_passkey(unit, request, party, answer, challenge))
        except ApiError as refusal:
            return self._page(request, refusal.status, refusal=refusal.message, headers=refusal.headers)
        return self._signed_in(*begun)

    async def _by_passkey(
        self, unit: Unit, request: Request, party: Party, answer: AuthenticationCredential, challenge: bytes
    ) -> tuple[int, str]:
        passkey = await passkeys.lock(unit, credential_of(answer))
        if passkey is None:
            raise ApiError("scope_insufficient", "Nobody here has this passkey; perhaps it was removed.")
        account_id = passkey["account_id"]
        proven = party.check_sign_in(answer, challenge, passkey, user_handle(unit.vault, account_id))
        await passkeys.record_use(unit, passkey, proven.new_sign_count)
        await self._note(unit, request, account_id, f"by the passkey {passkey['name']}")
        return account_id, await sessions.begin(unit, account_id, device=_device(request), method="passkey")

    def _party(self, request: Request) -> Party:
        party = party_of(self._desk.settings.public_url)
        if party is None or not forms.same_origin(request):
            raise ApiError("scope_insufficient", "There are no passkeys here.")
        return party

    async def sign_out(self, request: Request) -> Response:
        if forms.same_origin(request):
            await self._desk.store.run(lambda unit: sessions.end(unit, request))
        return RedirectResponse("/panel/sign-in", 303, pages.HEADERS)

    async def theme(self, request: Request) -> Response:
        """Light, dark, or as the system has it; back to where they came from."""
        form = await forms.read_form(request)
        chosen, back = form.raw("theme"), form.raw("back")
        response = RedirectResponse(back if back.startswith("/panel") else "/panel", 303, pages.HEADERS)
        if chosen in ("light", "dark"):
            response.set_cookie(THEME_COOKIE, chosen, max_age=THEME_SEC, path="/panel", samesite="lax", httponly=True)
        else:
            response.delete_cookie(THEME_COOKIE, path="/panel")
        return response

    async def _limit(self, request: Request, name: str) -> None:
        limiter = self._desk.limiter
        await limits.limit(limiter, "name", name.lower(), TRIES_PER_NAME, otherwise=INSTEAD)
        await limits.limit(limiter, "address", self._address(request), TRIES_PER_ADDRESS, otherwise=INSTEAD)

    def _address(self, request: Request) -> str:
        return Head.of(request.scope).origin(self._desk.settings.trusted_proxies)

    async def _begin(self, request: Request, login: Any, code: str) -> tuple[int, str]:
        account_id = login["account_id"]

        async def work(unit: Unit) -> tuple[int, str]:
            if not await actions.use_code(unit, account_id, code):
                raise ApiError("scope_insufficient", "Enter the code that your app shows now." if not code else WRONG)
            await self._note(unit, request, account_id, "by password")
            return account_id, await sessions.begin(unit, account_id, device=_device(request), method="password")

        return await self._desk.store.run(work)

    async def _note(self, unit: Unit, request: Request, account_id: int, how: str) -> None:
        actor = "operator" if account_id == OPERATOR else "account"
        await audit.record(
            unit, account_id, actor=actor, action="signed_in", subject="", detail=f"{how}, {_device(request)}",
            request_id=request.scope[STATE_KEY],
        )  # fmt: skip

    def _page(
        self,
        request: Request,
        status: int,
        *,
        refusal: str = "",
        name: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        theme = request.cookies.get(THEME_COOKIE, "")
        answer = pages.page(
            "sign_in.html", status, refusal=refusal, name=name, theme=theme, has_passkeys=self._has_passkeys
        )
        answer.headers.update(headers or {})
        return answer

    def _signed_in(self, account_id: int, token: str) -> Response:
        target = "/panel/operator" if account_id == OPERATOR else "/panel"
        response = RedirectResponse(target, 303, pages.HEADERS)
        sessions.set_cookie(response, token, secure=self._secure)
        return response


def _device(request: Request) -> str:
    return sessions.device_of(request.headers.get("user-agent", ""))
