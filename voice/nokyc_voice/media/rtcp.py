"""RTCP (RFC 3550, 6): sender and receiver reports, and of ours SDES and BYE beside them, in compound packets."""

import struct
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, GOODBYE = 200, 201, 202, 203
MAX_PACKETS = 16
"""In one compound packet."""
_CNAME = 1
_SENDER = struct.Struct("!IIIII")
_BLOCK = struct.Struct("!IIIIII")
_NTP_EPOCH_NS = 2_208_988_800 * 1_000_000_000


class RtcpError(ValueError):
    """Not an RTCP packet."""


@dataclass(frozen=True, slots=True)
class Block:
    """A reception report about one source (RFC 3550, 6.4.1)."""

    ssrc: int
    fraction_lost: int
    """In 256ths, since the last report."""
    lost: int
    highest: int
    """Extended sequence number."""
    jitter: int
    """In units of the RTP clock."""
    last_report: int
    """The middle 32 bits of the NTP time of the last sender report; 0 for none."""
    delay: int
    """Since then, in 65,536ths of a second."""


@dataclass(frozen=True, slots=True)
class Report:
    """A sender or receiver report."""

    ssrc: int
    blocks: tuple[Block, ...] = ()
    ntp: int | None = None
    """64-bit NTP time; None in a receiver report."""
    timestamp: int = 0
    packets: int = 0
    octets: int = 0


def parse(raw: bytes) -> list[Report]:
    """The reports of a compound packet; other kinds are passed over, BYE among them: SIP says when a call is over.
    Raises RtcpError."""
    found: list[Report] = []
    offset = 0
    if not raw:
        raise RtcpError("empty")
    for _ in range(MAX_PACKETS):
        if offset == len(raw):
            return found
        if len(raw) - offset < 4:
            raise RtcpError("cut short")
        first, kind, words = struct.unpack_from("!BBH", raw, offset)
        end = offset + 4 * (words + 1)
        if first & 0xC0 != 0x80 or end > len(raw):
            raise RtcpError("version is not 2, or a length leads past the end")
        if kind in (SENDER_REPORT, RECEIVER_REPORT):
            found.append(_report(kind, first & 0x1F, raw[offset + 4 : end]))
        offset = end
    raise RtcpError(f"over {MAX_PACKETS} packets")


def write_report(report: Report, cname: str, *, goodbye: bool = False) -> bytes:
    """A compound packet: the report, our canonical name, and a BYE if wanted."""
    body = struct.pack("!I", report.ssrc)
    if report.ntp is not None:
        body += _SENDER.pack(
            report.ntp >> 32, report.ntp & 0xFFFFFFFF, report.timestamp, report.packets, report.octets & 0xFFFFFFFF
        )
    for block in report.blocks:
        lost = max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF
        body += _BLOCK.pack(
            block.ssrc, block.fraction_lost << 24 | lost, block.highest, block.jitter, block.last_report, block.delay
        )
    kind = RECEIVER_REPORT if report.ntp is None else SENDER_REPORT
    name = cname.encode()
    item = struct.pack("!IBB", report.ssrc, _CNAME, len(name)) + name
    parts = [_framed(kind, len(report.blocks), body), _framed(SOURCE_DESCRIPTION, 1, item + bytes(4 - len(item) % 4))]
    if goodbye:
        parts.append(_framed(GOODBYE, 1, struct.pack("!I", report.ssrc)))
    return b"".join(parts)


def ntp_time(now_ns: int) -> int:
    """64-bit NTP format of a clock in ns. A clock that is no wall clock will do (RFC 3550, 4)."""
    return ((now_ns + _NTP_EPOCH_NS) << 32) // 1_000_000_000 & 0xFFFFFFFFFFFFFFFF


def middle(ntp: int) -> int:
    """The middle 32 bits, in 65,536ths of a second."""
    return ntp >> 16 & 0xFFFFFFFF


def round_trip_ms(block: Block, now_ns: int) -> float | None:
    """From our sender report to its echo (RFC 3550, 6.4.1); None if there was none, or it makes no sense."""
    if block.last_report == 0:
        return None
    elapsed = (middle(ntp_time(now_ns)) - block.last_report - block.delay) & 0xFFFFFFFF
    if elapsed > 0xFFFF0000:  # a rounding below zero
        elapsed = 0
    return elapsed / 65.536 if elapsed < 30 << 16 else None


def _framed(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _report(kind: int, count: int, body: bytes) -> Report:
    start = 24 if kind == SENDER_REPORT else 4
    if len(body) < start + _BLOCK.size * count:
        raise RtcpError("report is cut short")
    (ssrc,) = struct.unpack_from("!I", body)
    blocks = tuple(_block(body, start + _BLOCK.size * number) for number in range(count))
    if kind == RECEIVER_REPORT:
        return Report(ssrc, blocks)
    seconds, fraction, timestamp, packets, octets = _SENDER.unpack_from(body, 4)
    return Report(ssrc, blocks, seconds << 32 | fraction, timestamp, packets, octets)


def _block(body: bytes, offset: int) -> Block:
    ssrc, losses, highest, jitter, last_report, delay = _BLOCK.unpack_from(body, offset)
    lost = losses & 0xFFFFFF
    return Block(ssrc, losses >> 24, lost - (lost >> 23 << 24), highest, jitter, last_report, delay)
