"""Accepting outbound calls: whose number, where to, shown as whom, joined with what, for how much."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET, to_builtins

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.http.errors import ApiError, missing
from nokyc.http.guard import UrlForbidden, UrlInvalid, check_url
from nokyc.http.urls import check_shape, refusals, verdict
from nokyc.kit import e164
from nokyc.kit.ids import first_id_at
from nokyc.resources.calls import simulated
from nokyc.resources.calls.money import hold_first
from nokyc.resources.calls.schemas import ConnectTo, ToAgent, ToNumber, ToSpeech, ToStream
from nokyc.resources.calls.settle import IS_OPEN, begin
from nokyc.resources.carriers.destinations import check_allowed, check_dialable
from nokyc.resources.carriers.routing import Choice, Routing
from nokyc.resources.devices.queries import is_registered
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.numbers.assistant import find_assistant
from nokyc.resources.numbers.schemas import effective_status
from nokyc.resources.speech.queries import check_voice
from nokyc.settings import Settings
from nokyc.store.store import Connection, Unit
from nokyc.store.tasks import enqueue

QUEUE = "voice"
"""Calls that wait for a process that takes them."""
HIDE, ROTATE = "hide", "rotate"
HIDDEN = "hidden"
DEFAULT_VOICE = "neutral_en"
PICKUP = "ai-pickup"
RETRY_AFTER_SEC = 5
"""When to ask again for one more call than an account may have: one of so many has ended by then."""
VELOCITY_WINDOW = timedelta(hours=1)
PREFIX_CHARS = 7
"""A plus and the six digits that destinations share."""
WEB_SOCKETS = {"wss": "https", "ws": "http"}


@dataclass(frozen=True, slots=True)
class Order:
    """An outbound call that somebody wants."""

    account_id: int
    livemode: bool
    number_id: int | None
    to: str
    request_id: str
    now: datetime
    """Account time."""
    connect: ConnectTo | None = None
    callerid_mask: str | None = None
    recording: bool = False
    metadata: str | None = None
    against_stream: UrlInvalid | UrlForbidden | None = None
    """What the look-up of a stream's host found, which takes too long for a unit of work."""


class Intake:
    """Accepts outbound calls: those of the API, and those that devices dial."""

    def __init__(
        self, routing: Routing, settings: Settings, pick: Callable[[Sequence[str]], str] = secrets.choice
    ) -> None:
        self._routing = routing
        self._settings = settings
        self._pick = pick

    async def place(self, unit: Unit, order: Order, *, worker: str | None = None) -> Any:
        """Write a call down, with the money for its beginning; returns its row.

        It waits for a process that takes it, unless `worker` has it already. The simulated carrier's calls live in
        the schedule.

        Raises:
            ApiError: 404 for the number, 422 for what is impossible, 402 for the balance, 429 for too many at once.
        """
        self._check_shape(order)
        number = await numbers.find(unit.connection, order.account_id, order.number_id)
        if number is None:
            raise missing("number", param="from")
        choice = await self._check(unit.connection, order, number)
        callerid = await self._caller_id(unit.connection, order, number)
        connect, second_leg_micro = await self._connect(unit, order, number)
        price = choice.price_micro + second_leg_micro
        is_simulated = choice.carriers[0] == SIMULATED
        if is_simulated and worker is not None:
            raise ApiError("destination_unsupported", "No trunk reaches this destination.", param="to")
        call_id, max_sec = unit.ids.new(), self._settings.max_call_sec
        allowed, held = await hold_first(
            unit, order.account_id, call_id, price_micro=price, max_sec=max_sec, at=order.now
        )
        await self._check_room(unit.connection, order.account_id)
        row = await begin(
            unit,
            {
                "account_id": order.account_id, "id": call_id, "number_id": number["id"], "direction": "outbound",
                "caller": number["e164"], "callee": order.to, "status": "queued", "callerid": callerid,
                "connect": connect, "recording_enabled": order.recording, "metadata": order.metadata,
                "carrier": SIMULATED if is_simulated else None, "worker": worker, "price_micro": price,
                "held_micro": held, "allowed_sec": allowed, "request_id": order.request_id, "started_at": order.now,
                "seen_at": unit.wall,
            },
            "call.initiated",
        )  # fmt: skip
        if is_simulated:
            await simulated.plan(unit, row, "dialled", order.now, order.now)
        elif worker is None:
            await enqueue(unit, QUEUE, "call.place", order.account_id, call_id)
        return row

    async def quote(self, unit: Unit, order: Order) -> tuple[int, str]:
        """What a minute of such a call would cost, in micro-dollars, and what it would be joined with. Raises as
        `place` does, but for the balance."""
        number = await numbers.find(unit.connection, order.account_id, order.number_id)
        if number is None:
            raise missing("number", param="from")
        choice = await self._check(unit.connection, order, number)
        connect, second_leg_micro = await self._connect(unit, order, number)
        return choice.price_micro + second_leg_micro, connect["type"]

    def _check_shape(self, order: Order) -> None:
        """What is wrong whatever else is there. Raises ApiError 400."""
        if order.callerid_mask not in (None, HIDE, ROTATE):
            try:
                e164.parse(order.callerid_mask)
            except ValueError:
                message = "`callerid_mask` is `hide`, `rotate` or a number of yours in E.164."
                raise ApiError("parameter_invalid", message, param="callerid_mask") from None
        if isinstance(order.connect, ToStream):
            allow_private = self._settings.webhook_allow_private
            check_shape(_as_web(order.connect.url), "connect.url", allow_private=allow_private)

    async def _check(self, connection: Connection, order: Order, number: Any) -> Choice:
        """The number may call, and there is a way to the destination that the account allows."""
        status = effective_status(number)
        if status != "active":
            raise ApiError("number_released" if status == "released" else "number_paused", param="from")
        if order.to == number["e164"]:
            raise ApiError("destination_unsupported", "A number cannot call itself.", param="to")
        return await self._leg(connection, order, number, order.to, "to")

    async def _leg(self, connection: Connection, order: Order, number: Any, to: str, param: str) -> Choice:
        check_dialable(to, param=param)
        await check_allowed(connection, order.account_id, to, param=param)
        await _check_velocity(connection, order, to, param)
        choice = await self._routing.choose_voice(
            to, number_carrier=number["carrier"], livemode=order.livemode, connection=connection
        )
        if not choice.carriers:
            raise ApiError("destination_unsupported", "No carrier reaches this destination.", param=param)
        return choice

    async def _check_room(self, connection: Connection, account_id: int) -> None:
        """Calls of an account that cost money come here one by one: the hold has locked its balance."""
        begun = await connection.fetchval(
            f"SELECT count(*) FROM calls WHERE {IS_OPEN} AND account_id = $1"  # noqa: S608 - words of our own
            " AND direction = 'outbound'",
            account_id,
        )
        if begun >= self._settings.max_calls:
            message = f"Too many calls at the same time: an account may have {self._settings.max_calls}."
            raise ApiError("rate_limit_exceeded", message, headers={"Retry-After": str(RETRY_AFTER_SEC)})

    async def _caller_id(self, connection: Connection, order: Order, number: Any) -> str:
        """What is shown: only ever a number of the account's own, or nothing (decisions F93, M4)."""
        mask = order.callerid_mask
        own: str = number["e164"]
        if mask is None:
            return own
        if mask == HIDE:
            return HIDDEN
        if mask == ROTATE:
            return await self._rotated(connection, order, number)
        shown = await numbers.find_named(connection, order.account_id, mask)
        if shown is None or shown["status"] == "released":
            raise ApiError("callerid_not_owned", param="callerid_mask")
        return mask

    async def _rotated(self, connection: Connection, order: Order, number: Any) -> str:
        """Another active number of the account, of the same country if there is one; the same one if it is alone."""
        others = await connection.fetch(
            "SELECT e164, country FROM numbers WHERE account_id = $1 AND id <> $2 AND status = 'active'"
            " AND NOT off_now ORDER BY id",
            order.account_id,
            number["id"],
        )
        same_country = [row["e164"] for row in others if row["country"] == number["country"]]
        return self._pick(same_country or [row["e164"] for row in others] or [number["e164"]])

    async def _connect(self, unit: Unit, order: Order, number: Any) -> tuple[dict[str, Any], int]:
        """The near end of the call, and what it adds to the price of a minute (decision F100)."""
        has_agent = PICKUP in number["addons"]
        match order.connect:
            case None if await is_registered(unit.connection, order.account_id, number["id"], unit.wall):
                return {"type": "softphone"}, 0
            case None:
                assistant = await find_assistant(unit.connection, number)
                return {"type": "agent" if assistant.auto_pickup.enabled else "announcement"}, 0
            case ToAgent() if not has_agent:
                message = f"The number does not have the add-on {PICKUP}."
                raise ApiError("addon_required", message, param="connect")
            case ToSpeech(text=text, voice=voice):
                await check_voice(unit.connection, order.account_id, voice, param="connect.voice")
                return {"type": "say", "text": text, "voice": voice or DEFAULT_VOICE}, 0
            case ToNumber(to=to):
                if to in (order.to, number["e164"]):
                    message = "The two parties and the number must be different."
                    raise ApiError("destination_unsupported", message, param="connect.to")
                choice = await self._leg(unit.connection, order, number, to, "connect.to")
                return {"type": "number", "to": to}, choice.price_micro
            case ToStream(url=url):
                self._check_stream(url, order)
        return {name: value for name, value in to_builtins(order.connect).items() if value not in (None, UNSET)}, 0

    async def look_up(self, connect: ConnectTo | None) -> UrlInvalid | UrlForbidden | None:
        """What speaks against the host of a stream, for `Order.against_stream`."""
        if isinstance(connect, ToStream):
            with suppress(ApiError):  # what is no URL is told in its turn
                return await verdict(_as_web(connect.url), allow_private=self._settings.webhook_allow_private)
        return None

    def _check_stream(self, url: str, order: Order) -> None:
        """A WebSocket may lead where a webhook may."""
        with refusals("connect.url"):
            check_url(_as_web(url), allow_private=self._settings.webhook_allow_private)
            if order.against_stream is not None:
                raise order.against_stream


def _as_web(url: str) -> str:
    """The URL of a WebSocket as that of its handshake. Raises ApiError 400."""
    scheme, separator, rest = url.partition("://")
    if scheme.lower() not in WEB_SOCKETS or not separator:
        raise ApiError("url_invalid", "Invalid URL: it must begin with wss://.", param="connect.url")
    return f"{WEB_SOCKETS[scheme.lower()]}://{rest}"


async def _check_velocity(connection: Connection, order: Order, to: str, param: str) -> None:
    limit = await connection.fetchval("SELECT destination_velocity FROM accounts WHERE id = $1", order.account_id)
    if limit is None:
        return
    begun = await connection.fetchval(
        "SELECT count(*) FROM calls WHERE account_id = $1 AND id >= $2 AND started_at > $3 AND direction = 'outbound'"
        " AND (left(callee, $5) = left($4, $5) OR left(connect ->> 'to', $5) = left($4, $5))",
        order.account_id,
        first_id_at(order.now - VELOCITY_WINDOW) if order.livemode else 0,
        order.now - VELOCITY_WINDOW,
        to,
        PREFIX_CHARS,
    )
    if begun >= limit:
        raise ApiError("destination_velocity", param=param)
