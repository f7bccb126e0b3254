"""One bind over one connection: sequence numbers, the requests that wait for their answer, and the timers."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from nokyc.carriers.smpp.config import Timers
from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.pdu import (
    MAX_SEQUENCE,
    RESPONSE_BIT,
    AlertNotification,
    Bind,
    BindResp,
    Deframer,
    DeliverSm,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    Unbind,
    UnbindResp,
    parse,
)
from nokyc.carriers.smpp.status import RINVCMDID, RINVCMDLEN, ROK, status_name

TICKS_PER_TIMER = 10
"""Timers are looked at this often within the shortest of them: one timer a session, not one a request."""
UNBIND_WAIT_SEC = 2.0
UNBOUND = "unbound by the SMSC"


class LinkError(Exception):
    """No bind came about; says why in words for the operator."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What a request gets that stays without an answer."""

    written: bool
    """False: it never left this machine."""
    why: str


Answer = Pdu | Lost


class Session(asyncio.Protocol):
    """Made by `open_session`. `closed` resolves to the reason, once, when the connection has gone."""

    def __init__(
        self,
        timers: Timers,
        on_deliver: Callable[["Session", DeliverSm], None],
        counters: Counter[str],
    ) -> None:
        self._timers = timers
        self._on_deliver = on_deliver
        self._counters = counters
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._deframer = Deframer()
        self._sequence = 0
        self._waiting: dict[int, tuple[asyncio.Future[Answer], float]] = {}
        self._frames: list[bytes] = []
        self._unwritten: list[int] = []
        self._heard_at = self._loop.time()
        self._enquired = False
        self._tick: asyncio.TimerHandle | None = None
        self._reason = ""
        self._leaving: asyncio.Task[None] | None = None
        self.closed: asyncio.Future[str] = self._loop.create_future()

    # --- for the link and the carrier

    @property
    def in_flight(self) -> int:
        """Requests without an answer so far."""
        return len(self._waiting)

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._reason

    @property
    def takes_requests(self) -> bool:
        """Not once the SMSC said goodbye."""
        return self.is_open and self._leaving is None

    async def bind(self, request: Bind) -> None:
        """LinkError with the SMSC's own word for it if it does not want us."""
        answer = await self.request(request)
        if isinstance(answer, Lost):
            raise LinkError(answer.why)
        if answer.status != ROK:
            raise LinkError(f"refused: {status_name(answer.status)}")
        if not isinstance(answer, BindResp) or answer.command != request.command | RESPONSE_BIT:
            raise LinkError("refused: the answer is not a bind response")

    def request(self, pdu: Pdu) -> asyncio.Future[Answer]:
        """Send; the future never raises. PduError at once if the PDU cannot be written."""
        answer: asyncio.Future[Answer] = self._loop.create_future()
        if not self.takes_requests:
            answer.set_result(Lost(False, self._reason or (UNBOUND if self._leaving else "not connected")))
            return answer
        sequence = self._next_sequence()
        pdu.sequence = sequence
        self._send(bytes(pdu))
        self._waiting[sequence] = answer, self._loop.time() + self._timers.response_sec
        self._unwritten.append(sequence)
        return answer

    def reply(self, pdu: Pdu) -> None:
        """Send a response; into the void if the connection has gone: then the far end asks again."""
        if self.is_open:
            self._send(bytes(pdu))

    async def settle(self, within_sec: float) -> None:
        """Wait until every request has its answer, or the time is over."""
        if self._waiting:
            await asyncio.wait([answer for answer, _ in self._waiting.values()], timeout=within_sec)

    async def unbind(self) -> None:
        """Say goodbye and close."""
        if self.is_open:
            farewell = self.request(Unbind())
            await asyncio.wait([farewell], timeout=min(UNBIND_WAIT_SEC, self._timers.response_sec))
        self.close("unbound")

    def close(self, reason: str, *, flush: bool = False) -> None:
        """End the connection; `flush` lets what was written go out first."""
        if self._reason:
            return
        if flush:
            self._flush()
        self._reason = reason
        if self._transport is None:
            return
        if flush:
            self._transport.close()
            self._loop.call_later(UNBIND_WAIT_SEC, self._transport.abort)
        else:
            self._transport.abort()  # a close would wait for a peer that does not read

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being a subclass
        self._heard_at = self._loop.time()
        self._schedule_tick()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reason = self._reason or (f"connection lost: {exc}" if exc else "closed by the SMSC")
        if self._tick:
            self._tick.cancel()
        unwritten = set(self._unwritten)
        waiting, self._waiting = self._waiting, {}
        for sequence, (answer, _) in waiting.items():
            _resolve(answer, Lost(sequence not in unwritten, self._reason))
        _resolve(self.closed, self._reason)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        try:
            for frame in self._deframer.feed(data):
                self._on_frame(frame)
        except PduError as error:
            self._counters["malformed"] += 1
            self.close(f"not SMPP: {error}")

    # --- what comes in

    def _on_frame(self, frame: bytes) -> None:
        try:
            pdu = parse(frame)
        except PduError as error:
            self._on_malformed(error)
            return
        if pdu.command & RESPONSE_BIT:
            self._on_answer(pdu.sequence, pdu)
            return
        match pdu:
            case DeliverSm():
                self._on_deliver(self, pdu)
            case EnquireLink():
                self.reply(EnquireLinkResp(sequence=pdu.sequence))
            case Unbind():
                self._leaving = self._leaving or self._loop.create_task(self._leave(pdu.sequence))
            case AlertNotification() | Outbind():
                pass
            case _:
                self.reply(GenericNack(sequence=pdu.sequence, status=RINVCMDID))

    def _on_answer(self, sequence: int, answer: Answer) -> None:
        waiting = self._waiting.pop(sequence, None)
        if waiting is None:
            self._counters["late_answers"] += 1
            return
        _resolve(waiting[0], answer)

    async def _leave(self, sequence: int) -> None:
        """The SMSC wants to end this. Answers that are on their way are waited for: what stays without one goes out
        once more."""
        await self.settle(UNBIND_WAIT_SEC)
        self.reply(UnbindResp(sequence=sequence))
        self.close(UNBOUND, flush=True)

    def _on_malformed(self, error: PduError) -> None:
        self._counters["malformed"] += 1
        if error.command & RESPONSE_BIT:
            self._on_answer(error.sequence, Lost(True, f"unreadable answer: {error}"))
        else:
            status = RINVCMDID if error.unknown else RINVCMDLEN
            self.reply(GenericNack(sequence=error.sequence, status=status))

    # --- what goes out

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % MAX_SEQUENCE + 1
        return self._sequence

    def _send(self, frame: bytes) -> None:
        # One write for all that is sent within one turn of the loop: a system call costs more than a PDU.
        if not self._frames:
            self._loop.call_soon(self._flush)
        self._frames.append(frame)

    def _flush(self) -> None:
        if not self._frames or not self.is_open:
            return
        assert self._transport is not None
        if self._transport.is_closing():
            return
        self._transport.write(b"".join(self._frames))
        self._frames.clear()
        self._unwritten.clear()

    # --- timers

    def _schedule_tick(self) -> None:
        shortest = min(self._timers.response_sec, self._timers.idle_sec)
        self._tick = self._loop.call_later(shortest / TICKS_PER_TIMER, self._on_tick)

    def _on_tick(self) -> None:
        now = self._loop.time()
        for sequence, (answer, deadline) in list(self._waiting.items()):
            if deadline > now:
                break  # they were added in order, and all may take the same time
            del self._waiting[sequence]
            _resolve(answer, Lost(sequence not in self._unwritten, "no answer in time"))
            self._enquire_if_silent_since(deadline - self._timers.response_sec)
        self._enquire_if_silent_since(now - self._timers.idle_sec)
        if self.is_open:
            self._schedule_tick()

    def _enquire_if_silent_since(self, instant: float) -> None:
        if self._heard_at > instant or self._enquired or not self.is_open:
            return
        self._enquired = True
        self.request(EnquireLink()).add_done_callback(self._on_enquired)

    def _on_enquired(self, answer: asyncio.Future[Answer]) -> None:
        self._enquired = False
        if isinstance(answer.result(), Lost):
            self.close("enquire_link unanswered")


async def open_session(
    address: tuple[str, int],
    tls: ssl.SSLContext | None,
    timers: Timers,
    on_deliver: Callable[[Session, DeliverSm], None],
    counters: Counter[str],
) -> Session:
    """Connect, without a bind so far. LinkError if nobody is there."""
    host, port = address
    try:
        async with asyncio.timeout(timers.connect_sec):
            _, session = await asyncio.get_running_loop().create_connection(
                lambda: Session(timers, on_deliver, counters), host, port, ssl=tls
            )
    except TimeoutError:
        raise LinkError("no connection in time") from None
    except (OSError, ssl.SSLError) as error:
        raise LinkError(f"no connection: {error}") from None
    return session


def _resolve(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():  # whoever waited may have been cancelled
        future.set_result(result)
