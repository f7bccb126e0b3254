"""Accepting outbound messages: the hot path.

Concurrent requests commit together in one call of the SQL function `sms_send`, which checks number, opt-out, balance
and idempotency key under the account's lock and gives each message a verdict of its own. What is answered is
rendered before, so that the stored answer to an idempotency key is the very bytes that were sent.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.http import idempotency
from nokyc.http.call import ENCODER, Answer, Call
from nokyc.http.errors import ApiError, missing
from nokyc.http.guard import check_url
from nokyc.http.urls import check_shape, refusals
from nokyc.kit import e164, gsm0338, ids, segments
from nokyc.kit.money import usd
from nokyc.kit.segments import Encoding
from nokyc.resources.carriers.destinations import check_allowed, check_dialable
from nokyc.resources.carriers.routing import MEDIA_COUNTRIES, Choice, Routing, queue_of
from nokyc.resources.sms.schemas import Sms, SmsCreate, show_sms
from nokyc.settings import Settings
from nokyc.store.batcher import Batcher
from nokyc.store.store import Store
from nokyc.store.tasks import SCHEDULE

MAX_CHARACTERS = 1_600
"""UTF-16 units."""
FREE_SEPTETS = 1_600
"""The documented 10 x 160: a GSM-7 body of so many septets is accepted though it needs 11 segments (F101)."""
SEND_AT_MIN = timedelta(minutes=1)
SEND_AT_MAX = timedelta(days=35)
MAX_CACHED = 100_000


@dataclass(frozen=True, slots=True)
class Sender:
    """What never changes about a number, so that it may be remembered."""

    e164: str
    carrier: str | None
    country: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that passed every check that needs no lock."""

    sender: Sender
    number_id: int
    encoding: Encoding
    segments: int
    choice: Choice

    @property
    def price_micro(self) -> int:
        return self.choice.price_micro * self.segments


class Intake:
    """Accepts messages for one api process."""

    def __init__(self, store: Store, routing: Routing, settings: Settings) -> None:
        self._store = store
        self._routing = routing
        self._settings = settings
        self._senders: OrderedDict[tuple[int, int], Sender] = OrderedDict()
        # Two batches at once would wait for each other at the account's row, and be half as large.
        self._batcher: Batcher[tuple[Any, ...], Any] = Batcher(self._commit, lanes=1)

    async def send(self, call: Call) -> Answer:
        """Accept one message for POST /v1/sms; the money is held, the sending is left to the outbox."""
        body: SmsCreate = call.body
        draft = await self.draft(call, body.from_, body.to, body.body, media_urls=body.media_urls or ())
        _check_send_at(body.send_at, call.now)
        now, sms_id = call.now, self._store.ids.new()
        scheduled = body.send_at is not None
        hold = 0 if scheduled else draft.price_micro
        content = _render(sms_id, draft, body, now, cost=None if scheduled else hold)
        text = call.render(ENCODER.encode(content))
        delay = (body.send_at - now) if body.send_at is not None else timedelta(0)
        validity = timedelta(seconds=self._settings.sms_validity_sec)
        queue = SCHEDULE if scheduled else queue_of(draft.choice.carriers[0])
        verdict = await self._batcher.submit(
            (
                now,
                call.account_id,
                sms_id,
                self._store.ids.new(),
                self._store.ids.new(),
                draft.number_id,
                draft.sender.e164,
                body.to,
                body.body,
                draft.encoding,
                draft.segments,
                draft.price_micro,
                hold,
                {"urls": body.media_urls} if body.media_urls else None,  # a bare list would be a second dimension
                None if body.metadata is None else body.metadata.decode(),
                call.request_id,
                body.send_at,
                call.wall + delay + validity,
                queue,
                call.wall + delay,
                call.idempotency_key,
                call.fingerprint,
                text,
            )
        )
        answer = _answer(verdict, text, draft)
        if answer.status == 201 and not answer.headers:
            self._store.wake(queue)
        return answer

    async def draft(self, call: Call, from_: str, to: str, body: str, *, media_urls: Sequence[str] = ()) -> Draft:
        """Everything that can be decided about a message without a lock.

        Raises:
            ApiError: 400 for the body, 404 for the sender, 422 for the destination, the length, the media or the route.
        """
        check_body(body)
        self.check_shapes(media_urls)
        number_id = ids.read("num", from_)
        sender = await self._sender(call.account_id, number_id)
        if sender is None or number_id is None:
            raise missing("number", param="from")
        if to == sender.e164:
            raise ApiError("destination_unsupported", "A number cannot send to itself.", param="to")
        await self.check_destination(call, to)
        encoding, count = segments.count(body)
        if media_urls:
            count = 1  # a message with media is one, however long its text (F111)
            self.check_urls(media_urls)
        check_length(body, encoding, count, call.caller.max_segments)
        choice = await self.route(call, to, number_carrier=sender.carrier, media=bool(media_urls))
        return Draft(sender, number_id, encoding, count, choice)

    async def check_destination(self, call: Call, to: str) -> None:
        """Raises ApiError 422 for what cannot exist, costs extra, or is not allowed to this account."""
        check_dialable(to)
        if call.caller.guarded:
            async with self._store.reading() as connection:
                await check_allowed(connection, call.account_id, to)

    async def route(self, call: Call, to: str, *, number_carrier: str | None = None, media: bool = False) -> Choice:
        """Who may take it. Raises ApiError 422 if nobody does."""
        choose = self._routing.choose
        livemode = call.caller.livemode
        choice = await choose(to, number_carrier=number_carrier, livemode=livemode)
        if not choice.carriers:
            raise ApiError("destination_unsupported", "No carrier reaches this destination.", param="to")
        if media:
            choice = await choose(to, number_carrier=number_carrier, livemode=livemode, media=True)
            if not choice.carriers or e164.country(to) not in MEDIA_COUNTRIES:
                raise ApiError("mms_unsupported", param="media_urls")
        return choice

    async def check_standing(self, call: Call, draft: Draft, to: str) -> None:
        """What `sms_send` would say now of number, recipient and balance; it judges again under the lock.

        Raises:
            ApiError: 422 for the number or the recipient, 402 for the balance.
        """
        async with self._store.reading() as connection:
            row = await connection.fetchrow(
                "SELECT m.status, m.off_now, a.balance_micro, EXISTS (SELECT 1 FROM opt_outs o WHERE o.account_id = $1"
                " AND o.number_id = $2 AND o.peer = $3) AS opted_out"
                " FROM numbers m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = $1 AND m.id = $2",
                call.account_id,
                draft.number_id,
                to,
            )
        assert row is not None  # numbers stay
        verdict = {"released": "released", "paused": "paused"}.get(row["status"], "ok")
        if verdict == "ok" and row["off_now"]:
            verdict = "paused"
        elif verdict == "ok" and row["opted_out"]:
            verdict = "opted_out"
        elif verdict == "ok" and row["balance_micro"] < draft.price_micro:
            verdict = "insufficient"
        _answer({"verdict": verdict, "balance_micro": row["balance_micro"]}, b"", draft)

    async def _sender(self, account_id: int, number_id: int | None) -> Sender | None:
        if number_id is None:
            return None
        sender = self._senders.get((account_id, number_id))
        if sender is None:
            async with self._store.reading() as connection:
                row = await connection.fetchrow(
                    "SELECT e164, carrier, country FROM numbers WHERE account_id = $1 AND id = $2",
                    account_id,
                    number_id,
                )
            if row is None:
                return None
            sender = self._senders[account_id, number_id] = Sender(**row)
            if len(self._senders) > MAX_CACHED:
                self._senders.popitem(last=False)
        return sender

    def check_shapes(self, media_urls: Sequence[str]) -> None:
        """Raises ApiError 400 for what is no URL."""
        for position, url in enumerate(media_urls):
            check_shape(url, f"media_urls[{position}]", allow_private=self._settings.webhook_allow_private)

    def check_urls(self, media_urls: Sequence[str]) -> None:
        """Raises ApiError 422 for a URL that leads where it must not."""
        for position, url in enumerate(media_urls):
            with refusals(f"media_urls[{position}]"):
                check_url(url, allow_private=self._settings.webhook_allow_private)

    async def _commit(self, items: Sequence[tuple[Any, ...]]) -> list[Any]:
        async with self._store.pool.acquire() as connection:
            rows = await connection.fetch(_SEND, self._store.clock.now(), *map(list, zip(*items, strict=True)))
        results = sorted(rows, key=lambda row: row["n"])
        if len(items) > 1:
            for position, row in enumerate(results):
                if row["verdict"] in _CROWDED_OUT:
                    results[position] = (await self._commit([items[position]]))[0]
        return results


def check_body(body: str) -> None:
    """Raises ApiError 400 for an empty or too long body."""
    if not body.strip():
        raise ApiError("parameter_invalid", "`body` must not be empty.", param="body")
    units = len(body) if body.isascii() else segments.units(body)
    if units > MAX_CHARACTERS:
        raise ApiError("body_too_long", f"`body` has {units} characters; 1,600 are allowed.", param="body")


def check_length(body: str, encoding: Encoding, count: int, allowed: int) -> None:
    """Raises ApiError 422 if it needs more segments than allowed."""
    if count <= allowed:
        return
    septets = gsm0338.encode(body) if encoding == "gsm7" else None
    if allowed == 10 and septets is not None and len(septets) <= FREE_SEPTETS:
        return
    message = f"This message would need {count} segments; {allowed} are allowed."
    raise ApiError("too_many_segments", message, param="body")


def _check_send_at(send_at: datetime | None, now: datetime) -> None:
    if send_at is None:
        return
    if send_at < now + SEND_AT_MIN:
        raise ApiError("send_at_invalid", "`send_at` must be at least a minute ahead.", param="send_at")
    if send_at > now + SEND_AT_MAX:
        raise ApiError("send_at_invalid", "`send_at` must be at most 35 days ahead.", param="send_at")


def _render(sms_id: int, draft: Draft, body: SmsCreate, now: datetime, *, cost: int | None) -> Sms:
    return show_sms(
        {
            "id": sms_id,
            "number_id": draft.number_id,
            "direction": "outbound",
            "sender": draft.sender.e164,
            "recipient": body.to,
            "body": body.body,
            "media_urls": body.media_urls or [],
            "segments": draft.segments,
            "status": "queued",
            "failure_code": None,
            "created_at": now,
            "send_at": body.send_at,
            "delivered_at": None,
            "cost_micro": cost,
            "metadata": None if body.metadata is None else body.metadata.decode(),
        }
    )


def _answer(verdict: Any, text: bytes, draft: Draft) -> Answer:
    """The verdict of the database as an answer, or as the refusal that it stands for."""
    match verdict["verdict"]:
        case "ok":
            return Answer(201, text=text)
        case "replay":
            return idempotency.replay(verdict["status"], verdict["response"], verdict["request_id"])
        case "mismatch":
            raise idempotency.mismatch()
        case "missing":
            raise missing("number", param="from")
        case "released":
            raise ApiError("number_released", param="from")
        case "paused":
            raise ApiError("number_paused", param="from")
        case "opted_out":
            raise ApiError("recipient_opted_out", param="to")
        case "velocity":
            raise ApiError("destination_velocity", param="to")
        case "spend_cap":
            raise ApiError("spend_cap_reached")
        case "insufficient":
            needed, available = usd(draft.price_micro), usd(verdict["balance_micro"])
            raise ApiError("balance_insufficient", f"This costs {needed} USD; {available} USD are available.")
        case other:
            raise AssertionError(f"sms_send gave the verdict {other}")


_CROWDED_OUT = ("insufficient", "spend_cap", "velocity")
"""Verdicts that may be a neighbour's fault, who was counted though he was refused: these are asked again, alone."""
_SEND = f"SELECT * FROM sms_send({', '.join(f'${n}' for n in range(1, 25))})"  # noqa: S608 - placeholders only
