"""One voice over another: what a leg hears goes on, quieter while something is said over it."""

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import SILENCE
from nokyc_voice.media.sources import Player

DUCKED = 0.251
"""-12 dB."""


class Ducked:
    """A Source: what is `put` leaves within the same tick, mixed with `speech`."""

    def __init__(self) -> None:
        self.speech = Player()
        self._frame: bytes | None = None

    def put(self, frame: bytes) -> None:
        self._frame = frame

    def read(self) -> bytes | None:
        frame, self._frame = self._frame, None
        spoken = self.speech.read()
        if spoken is None:
            return frame
        return audioop.add(audioop.mul(frame or SILENCE, 2, DUCKED), spoken, 2)
