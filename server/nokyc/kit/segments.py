"""How an SMS body becomes segments: encoding, cuts, user data headers (3GPP TS 23.040 §9.2.3.24, 23.038)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nokyc.kit import gsm0338

Encoding = Literal["gsm7", "ucs2"]

SINGLE = {"gsm7": 160, "ucs2": 140}
"""Octets of payload in the only part of a message: 160 septets, or 70 UTF-16 units."""
JOINED = {"gsm7": 153, "ucs2": 134}
"""The same beside a concatenation header: 153 septets, or 67 units."""
MAX_PARTS = 255


@dataclass(frozen=True, slots=True)
class Part:
    """The encoded bytes of one segment."""

    encoding: Encoding
    payload: bytes
    """`gsm7`: one septet per octet (unpacked), ESC sequences included; `ucs2`: UTF-16BE."""
    udh: bytes = b""
    """User data header with its length octet, empty for a single segment."""
    text: str = ""
    """The characters that this part carries."""


def split(text: str, reference: int) -> tuple[Part, ...]:
    """The parts of a body; `reference` (0 to 255) ties them together in an 8-bit concatenation header.

    Raises:
        ValueError: a lone surrogate, more than 255 parts, or a reference out of range.
    """
    if not 0 <= reference <= 255:
        raise ValueError(f"reference {reference} is not within 0 and 255")
    encoding, payload = _encode(text)
    if len(payload) <= SINGLE[encoding]:
        return (Part(encoding, payload, text=text),)
    ends = _cuts(encoding, payload)
    total = len(ends)
    if total > MAX_PARTS:
        raise ValueError(f"the text needs {total} parts, a header counts to {MAX_PARTS}")
    parts = []
    for index, (start, end) in enumerate(zip([0, *ends], ends, strict=False), start=1):
        piece = payload[start:end]
        header = bytes((5, 0, 3, reference, total, index))
        parts.append(Part(encoding, piece, header, decode_part(encoding, piece)))
    return tuple(parts)


def count(text: str) -> tuple[Encoding, int]:
    """The encoding and the number of parts that `split` would make, without making them.

    Raises:
        ValueError: a lone surrogate.
    """
    encoding, payload = _encode(text)
    if len(payload) <= SINGLE[encoding]:
        return encoding, 1
    return encoding, len(_cuts(encoding, payload))


def units(text: str) -> int:
    """UTF-16 units: how the contract counts the characters of a body.

    Raises:
        ValueError: a lone surrogate.
    """
    return len(text) if text.isascii() else len(_utf16(text)) // 2


def decode_part(encoding: Encoding, data: bytes) -> str:
    """The text of a payload from outside; what is broken in it reads as U+FFFD."""
    return gsm0338.decode(data) if encoding == "gsm7" else data.decode("utf-16-be", "replace")


def join(encoding: Encoding, payloads: Iterable[bytes]) -> str:
    """The body of a concatenated message, given its payloads in order."""
    # Some senders cut inside a character: only the joined bytes can be read.
    return decode_part(encoding, b"".join(payloads))


def _encode(text: str) -> tuple[Encoding, bytes]:
    septets = gsm0338.encode(text)
    return ("gsm7", septets) if septets is not None else ("ucs2", _utf16(text))


def _utf16(text: str) -> bytes:
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise ValueError(f"lone surrogate at character {error.start}") from None


def _cuts(encoding: Encoding, payload: bytes) -> list[int]:
    """Where each part ends, in octets; never after an ESC or between two surrogates."""
    ends: list[int] = []
    end, size = 0, JOINED[encoding]
    while end + size < len(payload):
        end += size
        if encoding == "gsm7":
            end -= payload[end - 1] == gsm0338.ESC
        elif 0xD8 <= payload[end - 2] <= 0xDB:
            end -= 2
        ends.append(end)
    return [*ends, len(payload)]
