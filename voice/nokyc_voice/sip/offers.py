"""Changing a session: re-INVITE and UPDATE (RFC 3261 14, RFC 3311), both ways, and their glare."""

import asyncio
import inspect
from collections.abc import Callable

from nokyc_voice.sip.core import ALLOW, SUPPORTED
from nokyc_voice.sip.exchange import Exchange
from nokyc_voice.sip.in_dialog import InDialog
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Ending
from nokyc_voice.sip.refresher import Refresher, ask, is_too_short, settle_as_callee, settle_as_caller
from nokyc_voice.sip.reliable import Repeater
from nokyc_voice.sip.server_transaction import InviteServer, ServerTransaction

MAX_GLARES = 6
"""Tries of one re-INVITE."""
TRYING_SEC = 0.2
"""A re-INVITE that takes longer to decide gets a 100 (RFC 3261 17.2.1)."""
SDP = "application/sdp"


def _nothing() -> None:
    """Nobody has to be told."""


class Offers:
    """Of one session. One offer at a time, ours or theirs."""

    def __init__(self, session: InDialog) -> None:
        self._session = session
        self._core = session.core
        self._turn = asyncio.Lock()
        self._ours = False
        self._theirs = False
        self._unacknowledged: dict[int, tuple[Repeater, bool, Callable[[], None]]] = {}
        """By CSeq: our 2xx that wait for an ACK, and whether that has to bring the answer to our offer, and whom
        to tell."""
        self._exchange: Exchange | None = None
        self._final: asyncio.Future[Response]
        """The re-INVITE of ours that is out, and its final answer."""
        self._waits: set[asyncio.Future[None]] = set()
        self.far_updates = False
        """They take UPDATE, and so our refreshes."""
        self.refresher = Refresher(
            session.core.timers,
            refresh=lambda: session.core.spawn(self.refresh()),
            expire=lambda: session.finish(Ending("expired")),
        )

    # --- ours

    async def reinvite(self, offer: bytes | None) -> bytes | None:
        """Their answer; None if they refused, or the session ended."""
        session = self._session
        async with self._turn:
            for _ in range(MAX_GLARES):
                if session.is_over:
                    return None
                response = await self._invite(offer)
                if response.status != 491:
                    break
                await self._pause_after_glare()
            else:
                return None
            if 200 <= response.status < 300:
                session.local_body = offer
                session.remote_body = response.sdp or session.remote_body
                return response.sdp
            session.judge(response)
            return None

    async def refresh(self) -> None:
        """Keep the session alive (RFC 4028 10): by UPDATE without SDP, or by re-INVITE with the SDP that holds."""
        session = self._session
        if not self.far_updates:
            await self.reinvite(session.local_body)
            return
        response = await session.ask("UPDATE", self._timer_headers())
        if 200 <= response.status < 300:
            self._settle(response)

    async def _invite(self, offer: bytes | None) -> Response:
        session = self._session
        final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._final = final
        ack: Request | None = None

        def answered(response: Response) -> None:
            nonlocal ack
            if 200 <= response.status < 300:
                if ack is None:
                    session.dialog.retarget(response)
                    self._settle(response)
                    ack = make_ack(session, exchange)
                    session.ladder.note(True, ack)
                if (hop := session.hop()) is not None:
                    self._core.send(ack, hop)
            if response.status >= 200 and not final.done():
                final.set_result(response)

        headers = [*self._timer_headers(), ("Allow", ALLOW), ("Supported", SUPPORTED)]
        exchange = session.exchange("INVITE", answered, headers, offer or b"", SDP)
        self._ours = True
        try:
            self._exchange = exchange.begin()
            return await final
        finally:
            self._ours = False
            self._exchange = None

    def _timer_headers(self) -> list[tuple[str, str]]:
        return ask(self.refresher.interval, refresher="uac" if self.refresher.is_ours else "uas")

    def _settle(self, response: Response) -> None:
        interval, is_ours = settle_as_caller(response)
        self.refresher.agree(interval, is_ours=is_ours)

    async def _pause_after_glare(self) -> None:
        """Who made the Call-ID waits longer, so that one of the two gets through."""
        random = self._core.random
        steps = random.randrange(210, 401) if self._session.dialog.is_caller else random.randrange(0, 201)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.add(done)
        handle = self._core.timers.call_later(steps / 100, lambda: _resolve(done))
        try:
            await done
        finally:
            handle.cancel()
            self._waits.discard(done)

    # --- theirs

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        """A re-INVITE or UPDATE."""
        session = self._session
        session.dialog.retarget(request)
        has_offer = request.method == "INVITE" or request.sdp is not None
        if has_offer and (self._ours or self._turn_is_needed()):
            session.respond(transaction, 491)
        elif has_offer and self._theirs:
            session.respond(transaction, 500, [("Retry-After", str(self._core.random.randrange(0, 11)))])
        elif is_too_short(request):
            session.respond(transaction, 422, [("Min-SE", "90")])
        elif has_offer:
            self._core.spawn(self._answer(request, transaction))
        else:
            self._accept(request, transaction, b"")

    def acknowledged(self, ack: Request) -> None:
        """The ACK of a 2xx of ours."""
        found = self._unacknowledged.pop(ack.cseq[0], None)
        if found is None:
            return
        self._session.ladder.note(False, ack)
        repeater, wants_answer, on_acknowledged = found
        repeater.stop()
        if wants_answer and ack.sdp is not None:
            self._session.remote_body = ack.sdp
            if self._session.on_answer is not None:
                self._session.on_answer(ack.sdp)
        self._session.release_bye()
        on_acknowledged()

    def repeat(
        self,
        transaction: ServerTransaction,
        response: Response,
        *,
        wants_answer: bool,
        on_acknowledged: Callable[[], None] = _nothing,
        on_silence: Callable[[], None] = _nothing,
    ) -> None:
        """Send a 2xx to an INVITE again and again until its ACK (13.3.1.4); the dialog is lost without one."""
        seq = transaction.request.cseq[0]

        def give_up() -> None:
            self._unacknowledged.pop(seq, None)
            self._session.release_bye()
            self._session.finish(Ending("lost", status=408))
            on_silence()

        repeater = Repeater(self._core.timers, lambda: transaction.respond(response), give_up)
        self._unacknowledged[seq] = repeater, wants_answer, on_acknowledged

    def stop(self) -> None:
        """The session is over. What waits for an ACK goes on: a held BYE depends on it."""
        self.refresher.stop()
        for done in self._waits:
            _resolve(done)
        if self._exchange is not None and not self._final.done():
            self._exchange.abandon()
            self._final.set_result(self._exchange.request.reply(487))

    def _turn_is_needed(self) -> bool:
        """Our offer, made in a 2xx, waits for its answer in the ACK."""
        return any(wants_answer for _, wants_answer, _ in self._unacknowledged.values())

    async def _answer(self, request: Request, transaction: ServerTransaction) -> None:
        session = self._session
        self._theirs = True
        if isinstance(transaction, InviteServer):
            transaction.on_cancel = lambda cause: session.respond(transaction, 487)
            self._core.timers.call_later(TRYING_SEC, lambda: transaction.respond(request.reply(100)))
        try:
            body = await self.decide(request.sdp)
        except Exception:
            session.respond(transaction, 500)
            raise
        finally:
            self._theirs = False
        if transaction.is_answered:
            return
        if body is None:
            session.respond(transaction, 488)
        else:
            self._accept(request, transaction, body)

    async def decide(self, offer: bytes | None) -> bytes | None:
        """Our SDP for theirs, by whoever uses this session."""
        session = self._session
        if offer is not None and offer == session.remote_body and session.local_body is not None:
            return session.local_body  # a session refresh by re-INVITE
        if session.on_offer is None:
            return None
        decided = session.on_offer(offer)
        body = await decided if inspect.isawaitable(decided) else decided
        if body is not None:
            session.local_body = body
            session.remote_body = offer or session.remote_body
        return body

    def _accept(self, request: Request, transaction: ServerTransaction, body: bytes) -> None:
        session = self._session
        current = self.refresher.interval
        headers, interval, is_ours = settle_as_callee(request, current)
        self.refresher.agree(interval, is_ours=is_ours)
        headers += [("Contact", self._core.contact(transaction.flow)), ("Allow", ALLOW), ("Supported", SUPPORTED)]
        response = session.respond(transaction, 200, headers, body)
        if request.method == "INVITE":
            self.repeat(transaction, response, wants_answer=request.sdp is None)


def make_ack(session: InDialog, exchange: Exchange, body: bytes | None = None) -> Request:
    """The ACK of a 2xx (13.2.2.4): in the dialog, with the number and the proof of its INVITE."""
    invite = exchange.request
    proofs = [field for field in invite.headers if field[0] in ("Authorization", "Proxy-Authorization")]
    ack = session.dialog.make("ACK", proofs, seq=invite.cseq[0])
    if body:
        ack.headers.add("Content-Type", SDP)
        ack.body = body
    return ack


def _resolve(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
