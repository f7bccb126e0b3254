"""Session descriptions (RFC 8866): the lines that calls need, read leniently and written strictly."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_BYTES = 16_384
MAX_LINES = 512
MAX_MEDIA = 16
MAX_FORMATS = 64

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class SdpError(ValueError):
    """Not a session description, or one beyond our limits."""


@dataclass(frozen=True, slots=True)
class Rtpmap:
    """`a=rtpmap` (RFC 8866, 6.6)."""

    payload_type: int
    name: str
    """In upper case."""
    rate: int


@dataclass(slots=True)
class Media:
    """One m= line with what follows it."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    address: str | None = None
    """From its own c= line."""
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """The first attribute of that name; '' if it has no value."""
        return next((value for key, value in self.attributes if key == name), None)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def rtpmaps(self) -> dict[int, Rtpmap]:
        """By payload type, of those that its formats name. Static ones may come without a line."""
        listed = {number_of(text, below=128) for text in self.formats}
        found = {kind: known for kind, known in _STATIC.items() if kind in listed}
        for value in self.values("rtpmap"):
            number, _, encoding = value.partition(" ")
            name, _, rate = encoding.strip().partition("/")
            kind, clock = number_of(number, below=128), number_of(rate.partition("/")[0], below=1_000_000)
            if kind in listed and kind is not None and clock is not None:
                found[kind] = Rtpmap(kind, name.upper(), clock)
        return found


@dataclass(slots=True)
class Description:
    """A whole session description."""

    address: str | None
    media: list[Media]
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def address_of(self, media: Media) -> str | None:
        return media.address if media.address is not None else self.address

    def direction_of(self, media: Media) -> str:
        """The media's own direction, else the session's, else both ways (RFC 8866, 6.7)."""
        for attributes in (media.attributes, self.attributes):
            for name, _ in attributes:
                if name in DIRECTIONS:
                    return name
        return "sendrecv"


def parse(raw: bytes) -> Description:
    """Read a description. Raises SdpError."""
    if len(raw) > MAX_BYTES:
        raise SdpError(f"over {MAX_BYTES} bytes")
    lines = raw.decode("utf-8", "replace").replace("\r", "\n").split("\n")
    if len(lines) > 2 * MAX_LINES:
        raise SdpError(f"over {MAX_LINES} lines")
    found = Description(None, [])
    seen = False
    for line in lines:
        kind, equals, value = line.strip().partition("=")
        if not equals or len(kind) != 1:
            continue
        seen = seen or kind == "v"
        _take(found, kind, value.strip())
    if not seen:
        raise SdpError("no v= line")
    return found


def write(origin: str, address: str, media: Sequence[Media]) -> bytes:
    """A description as bytes. `origin` is what stands in o= before the network type: name, id and version."""
    place = f"IN {'IP6' if ':' in address else 'IP4'} {address}"
    lines = ["v=0", f"o={origin} {place}", "s=-", f"c={place}", "t=0 0"]
    for one in media:
        lines.append(f"m={one.kind} {one.port} {one.protocol} {' '.join(one.formats)}")
        lines += [f"a={name}:{value}" if value else f"a={name}" for name, value in one.attributes]
    return ("\r\n".join(lines) + "\r\n").encode()


def number_of(text: str, *, below: int) -> int | None:
    """A number in ASCII digits; None if it is none, or too large (int() would even raise beyond 4,300 digits)."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        return None
    number = int(text)
    return number if number < below else None


def is_unspecified(address: str) -> bool:
    """0.0.0.0 or ::, the old way to say hold (RFC 3264, 8.4)."""
    return ipaddress.ip_address(address).is_unspecified


def _take(found: Description, kind: str, value: str) -> None:
    match kind:
        case "m":
            if len(found.media) == MAX_MEDIA:
                raise SdpError(f"over {MAX_MEDIA} media")
            found.media.append(_media(value))
        case "c":
            address = _address(value)
            if found.media:
                found.media[-1].address = address
            else:
                found.address = address
        case "a":
            name, _, rest = value.partition(":")
            attributes = found.media[-1].attributes if found.media else found.attributes
            attributes.append((name.strip().lower(), rest.strip()))


def _media(value: str) -> Media:
    parts = value.split()
    if len(parts) < 4:
        raise SdpError("an m= line is cut short")
    text, _, count = parts[1].partition("/")
    port = number_of(text, below=65_536)
    if port is None or count not in ("", "1"):
        raise SdpError("an m= line has no port")
    if len(parts) - 3 > MAX_FORMATS:
        raise SdpError(f"over {MAX_FORMATS} formats")
    return Media(parts[0].lower(), port, parts[2].upper(), tuple(parts[3:]))


def _address(value: str) -> str:
    parts = value.split()
    if len(parts) != 3 or parts[0].upper() != "IN":
        raise SdpError("a c= line is not understood")
    try:
        if "%" in parts[2]:
            raise ValueError("a zone means nothing beyond its own machine")
        address = ipaddress.ip_address(parts[2].partition("/")[0])
    except ValueError:
        raise SdpError("a c= line has a name, or nothing, for an address") from None
    if address.is_multicast:
        raise SdpError("a c= line has a multicast address")
    return str(address)


_STATIC = {0: Rtpmap(0, "PCMU", 8_000), 8: Rtpmap(8, "PCMA", 8_000), 9: Rtpmap(9, "G722", 8_000)}
"""Payload types that mean something without a line (RFC 3551, 6)."""
