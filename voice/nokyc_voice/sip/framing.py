"""Messages in a stream (RFC 3261 18.3) and the keep-alives between them (RFC 5626 3.5.1)."""

import re
from collections.abc import Iterator

from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.message import MAX_MESSAGE

PING = b"\r\n\r\n"
PONG = b"\r\n"

_LENGTH = re.compile(rb"(?:^|\r\n)(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*(?=\r\n|$)", re.IGNORECASE)


class Deframer:
    """Fed with what arrives; gives whole messages, and PING for each ping. SipSyntaxError: the stream is lost."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = 0
        """Bytes of the message that is being read; 0 until its headers are there."""
        self._searched = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._buffer += data
        while (message := self._next()) is not None:
            if message:
                yield message

    def _next(self) -> bytes | None:
        """Empty for a pong."""
        buffer = self._buffer
        if not self._wanted:
            if buffer.startswith(PONG):
                return self._take(len(PING), PING) if buffer.startswith(PING) else self._pong()
            end = buffer.find(b"\r\n\r\n", max(self._searched - 3, 0))
            if end < 0:
                if len(buffer) > MAX_MESSAGE:
                    raise SipSyntaxError("too large", 513)
                self._searched = len(buffer)
                return None
            match = _LENGTH.search(buffer, 0, end)
            self._wanted = end + 4 + (int(match[1]) if match else 0)
            if self._wanted > MAX_MESSAGE:
                raise SipSyntaxError("too large", 513)
        if len(buffer) < self._wanted:
            return None
        return self._take(self._wanted, bytes(buffer[: self._wanted]))

    def _pong(self) -> bytes | None:
        """A CRLF alone; or the first half of a ping that is still on its way."""
        if len(self._buffer) == len(PONG) or self._buffer == b"\r\n\r":
            return None
        return self._take(len(PONG), b"")

    def _take(self, length: int, message: bytes) -> bytes:
        del self._buffer[:length]
        self._wanted = self._searched = 0
        return message
