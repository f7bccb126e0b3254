"""The panel: its pages put together, each behind the same door."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute
from starlette.routing import Route as Path

from nokyc.http.edge import STATE_KEY
from nokyc.http.errors import ApiError
from nokyc.kit.faults import where
from nokyc.panel import forms, limits, pages, sessions
from nokyc.panel.routes import PAGES, Page
from nokyc.panel.signin import SignIn
from nokyc.panel.view import Desk, View
from nokyc.store.store import LOST

SIDES = (("/panel/test", True), ("/panel", False))
"""Where the sandbox's pages and the live account's are."""

FORMS_A_MINUTE = 300
"""Of one account; people do not type that fast."""

log = structlog.get_logger("nokyc.panel")


class Panel:
    """Everything below /panel."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sign_in = SignIn(desk)

    @property
    def routes(self) -> list[BaseRoute]:
        doors: list[BaseRoute] = [Path("/panel/static/{name}", pages.ASSETS.serve)]
        doors += [_door(method, path, handler) for method, path, handler in self._sign_in.doors]
        for prefix, testing in SIDES:
            for page in PAGES:
                if not (testing and page.role == "operator"):
                    doors.append(_door(page.method, prefix + page.path, partial(self._serve, page, testing)))
        return doors

    async def _serve(self, page: Page, testing: bool, request: Request) -> Response:
        wall = self._desk.store.clock.now()
        async with self._desk.store.reading() as connection:
            session = await sessions.find(connection, request, wall, testing=testing)
        if session is None:
            return self._sign_in.signed_out(request)
        if page.role == "operator" and not session.operator:
            raise ApiError("route_not_found", "There is no such page.")
        if page.role == "account" and session.account is None:
            return RedirectResponse("/panel/operator", 303, pages.HEADERS)
        view = View(request, session, self._desk, testing, wall)
        if page.method == "POST":
            view.form = await forms.read_form(request)
            proof = request.headers.get(forms.CSRF_HEADER) or view.form.raw(forms.CSRF_FIELD)
            if not forms.same_origin(request) or not forms.check_csrf(self._desk.store.vault, session, proof):
                raise ApiError("scope_insufficient", "This form is too old. Load the page again and repeat it.")
            # The API counts requests by key; a program with a cookie must not get around that.
            await limits.limit(self._desk.limiter, "forms", str(session.live_id), FORMS_A_MINUTE)
        return await page.handler(view)


def _door(method: str, path: str, handler: Callable[[Request], Awaitable[Response]]) -> Path:
    """A way in that answers whatever happens behind it."""

    async def serve(request: Request) -> Response:
        try:
            return await handler(request)
        except (*LOST, TimeoutError) as error:
            log.warning("unavailable", page=path, error=type(error).__name__)
            refusal = ApiError("service_unavailable")
        except ApiError as error:
            refusal = error
        except Exception as error:
            request_id = request.scope[STATE_KEY]
            log.error("failed", request_id=request_id, where=where(error), error=type(error).__name__)
            refusal = ApiError("internal_error")
        return _refused(request, refusal)

    return Path(path, serve, methods=[method])


def _refused(request: Request, refusal: ApiError) -> Response:
    """A refusal as a sentence where a script waits for one, else as a page."""
    data = {"refusal": refusal, "request_id": request.scope[STATE_KEY]}
    if request.headers.get("hx-request") == "true":
        answer = pages.page("refusal.html", refusal.status, **data)
        if request.method == "GET":  # what a page shows stays, if it cannot be renewed just now
            answer.headers["HX-Reswap"] = "none"
        return answer
    return pages.page("error.html", refusal.status, **data, theme="")
