"""Cmd-K: every place by its name, every object by its id, numbers by some of their digits, calls and voicemails by the
other party's number. And the stream of news that pages listen to."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response, StreamingResponse

from nokyc.http.errors import ApiError
from nokyc.kit import e164, ids
from nokyc.panel import pages
from nokyc.panel.navigation import ACCOUNT, DOINGS, OPERATOR, TABS
from nokyc.panel.page import get
from nokyc.panel.view import View
from nokyc.panel.words import party, when, words
from nokyc.resources.calls import queries as calls
from nokyc.resources.calls.schemas import CallQuery
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.operator import queries as operator
from nokyc.resources.voicemails import queries as voicemails
from nokyc.resources.voicemails.schemas import VoicemailQuery
from nokyc.store.store import Connection

SHOWN = 12
OF_PARTY = 3
"""Calls, and voicemails, of one number that are named one by one."""
WHOLE_NUMBER = 8
"""So many digits may be a number to call."""
OBJECTS = {
    "num": ("/numbers/", "Number", "phone"),
    "navail": ("/numbers/find/", "Number for sale", "phone"),
    "sms": ("/messages/", "Message", "chat"),
    "call": ("/calls/", "Call", "call"),
    "vm": ("/voicemails/", "Voicemail", "tape"),
    "evt": ("/events/", "Event", "bolt"),
    "whk": ("/webhooks/", "Webhook", "hook"),
    "key": ("/developers#", "API key", "key"),
    "req": ("/requests/", "Request", "list"),
}
"""Where the object of an id is shown, by the id's beginning."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette."""

    url: str
    label: str
    hint: str
    icon: str


async def find(view: View) -> Response:
    asked = (view.asked("q") or "").strip()
    hits = [*_by_id(view, asked), *await _by_digits(view, asked), *_places(view, asked)]
    if view.session.operator:
        hits += await _for_operator(view, asked)
    return view.page("part_palette.html", hits=hits[:SHOWN], q=asked)


async def news(view: View) -> Response:
    """What happens to this account from now on (live.py)."""
    if view.desk.live.full(view.account_id):
        raise ApiError("service_unavailable", headers={"Retry-After": "30"})
    headers = {**pages.HEADERS, "X-Accel-Buffering": "no"}
    return StreamingResponse(view.desk.live.stream(view.account_id), headers=headers, media_type="text/event-stream")


def _by_id(view: View, asked: str) -> list[Hit]:
    prefix = asked.partition("_")[0]
    known = OBJECTS.get(prefix)
    if known is None or view.account is None or (prefix != "req" and ids.read(prefix, asked) is None):
        return []
    path, label, icon = known
    return [Hit(f"{view.base}{path}{asked}", label, asked, icon)]


async def _by_digits(view: View, asked: str) -> list[Hit]:
    digits = "".join(c for c in asked if c.isdigit())
    if len(digits) < 3 or view.account is None or any(c.isalpha() for c in asked):
        return []
    async with view.store.reading() as connection:
        rows = await numbers.with_digits(connection, view.account_id, digits, limit=SHOWN)
        of_party = await _of_party(view, connection, digits) if len(digits) >= WHOLE_NUMBER else []
    hits = [
        Hit(f"{view.base}/numbers/{ids.show('num', row['id'])}", e164.display(row["e164"]), row["status"], "phone")
        for row in rows
    ]
    return hits + of_party


async def _of_party(view: View, connection: Connection, digits: str) -> list[Hit]:
    """The latest calls and voicemails of a number, all of them, and what can be done with it."""
    number, account_id, base = f"+{digits}", view.account_id, view.base
    query = f"%2B{digits}"
    called = await calls.list_calls(connection, account_id, CallQuery(limit=OF_PARTY), party=number)
    left = await voicemails.list_voicemails(connection, account_id, VoicemailQuery(limit=OF_PARTY), caller=number)
    hits = []
    for row in called[:OF_PARTY]:
        label = f"Call {'from' if row['direction'] == 'inbound' else 'to'} {party(number)}"
        hint = Markup("{}, {}").format(words(row["status"]), when(row["started_at"]))
        hits.append(Hit(f"{base}/calls/{ids.show('call', row['id'])}", label, hint, "call"))
    if called:
        hits.append(Hit(f"{base}/calls?party={query}", f"All calls with {party(number)}", "Calls", "list"))
    for row in left[:OF_PARTY]:
        url = f"{base}/voicemails/{ids.show('vm', row['id'])}"
        hits.append(Hit(url, f"Voicemail from {party(number)}", when(row["received_at"]), "tape"))
    hits.append(Hit(f"{base}/messages/new?to={query}", f"Write to {party(number)}", "New message", "pen"))
    hits.append(Hit(f"{base}/calls/new?to={query}", f"Call {party(number)}", "Place a call", "call"))
    return hits


def _places(view: View, asked: str) -> list[Hit]:
    here = [*ACCOUNT, *TABS, *DOINGS] if view.account is not None else []
    hits = [Hit(f"{view.base}{place.path}", place.label, place.hint, place.icon) for place in here]
    if view.session.operator:
        hits += [Hit(f"/panel{place.path}", place.label, "Operator", place.icon) for place in OPERATOR]
    wanted = asked.lower()
    unique = {hit.url: hit for hit in hits if wanted in f"{hit.label} {hit.hint}".lower()}
    return sorted(unique.values(), key=lambda hit: not hit.label.lower().startswith(wanted))


async def _for_operator(view: View, asked: str) -> list[Hit]:
    account_id = ids.read("acct", asked)
    async with view.store.reading() as connection:
        row = None if account_id is None else await operator.account(connection, account_id)
        names = [each["name"] for each in await operator.carriers(connection)] if asked else []
    found = [] if row is None else [Hit(f"/panel/operator/accounts/{asked}", "Account", asked, "people")]
    return found + [
        Hit(f"/panel/operator/carriers/{name}", name, "Carrier", "link") for name in names if asked.lower() in name
    ]


PAGES = [get("/find", find, role="anybody"), get("/news", news)]
