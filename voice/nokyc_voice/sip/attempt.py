"""Our INVITE, from sending to its last answer: forks, reliable provisionals, challenges and cancellation."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.core import ALLOW, SUPPORTED, Core, Hop, hop_to
from nokyc_voice.sip.dialog import MAX_FORWARDS, Dialog
from nokyc_voice.sip.exchange import Exchange, Login
from nokyc_voice.sip.grammar import readable
from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.ladder import Ladder
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.offers import SDP, make_ack
from nokyc_voice.sip.ports import Ending, Outgoing, Progress, Source, Target, Trace
from nokyc_voice.sip.refresher import MAX_SE, MIN_SE, ask, settle_as_caller
from nokyc_voice.sip.reliable import ReliableReceiver, is_reliable
from nokyc_voice.sip.session import Session
from nokyc_voice.sip.statuses import read_cause, reason_of, write_cause
from nokyc_voice.sip.timers import TIMEOUT
from nokyc_voice.sip.transaction import ClientTransaction, within

MAX_FORKS = 16
"""Early dialogs of one INVITE; provisionals of more are not looked at."""
MAX_KEPT = 64
"""Provisionals that wait to be read."""
MAX_INTERVALS = 3
"""Tries after 422."""


@dataclass(frozen=True, slots=True)
class Final(Progress):
    """The last answer: 408 if there was none, 503 if there was no way, 487 if we cancelled."""

    session: Session | None = None


class Fork:
    """One early dialog, and perhaps the dialog."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.reliable = ReliableReceiver()
        self.ack: Request | None = None


class Attempt:
    """Made by Endpoint.invite."""

    def __init__(self, core: Core, target: Target, message: Outgoing, offer: bytes | None) -> None:
        self.on_offer: Callable[[bytes], bytes | None] | None = None
        """With `offer=None` given to invite: their offer of the 2xx to our answer in the ACK; None hangs up."""
        self.call_id = core.token() + core.token()
        self._core = core
        self._target = target
        self._message = message
        self._offer = offer
        self._from = message.from_.with_tag(core.token())
        self._seq = core.random.randrange(1, 10_000)
        self._interval = message.session_expires
        self._min_se = MIN_SE
        self._intervals_tried = 0
        self._login = Login(target.credentials)
        self._ladder = Ladder()
        self._forks: dict[str, Fork] = {}
        self._queue: asyncio.Queue[Progress] = asyncio.Queue()
        self._is_final = False
        self._unread: Session | None = None
        """The Final's, until somebody has it."""
        self._is_cancelled = False
        self._cause: int | None = None
        self._is_cancel_sent = False
        self._hop = self._first_hop()
        self._begin()

    @property
    def trace(self) -> Trace | None:
        return self._ladder.trace

    @trace.setter
    def trace(self, trace: Trace | None) -> None:
        self._ladder.trace = trace

    async def progress(self) -> AsyncIterator[Progress]:
        """Every provisional answer and last, exactly once, a Final. To be iterated over once."""
        while True:
            step = await self._queue.get()
            if isinstance(step, Final):
                self._unread = None
                yield step
                return
            yield step

    def cancel(self, cause: int | None = None) -> None:
        """Give it up: CANCEL with Reason (RFC 3326). A 2xx that crosses it is acknowledged and hung up; the Final
        is a 487 either way. A Final that nobody has read yet is hung up; harmless once it was."""
        if self._unread is not None:
            self._unread.bye(cause)
        if not self._is_final and not self._is_cancelled:
            self._is_cancelled, self._cause = True, cause
            self._exchange.meets_challenges = False
            self._cancel_if_heard()

    def _begin(self) -> None:
        user = self._from.uri.partition("@")[0].partition(":")[2] if "@" in self._from.uri else None
        self._exchange = Exchange(
            self._core,
            self._make,
            self._hop,
            login=self._login,
            ladder=self._ladder,
            on_answer=self._answered,
            contact_user=user,
        ).begin()

    def _first_hop(self) -> Hop | None:
        target = self._target
        if target.next_hop is None:
            return hop_to(target.uri, target.transport, tls=target.tls, allow_tcp=target.allow_tcp)
        return Hop(target.transport, target.next_hop, target.tls, target.allow_tcp)

    def _make(self) -> Request:
        self._seq += 1
        headers = base_headers(self._from, self._message.to, self.call_id, self._seq, "INVITE")
        headers.add("Allow", ALLOW)
        headers.add("Supported", SUPPORTED if self._message.reliable else "timer")
        for name, value in ask(self._interval, min_se=self._min_se):
            headers.add(name, value)
        for name, value in self._message.headers:
            headers.add(name, value)
        if self._offer is not None:
            headers.add("Content-Type", SDP)
        return Request("INVITE", self._target.uri, headers, self._offer or b"")

    def _answered(self, response: Response) -> None:
        if response.status < 200:
            self._provisional(response)
            if self._is_cancelled:
                self._cancel_if_heard()
        elif response.status < 300:
            self._accepted(response)
        elif response.status == 422 and self._longer_interval(response):
            self._begin()
        elif not self._is_final:
            self._finish(response, None)

    def _provisional(self, response: Response) -> None:
        if self._is_final:
            return
        fork = self._fork(response) if response.status > 100 and response.to.tag else None
        if fork is not None:
            if is_reliable(response):
                rseq = fork.reliable.takes(response)
                if rseq is None:
                    return
                self._prack(fork.session, rseq, response.sdp)
            fork.session.remote_body = response.sdp or fork.session.remote_body
        if self._queue.qsize() < MAX_KEPT:
            step = Progress(
                response.status,
                response.reason,
                response.sdp,
                read_cause(response.headers.all("Reason")),
                _readable(response),
            )
            self._queue.put_nowait(step)

    def _prack(self, session: Session, rseq: int, sdp: bytes | None) -> None:
        """RFC 3262 4; an offer in a reliable provisional is answered here (5)."""
        answer = None
        if self._offer is None and sdp is not None and session.local_body is None and self.on_offer is not None:
            answer = session.local_body = self.on_offer(sdp)
        rack = [("RAck", f"{rseq} {self._exchange.request.cseq[0]} INVITE")]
        session.exchange("PRACK", lambda response: None, rack, answer or b"", SDP).begin()

    def _accepted(self, response: Response) -> None:
        fork = self._fork(response)
        if fork is None:
            return
        session = fork.session
        if fork.ack is not None:
            self._send_ack(fork)
            return
        session.dialog.confirm(response)
        session.remote_body = response.sdp or session.remote_body
        answer, is_good = None, True
        if self._offer is None and session.local_body is None:
            answer = self.on_offer(response.sdp) if self.on_offer is not None and response.sdp is not None else None
            is_good = answer is not None
            session.local_body = answer
        fork.ack = make_ack(session, self._exchange, answer)
        self._ladder.note(True, fork.ack)
        self._send_ack(fork)
        if self._is_final or self._is_cancelled or not is_good:
            # Another fork was quicker, a CANCEL crossed this answer, or there is no answer to their offer.
            session.finish(Ending("us", self._cause))
            if not self._is_final:
                self._finish(response, None, 487 if self._is_cancelled else 488)
            return
        session.offers.far_updates = "update" in response.listed("Allow")
        interval, is_ours = settle_as_caller(response)
        session.offers.refresher.agree(interval, is_ours=is_ours)
        self._finish(response, session)

    def _send_ack(self, fork: Fork) -> None:
        hop = fork.session.hop()
        if fork.ack is not None and hop is not None:
            self._core.send(fork.ack, hop)

    def _fork(self, response: Response) -> Fork | None:
        """The dialog that a response belongs to, made if it is the first of it."""
        tag = response.to.tag or ""
        found = self._forks.get(tag)
        sending = self._exchange.sending
        transaction = sending.transaction if sending is not None else None
        if found is not None or transaction is None or (len(self._forks) >= MAX_FORKS and response.status < 200):
            return found
        flow = transaction.flow
        hop = Hop(
            self._target.transport,
            flow if flow.transport != "udp" else flow.remote,
            self._target.tls,
            self._target.allow_tcp,
        )
        session = Session(
            self._core,
            Dialog.by_caller(self._exchange.request, response),
            hop,
            Source(flow.transport, *flow.remote, flow.subject),
            login=self._login,
            ladder=self._ladder,
            connection=flow,
        )
        if not isinstance(self._target.next_hop, tuple | None):  # a device, by the flow that it registered over
            session.pin(flow)
        session.local_body = self._offer
        self._forks[tag] = Fork(session)
        return self._forks[tag]

    def _drop_forks(self) -> None:
        """The early dialogs that did not become one."""
        for fork in self._forks.values():
            if fork.ack is None:
                fork.session.drop()

    def _longer_interval(self, response: Response) -> bool:
        """After 422: they want at least Min-SE (RFC 4028 7.4)."""
        wanted = response.seconds("Min-SE")
        self._intervals_tried += 1
        if wanted is None or wanted > MAX_SE or self._intervals_tried > MAX_INTERVALS or self._is_cancelled:
            return False
        self._min_se, self._interval = max(wanted, MIN_SE), max(wanted, self._interval or 0)
        return True

    def _cancel_if_heard(self) -> None:
        """A CANCEL may follow a provisional answer only (RFC 3261 9.1)."""
        sending = self._exchange.sending
        transaction = sending.transaction if sending is not None else None
        if self._is_cancel_sent or self._is_final:
            return
        if transaction is None:
            # Nothing has left: a name is being looked up, or there is no way.
            self._is_cancel_sent = True
            self._exchange.abandon()
            self._finish(self._exchange.request.reply(487), None)
        elif transaction.state == "proceeding":
            self._is_cancel_sent = True
            self._cancel(transaction)

    def _cancel(self, transaction: ClientTransaction) -> None:
        cancel = within("CANCEL", transaction.request)
        if self._cause is not None:
            cancel.headers.add(*write_cause(self._cause))
        self._ladder.note(True, cancel)
        self._core.cancel(cancel, transaction.flow)
        self._core.timers.call_later(TIMEOUT, self._cancelled_in_silence)

    def _cancelled_in_silence(self) -> None:
        if not self._is_final:
            self._exchange.abandon()
            self._finish(self._exchange.request.reply(487), None)

    def _finish(self, response: Response, session: Session | None, status: int | None = None) -> None:
        self._is_final, self._unread = True, session
        if response.status < 300:
            self._core.timers.call_later(TIMEOUT, self._drop_forks)  # others may answer yet, and are hung up
        else:
            self._drop_forks()
        status = status or (487 if self._is_cancelled else response.status)
        self._queue.put_nowait(
            Final(
                status,
                response.reason if status == response.status else reason_of(status),
                response.sdp,
                read_cause(response.headers.all("Reason")),
                _readable(response),
                session,
            )
        )


def base_headers(from_: Address, to: Address, call_id: str, seq: int, method: str) -> Headers:
    """What every request of ours outside of a dialog says."""
    return Headers(
        [
            ("Max-Forwards", MAX_FORWARDS),
            ("From", str(from_)),
            ("To", str(to)),
            ("Call-ID", call_id),
            ("CSeq", f"{seq} {method}"),
        ]
    )


def _readable(response: Response) -> list[tuple[str, str]]:
    return [(name, readable(value)) for name, value in response.headers]
