"""Requests and responses, as they stand on the wire (RFC 3261 7)."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from nokyc_voice.sip.address import Address, parse_addresses
from nokyc_voice.sip.grammar import SipSyntaxError, is_token, number, readable, tokens
from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.multipart import find_part
from nokyc_voice.sip.statuses import reason_of
from nokyc_voice.sip.uri import SipUri, check_uri
from nokyc_voice.sip.via import Via, parse_vias

Framing = Literal["datagram", "stream", "frame"]
"""What a message comes in: UDP, TCP and TLS, or WebSocket (RFC 7118)."""

MAX_MESSAGE = 65_536
MAX_HEADER_LINES = 128
MAX_FOLDS = 512
"""Physical lines that the header lines may be folded over."""
MAX_CSEQ = 2**31 - 1
MAX_SECONDS = 2**32 - 1

SINGLE = (
    "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type", "Expires", "Session-Expires",
    "Min-SE", "RSeq", "RAck",
)  # fmt: skip
"""What may stand once; twice is a 400, because readers would disagree on which one counts."""

_REQUEST_LINE = re.compile(r"([A-Za-z0-9\-.!%*_+`'~]+) ([^\s<>\"]+) SIP/([0-9]+\.[0-9]+)", re.IGNORECASE)
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
_CSEQ = re.compile(r"([0-9]{1,20})[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)")
_CALL_ID = re.compile(r"[\x21-\x7e]+")


class Message:
    """What requests and responses have in common. Typed views are read once; do not change headers after that."""

    def __init__(self, headers: Headers, body: bytes = b"") -> None:
        self.headers = headers
        self.body = body

    @cached_property
    def vias(self) -> list[Via]:
        return parse_vias(self.headers.all("Via"))

    @property
    def via(self) -> Via:
        """The nearest hop."""
        return self.vias[0]

    @cached_property
    def from_(self) -> Address:
        return Address.parse(self._required("From"))

    @cached_property
    def to(self) -> Address:
        return Address.parse(self._required("To"))

    @cached_property
    def call_id(self) -> str:
        value = self._required("Call-ID")
        if not _CALL_ID.fullmatch(value):
            raise SipSyntaxError("malformed Call-ID")
        return value

    @cached_property
    def cseq(self) -> tuple[int, str]:
        """Number and method."""
        match = _CSEQ.fullmatch(self._required("CSeq"))
        if match is None:
            raise SipSyntaxError("malformed CSeq")
        return number(match[1], MAX_CSEQ, "CSeq"), match[2]

    @cached_property
    def contacts(self) -> list[Address]:
        """Without `*`, see has_star."""
        return [] if self.has_star else parse_addresses(self.headers.all("Contact"))

    @property
    def has_star(self) -> bool:
        return self.headers.all("Contact") == ["*"]

    def listed(self, name: str) -> set[str]:
        """The tokens that Supported, Require, Allow and the like list, in lower case."""
        return tokens(self.headers.all(name))

    def seconds(self, name: str) -> int | None:
        """A header that begins with a number of seconds; None without it."""
        value = self.headers.get(name)
        return None if value is None else number(value.partition(";")[0].strip(), MAX_SECONDS, name)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()

    @cached_property
    def sdp(self) -> bytes | None:
        """The body if it is SDP, or its part that is."""
        if self.content_type == "application/sdp":
            return self.body or None
        return find_part(self.body, self.headers.get("Content-Type") or "", "application/sdp") or None

    def __bytes__(self) -> bytes:
        lines = [self._start_line(), *(f"{k}: {v}" for k, v in self.headers if k.lower() != "content-length")]
        lines.append(f"Content-Length: {len(self.body)}\r\n\r\n")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body

    def _start_line(self) -> str:
        raise NotImplementedError

    def _required(self, name: str) -> str:
        value = self.headers.get(name)
        if value is None:
            raise SipSyntaxError(f"no {name}")
        return value

    def _check(self) -> None:
        """Read everything that anybody relies on, so that it cannot fail later."""
        for name in SINGLE:
            if self.headers.count(name) > 1:
                raise SipSyntaxError(f"more than one {name}")
        if not self.vias:
            raise SipSyntaxError("no Via")
        _ = self.from_, self.to, self.call_id, self.cseq, self.contacts
        for name in ("Route", "Record-Route"):
            if name in self.headers:
                parse_addresses(self.headers.all(name))
        for name in ("Expires", "Session-Expires", "Min-SE", "RSeq"):
            if name in self.headers:
                self.seconds(name)


class Request(Message):
    """`uri` is the Request-URI as it stood on the wire."""

    def __init__(self, method: str, uri: str, headers: Headers, body: bytes = b"") -> None:
        super().__init__(headers, body)
        self.method = method
        self.uri = uri

    def reply(
        self,
        status: int,
        reason: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
        *,
        to_tag: str | None = None,
    ) -> "Response":
        """A response with what RFC 3261 8.2.6.2 has copied; `to_tag` goes where there is none yet."""
        copied = Headers()
        for name in ("Via", "From", "To", "Call-ID", "CSeq"):
            for value in self.headers.all(name):
                copied.add(name, value)
        if to_tag is not None and self.to.tag is None:
            copied.set("To", f"{self.headers.get('To')};tag={to_tag}")
        for name, value in headers:
            copied.add(name, value)
        return Response(status, reason_of(status) if reason is None else reason, copied)

    def came_from(self, host: str, port: int) -> None:
        """Write down in Via where it really came from (RFC 3261 18.2.1, RFC 3581 4)."""
        self.vias[0] = self.via.received_from(host, port)
        self.headers.set("Via", *map(str, self.vias))

    def _start_line(self) -> str:
        return f"{self.method} {self.uri} SIP/2.0"

    def _check(self) -> None:
        super()._check()
        if self.cseq[1] != self.method:
            raise SipSyntaxError("CSeq names another method")
        if "Max-Forwards" in self.headers:
            number(self._required("Max-Forwards"), 255, "Max-Forwards")
        scheme = self.uri.partition(":")[0].lower()
        if scheme in ("sip", "sips") and SipUri.parse(self.uri).headers:
            raise SipSyntaxError("headers in the Request-URI")
        check_uri(self.uri)


class Response(Message):
    is_ours = False
    """Nobody sent it: it stands for silence (408) or for no way (503)."""

    def __init__(self, status: int, reason: str, headers: Headers, body: bytes = b"") -> None:
        super().__init__(headers, body)
        self.status = status
        self.reason = reason

    def _start_line(self) -> str:
        return f"SIP/2.0 {self.status} {self.reason}"


def parse(data: bytes, framing: Framing = "datagram") -> Request | Response:
    """One message. In a datagram, what is behind the body is ignored (RFC 3261 18.3); without Content-Length, the body
    is all the rest. In a stream it must be exactly one message, in a WebSocket frame as in a datagram.

    Raises:
        SipSyntaxError: with the status to answer, and what of the headers could be read.
    """
    if len(data) > MAX_MESSAGE:
        raise SipSyntaxError("too large", 513)
    head, separator, rest = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise SipSyntaxError("no end of headers")
    start, *lines = _unfold(head.decode("utf-8", "surrogateescape"))
    message = _start(start)
    try:
        _read_fields(message.headers, lines)
        message.body = _body(message.headers, rest, framing)
        message._check()
    except SipSyntaxError as error:
        if isinstance(message, Request):
            error.method, error.headers = message.method, message.headers
        raise
    return message


def _unfold(head: str) -> list[str]:
    lines: list[str] = []
    if head.count("\r\n") > MAX_FOLDS:
        raise SipSyntaxError("too many header lines")
    for line in head.split("\r\n"):
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += " " + line.strip(" \t")
        else:
            lines.append(line)
        if len(lines) > MAX_HEADER_LINES + 1:
            raise SipSyntaxError("too many header lines")
    return lines


def _start(line: str) -> Request | Response:
    if match := _STATUS_LINE.fullmatch(line):
        return Response(int(match[1]), readable(match[2] or ""), Headers())
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise SipSyntaxError("malformed first line")
    if match[3] != "2.0":
        raise SipSyntaxError("another version of SIP", 505)
    return Request(match[1], match[2], Headers())


def _read_fields(headers: Headers, lines: list[str]) -> None:
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or not is_token(name):
            raise SipSyntaxError("malformed header line")
        try:
            headers.add(name, value.strip(" \t"))
        except ValueError:
            raise SipSyntaxError("a line break in a header") from None


def _body(headers: Headers, rest: bytes, framing: Framing) -> bytes:
    value = headers.get("Content-Length")
    if value is None:
        if framing == "stream":
            raise SipSyntaxError("no Content-Length")
        return rest
    length = number(value, MAX_MESSAGE, "Content-Length")
    if length > len(rest) or (framing == "stream" and length < len(rest)):
        raise SipSyntaxError("the body is not as long as Content-Length says")
    return rest[:length]
