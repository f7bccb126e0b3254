"""Two helpers for those who write a receiver: one checks a signature, the other puts the receiver to the test."""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.responses import Response

from nokyc.http.outbound import Failure, OutboundClient
from nokyc.kit import ids, signing
from nokyc.kit.clock import format_instant
from nokyc.panel.limits import limit
from nokyc.panel.page import get, post
from nokyc.panel.view import Filters, View
from nokyc.resources.events.schemas import Event, EventType
from nokyc.resources.webhooks import actions, queries

TIMEOUT_SEC = 5.0
"""For each question: whoever answers later than this would time out with real events sometimes."""
EXAMS_A_MINUTE = 10
"""Of one account: each is ten requests to an address that nobody has proven to be theirs."""
STALE_SEC = 600
SLOW_MS = 2_000
TYPE: EventType = "webhook_endpoint.test"
"""All questions are test events, so that no receiver takes them for something that happened."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request to the receiver, and what a sound one answers."""

    name: str
    why: str
    accepts: bool | None
    """A 2xx is right, a 4xx is right, or (None) either."""
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """How one question went."""

    name: str
    why: str
    passed: bool
    said: str
    elapsed_ms: int


async def check(view: View) -> Response:
    """Whether a signature fits, with any secret and body."""
    return view.page("signature.html", verdict=None, typed=Filters())


async def verify(view: View) -> Response:
    form = view.form
    typed = {name: form.raw(name) for name in ("secret", "header", "body")}
    now = int(view.wall.timestamp())
    try:
        signing.verify(typed["header"].strip(), typed["body"].encode(), [typed["secret"].strip()], now)
        verdict = {"ok": True, "reason": "", "detail": "The signature fits the body and is less than five minutes old."}
    except signing.SignatureError as error:
        verdict = {"ok": False, "reason": error.reason, "detail": str(error)}
    return view.page("part_verdict.html" if view.partial else "signature.html", verdict=verdict, typed=typed)


async def show(view: View) -> Response:
    endpoint = await view.api("webhook_endpoints.get", view.path("id"))
    return view.page("exam.html", endpoint=endpoint, marks=None, grade=None)


async def run(view: View) -> Response:
    """Ask the receiver everything, one after the other, and grade it."""
    endpoint = await view.api("webhook_endpoints.get", view.path("id"))
    await limit(view.desk.limiter, "exam", str(view.session.live_id), EXAMS_A_MINUTE)
    async with view.store.reading() as connection:
        row = await queries.get(connection, view.account_id, ids.read("whk", endpoint["id"]) or 0)
    held = actions.active_secrets(view.store.vault.open, row, view.now)
    async with view.desk.outbound() as client:
        marks = [await _ask(client, endpoint["url"], question) for question in _questions(view, held)]
    passed = sum(mark.passed for mark in marks)
    grade = {"passed": passed, "of": len(marks)}
    return view.page("part_marks.html" if view.partial else "exam.html", endpoint=endpoint, marks=marks, grade=grade)


def _questions(view: View, held: list[str]) -> list[Question]:
    now = int(view.wall.timestamp())
    first, second, third = (_event(view, n) for n in (1, 2, 3))
    signed = signing.signature_headers(held, first[0], first[1], now)
    stale = signing.signature_headers(held, second[0], second[1], now - STALE_SEC)
    ahead = signing.signature_headers(held, second[0], second[1], now + STALE_SEC)
    stranger = signing.signature_headers([signing.new_secret(_zeros)], second[0], second[1], now)
    later = signing.signature_headers(held, third[0], third[1], now)
    earlier = signing.signature_headers(held, second[0], second[1], now)
    again = signing.signature_headers(held, first[0], first[1], now + 1)
    tampered = first[1].replace(b'"exam":1', b'"exam":9')
    return [
        Question("valid", "An event that is signed as it should be is accepted.", True, signed, first[1]),
        Question("tampered", "A body that was changed on the way is refused.", False, signed, tampered),
        Question("forged", "A signature made with another secret is refused.", False, stranger, second[1]),
        Question("unsigned", "An event without a signature is refused.", False, {}, second[1]),
        Question("stale", "An event signed ten minutes ago is refused.", False, stale, second[1]),
        Question("from the future", "An event signed ten minutes ahead is refused.", False, ahead, second[1]),
        Question("replayed", "The very same request again does no harm: 2xx or 4xx.", None, signed, first[1]),
        Question("duplicated", "A known event that we repeat is accepted, or we go on.", True, again, first[1]),
        Question("out of order", "A later event that comes first is accepted.", True, later, third[1]),
        Question("and then the earlier", "And so is the earlier one after it.", True, earlier, second[1]),
    ]  # fmt: skip


async def _ask(client: OutboundClient, url: str, question: Question) -> Mark:
    headers = {"Content-Type": "application/json", **question.headers}
    answer = await client.post(url, question.body, headers, TIMEOUT_SEC)
    if isinstance(answer, Failure):
        return Mark(question.name, question.why, False, answer.detail, answer.elapsed_ms)
    accepted, refused = 200 <= answer.status < 300, 400 <= answer.status < 500
    right = {True: accepted, False: refused, None: accepted or refused}[question.accepts]
    slow = answer.elapsed_ms > SLOW_MS
    said = f"{answer.status}" + (", but slowly" if slow else "")
    return Mark(question.name, question.why, right and not slow, said, answer.elapsed_ms)


def _event(view: View, n: int) -> tuple[str, bytes]:
    """An event's id and JSON; nothing of it is stored."""
    event_id = ids.show("evt", view.store.ids.new())
    content: dict[str, Any] = {"object": {"object": "webhook_endpoint", "exam": n}}
    event = Event(
        id=event_id,
        type=TYPE,
        created=format_instant(view.now),
        livemode=view.account["livemode"],
        data=msgspec.Raw(msgspec.json.encode(content)),
        request_id=view.request_id,
        api_version=view.account["api_version"],
    )
    return event_id, msgspec.json.encode(event)


def _zeros(count: int) -> bytes:
    return bytes(count)


PAGES = [
    get("/webhooks/signature", check),
    post("/webhooks/signature", verify),
    get("/webhooks/{id}/exam", show),
    post("/webhooks/{id}/exam", run),
]
