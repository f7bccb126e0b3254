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
from nokyc.http.guard import UrlForbidden, UrlInvalid, check_url
from nokyc.kit import e164, gsm0338, ids, segments
from nokyc.kit.money import usd
from nokyc.kit.segments import Encoding
from nokyc.resources.carriers.routing import Choice, Routing
from nokyc.resources.sms.schemas import Sms, SmsCreate, show_sms
from nokyc.settings import Settings
from nokyc.store.batcher import Batcher
from nokyc.store.store import Store

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
        self._batcher: Batcher[tuple[Any, ...], Any] = Batcher(self._commit)

    async def send(self, call: Call) -> Answer:
        """Accept one message for POST /v1/sms; the money is held, the sending is left to the outbox."""
        body: SmsCreate = call.body
        draft = await self.draft(call, body.from_, body.to, body.body)
        await self._check_media(draft, body)
        _check_send_at(body.send_at, call.now)
        now, sms_id = call.now, self._store.ids.new()
        scheduled = body.send_at is not None
        hold = 0 if scheduled else draft.price_micro
        content = _render(sms_id, draft, body, now, cost=None if scheduled else hold)
        text = call.render(ENCODER.encode(content))
        delay = (body.send_at - now) if body.send_at is not None else timedelta(0)
        validity = timedelta(seconds=self._settings.sms_validity_sec)
        queue = "schedule" if scheduled else f"sms.{draft.choice.carriers[0]}"
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
                body.media_urls or None,
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

    async def draft(self, call: Call, from_: str | None, to: str, body: str) -> Draft:
        """Everything that can be decided about a message without a lock.

        Raises:
            ApiError: 400 for the body, 404 for the sender, 422 for the destination, the length or the route.
        """
        check_body(body)
        number_id = ids.read("num", from_) if from_ is not None else None
        sender = await self._sender(call.account_id, number_id)
        if sender is None:
            raise missing("number", param="from")
        assert number_id is not None
        await self._check_destination(call, sender, to)
        encoding, count = segments.count(body)
        check_length(body, encoding, count, call.caller.max_segments)
        choice = await self._routing.choose(to, number_carrier=sender.carrier, livemode=call.caller.livemode)
        if not choice.carriers:
            raise ApiError("destination_unsupported", "No carrier reaches this destination.", param="to")
        return Draft(sender, number_id, encoding, count, choice)

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

    async def _check_destination(self, call: Call, sender: Sender, to: str) -> None:
        kind = e164.kind(to)
        if kind == "forbidden":
            raise ApiError("destination_forbidden", "Emergency and premium-rate numbers are refused.", param="to")
        if kind == "unsupported" or to == sender.e164:
            message = "A number cannot send to itself." if to == sender.e164 else "This number cannot exist."
            raise ApiError("destination_unsupported", message, param="to")
        if call.caller.guarded:
            async with self._store.reading() as connection:
                allowed = await connection.fetchval(
                    "SELECT allowed_countries FROM accounts WHERE id = $1", call.account_id
                )
            if allowed is not None and e164.country(to) not in allowed:
                message = "The account does not allow this destination country."
                raise ApiError("destination_forbidden", message, param="to")

    async def _check_media(self, draft: Draft, body: SmsCreate) -> None:
        for position, url in enumerate(body.media_urls or ()):
            param = f"media_urls[{position}]"
            try:
                check_url(url, allow_private=self._settings.webhook_allow_private)
            except UrlInvalid as error:
                raise ApiError("url_invalid", f"Invalid URL: {error}.", param=param) from None
            except UrlForbidden as error:
                raise ApiError("url_forbidden", f"This URL is not allowed: {error}.", param=param) from None
        if body.media_urls and not await self._routing.takes_media(draft.choice, e164.country(body.to)):
            raise ApiError("mms_unsupported", param="media_urls")

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
