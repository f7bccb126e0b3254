"""SMPP 3.4: MT leaves as submit_sm, MO and receipts both come as deliver_sm."""

import asyncio
import random as random_module
from collections import Counter
from collections.abc import Callable
from typing import Literal

from nokyc.carriers.port import (
    Accepted,
    LinkState,
    NotSent,
    Refused,
    Report,
    ReportSink,
    Submission,
    Throttled,
    Unknown,
    Verdict,
)
from nokyc.carriers.rate import HORIZON_SEC, Rate
from nokyc.carriers.smpp.config import SmppConfig, Timers
from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.inbound import read_inbound
from nokyc.carriers.smpp.inbox import Inbox
from nokyc.carriers.smpp.link import Link
from nokyc.carriers.smpp.outbound import write_submit
from nokyc.carriers.smpp.pdu import (
    Bind,
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    GenericNack,
    SubmitSmResp,
)
from nokyc.carriers.smpp.receipt import is_receipt, read_receipt, submitted_ref
from nokyc.carriers.smpp.session import Answer, LinkError, Lost, Session
from nokyc.carriers.smpp.status import ROK, RX_T_APPN, THROTTLED, status_name, verdict_of
from nokyc.kit.clock import Clock, SystemClock

PROBE_SEC = 12.0
WINDOW_FULL_RETRY_SEC = 0.2

_KINDS: dict[str, tuple[tuple[type[Bind], str], ...]] = {
    "transceiver": ((BindTransceiver, ""),),
    "transmitter_receiver": ((BindTransmitter, "-tx"), (BindReceiver, "-rx")),
}


class SmppCarrier:
    """One SMSC account: one or several links, one rate, one inbox."""

    unit: Literal["segment", "message"] = "segment"
    supports_media = False

    def __init__(
        self,
        config: SmppConfig,
        *,
        clock: Clock | None = None,
        random: Callable[[], float] = random_module.random,
        timers: Timers | None = None,
    ) -> None:
        self.name = config.name
        self._config = config
        self._clock = clock or SystemClock()
        self._timers = timers or Timers()
        self._random = random
        self._rate = Rate(config.tps)
        self._counters: Counter[str] = Counter()
        self._inbox: Inbox | None = None
        self._links = self._make_links()
        self._senders = [link for link in self._links if link.sends]
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def capacity(self) -> int:
        if self._stopping:
            return 0
        free = sum(link.free for link in self._senders)
        room = self._rate.room(self._now())
        return free if room is None else min(free, room)

    async def start(self, sink: ReportSink) -> None:
        self._inbox = Inbox(sink, self._read, self._counters)
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(link.run(), name=link.name) for link in self._links]

    async def submit(self, submission: Submission) -> Verdict:
        link = max(self._senders, key=lambda each: (each.free, each.session is not None))
        session = link.session
        if self._stopping or session is None or not session.is_open:
            return NotSent("no link")
        if not link.free:
            return Throttled(WINDOW_FULL_RETRY_SEC, "window full")
        wait_sec = self._rate.take_turn(self._now())
        if wait_sec > HORIZON_SEC:
            return Throttled(wait_sec, "over the rate")
        if wait_sec > 0:
            await self._wait_turn(link, wait_sec)
            if self._stopping:
                return NotSent("stopping")
        try:
            answer = session.request(write_submit(submission, self._config))
        except PduError as error:
            return Refused("carrier_rejected", str(error))
        verdict = self._verdict(link, await answer)
        if isinstance(verdict, NotSent) and not session.in_flight:
            session.close("no longer bound there")  # it would be turned away for ever; nobody else waits on it
        return verdict

    def links(self) -> list[LinkState]:
        states = [link.state() for link in self._links]
        if states:
            states[0].counters.update(self._counters)
        return states

    async def probe(self) -> LinkState:
        link = next((each for each in self._links if each.session), self._links[0])
        began_ms = self._clock.monotonic_ms()
        session = link.session
        try:
            async with asyncio.timeout(PROBE_SEC):
                session = session or await link.open()
                answer = await session.request(EnquireLink())
        except TimeoutError:
            return LinkState(link.name, False, f"no answer within {PROBE_SEC:.0f} s")
        except LinkError as error:
            return LinkState(link.name, False, str(error))
        finally:
            if session and session is not link.session:
                await session.unbind()
        if isinstance(answer, Lost):
            return LinkState(link.name, False, answer.why)
        took_ms = self._clock.monotonic_ms() - began_ms
        return LinkState(link.name, True, f"bound, enquire_link answered in {took_ms} ms")

    async def stop(self) -> None:
        self._stopping = True
        sessions = [link.session for link in self._links if link.session]
        for task in self._tasks:  # first, lest a link come back that nobody would end
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        waits = [session.settle(self._timers.drain_sec) for session in sessions]
        if self._inbox:
            waits.append(self._inbox.settle(self._timers.drain_sec))
        await asyncio.gather(*waits)
        await asyncio.gather(*(session.unbind() for session in sessions))
        await asyncio.gather(*(session.closed for session in sessions))
        if self._inbox:
            self._inbox.abandon()

    # --- below: in the order they are called above

    def _make_links(self) -> list[Link]:
        return [
            Link(
                f"{self.name}#{number}{suffix}",
                kind,
                self._config,
                self._timers,
                self._random,
                self._deliver,
                first_host=number - 1,
            )
            for number in range(1, self._config.binds + 1)
            for kind, suffix in _KINDS[self._config.bind]
        ]

    def _now(self) -> float:
        return self._clock.monotonic_ms() / 1000

    async def _wait_turn(self, link: Link, wait_sec: float) -> None:
        link.paced += 1
        try:
            await asyncio.sleep(wait_sec)
        finally:
            link.paced -= 1

    def _verdict(self, link: Link, answer: Answer) -> Verdict:
        verdict = self._judge(answer)
        link.counters[type(verdict).__name__.lower()] += 1
        return verdict

    def _judge(self, answer: Answer) -> Verdict:
        if isinstance(answer, Lost):
            return Unknown(answer.why) if answer.written else NotSent(answer.why)
        if not isinstance(answer, SubmitSmResp | GenericNack):
            return Unknown("the answer is not a submit_sm_resp")
        if answer.status in THROTTLED:
            self._rate.throttled(self._now())
        if answer.status != ROK:
            return verdict_of(answer.status, self._config.failure_codes)
        if not isinstance(answer, SubmitSmResp):
            return Unknown(f"generic_nack with {status_name(ROK)}")
        self._rate.accepted(self._now())
        return Accepted(submitted_ref(answer.message_id, self._config.id_format), answer.message_id)

    def _deliver(self, session: Session, pdu: DeliverSm) -> None:
        if self._inbox is None:  # a probe before the start: nobody would store it
            session.reply(DeliverSmResp(sequence=pdu.sequence, status=RX_T_APPN))
        else:
            self._inbox.put(session, pdu)

    def _read(self, pdu: DeliverSm) -> Report | None:
        if is_receipt(pdu):
            return read_receipt(
                pdu,
                id_format=self._config.id_format,
                now=self._clock.now(),
                utc_offset_min=self._config.receipt_utc_offset_min,
            )
        return read_inbound(pdu, self._config.default_alphabet)
