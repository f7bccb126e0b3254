"""An INVITE of somebody else's, until it is answered, refused or cancelled."""

import asyncio
from collections.abc import Sequence

from nokyc_voice.sip.core import Core, Hop
from nokyc_voice.sip.dialog import Dialog
from nokyc_voice.sip.exchange import Login
from nokyc_voice.sip.ladder import Ladder
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Connection, DialogLostError, Ending, OnOffer, Source, Trace
from nokyc_voice.sip.refresher import DEFAULT_SE, settle_as_callee
from nokyc_voice.sip.reliable import ReliableSender, read_rack
from nokyc_voice.sip.server_transaction import InviteServer, ServerTransaction
from nokyc_voice.sip.session import OUR_HEADERS, Session
from nokyc_voice.sip.statuses import read_cause, write_cause
from nokyc_voice.sip.timers import Handle
from nokyc_voice.sip.uri import SipUri

REMIND_SEC = 60.0
"""Proxies give up on an INVITE that they hear nothing of for three minutes (RFC 3261 13.3.1.1)."""


class Invitation:
    """Given to Handlers.invited."""

    def __init__(
        self, core: Core, request: Request, transaction: InviteServer, source: Source, connection: Connection
    ) -> None:
        """SipSyntaxError if it says no Contact."""
        self.request = request
        self.source = source
        self.connection = connection
        """The flow it came by."""
        self.offer = request.sdp
        """Their SDP; None if they want ours in the 200."""
        self.cancelled = asyncio.Event()
        """Set when the far end has given up (the 487 was sent)."""
        self.cause: int | None = None
        """Why they did, by Q.850, if they said so."""
        self._core = core
        self._transaction = transaction
        self._ladder = Ladder()
        self._ladder.note(False, request)
        dialog = Dialog.by_callee(request, core.token())
        self._session = Session(
            core,
            dialog,
            Hop(connection.transport, connection if _is_pinned(request, connection) else connection.remote),
            source,
            login=Login(None),
            ladder=self._ladder,
            connection=connection,
        )
        self._session.on_prack = self._pracked
        self._session.on_early_bye = lambda bye: self.cancel(read_cause(bye.headers.all("Reason")))
        self._session.remote_body = self.offer
        transaction.on_cancel = self.cancel
        self._insists = "100rel" in request.listed("Require")
        self._can_prack = self._insists or "100rel" in request.listed("Supported")
        self._reliable = ReliableSender(
            core.timers, core.random.randrange(1, 2**31), send=transaction.respond, on_silence=self._no_prack
        )
        self._reminder: Handle | None = None
        self._answered: asyncio.Future[None] | None = None

    @property
    def call_id(self) -> str:
        return self.request.call_id

    @property
    def trace(self) -> Trace | None:
        return self._ladder.trace

    @trace.setter
    def trace(self, trace: Trace | None) -> None:
        self._ladder.trace = trace

    @property
    def on_offer(self) -> OnOffer | None:
        """For offers before the answer (PRACK, UPDATE); the Session begins with the same."""
        return self._session.on_offer

    @on_offer.setter
    def on_offer(self, on_offer: OnOffer | None) -> None:
        self._session.on_offer = on_offer

    @property
    def is_answered(self) -> bool:
        """A final answer was given, or is on its way."""
        return self._transaction.is_answered or self._answered is not None

    def pin(self) -> None:
        """Requests of ours in this dialog go back by the flow that it came by, and no other way (`InDialog.pin`)."""
        self._session.pin(self.connection)

    def progress(self, status: int = 180, body: bytes | None = None) -> None:
        """A provisional answer (101–199). Reliable (RFC 3262) if they insist, or if it has a body and they can."""
        if self.is_answered:
            return
        response = self._response(status, [("Contact", self._contact()), *OUR_HEADERS], body)
        self._session.local_body = body or self._session.local_body
        self._ladder.note(True, response)
        if self._insists or (body and self._can_prack):
            self._reliable.send(response)
        else:
            self._transaction.respond(response)
        self._remind(status)

    async def answer(self, body: bytes) -> Session:
        """200 with our SDP, repeated until the ACK. Cancelled, it hangs up.

        Raises:
            DialogLostError: cancelled meanwhile, or no ACK came for 64*T1; the BYE was sent then.
        """
        if self.is_answered:
            raise DialogLostError
        self._stop_reminding()
        self._answered = asyncio.get_running_loop().create_future()
        self._reliable.when_clear(lambda: self._accept(body))
        try:
            await self._answered
        except asyncio.CancelledError:
            if self._transaction.is_answered:
                self._session.bye()
            else:
                self._answered = None  # it can be refused yet
            raise
        return self._session

    def refuse(
        self,
        status: int,
        reason: str | None = None,
        *,
        cause: int | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """A final no (300–699) with a Q.850 cause in Reason. Harmless once cancelled."""
        if self.is_answered:
            return
        self._stop_reminding()
        self._reliable.stop()
        said = [*headers] if cause is None else [*headers, write_cause(cause)]
        response = self._response(status, said, None, reason)
        self._ladder.note(True, response)
        self._transaction.respond(response)
        self._session.drop(Ending("us", cause, status))

    def challenge(self, headers: Sequence[tuple[str, str]]) -> None:
        """407, with the headers of `Authenticator.challenges`."""
        self.refuse(407, headers=headers)

    def cancel(self, cause: int | None = None) -> None:
        """The far end has given up: by CANCEL, or by BYE of the early dialog."""
        if self._transaction.is_answered:
            return
        self._stop_reminding()
        self._reliable.stop()
        self.cause = cause
        response = self._response(487, [], None)
        self._ladder.note(True, response)
        self._transaction.respond(response)
        self._session.drop(Ending("far", cause, 487))
        self.cancelled.set()
        self._lose()

    def _accept(self, body: bytes) -> None:
        """Send the 200; the ACK completes it."""
        if self._transaction.is_answered:
            return
        session = self._session
        session.on_prack = None
        session.on_early_bye = lambda bye: self._confirm()
        session.local_body = body
        timer_headers, interval, is_ours = settle_as_callee(self.request, DEFAULT_SE)
        response = self._response(200, [("Contact", self._contact()), *OUR_HEADERS, *timer_headers], body)
        self._ladder.note(True, response)
        self._transaction.respond(response)
        session.hold_bye()
        session.offers.far_updates = "update" in self.request.listed("Allow")
        session.offers.refresher.agree(interval, is_ours=is_ours)
        session.offers.repeat(
            self._transaction,
            response,
            wants_answer=self.offer is None,
            on_acknowledged=self._confirm,
            on_silence=self._lose,
        )

    def _confirm(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(None)

    def _lose(self) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(DialogLostError())

    def _pracked(self, request: Request, transaction: ServerTransaction) -> None:
        rack = read_rack(request)
        if rack is None or not self._reliable.acknowledge(rack, self.request.cseq[0]):
            self._session.respond(transaction, 481 if rack else 400)
        elif request.sdp is None:
            self._session.respond(transaction, 200)
        elif self.offer is None and self._session.local_body is not None:
            # Our offer went out in the provisional, so this is their answer.
            self._session.remote_body = request.sdp
            self._session.respond(transaction, 200)
            if self._session.on_answer is not None:
                self._session.on_answer(request.sdp)
        else:
            self._core.spawn(self._answer_prack(request.sdp, transaction))

    async def _answer_prack(self, offer: bytes, transaction: ServerTransaction) -> None:
        body = await self._session.offers.decide(offer)
        self._session.respond(transaction, 200 if body else 488, [], body or b"")

    def _no_prack(self) -> None:
        """RFC 3262 3: a caller that does not PRACK is refused."""
        if self._transaction.is_answered:
            return
        response = self._response(504, [], None)
        self._ladder.note(True, response)
        self._transaction.respond(response)
        self._session.drop(Ending("lost", status=504))
        self._stop_reminding()
        self.cancelled.set()
        self._lose()

    def _remind(self, status: int) -> None:
        self._stop_reminding()
        self._reminder = self._core.timers.call_later(REMIND_SEC, lambda: self.progress(status))

    def _stop_reminding(self) -> None:
        if self._reminder is not None:
            self._reminder.cancel()

    def _contact(self) -> str:
        try:
            user = SipUri.parse(self.request.uri).user
        except ValueError:
            user = None
        return self._core.contact(self.connection, user)

    def _response(
        self, status: int, headers: Sequence[tuple[str, str]], body: bytes | None, reason: str | None = None
    ) -> Response:
        routes = [("Record-Route", route) for route in self.request.headers.all("Record-Route")] if status < 300 else []
        response = self.request.reply(status, reason, [*routes, *headers], to_tag=self._session.dialog.local.tag)
        if body:
            response.headers.add("Content-Type", "application/sdp")
            response.body = body
        return response


def _is_pinned(request: Request, connection: Connection) -> bool:
    """Whether our requests take the flow that theirs came by: always a connection; over UDP if they are behind NAT,
    and no proxy on the way has asked to be gone through."""
    via = request.vias[-1]
    is_direct = len(request.vias) == 1 and "Record-Route" not in request.headers
    return connection.transport != "udp" or (is_direct and via.params.get("received", via.host) != via.host)
