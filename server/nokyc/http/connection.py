"""One HTTP/1.1 connection within bounds: what it may send, how long it may take, how many there are.

uvicorn parses (llhttp) and keeps order; it waits for a request as long as anybody likes, and takes a head of any
size. A proxy before us would see to both, but nobody has to have one.
"""

import asyncio
import enum
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from nokyc.kit.ids import request_id

MAX_HEADERS = 100
MAX_HEAD_BYTES = 32_768
"""Request line and headers. A browser's cookies have a few hundred bytes, a long URL two thousand."""
MAX_MESSAGE_BYTES = 8_000_000
"""What may come after a head, with all that chunks cost. The largest body that anybody reads has two million bytes."""
MAX_PIPELINED = 16
"""Requests that wait for the answers to those before them."""
MAX_CONNECTIONS = 4_000
EVICTED_PART = 16
"""When it is full, one in so many of those that ask for nothing have to go, those who waited longest first; if there
are none, of those whose requests are not whole yet."""
HEAD = b"HTTP/1.1 "
"""How every answer begins."""

Phase = enum.Enum("Phase", ["WAITING", "HEAD", "BODY"])
"""Of the request that comes next: nothing of it is there, some of its head, or all of its head."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds."""

    first: float = 20.0
    """From the connection to the first byte."""
    between: float = 75.0
    """From an answer to the next request."""
    head: float = 20.0
    """From the first byte of a head to its last, however steadily they drip."""
    body: float = 60.0
    """From the head to the last byte of the body: a megabyte at 140 kbit/s."""
    unread: float = 60.0
    """While the client takes nothing of what waits for it."""
    check: float = 1.0
    """Between two looks at the clock."""


class Whole:
    """A transport that sends the head of an answer together with what follows it at once: in one packet, by one call.

    uvloop sends at each write, and uvicorn writes head and body by themselves.
    """

    __slots__ = ("_handle", "_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self._handle: asyncio.Handle | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._head:
            self._transport.write(self._take() + data)
        elif data.startswith(HEAD):
            self._head = data
            self._handle = self._loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def _flush(self) -> None:
        if self._head:
            self._transport.write(self._take())

    def _take(self) -> bytes:
        assert self._handle is not None
        self._handle.cancel()
        head, self._head = self._head, b""
        return head


class Connection(HttpToolsProtocol):
    """What uvicorn makes of each accepted socket."""

    patience = Patience()
    max_connections = MAX_CONNECTIONS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Whole(transport, self.loop))  # type: ignore[arg-type]
        self._phase = Phase.WAITING
        self._since = self.loop.time()
        self._begun = 0
        self._received = 0
        self._status = 400
        self._broken = False
        self._unread_since: float | None = None
        self._timer = self.loop.call_later(self.patience.check, self._check)
        if len(self.connections) > self.max_connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._broken:
            return
        begun, phase = self._begun, self._phase
        super().data_received(data)
        if begun + (phase is Phase.WAITING) != self._begun or self._phase is Phase.WAITING:
            self._received = 0  # what there is of the next message is less than was read at once
            return
        self._received += len(data)
        if self._phase is Phase.HEAD and self._received > MAX_HEAD_BYTES:
            self._status = 431
            self.send_400_response("The head of the request is too large.")
        elif self._phase is Phase.BODY and self._received > MAX_MESSAGE_BYTES:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._enter(Phase.HEAD)
        self._begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase is Phase.HEAD:  # trailers (RFC 9112, 7.1.2) come with the body and mean nothing to us
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES or len(self.headers) > MAX_HEADERS:
            self._status = 431
            raise ValueError("the head is too large")
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise ValueError("whose page this is has to be said once (RFC 9112, 3.2)")
        if len(self.pipeline) >= MAX_PIPELINED:
            raise ValueError("too many requests before the first answer")
        self._enter(Phase.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._enter(Phase.WAITING)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        if self._phase is Phase.WAITING:
            self._since = self.loop.time()
        super().on_response_complete()
        if self._broken and not self.pipeline and self.cycle.response_complete:
            self._refuse()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is refused, once what was asked before has its answer; nothing is read any more."""
        self._broken = True
        self.flow.pause_reading()
        if not self._answering or (self._phase is Phase.BODY and not self.pipeline):
            self._refuse()

    def handle_websocket_upgrade(self) -> None:
        self._timer.cancel()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = None
        super().resume_writing()

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._since = self.loop.time()

    def _refuse(self) -> None:
        if not (self._answering and self.cycle.response_started):
            text = b"This is not a sound HTTP request, or it is too large.\n"
            headers = {
                b"content-type": b"text/plain; charset=utf-8", b"content-length": str(len(text)).encode(),
                b"request-id": request_id().encode(), b"connection": b"close",
            }  # fmt: skip
            lines = (name + b": " + value + b"\r\n" for name, value in headers.items())
            self.transport.write(b"".join([STATUS_LINE[self._status], *lines, b"\r\n", text]))
        self.transport.close()

    def _check(self) -> None:
        now, patience = self.loop.time(), self.patience
        if self._unread_since is not None and now - self._unread_since > patience.unread:
            self.transport.abort()
        elif self.transport.is_closing():
            self._unread_since = self._unread_since or now  # it has to take what is left, or do without
        elif now - self._since > self._patience():
            self.transport.abort()
        self._timer = self.loop.call_later(patience.check, self._check)

    def _patience(self) -> float:
        """How long the present phase may last."""
        match self._phase:
            case Phase.HEAD:
                return self.patience.head
            case Phase.BODY:
                return self.patience.body
            case _ if self._answering:
                return float("inf")  # that is our time, and handlers have limits of their own
            case _:
                return self.patience.between if self._begun else self.patience.first

    def _make_room(self) -> None:
        """A request counts once it is whole: whoever drips a body holds no place against others."""
        others: list[Any] = [other for other in self.connections if isinstance(other, Connection) and other is not self]
        idle = [other for other in others if other._phase is not Phase.BODY and not other._answering]
        going = idle or [other for other in others if other._phase is Phase.BODY]
        for other in sorted(going, key=lambda other: other._since)[: 1 + len(going) // EVICTED_PART]:
            other.transport.abort()
        if not going:
            self.transport.abort()
