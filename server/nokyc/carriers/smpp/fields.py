"""The kinds of fields that SMPP bodies are made of (SMPP 3.4 §3.1, §3.2.4.1): each written and read."""

import struct

_TLV = struct.Struct(">HH")


class PduError(Exception):
    """A frame that is not SMPP, or a PDU that cannot be said in it.

    `command` and `sequence` are 0 when not even the header could be read; `unknown` means that its command is
    all that is wrong with it.
    """

    def __init__(self, reason: str, command: int = 0, sequence: int = 0, *, unknown: bool = False) -> None:
        super().__init__(reason)
        self.command = command
        self.sequence = sequence
        self.unknown = unknown


def write_c_string(text: str) -> bytes:
    try:
        octets = text.encode("latin-1")
    except UnicodeEncodeError:
        raise PduError("a field holds characters that SMPP cannot carry") from None
    if 0 in octets:
        raise PduError("a field holds a NUL")
    return octets + b"\0"


def read_c_string(body: bytes, at: int) -> tuple[str, int]:
    end = body.find(0, at)
    if end < 0:
        raise PduError("a string without its end")
    return body[at:end].decode("latin-1"), end + 1


def write_octets(*values: int) -> bytes:
    try:
        return bytes(values)
    except ValueError:
        raise PduError("an integer beyond one octet") from None


def read_octets(body: bytes, at: int, count: int) -> bytes:
    if at + count > len(body):
        raise PduError("the body ends too early")
    return body[at : at + count]


def write_tlvs(tlvs: dict[int, bytes]) -> bytes:
    if not tlvs:
        return b""
    try:
        return b"".join(_TLV.pack(tag, len(value)) + value for tag, value in tlvs.items())
    except struct.error:
        raise PduError("an optional parameter that is too long") from None


def read_tlvs(body: bytes, at: int) -> dict[int, bytes]:
    tlvs: dict[int, bytes] = {}
    while len(body) - at >= 4:  # a shorter tail is padding, seen in the wild
        tag, length = _TLV.unpack_from(body, at)
        at += 4
        if at + length > len(body):
            raise PduError("an optional parameter reaches beyond the frame")
        tlvs[tag] = body[at : at + length]
        at += length
    return tlvs
