"""The user agent that calls use. Everything of SIP that the rest of voice needs to know is named here."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from weakref import WeakSet

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.attempt import Attempt, Final, base_headers
from nokyc_voice.sip.core import Core, Hop, hop_to
from nokyc_voice.sip.exchange import Exchange, Login
from nokyc_voice.sip.invitation import Invitation
from nokyc_voice.sip.ladder import Ladder
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import (
    Connection,
    Credentials,
    DialogLostError,
    Ending,
    Listener,
    Network,
    Outgoing,
    Progress,
    Resolver,
    ServerTls,
    Source,
    Target,
    TlsVerify,
)
from nokyc_voice.sip.register import RegisterRequest
from nokyc_voice.sip.session import Session
from nokyc_voice.sip.timers import LoopTimers, Timers
from nokyc_voice.sip.transport import Sockets
from nokyc_voice.sip.uas import Handlers, Server

__all__ = [
    "Address",
    "Attempt",
    "Connection",
    "Credentials",
    "DialogLostError",
    "Ending",
    "Endpoint",
    "Final",
    "Handlers",
    "Invitation",
    "Listener",
    "LoopTimers",
    "Outgoing",
    "Progress",
    "RegisterRequest",
    "Request",
    "Response",
    "ServerTls",
    "Session",
    "Source",
    "Target",
    "Timers",
    "TlsVerify",
]

FAREWELL_SEC = 2.0
"""How long `stop` waits for the answers to what it says."""
FAREWELL_TICK_SEC = 0.05
SHUTDOWN_CAUSE = 41
"""Q.850: temporary failure."""


class Endpoint:
    """One SIP user agent with any number of listeners."""

    def __init__(
        self,
        listeners: Sequence[Listener],
        handlers: Handlers,
        *,
        timers: Timers,
        random: Random,
        resolver: Resolver | None = None,
        advertise: str | None = None,
        network: Network | None = None,
    ) -> None:
        """`random` makes tags and branches (SystemRandom in production); `resolver` is the system's own by default;
        `advertise` is the address that we state in Via and Contact, if not the listener's; `network` replaces the
        sockets in tests."""
        self._network = network or Sockets(listeners, advertise=advertise)
        self._core = Core(self._network, timers, random, resolver=resolver)
        self._server = Server(self._core, handlers)
        self._attempts: WeakSet[Attempt] = WeakSet()

    @property
    def listening(self) -> Sequence[Listener]:
        """With the real ports, once started."""
        return self._network.listening

    @property
    def counters(self) -> Counter[str]:
        """What happened so far, by a short name (`requests`, `malformed`, `not_admitted`, `overloaded`, …)."""
        return self._core.counters

    @property
    def load(self) -> dict[str, int]:
        """What is kept just now: `dialogs`, and `transactions` of both sides."""
        transactions = len(self._core.clients) + self._server.transactions
        return {"dialogs": len(self._core.dialogs), "transactions": transactions}

    def on_closed(self, callback: Callable[[Connection], None]) -> None:
        """Tell of each connection that ends (Registrar.closed)."""
        self._server.on_closed = callback

    async def start(self) -> None:
        """Listen. OSError if a port is taken."""
        await self._network.start(self._server)

    async def stop(self) -> None:
        """Answer new requests with 503, hang up what goes on, and close."""
        self._server.stop()
        for attempt in list(self._attempts):
            attempt.cancel(SHUTDOWN_CAUSE)
        for user in list(self._core.dialogs.values()):
            user.bye(SHUTDOWN_CAUSE)
        for _ in range(round(FAREWELL_SEC / FAREWELL_TICK_SEC)):
            if not self._core.is_waiting:
                break
            ticked = asyncio.Event()
            self._core.timers.call_later(FAREWELL_TICK_SEC, ticked.set)
            await ticked.wait()
        await self._core.close()
        self._server.close()
        await self._network.stop()

    def invite(self, target: Target, message: Outgoing, offer: bytes | None) -> Attempt:
        """Call somebody. With no offer, theirs comes in the 2xx (see Attempt.on_offer)."""
        attempt = Attempt(self._core, target, message, offer)
        self._attempts.add(attempt)
        return attempt

    async def request(
        self,
        target: Target,
        method: str,
        message: Outgoing,
        body: bytes = b"",
        content_type: str | None = None,
        *,
        call_id: str | None = None,
        seq: int = 1,
    ) -> Response:
        """REGISTER, OPTIONS or another request outside of dialogs. A digest challenge is answered once. Never
        raises for what the far end does: 408 if it is silent, 503 if there is no way to it.

        Who registers keeps its Call-ID and counts `seq` up, by two for a challenge (RFC 3261 10.2.4).
        """
        core = self._core
        from_ = message.from_.with_tag(core.token())
        call_id = call_id or core.token() + core.token()
        numbers = iter(range(seq, seq + 8))
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def make() -> Request:
            headers = base_headers(from_, message.to, call_id, next(numbers), method)
            for name, value in message.headers:
                headers.add(name, value)
            if body and content_type is not None:
                headers.add("Content-Type", content_type)
            return Request(method, target.uri, headers, body)

        def answered(response: Response) -> None:
            if response.status >= 200 and not answer.done():
                answer.set_result(response)

        if target.next_hop is None:
            hop = hop_to(target.uri, target.transport, tls=target.tls, allow_tcp=target.allow_tcp)
        else:
            hop = Hop(target.transport, target.next_hop, target.tls, target.allow_tcp)
        user = from_.uri.partition("@")[0].partition(":")[2] if "@" in from_.uri else None
        login, ladder = Login(target.credentials), Ladder()
        Exchange(
            core, make, hop, login=login, ladder=ladder, on_answer=answered, contact_user=user
        ).begin()  # fmt: skip
        return await answer
