"""A leg's RTCP: reports each five seconds, and what the far end's reports say (RFC 3550, 6)."""

import socket
from collections.abc import Callable

from nokyc_voice.media import rtcp
from nokyc_voice.media.inbound import Inbound
from nokyc_voice.media.latch import Latch, Source
from nokyc_voice.media.offer import Agreed
from nokyc_voice.media.outbound import Outbound
from nokyc_voice.media.port import FRAME_MS
from nokyc_voice.media.srtp import Shield

INTERVAL_TICKS = 5_000 // FRAME_MS
NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - nothing is bound here
"""What a far end that holds us in the old way gives as its address; the kernel would take it for this machine."""


class Control:
    """One leg's reports. The first one leaves after a random part of the interval, so that legs do not speak all at
    once."""

    def __init__(
        self,
        pair: tuple[socket.socket, socket.socket],
        rtp_latch: Latch,
        streams: tuple[Inbound, Outbound],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self.round_trip_ms: float | None = None
        self.far_loss = 0.0
        """The share of our packets that the far end missed in its last interval, 0 to 1."""
        self.broken = 0
        """Packets that were no RTCP, or nobody's that we know."""
        self._sockets = pair
        self._rtp_latch = rtp_latch
        self._inbound, self._outbound = streams
        self._cname = random_bytes(8).hex()
        self._wait = 25 + int.from_bytes(random_bytes(2), "big") % (INTERVAL_TICKS - 25)
        self._agreed: Agreed | None = None
        self._shield: Shield | None = None
        self._target: Source = ("", 0)
        self._last_report = 0
        self._last_report_ns = 0
        self._told_packets = 0

    def agree(self, agreed: Agreed, shield: Shield | None) -> None:
        """Report as agreed on from now on."""
        if self._agreed is None or agreed.remote_rtcp != self._agreed.remote_rtcp or agreed.mux != self._agreed.mux:
            self._target = agreed.remote_rtcp
        self._agreed = agreed
        self._shield = shield

    def tick(self) -> bool:
        """Count down; whether it is time to report."""
        self._wait -= 1
        if self._wait > 0:
            return False
        self._wait = INTERVAL_TICKS
        return True

    def report(self, now_ns: int, *, goodbye: bool = False) -> None:
        """Send a report now; with a BYE if this is the end (RFC 3550, 6.6)."""
        agreed, inbound, outbound = self._agreed, self._inbound, self._outbound
        if agreed is None:
            return
        blocks: tuple[rtcp.Block, ...] = ()
        if inbound.reception is not None:
            delay = (now_ns - self._last_report_ns) * 65_536 // 1_000_000_000 if self._last_report else 0
            blocks = (inbound.reception.block(self._last_report, min(delay, 0xFFFFFFFF)),)
        sender = outbound.packets > self._told_packets
        self._told_packets = outbound.packets
        report = rtcp.Report(
            outbound.ssrc,
            blocks,
            rtcp.ntp_time(now_ns) if sender else None,
            outbound.timestamp,
            outbound.packets & 0xFFFFFFFF,
            outbound.octets,
        )
        packet = rtcp.write_report(report, self._cname, goodbye=goodbye)
        if self._shield is not None:
            packet = self._shield.protect_rtcp(packet)
        where, target = (self._sockets[0], self._rtp_latch.target) if agreed.mux else (self._sockets[1], self._target)
        if target[0] in NOWHERE:
            return
        try:
            where.sendto(packet, target)
        except OSError:
            return  # the next report says it all again

    def take(self, packet: bytes, source: Source, now_ns: int) -> None:
        """One packet from the socket."""
        if self._shield is not None:
            opened = self._shield.open_rtcp(packet)
        else:
            known = (self._rtp_latch.target, self._target)
            opened = packet if any(place[0] == source[0] for place in known) else None
        try:
            found = rtcp.parse(opened) if opened is not None else None
        except rtcp.RtcpError:
            found = None
        if found is None:
            self.broken += 1
            return
        self._target = source
        for report in found:
            self._read(report, now_ns)

    def _read(self, report: rtcp.Report, now_ns: int) -> None:
        if report.ntp is not None:
            self._last_report = rtcp.middle(report.ntp)
            self._last_report_ns = now_ns
        for block in report.blocks:
            if block.ssrc == self._outbound.ssrc:
                self.far_loss = block.fraction_lost / 256
                measured = rtcp.round_trip_ms(block, now_ns)
                if measured is not None:
                    self.round_trip_ms = measured
