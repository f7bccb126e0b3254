"""Reliable provisional answers (RFC 3262): repeated until their PRACK, one at a time, in order; both sides."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.timers import T1, T2, TIMEOUT, Timers

MAX_WAITING = 8
"""Provisionals that wait for the one before them; more are dropped."""

_RACK = re.compile(r"([0-9]{1,10})[ \t]+([0-9]{1,10})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)")


class Repeater:
    """Sends again after T1, doubling up to T2 (`capped`), until stopped; gives up after 64*T1."""

    def __init__(
        self, timers: Timers, send: Callable[[], None], on_timeout: Callable[[], None], *, capped: bool = True
    ) -> None:
        self._timers = timers
        self._send = send
        self._capped = capped
        self._wait = T1
        self._on_timeout = on_timeout
        self._limit = timers.call_later(TIMEOUT, self._give_up)
        self._handle = timers.call_later(self._wait, self._repeat)

    def stop(self) -> None:
        self._limit.cancel()
        self._handle.cancel()

    def _repeat(self) -> None:
        self._send()
        self._wait = min(self._wait * 2, T2) if self._capped else self._wait * 2
        self._handle = self._timers.call_later(self._wait, self._repeat)

    def _give_up(self) -> None:
        self.stop()
        self._on_timeout()


@dataclass(frozen=True, slots=True)
class RAck:
    """What a PRACK acknowledges."""

    rseq: int
    cseq: int
    method: str


def read_rack(request: Request) -> RAck | None:
    match = _RACK.fullmatch((request.headers.get("RAck") or "").strip())
    return RAck(int(match[1]), int(match[2]), match[3]) if match else None


class ReliableSender:
    """The callee's side: its provisionals, numbered and repeated."""

    def __init__(
        self,
        timers: Timers,
        first_rseq: int,
        *,
        send: Callable[[Response], None],
        on_silence: Callable[[], None],
    ) -> None:
        self._timers = timers
        self._rseq = first_rseq
        self._send = send
        self._on_silence = on_silence
        self._waiting: deque[Response] = deque()
        self._repeater: Repeater | None = None
        self._current = 0
        self._on_clear: list[Callable[[], None]] = []

    def send(self, response: Response) -> None:
        """Number it and send it, once those before are acknowledged."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(response)
        if self._repeater is None:
            self._next()

    def when_clear(self, callback: Callable[[], None]) -> None:
        """Call once, when the one that is out is acknowledged; those behind it are not sent any more."""
        self._waiting.clear()
        if self._repeater is None:
            callback()
        else:
            self._on_clear.append(callback)

    def acknowledge(self, rack: RAck, invite_seq: int) -> bool:
        """A PRACK; False: it is for nothing of ours (481)."""
        if self._repeater is None or (rack.rseq, rack.cseq, rack.method) != (self._current, invite_seq, "INVITE"):
            return False
        self._repeater.stop()
        self._repeater = None
        callbacks, self._on_clear = self._on_clear, []
        if callbacks:
            for callback in callbacks:
                # The 200 of the PRACK leaves before the 200 of the INVITE.
                self._timers.call_later(0.0, callback)
        else:
            self._next()
        return True

    def stop(self) -> None:
        self._waiting.clear()
        self._on_clear.clear()
        if self._repeater is not None:
            self._repeater.stop()
            self._repeater = None

    def _next(self) -> None:
        if self._waiting:
            response = self._waiting.popleft()
            self._current = self._rseq
            self._rseq += 1
            response.headers.add("Require", "100rel")
            response.headers.add("RSeq", str(self._current))
            self._send(response)
            self._repeater = Repeater(self._timers, lambda: self._send(response), self._silent, capped=False)

    def _silent(self) -> None:
        self._repeater = None
        self._on_silence()


class ReliableReceiver:
    """The caller's side of one early dialog: which provisionals are new and in order."""

    def __init__(self) -> None:
        self._last: int | None = None

    def takes(self, response: Response) -> int | None:
        """The RSeq to PRACK; None: not reliable, or a repetition, or one that came too early (4)."""
        rseq = response.seconds("RSeq")
        if rseq is None or (self._last is not None and rseq != self._last + 1):
            return None
        self._last = rseq
        return rseq


def is_reliable(response: Response) -> bool:
    return 100 < response.status < 200 and "100rel" in response.listed("Require") and "RSeq" in response.headers
