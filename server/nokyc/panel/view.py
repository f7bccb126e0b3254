"""What a page is given: whose session it is, the API for that account, and ways to answer."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from nokyc.http import idempotency
from nokyc.http.auth import Caller
from nokyc.http.call import Call
from nokyc.http.edge import STATE_KEY
from nokyc.http.errors import ApiError, missing
from nokyc.http.limiter import Limiter
from nokyc.http.operations import Operations
from nokyc.http.outbound import OutboundClient
from nokyc.http.schema import Query, body_of, query_of
from nokyc.kit import ids
from nokyc.panel import forms, navigation, pages
from nokyc.panel.forms import Form
from nokyc.panel.live import Hub
from nokyc.panel.passwords import Passwords
from nokyc.panel.sessions import Session
from nokyc.panel.speaker import Speaker
from nokyc.panel.waveforms import Waveforms
from nokyc.resources.audit import actions as audit
from nokyc.resources.calls.intake import Intake
from nokyc.settings import Settings
from nokyc.store.store import Store, Unit

RATE_LIMIT = 1_000_000
"""The panel is not counted against any key (decisions, section E)."""
THEME_COOKIE = "nokyc_theme"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)

Probe = Callable[[str, dict[str, Any], OutboundClient], Awaitable[tuple[bool, str]]]
"""Asks a carrier (kind, configuration) whether it is reached: yes or no, and in words."""


class Filters(dict[str, str]):
    """Filters by name; one that is not set reads as nothing."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all pages share; made by the composition root."""

    store: Store
    settings: Settings
    operations: Operations
    limiter: Limiter
    passwords: Passwords
    live: Hub
    probe: Probe
    speaker: Speaker
    calls: Intake
    waveforms: Waveforms

    @asynccontextmanager
    async def outbound(self) -> AsyncIterator[OutboundClient]:
        """A client for one page's requests to the world outside."""
        client = OutboundClient(allow_private=self.settings.webhook_allow_private)
        try:
            yield client
        finally:
            await client.close()


def since_midnight(day: str) -> str:
    """A day in a filter is its beginning in UTC; other values stay as they are."""
    return f"{day}T00:00:00Z" if _DAY.fullmatch(day) else day


@dataclass(slots=True)
class View:
    """One request of somebody who is signed in."""

    request: Request
    session: Session
    desk: Desk
    testing: bool
    wall: datetime
    form: Form = field(default_factory=lambda: Form({}))

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def base(self) -> str:
        """Where this side of the account begins."""
        return "/panel/test" if self.testing else "/panel"

    @property
    def account(self) -> Any:
        return self.session.account

    @property
    def account_id(self) -> int:
        return int(self.account["id"])

    @property
    def livemode(self) -> bool:
        return bool(self.account["livemode"])

    @property
    def now(self) -> datetime:
        """Account time."""
        return self.wall + timedelta(seconds=self.account["clock_offset_sec"])

    @property
    def request_id(self) -> str:
        return str(self.request.scope[STATE_KEY])

    @property
    def public_url(self) -> str:
        return self.desk.settings.public_url

    @property
    def partial(self) -> bool:
        """Whether a script asked, for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    def path(self, name: str) -> str:
        """A part of the path. Raises ApiError 404 for U+0000, which nothing has in its name."""
        value = str(self.request.path_params[name])
        if "\0" in value:
            raise missing()
        return value

    def asked(self, name: str) -> str | None:
        """A filter from the URL; None if it is not set. Raises ApiError 400 for U+0000, which no column can have."""
        value = self.request.query_params.get(name) or None
        if value is not None and "\0" in value:
            raise ApiError("parameter_invalid", "The query string has the character U+0000.", param=name)
        return value

    def day(self, name: str) -> datetime | None:
        """A filter that is a day: its beginning in UTC; None if it is not set. Raises ApiError 400."""
        value = self.asked(name)
        try:
            return None if value is None else datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            raise ApiError("parameter_invalid", f"`{name}` is no day.", param=name) from None

    def filters(self, *names: str) -> "Filters":
        """Those of the filters that are set."""
        return Filters({name: value for name in names if (value := self.asked(name)) is not None})

    def list_query(self, schema: type[Any], asked: Mapping[str, str]) -> Any:
        """Filters of a list as the API's query has them; `party` is the panel's own. Raises ApiError 400."""
        return query_of(schema, [(name, since_midnight(value)) for name, value in asked.items() if name != "party"])

    async def active_numbers(self, chosen: str | None = None) -> list[Any]:
        """What can be sent and called from, as many as a list has; and the one that was chosen, whatever it is: another
        must not take its place unseen."""
        found = await self.api("numbers.list", query={"limit": "100", "status": "active"})
        numbers = list(found["data"])
        if chosen is not None and chosen not in {number["id"] for number in numbers}:
            numbers.insert(0, await self.api("numbers.get", chosen))
        return numbers

    async def api(
        self,
        operation: str,
        item: str | None = None,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
        audit: bool = True,
    ) -> Any:
        """What the API answers to this account, as JSON; money as Decimal. Changes are written into the audit log.

        Raises:
            ApiError: what the API refuses.
        """
        route = self.desk.operations.find(operation)
        path = {} if item is None else {"id": item}
        call = Call(self.request_id, self._caller(), self.wall, "", path, self.store, lambda text: text)
        if key is not None:
            call.idempotency_key = idempotency.read_key(f"panel-{key}")
            call.fingerprint = idempotency.fingerprint(route.method, route.path, dict(body or {}))

        def prepare() -> None:
            if route.body is not None:
                call.body = body_of(route.body, body or {})
            call.query = query_of(route.query or Query, list((query or {}).items()))

        async def also(unit: Unit) -> None:
            await self.note(unit, operation, item or "")

        noted = audit and route.method != "GET" and route.mutates and not route.direct
        answer = await self.desk.operations.run(route, call, prepare, also if noted else None)
        return None if not answer.text else _DECODER.decode(answer.text)

    def read(self, schema: type[Any], body: Mapping[str, Any]) -> Any:
        """A form's values as an operation takes them. Raises ApiError 400."""
        return body_of(schema, body)

    async def note(self, unit: Unit, action: str, subject: str, detail: str = "") -> None:
        """Write down what is done here, together with it."""
        side = "test mode" if self.testing else ""
        await audit.record(
            unit, self.session.live_id, actor=self.session.actor, action=action, subject=subject,
            request_id=self.request_id, detail=", ".join(filter(None, (side, detail))),
        )  # fmt: skip

    def page(self, template: str, status: int = 200, /, **data: Any) -> HTMLResponse:
        """A whole page, or what changes on it."""
        gzipped = "gzip" in self.request.headers.get("accept-encoding", "")
        return pages.page(template, status, gzipped=gzipped, **self._surroundings(), **data)

    def go(self, path: str, done: str = "", **query: str) -> Response:
        """To another page of this side; `done` names what happened, and is said there."""
        parameters = {name: value for name, value in {**query, "done": done}.items() if value}
        url = f"{self.base}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        return self.redirect(url)

    def redirect(self, url: str) -> Response:
        if self.partial:
            return Response(headers={**pages.HEADERS, "HX-Redirect": url})
        return RedirectResponse(url, 303, pages.HEADERS)

    def dialog(self, template: str, **data: Any) -> HTMLResponse:
        """Something that is shown once, over the page; without scripts, as a page."""
        if not self.partial:
            return self.page("shown_once.html", part=template, **data)
        answer = self.page(template, **data)
        answer.headers["HX-Retarget"] = "#once"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer

    def _caller(self) -> Caller:
        account = self.account
        return Caller(
            key_id=0,
            account_id=account["id"],
            livemode=account["livemode"],
            scope="admin",
            rate_limit=RATE_LIMIT,
            api_version=account["api_version"],
            clock_offset=timedelta(seconds=account["clock_offset_sec"]),
            max_segments=account["max_segments"],
            guarded=account["allowed_countries"] is not None,
        )

    def _surroundings(self) -> dict[str, Any]:
        session = self.session
        path = self.request.url.path.removeprefix("/panel").removeprefix("/test")
        theme: Literal["light", "dark", ""] = ""
        if self.request.cookies.get(THEME_COOKIE) in ("light", "dark"):
            theme = self.request.cookies[THEME_COOKIE]  # type: ignore[assignment]
        return {
            "base": self.base,
            "here": path,
            "url": self.request.url.path,
            "testing": self.testing,
            "operator": session.operator,
            "account": session.account,
            "account_name": ids.show("acct", session.live_id) if session.live_id else "",
            "csrf": forms.csrf_token(self.store.vault, session),
            "theme": theme,
            "public_url": self.public_url,
            "places": navigation.ACCOUNT if session.account is not None else [],
            "operator_places": navigation.OPERATOR if session.operator else [],
            "section": navigation.section_of(path),
            "tab": navigation.tab_of(path),
            "tabs": navigation.tabs_of,
            "done": self.asked("done"),
            "asked": self.request.query_params,
        }
