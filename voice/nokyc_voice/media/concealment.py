"""Packet loss concealment: the last 20 ms again, quieter each time, for 60 ms at the most; then silence."""

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_BYTES, SILENCE

FADES = (0.8, 0.5, 0.2)
"""Loudness of each repetition."""


class Concealer:
    """Stands in for frames that did not come."""

    def __init__(self) -> None:
        self._last = SILENCE
        self._run = 0
        """Frames concealed in a row."""

    def heard(self, frame: bytes) -> None:
        """A good frame."""
        self._last = frame
        self._run = 0

    def fill(self, begun: bytes = b"") -> bytes:
        """A whole frame: what there is of it, and a stand-in for the rest."""
        run = self._run
        self._run = run + 1
        if run >= len(FADES):
            return begun + SILENCE[len(begun) :] if begun else SILENCE
        faded = audioop.mul(self._last, 2, FADES[run])
        return begun + faded[len(begun) : FRAME_BYTES]
