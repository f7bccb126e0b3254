"""deliver_sm on its way into the platform: reported in batches, acknowledged only once they are stored."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable

import structlog

from nokyc.carriers.port import Report, ReportSink
from nokyc.carriers.smpp.pdu import DeliverSm, DeliverSmResp
from nokyc.carriers.smpp.session import Session
from nokyc.carriers.smpp.status import RX_T_APPN

MAX_BATCH = 128
LANES = 2
"""Batches that are stored at once: an SMSC's window stands still less."""
GATHER_SEC = 0.004
"""Rest after several were acknowledged: an SMSC whose window was full sends as many again, which make one batch with
those that waited. Without it two halves of the window take turns, each with a commit of its own."""
MAX_WAITING = 1_000
"""deliver_sm held unacknowledged; beyond it the SMSC is told to come again."""

log = structlog.get_logger(__name__)


class Inbox:
    """A batch is what arrived while the sink was busy with the last one: one commit serves many acks."""

    def __init__(self, sink: ReportSink, read: Callable[[DeliverSm], Report | None], counters: Counter[str]) -> None:
        self._sink = sink
        self._read = read
        self._counters = counters
        self._waiting: deque[tuple[Session, int, Report]] = deque()
        self._lanes: set[asyncio.Task[None]] = set()

    def put(self, session: Session, pdu: DeliverSm) -> None:
        """Take one in; what is not worth a report is acknowledged at once."""
        report = self._read(pdu)
        if report is None:
            self._counters["ignored"] += 1
            session.reply(DeliverSmResp(sequence=pdu.sequence))
        elif len(self._waiting) >= MAX_WAITING:
            self._counters["turned_away"] += 1
            session.reply(DeliverSmResp(sequence=pdu.sequence, status=RX_T_APPN))
        else:
            self._waiting.append((session, pdu.sequence, report))
            if len(self._lanes) < LANES:
                lane = asyncio.get_running_loop().create_task(self._empty())
                self._lanes.add(lane)

    async def settle(self, within_sec: float) -> None:
        """Wait until all that came in is answered, or the time is over."""
        if self._lanes:
            await asyncio.wait(self._lanes, timeout=within_sec)

    def abandon(self) -> None:
        """Store nothing any more; the SMSC keeps what was not acknowledged."""
        self._waiting.clear()
        for lane in self._lanes:
            lane.cancel()

    async def _empty(self) -> None:
        try:
            while self._waiting:
                count = min(len(self._waiting), MAX_BATCH)
                await self._store([self._waiting.popleft() for _ in range(count)])
                if count > 1:
                    await asyncio.sleep(GATHER_SEC)
        finally:
            self._lanes -= {asyncio.current_task()}

    async def _store(self, batch: list[tuple[Session, int, Report]]) -> None:
        status = 0
        try:
            await self._sink([report for _, _, report in batch])
        except Exception as error:  # whatever it was: not stored, so not acknowledged
            log.warning("smpp.reports_not_stored", count=len(batch), error=type(error).__name__)
            status = RX_T_APPN
        self._counters["not_stored" if status else "stored"] += len(batch)
        for session, sequence, _ in batch:
            session.reply(DeliverSmResp(sequence=sequence, status=status))
