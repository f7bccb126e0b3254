"""A leg's ear: packets in whatever order, a frame out each 20 ms."""

from collections import Counter
from collections.abc import Callable, Mapping

from nokyc_voice.media import rtp
from nokyc_voice.media.codecs import Codec, Decode
from nokyc_voice.media.concealment import Concealer
from nokyc_voice.media.dtmf import EventReader
from nokyc_voice.media.jitter import JitterBuffer
from nokyc_voice.media.latch import Latch, Source
from nokyc_voice.media.offer import COMFORT_NOISE, Agreed
from nokyc_voice.media.port import FRAME_SAMPLES, SILENCE
from nokyc_voice.media.reception import Reception
from nokyc_voice.media.srtp import Shield

SWITCH_NS = 60_000_000
"""A source that was silent for so long may be followed by another one at once."""


class Inbound:
    """What comes from the far end. It is deaf until it is told what was agreed on."""

    def __init__(self, latch: Latch, digit: Callable[[str], None]) -> None:
        self.jitter = JitterBuffer()
        self.reception: Reception | None = None
        self.dropped: Counter[str] = Counter()
        """Packets that we could not use: broken, forged, unknown (payload type), source (another SSRC)."""
        self.frames = 0
        """Frames heard, concealed ones among them."""
        self._latch = latch
        self._digit = digit
        self._concealer = Concealer()
        self._events = EventReader()
        self._receive: Mapping[int, Codec] = {}
        self._event_types: frozenset[int] = frozenset()
        self._open: Callable[[bytes], bytes | None] | None = None
        self._type = -1
        """The payload type that `_decode` is for."""
        self._decode: Decode | None = None
        self._candidate: int | None = None
        """An SSRC that one packet came from."""
        self._past = [0, 0]
        """Received and lost, of earlier sources."""

    def agree(self, agreed: Agreed, shield: Shield | None) -> None:
        """Take packets as agreed on from now on."""
        if agreed.receive != self._receive:
            self._type = -1
        self._receive = agreed.receive
        self._event_types = agreed.events
        self._open = shield.open if shield is not None else None

    def take(self, packet: bytes, source: Source, now_ns: int) -> None:
        """One packet from the socket."""
        if self._open is not None:
            opened = self._open(packet)
            if opened is None:
                self.dropped["forged"] += 1
                return
            packet = opened
        try:
            marked, sequence, timestamp, ssrc, payload = rtp.parse(packet)
        except rtp.RtpError:
            self.dropped["broken"] += 1
            return
        kind = marked & 0x7F
        audio = kind in self._receive
        if not audio and kind not in self._event_types and kind != COMFORT_NOISE:
            self.dropped["unknown"] += 1
            return
        latch = self._latch
        if source != latch.source and not latch.admits(source, now_ns):
            return
        reception = self.reception
        if reception is None or ssrc != reception.ssrc:
            reception = self._switch(ssrc, now_ns)
            if reception is None:
                return
        latch.heard_ns = now_ns
        if not reception.arrived(sequence):
            return
        if audio:
            reception.timed(timestamp, now_ns // 125_000)
            if kind != self._type:
                self._turn_to(kind)
            self.jitter.put(timestamp, payload)
            return
        self.jitter.rest()
        if kind != COMFORT_NOISE:
            digit = self._events.read(payload, timestamp, marked=marked >= rtp.MARKER)
            if digit is not None:
                self._digit(digit)

    def frame(self) -> bytes:
        """The next 20 ms that are to be heard."""
        payload = self.jitter.pop()
        if payload is None or self._decode is None:
            return SILENCE
        self.frames += 1
        if len(payload) == FRAME_SAMPLES:
            frame = self._decode(payload)
            self._concealer.heard(frame)
            return frame
        return self._concealer.fill(self._decode(payload) if payload else b"")

    @property
    def received(self) -> int:
        return self._past[0] + (self.reception.received if self.reception is not None else 0)

    @property
    def lost(self) -> int:
        return self._past[1] + (self.reception.lost if self.reception is not None else 0)

    def _turn_to(self, kind: int) -> None:
        """Another codec than before: what is still held was encoded by the old one."""
        if self._decode is not None:
            self.jitter.restart()
        self._type = kind
        self._decode = self._receive[kind].decoder()

    def _switch(self, ssrc: int, now_ns: int) -> Reception | None:
        """Another source begins. While the old one is heard, it takes two packets to believe it."""
        before, heard_ns = self.reception, self._latch.heard_ns
        if before is not None:
            quiet = heard_ns is None or now_ns - heard_ns >= SWITCH_NS
            if not quiet and ssrc != self._candidate:
                self._candidate = ssrc
                self.dropped["source"] += 1
                return None
            self._past[0] += before.received
            self._past[1] += before.lost
            self.jitter.restart()
            self._events = EventReader()
        self._candidate = None
        self.reception = Reception(ssrc)
        return self.reception
