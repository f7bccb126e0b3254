"""A leg's mouth: a frame in each 20 ms, one packet out, or a DTMF event in its place."""

import socket
from collections.abc import Callable

from nokyc_voice.media import rtp
from nokyc_voice.media.codecs import Encode
from nokyc_voice.media.dtmf import DigitQueue
from nokyc_voice.media.latch import Latch
from nokyc_voice.media.offer import Agreed
from nokyc_voice.media.port import FRAME_SAMPLES, SILENCE
from nokyc_voice.media.srtp import Shield


class Outbound:
    """What goes to the far end. It is mute until it is told what was agreed on."""

    def __init__(self, sender: socket.socket, latch: Latch, random_bytes: Callable[[int], bytes]) -> None:
        self.ssrc = int.from_bytes(random_bytes(4), "big")
        self.digits = DigitQueue()
        self.packets = 0
        self.octets = 0
        """Of payload."""
        self.dropped = 0
        """Packets that found the socket's buffer full, or no way to the far end."""
        self.timestamp = 0
        """Of the last frame."""
        self._sequence = int.from_bytes(random_bytes(2), "big") >> 1  # far from its first wrap, for SRTP's sake
        self._base = int.from_bytes(random_bytes(4), "big")
        self._send = sender.sendto
        self._latch = latch
        self._agreed: Agreed | None = None
        self._encode: Encode | None = None
        self._protect: Callable[[bytes], bytes] | None = None
        self._paused = True

    def agree(self, agreed: Agreed, shield: Shield | None) -> None:
        """Send as agreed on from now on."""
        if self._agreed is None or agreed.codec != self._agreed.codec:
            self._encode = agreed.codec.encoder()
        self._agreed = agreed
        self._protect = shield.protect if shield is not None else None

    def send(self, frame: bytes, tick: int) -> bytes:
        """Send a frame, and return what the far end hears of it: silence while it holds us or a digit is sent."""
        agreed, encode = self._agreed, self._encode
        if agreed is None or encode is None or not agreed.sends:
            self._paused = True
            return SILENCE
        timestamp = self.timestamp = (self._base + tick * FRAME_SAMPLES) & 0xFFFFFFFF
        if self.digits.busy:
            if agreed.event_type is None:
                frame = self.digits.tone() or SILENCE
            else:
                event = self.digits.event(timestamp, agreed.event_clock)
                if event is not None:
                    self._packet(agreed.event_type, self.digits.began, event[0], marked=event[1])
                    return SILENCE
                frame = SILENCE
        self._packet(agreed.payload_type, timestamp, encode(frame), marked=self._paused)
        self._paused = False
        return frame

    def _packet(self, kind: int, timestamp: int, payload: bytes, *, marked: bool) -> None:
        sequence = self._sequence
        self._sequence = (sequence + 1) & 0xFFFF
        packet = (
            rtp.pack_header(rtp.VERSION, kind | rtp.MARKER if marked else kind, sequence, timestamp, self.ssrc)
            + payload
        )
        if self._protect is not None:
            packet = self._protect(packet)
        try:
            self._send(packet, self._latch.target)
        except OSError:
            self.dropped += 1
            return
        self.packets += 1
        self.octets += len(payload)
