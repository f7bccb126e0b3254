"""One TCP or TLS connection, whoever opened it."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from nokyc_voice.platform import Transport
from nokyc_voice.sip.framing import PING, PONG, Deframer
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.ports import Receiver

MAX_UNSENT = 1_048_576
"""Bytes that wait for a far end that does not read; it is cut off beyond."""
FIRST_MESSAGE_SEC = 30.0
"""An accepted connection has to say something whole within that time."""
IDLE_SEC = 3_600.0
"""Silence after which a connection is closed; keep-alives (RFC 5626) and session refreshes are shorter."""


class StreamConnection(asyncio.Protocol):
    """What is sent before it is open waits."""

    def __init__(
        self,
        receiver: Receiver,
        transport: Transport,
        *,
        on_lost: Callable[["StreamConnection"], None],
        on_made: Callable[["StreamConnection"], None] | None = None,
        remote: tuple[str, int] = ("", 0),
    ) -> None:
        self.transport: Transport = transport
        self.remote = remote
        self.local = ("", 0)
        self.subject: str | None = None
        self._receiver = receiver
        self._on_lost = on_lost
        self._on_made = on_made
        self._deframer = Deframer()
        self._wire: asyncio.Transport | None = None
        self._early = bytearray()
        self._is_closed = False
        self._idle: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Or about to be."""
        return not self._is_closed

    def send(self, data: bytes) -> None:
        if self._is_closed:
            return
        if self._wire is None:
            self._early += data
            unsent = len(self._early)
        else:
            self._wire.write(data)
            unsent = self._wire.get_write_buffer_size()
        if unsent > MAX_UNSENT:
            self._abort()

    def close(self) -> None:
        """What was sent still leaves."""
        self._is_closed = True
        if self._wire is not None:
            self._wire.close()

    def fail(self) -> None:
        """It could not be opened."""
        self._is_closed = True
        self._on_lost(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        wire = self._wire = cast(asyncio.Transport, transport)
        self.local = transport.get_extra_info("sockname")[:2]
        self.subject = _subject(transport.get_extra_info("peercert"))
        if self._on_made is not None:
            self.remote = transport.get_extra_info("peername")[:2]
            self._on_made(self)
        if self._is_closed:
            wire.close()
            return
        self._watch(FIRST_MESSAGE_SEC if self._on_made is not None else IDLE_SEC)
        wire.write(bytes(self._early))
        self._early.clear()

    def data_received(self, data: bytes) -> None:
        if self._is_closed:
            return
        try:
            for message in self._deframer.feed(data):
                self._watch(IDLE_SEC)
                if message == PING:
                    self.send(PONG)
                else:
                    self._receiver.received(message, self, "stream")
        except SipSyntaxError:
            self._abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._is_closed = True
        if self._idle is not None:
            self._idle.cancel()
        self._on_lost(self)

    def _abort(self) -> None:
        self._is_closed = True
        if self._wire is not None:
            self._wire.abort()
        else:
            self._on_lost(self)

    def _watch(self, seconds: float) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(seconds, self._abort)


def _subject(certificate: dict[str, Any] | None) -> str | None:
    """The first name of a certificate that was checked."""
    if not certificate:
        return None
    for kind, name in certificate.get("subjectAltName", ()):
        if kind in ("DNS", "URI"):
            return str(name)
    for part in certificate.get("subject", ()):
        for kind, name in part:
            if kind == "commonName":
                return str(name)
    return None
