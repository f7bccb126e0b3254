"""RTP packets (RFC 3550, 5.1) and arithmetic on their wrapping numbers."""

import struct

_HEADER = struct.Struct("!BBHII")
HEADER_BYTES = _HEADER.size
VERSION = 0x80
MARKER = 0x80

pack_header = _HEADER.pack
"""(VERSION, marker and payload type, sequence number, timestamp, ssrc)."""

Parsed = tuple[int, int, int, int, bytes]
"""Marker and payload type as they stand, sequence number, timestamp, SSRC, payload."""


class RtpError(ValueError):
    """Not an RTP packet."""


def parse(packet: bytes) -> Parsed:
    """Take a packet apart. Raises RtpError. A tuple and no object, for this is done fifty times a second and leg."""
    if len(packet) < HEADER_BYTES:
        raise RtpError("cut short")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(packet)
    if first == VERSION:
        return second, sequence, timestamp, ssrc, packet[HEADER_BYTES:]
    return second, sequence, timestamp, ssrc, _payload(packet, first)


def is_rtcp(packet: bytes) -> bool:
    """Whether a packet on a shared port is RTCP (RFC 5761, 4)."""
    return len(packet) > 1 and 192 <= packet[1] <= 223


def ahead(later: int, earlier: int, bits: int) -> int:
    """How far `later` is ahead of `earlier`, both wrapping at 2**bits; negative if it is behind."""
    half = 1 << (bits - 1)
    return ((later - earlier + half) & ((1 << bits) - 1)) - half


def _payload(packet: bytes, first: int) -> bytes:
    """The payload of a packet that has contributors, an extension or padding."""
    if first & 0xC0 != VERSION:
        raise RtpError("version is not 2")
    start = HEADER_BYTES + 4 * (first & 0x0F)
    end = len(packet)
    if first & 0x10:
        if end < start + 4:
            raise RtpError("extension is cut short")
        start += 4 + 4 * int.from_bytes(packet[start + 2 : start + 4], "big")
    if first & 0x20:
        padding = packet[-1]
        if padding == 0:
            raise RtpError("padding of nothing")
        end -= padding
    if start > end:
        raise RtpError("header or padding is longer than the packet")
    return packet[start:end]
