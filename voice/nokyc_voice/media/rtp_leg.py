"""One party's audio over RTP: negotiated by SDP (RFC 3264), one socket pair, moved by the ticker."""

import os
from collections.abc import Callable, Sequence

from nokyc_voice.media import rtp
from nokyc_voice.media.control import Control
from nokyc_voice.media.dtmf import ToneReader
from nokyc_voice.media.inbound import Inbound
from nokyc_voice.media.latch import Latch
from nokyc_voice.media.latch import Source as Address
from nokyc_voice.media.offer import Agreed, Negotiation
from nokyc_voice.media.outbound import Outbound
from nokyc_voice.media.port import FRAME_MS, SILENCE, AudioLeg, Source, Undo
from nokyc_voice.media.ports import Ports, SocketPair
from nokyc_voice.media.quality import ONE_WAY_PACKETS, PACKETIZATION_MS, mos
from nokyc_voice.media.sinks import Sinks
from nokyc_voice.media.sockets import Sockets
from nokyc_voice.media.srtp import Shield
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.platform import Quality

MAX_GAP_TICKS = 3_000
"""Of ticks that were skipped, so many are made up for with silence in a tap."""


class Audio:
    """Makes the RTP legs of one process."""

    def __init__(
        self,
        *,
        host: str,
        ports: range,
        ticker: Ticker,
        advertise: str | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """`host` is the address to bind to, IPv4 or IPv6; `advertise` is what SDP says instead, behind a NAT."""
        self.ports = Ports(host, ports)
        self._address = advertise if advertise is not None else host
        self._ticker = ticker
        self._random_bytes = random_bytes
        self._sockets = Sockets(ticker.now_ns)
        self._stop_reading = ticker.first(self._sockets.read)
        self._legs: set[RtpLeg] = set()

    def offering(self, *, codecs: Sequence[str], srtp: bool) -> "tuple[RtpLeg, bytes]":
        """A leg and its SDP offer. Raises NoPortsError."""
        leg = self._leg(codecs, secure=srtp)
        return leg, leg.reoffer(hold=False)

    def answering(self, offer: bytes, *, codecs: Sequence[str], srtp_required: bool = False) -> "tuple[RtpLeg, bytes]":
        """A leg for an offer, and the SDP answer. Raises MediaRefusedError, NoPortsError."""
        leg = self._leg(codecs, secure=srtp_required)
        try:
            return leg, leg.reoffered(offer)
        except BaseException:
            leg.close()
            raise

    def read(self) -> None:
        """Take what has come to the sockets by now. The ticker does it at the beginning of each tick."""
        self._sockets.read()

    def close(self) -> None:
        """Close all legs, and read no more."""
        for leg in list(self._legs):
            leg.close()
        self._stop_reading()
        self._sockets.close()

    def _leg(self, codecs: Sequence[str], *, secure: bool) -> "RtpLeg":
        pair = self.ports.take()
        negotiation = Negotiation(
            address=self._address, port=pair.port, codecs=codecs, secure=secure, random_bytes=self._random_bytes
        )
        leg = RtpLeg(negotiation, pair, self._sockets, self._ticker, self._random_bytes, closed=self._forget)
        self._legs.add(leg)
        return leg

    def _forget(self, leg: "RtpLeg", pair: SocketPair) -> None:
        self._legs.discard(leg)
        self.ports.give_back(pair)


class RtpLeg(AudioLeg):
    """See AudioLeg. Where the far end is follows its packets (symmetric RTP)."""

    def __init__(
        self,
        negotiation: Negotiation,
        pair: SocketPair,
        sockets: Sockets,
        ticker: Ticker,
        random_bytes: Callable[[int], bytes],
        *,
        closed: Callable[["RtpLeg", SocketPair], None],
    ) -> None:
        """`closed` takes the sockets back."""
        self._negotiation = negotiation
        self._pair = pair
        self._closed = closed
        self._ticker = ticker
        self._agreed: Agreed | None = None
        self._shield: Shield | None = None
        self._latch = Latch()
        self._digits: Sinks[[str]] = Sinks()
        self._inbound = Inbound(self._latch, self._digits)
        self._outbound = Outbound(pair.rtp, self._latch, random_bytes)
        streams = self._inbound, self._outbound
        self._control = Control((pair.rtp, pair.rtcp), self._latch, streams, random_bytes)
        self._tones = ToneReader()
        self._source: Source | None = None
        self._heard = SILENCE
        self._listeners: Sinks[[bytes]] = Sinks()
        self._taps: Sinks[[bytes, bytes]] = Sinks()
        self._tick = ticker.ticks
        self._leave = [
            sockets.add(pair.rtp, self._take),
            sockets.add(pair.rtcp, self._control.take),
            ticker.add(self._hear, self._speak),
        ]

    @property
    def port(self) -> int:
        """Where it listens; RTCP on the next one."""
        return self._pair.port

    @property
    def codec(self) -> str:
        """The one agreed on, as in Trunk.codecs; the first one offered until there is an answer."""
        return self._agreed.codec.name if self._agreed is not None else self._negotiation.first_codec

    @property
    def held(self) -> bool:
        """The far end put us on hold: it does not want to hear us."""
        return self._agreed is not None and self._agreed.held

    @property
    def receives(self) -> bool:
        """The far end may send: silence from it means something. Not while either end holds the other quiet."""
        return self._agreed is not None and self._agreed.receives

    @property
    def secure(self) -> bool:
        """SRTP is spoken."""
        return self._shield is not None

    @property
    def far_loss(self) -> float:
        """The share of our packets that the far end missed, by its last report: 0 to 1."""
        return self._control.far_loss

    def answered(self, answer: bytes) -> None:
        """The far end's answer to our last offer. It may come again (early media, then 200): the last one counts.
        Raises MediaRefusedError; the leg stays as it was."""
        self._agree(self._negotiation.accept(answer))

    def reoffered(self, offer: bytes | None) -> bytes:
        """Our answer to the far end's re-INVITE or UPDATE: hold, resume, another codec or address. None: an offer of
        our own, for a re-INVITE without one; its answer goes to `answered`. Raises MediaRefusedError; the leg stays
        as it was."""
        if offer is None:
            return self._negotiation.offer()
        agreed, answer = self._negotiation.answer(offer)
        self._agree(agreed)
        return answer

    def reoffer(self, *, hold: bool) -> bytes:
        """An offer for a re-INVITE of our own, with hold or without."""
        return self._negotiation.offer(hold=hold)

    def play(self, source: Source | None) -> None:
        self._source = source

    def listen(self, sink: Callable[[bytes], None]) -> Undo:
        return self._listeners.add(sink)

    def tap(self, sink: Callable[[bytes, bytes], None]) -> Undo:
        return self._taps.add(sink)

    def on_digit(self, sink: Callable[[str], None]) -> Undo:
        return self._digits.add(sink)

    def digit(self, digit: str) -> None:
        self._digits(digit)

    def send_digits(self, digits: str) -> None:
        """Raises ValueError for what is no digit, and for more than 128 that wait."""
        self._outbound.digits.add(digits)

    @property
    def digits_in_audio(self) -> bool:
        """The far end knows no events (RFC 4733)."""
        return self._agreed is not None and self._agreed.event_type is None

    def heard_ms_ago(self) -> int | None:
        heard_ns = self._latch.heard_ns
        return None if heard_ns is None else (self._ticker.now_ns() - heard_ns) // 1_000_000

    def quality(self) -> Quality:
        inbound, outbound = self._inbound, self._outbound
        jitter = inbound.jitter
        round_trip_ms = self._control.round_trip_ms
        score = None
        if self._agreed is not None and inbound.frames:
            delay = PACKETIZATION_MS + jitter.target * FRAME_MS + (round_trip_ms or 0.0) / 2
            score = mos(self._agreed.codec, loss=jitter.concealed / inbound.frames, one_way_delay_ms=delay)
        return Quality(
            codec=self.codec,
            packets_sent=outbound.packets,
            packets_received=inbound.received,
            packets_lost=inbound.lost,
            jitter_ms=round(inbound.reception.jitter_ms, 1) if inbound.reception is not None else 0.0,
            round_trip_ms=None if round_trip_ms is None else round(round_trip_ms, 1),
            mos=score,
            one_way=inbound.received == 0 and outbound.packets >= ONE_WAY_PACKETS,
            concealed_ms=jitter.concealed * FRAME_MS,
        )

    def counters(self) -> dict[str, int]:
        """What was dropped and why, for metrics and tests."""
        jitter = self._inbound.jitter
        reception = self._inbound.reception
        return {
            "strangers": self._latch.strangers,
            "late": jitter.late,
            "repeated": jitter.repeated,
            "discarded": jitter.discarded,
            "duplicates": reception.duplicates if reception is not None else 0,
            "reordered": reception.reordered if reception is not None else 0,
            "unsent": self._outbound.dropped,
            "rtcp_broken": self._control.broken,
            **self._inbound.dropped,
        }

    def close(self) -> None:
        if not self._leave:
            return
        while self._leave:
            self._leave.pop()()
        self._control.report(self._ticker.now_ns(), goodbye=True)
        self._closed(self, self._pair)
        self._source = None
        for sinks in (self._listeners, self._taps, self._digits):
            sinks.clear()

    def _agree(self, agreed: Agreed) -> None:
        self._shield = None if agreed.keys is None else Shield(*agreed.keys, before=self._shield)
        self._agreed = agreed
        self._latch.state(agreed.remote, self._ticker.now_ns())
        for part in (self._inbound, self._outbound, self._control):
            part.agree(agreed, self._shield)

    def _take(self, packet: bytes, source: Address, now_ns: int) -> None:
        """A packet on RTP's port, before there is an answer or where RTCP comes to it too."""
        if self._agreed is not None:
            part = self._control if self._agreed.mux and rtp.is_rtcp(packet) else self._inbound
            part.take(packet, source, now_ns)

    def _hear(self) -> None:
        agreed = self._agreed
        frame = self._inbound.frame()
        if agreed is None or not agreed.receives:
            frame = SILENCE
        self._heard = frame
        for listener in self._listeners.each:
            listener(frame)
        if self._digits.each and self.digits_in_audio:
            digit = self._tones.read(frame)
            if digit is not None:
                self._digits(digit)

    def _speak(self) -> None:
        ticks = self._ticker.ticks
        source = self._source
        frame = source.read() if source is not None else None
        sent = self._outbound.send(SILENCE if frame is None else frame, ticks)
        taps = self._taps.each
        if taps:
            for _ in range(min(ticks - self._tick - 1, MAX_GAP_TICKS)):
                self._taps(SILENCE, SILENCE)
            for tap in taps:
                tap(self._heard, sent)
        self._tick = ticks
        if self._control.tick():
            self._control.report(self._ticker.now_ns())
