"""One end of a dialog (RFC 3261 12): what is asked in it, what is answered, and how it ends."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from nokyc_voice.sip.core import Core, Hop, hop_to
from nokyc_voice.sip.dialog import Dialog
from nokyc_voice.sip.exchange import Exchange, Login
from nokyc_voice.sip.ladder import Ladder
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Connection, Ending, OnOffer, Source
from nokyc_voice.sip.server_transaction import ServerTransaction
from nokyc_voice.sip.statuses import write_cause


class InDialog(ABC):
    """What a Session rests on, and its Offers use."""

    def __init__(
        self,
        core: Core,
        dialog: Dialog,
        hop: Hop,
        source: Source,
        *,
        login: Login,
        ladder: Ladder,
        connection: Connection,
    ) -> None:
        """`hop`: by which transport its requests go; a connection there is used as long as it is open."""
        self.core = core
        self.dialog = dialog
        self.login = login
        self.ladder = ladder
        self.connection = connection
        self.source = source
        """The far end, as its first message came from."""
        self.remote_body: bytes | None = None
        """Their latest SDP."""
        self.local_body: bytes | None = None
        """Our latest SDP."""
        self.on_offer: OnOffer | None = None
        """Called for re-INVITE and UPDATE of the far end. None: every offer is refused with 488."""
        self.on_answer: Callable[[bytes], None] | None = None
        """Called with the SDP that an ACK brings when we made the offer in our 200."""
        self.is_over = False
        self._hop = hop
        self._is_pinned = False
        self._ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._holds_bye = False
        self._held_bye: Exchange | None = None
        core.dialogs[dialog.key] = self

    @abstractmethod
    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        """A request of the far end in this dialog, not seen before."""

    @abstractmethod
    def acknowledged(self, ack: Request) -> None:
        """The ACK of a 2xx of ours."""

    async def ended(self) -> Ending:
        """Returns once the dialog is over; at once if it is."""
        return await asyncio.shield(self._ended)

    def bye(self, cause: int | None = None) -> None:
        """Hang up, with a Q.850 cause if there is one to tell. Harmless when the dialog is over."""
        self.finish(Ending("us", cause))

    def finish(self, ending: Ending) -> None:
        """Over, by our decision: say BYE and tell those who wait."""
        if self.is_over:
            return
        headers = [] if ending.cause is None else [write_cause(ending.cause)]
        bye = self.exchange("BYE", lambda response: self._forget() if response.status >= 200 else None, headers)
        self._over(ending)
        if self._holds_bye:
            self._held_bye = bye
        else:
            bye.begin()

    def drop(self, ending: Ending | None = None) -> None:
        """Over without a BYE: refused, cancelled, or another fork was quicker."""
        self._over(ending or Ending("far"))
        self._forget()

    def pin(self, connection: Connection) -> None:
        """Requests go over this flow alone: once it has closed there is no way, whatever the far end's Contact says.
        For devices and browsers, who must not have us talk to whom they like."""
        self._hop, self._is_pinned = Hop(connection.transport, connection), True

    def follow(self, connection: Connection) -> None:
        """A request of the far end came by this flow. Who is pinned and has connected anew is reached by it: to a
        browser no address leads at all (RFC 7118, 5)."""
        is_closed = not isinstance(self._hop.where, tuple) and not self._hop.where.is_open
        if is_closed and (self._is_pinned or connection.transport == "ws"):
            self.pin(connection)

    def hold_bye(self) -> None:
        """A callee says no BYE before its 2xx is acknowledged, or given up (RFC 3261 15)."""
        self._holds_bye = True

    def release_bye(self) -> None:
        self._holds_bye = False
        if (bye := self._held_bye) is not None:
            self._held_bye = None
            bye.begin()

    def hop(self) -> Hop | None:
        """The way of the next request: over the connection that we share, else where the dialog points. A closed one
        is no way."""
        if self._is_pinned or (not isinstance(self._hop.where, tuple) and self._hop.where.is_open):
            return self._hop
        return hop_to(self.dialog.next_uri, self._hop.transport, tls=self._hop.tls, allow_tcp=self._hop.allow_tcp)

    def exchange(
        self,
        method: str,
        on_answer: Callable[[Response], None],
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> Exchange:
        """A request in this dialog, to be begun."""

        def make() -> Request:
            request = self.dialog.make(method, headers)
            if body and content_type is not None:
                request.headers.add("Content-Type", content_type)
                request.body = body
            return request

        user = self.dialog.local.uri.partition("@")[0].partition(":")[2] if "@" in self.dialog.local.uri else None
        return Exchange(
            self.core, make, self.hop(), login=self.login, ladder=self.ladder, on_answer=on_answer, contact_user=user
        )

    async def ask(
        self,
        method: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> Response:
        """A request that is no INVITE, and its final answer. 408 and 481 mean that the dialog is lost (12.2.1.2)."""
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def answered(response: Response) -> None:
            if response.status >= 200 and not answer.done():
                answer.set_result(response)

        self.exchange(method, answered, headers, body, content_type).begin()
        response = await answer
        self.judge(response)
        return response

    def judge(self, response: Response) -> None:
        """End if the answer says that the far end does not know this dialog, or is silent."""
        if response.status in (408, 481):
            self.finish(Ending("lost", status=response.status))

    def respond(
        self, transaction: ServerTransaction, status: int, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
    ) -> Response:
        """Answer a request in this dialog."""
        response = transaction.request.reply(status, None, headers, to_tag=self.dialog.local.tag)
        if body:
            response.headers.add("Content-Type", "application/sdp")
            response.body = body
        if not transaction.is_answered:
            self.ladder.note(True, response)
        transaction.respond(response)
        return response

    def _over(self, ending: Ending) -> None:
        self.is_over = True
        if not self._ended.done():
            self._ended.set_result(ending)

    def _forget(self) -> None:
        if self.core.dialogs.get(self.dialog.key) is self:
            del self.core.dialogs[self.dialog.key]
