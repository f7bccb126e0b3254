"""Client transactions (RFC 3261 17.1, RFC 6026 7.2): an INVITE's and any other's. Sans I/O."""

from collections.abc import Callable
from typing import Literal

from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Connection
from nokyc_voice.sip.timers import T1, T2, T4, TIMEOUT, TIMER_D, Handle, Timers

ClientState = Literal["calling", "trying", "proceeding", "completed", "accepted", "terminated"]


class Transaction:
    """What all four machines share: a state, named timers, a flow, and an end that is told once."""

    def __init__(self, request: Request, flow: Connection, timers: Timers, on_end: Callable[[], None]) -> None:
        self.request = request
        self.flow = flow
        self._clock = timers
        self._on_end = on_end
        self._running: dict[str, Handle] = {}
        self._repeat_sec = T1

    @property
    def reliable(self) -> bool:
        return self.flow.transport != "udp"

    def _start(self, name: str, delay: float, callback: Callable[[], object]) -> None:
        self._stop(name)
        self._running[name] = self._clock.call_later(delay, callback)

    def _stop(self, *names: str) -> None:
        for name in names:
            if (handle := self._running.pop(name, None)) is not None:
                handle.cancel()

    def _end(self) -> None:
        self._stop(*list(self._running))
        on_end, self._on_end = self._on_end, _nothing
        on_end()


class ClientTransaction(Transaction):
    """`on_response` gets every response that the user has to see; `on_failure` 408 or 503, once, in place of one."""

    def __init__(
        self,
        request: Request,
        flow: Connection,
        timers: Timers,
        *,
        on_response: Callable[[Response], None],
        on_failure: Callable[[int], None],
        on_end: Callable[[], None],
    ) -> None:
        super().__init__(request, flow, timers, on_end)
        self.state: ClientState = "calling"
        self._on_response = on_response
        self._on_failure = on_failure
        self._data = bytes(request)

    def begin(self) -> None:
        """Send it."""
        raise NotImplementedError

    def receive(self, response: Response) -> None:
        """A response that belongs here."""
        raise NotImplementedError

    def fail(self, status: int = 503) -> None:
        """The flow is lost, or time is up."""
        if self.state in ("calling", "trying", "proceeding"):
            self.abandon()
            self._on_failure(status)

    def abandon(self) -> None:
        """End without a word to the user."""
        self.state = "terminated"
        self._end()

    def _send(self) -> None:
        self.flow.send(self._data)

    def _timed_out(self) -> None:
        self.fail(408)


class InviteClient(ClientTransaction):
    """Figure 5 of RFC 3261, with the Accepted state of RFC 6026."""

    def begin(self) -> None:
        self._send()
        if not self.reliable:
            self._start("A", T1, self._repeat)
        self._start("B", TIMEOUT, self._timed_out)

    def receive(self, response: Response) -> None:
        if response.status < 200:
            if self.state in ("calling", "proceeding"):
                self._stop("A", "B")
                self.state = "proceeding"
                self._on_response(response)
        elif response.status < 300:
            if self.state in ("calling", "proceeding"):
                self._stop("A", "B")
                self.state = "accepted"
                self._start("M", TIMEOUT, self.abandon)
            if self.state == "accepted":
                self._on_response(response)
        elif self.state in ("calling", "proceeding"):
            self._stop("A", "B")
            self.state = "completed"
            self._acknowledge(response)
            self._start("D", 0.0 if self.reliable else TIMER_D, self.abandon)
            self._on_response(response)
        elif self.state == "completed":
            self._acknowledge(response)

    def _repeat(self) -> None:
        self._send()
        self._repeat_sec *= 2
        self._start("A", self._repeat_sec, self._repeat)

    def _acknowledge(self, response: Response) -> None:
        """ACK of a refusal (17.1.1.3), which belongs to this transaction."""
        ack = within("ACK", self.request)
        ack.headers.set("To", response.headers.get("To") or "")
        self.flow.send(bytes(ack))


class NonInviteClient(ClientTransaction):
    """Figure 6 of RFC 3261."""

    def begin(self) -> None:
        self.state = "trying"
        self._send()
        if not self.reliable:
            self._start("E", T1, self._repeat)
        self._start("F", TIMEOUT, self._timed_out)

    def receive(self, response: Response) -> None:
        if self.state not in ("trying", "proceeding"):
            return
        if response.status < 200:
            self.state = "proceeding"
        else:
            self._stop("E", "F")
            self.state = "completed"
            self._start("K", 0.0 if self.reliable else T4, self.abandon)
        self._on_response(response)

    def _repeat(self) -> None:
        self._send()
        self._repeat_sec = T2 if self.state == "proceeding" else min(self._repeat_sec * 2, T2)
        self._start("E", self._repeat_sec, self._repeat)


def within(method: str, invite: Request) -> Request:
    """A CANCEL, or the ACK of a refusal: what names an INVITE's own transaction (RFC 3261 9.1, 17.1.1.3)."""
    headers = Headers([("Via", str(invite.via))])
    for name in ("Max-Forwards", "Route", "From", "To", "Call-ID"):
        for value in invite.headers.all(name):
            headers.add(name, value)
    headers.add("CSeq", f"{invite.cseq[0]} {method}")
    return Request(method, invite.uri, headers)


def _nothing() -> None:
    """The end has been told."""
