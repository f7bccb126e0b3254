"""Server transactions (RFC 3261 17.2, RFC 6026 7.1): an INVITE's and any other's. Sans I/O."""

from collections.abc import Callable
from typing import Literal

from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Connection
from nokyc_voice.sip.timers import T1, T2, T4, TIMEOUT, Timers
from nokyc_voice.sip.transaction import Transaction

ServerState = Literal["trying", "proceeding", "completed", "accepted", "confirmed", "terminated"]


class ServerTransaction(Transaction):
    """Any request but INVITE (figure 8 of RFC 3261)."""

    def __init__(self, request: Request, flow: Connection, timers: Timers, on_end: Callable[[], None]) -> None:
        super().__init__(request, flow, timers, on_end)
        self.state: ServerState = "trying"
        self._last: bytes | None = None

    def respond(self, response: Response) -> None:
        """Answer. After a final answer, others are not sent."""
        if self.state not in ("trying", "proceeding"):
            return
        self._reply(response)
        self.state = "proceeding"
        if response.status >= 200:
            self.state = "completed"
            self._start("J", 0.0 if self.reliable else TIMEOUT, self.abandon)

    def receive(self, request: Request) -> None:
        """The same request again."""
        if self._last is not None and self.state in ("proceeding", "completed"):
            self.flow.send(self._last)

    def abandon(self) -> None:
        self.state = "terminated"
        self._end()

    @property
    def is_answered(self) -> bool:
        return self.state not in ("trying", "proceeding")

    def _reply(self, response: Response) -> None:
        self._last = bytes(response)
        self.flow.send(self._last)


class InviteServer(ServerTransaction):
    """Figure 7 of RFC 3261, with the Accepted state of RFC 6026: repeating a 2xx is its user's work."""

    on_cancel: Callable[[int | None], object] | None = None
    """Called with the Q.850 cause, if any, of a CANCEL that comes before the final answer."""

    def respond(self, response: Response) -> None:
        if self.state == "accepted" and 200 <= response.status < 300:
            self.flow.send(bytes(response))
        if self.state not in ("trying", "proceeding"):
            return
        self._reply(response)
        if response.status < 200:
            self.state = "proceeding"
            return
        self.on_cancel = None  # and with it all that it refers to
        if response.status < 300:
            self.state = "accepted"
            self._start("L", TIMEOUT, self.abandon)
        else:
            self.state = "completed"
            if not self.reliable:
                self._start("G", T1, self._repeat)
            self._start("H", TIMEOUT, self.abandon)

    def acknowledge(self) -> bool:
        """An ACK with this branch; False if it is not for a refusal and so belongs to the dialog."""
        if self.state == "completed":
            self._stop("G", "H")
            self.state = "confirmed"
            self._start("I", 0.0 if self.reliable else T4, self.abandon)
        return self.state == "confirmed"

    def _repeat(self) -> None:
        if self._last is not None:
            self.flow.send(self._last)
        self._repeat_sec = min(self._repeat_sec * 2, T2)
        self._start("G", self._repeat_sec, self._repeat)
