"""The panel's pages."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from nokyc.http.schema import ListQuery
from nokyc.kit import ids
from nokyc.panel import sessions
from nokyc.panel.pages import HEADERS, HERE, page
from nokyc.resources.accounts import queries as accounts
from nokyc.resources.keys import queries as keys
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.numbers.schemas import NumberQuery, show_number
from nokyc.resources.sms import queries as sms
from nokyc.resources.sms.schemas import SmsQuery, show_sms
from nokyc.resources.webhooks import queries as webhooks
from nokyc.resources.webhooks.schemas import show_endpoint
from nokyc.store.store import Store

ROWS = 10


class Panel:
    """Handlers of /panel."""

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._public_url = public_url

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/panel", self.home),
            Route("/panel/sign-in/{token}", self.sign_in),
            Route("/panel/sign-out", self.sign_out, methods=["POST"]),
            Mount("/panel/static", StaticFiles(directory=HERE / "static")),
        ]

    async def sign_in(self, request: Request) -> Response:
        token = request.path_params["token"]
        session = await self._store.run(lambda unit: sessions.sign_in(unit, token))
        if session is None:
            return page("signed_out.html", 403, used=True)
        response = RedirectResponse("/panel", status_code=303, headers=HEADERS)
        sessions.set_cookie(response, session, secure=self._public_url.startswith("https:"))
        return response

    async def sign_out(self, request: Request) -> Response:
        await self._store.run(lambda unit: sessions.sign_out(unit, request))
        return RedirectResponse("/panel", status_code=303, headers=HEADERS)

    async def home(self, request: Request) -> Response:
        """Balance, numbers, messages, keys and endpoints of the live account or its sandbox."""
        now = self._store.clock.now()
        async with self._store.reading() as connection:
            live_id = await sessions.account_of(connection, request, now)
            if live_id is None:
                return page("signed_out.html", 401, used=False)
            test = request.query_params.get("mode") == "test"
            account_id = await connection.fetchval(
                "SELECT id FROM accounts WHERE live_id = $1 AND livemode = $2", live_id, not test
            )
            data: dict[str, Any] = {
                "test": test,
                "url": self._public_url,
                "account_id": ids.show("acct", live_id),
                "account": await accounts.show(connection, account_id, now),
                "numbers": [
                    show_number(row)
                    for row in await numbers.list_numbers(connection, account_id, NumberQuery(limit=ROWS))
                ][:ROWS],
                "messages": [show_sms(row) for row in await sms.list_sms(connection, account_id, SmsQuery(limit=ROWS))][
                    :ROWS
                ],
                "endpoints": [
                    show_endpoint(row)
                    for row in await webhooks.list_endpoints(connection, account_id, ListQuery(limit=ROWS))
                ][:ROWS],
                "keys": [row for row in await keys.of_owner(connection, live_id) if row["livemode"] != test],
            }
        return page("home.html", **data)
