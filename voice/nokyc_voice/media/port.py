"""Audio as the rest of voice sees it: 20 ms frames of 8 kHz mono s16le PCM, moved by one ticker for all calls."""

from collections.abc import Callable
from typing import Protocol

from nokyc.speech.port import FRAME_BYTES as FRAME_BYTES
from nokyc.speech.port import FRAME_MS as FRAME_MS
from nokyc.speech.port import RATE_HZ as RATE_HZ
from nokyc_voice.platform import Quality

FRAME_SAMPLES = FRAME_BYTES // 2
SILENCE = bytes(FRAME_BYTES)

Undo = Callable[[], None]


class Source(Protocol):
    """Where a leg's outgoing audio comes from."""

    def read(self) -> bytes | None:
        """The next frame, of FRAME_BYTES; None if there is nothing to say just now. Called once every FRAME_MS, and
        never blocks."""
        ...


class AudioLeg(Protocol):
    """The audio of one party, whatever it travels over: RTP, WebRTC, or a test's wire."""

    def play(self, source: Source | None) -> None:
        """Send this from the next frame on, in place of what was sent before; None sends silence."""
        ...

    def listen(self, sink: Callable[[bytes], None]) -> Undo:
        """Give every frame that was heard to `sink`, one each FRAME_MS; what was lost is concealed."""
        ...

    def tap(self, sink: Callable[[bytes, bytes], None]) -> Undo:
        """Give (heard, sent) of each tick to `sink`, so that a recording has both sides in step."""
        ...

    def on_digit(self, sink: Callable[[str], None]) -> Undo:
        """Tell each DTMF digit (0-9 * # A-D) once, at its beginning."""
        ...

    def digit(self, digit: str) -> None:
        """A digit that came beside the audio, by SIP INFO: told like those within it."""
        ...

    def send_digits(self, digits: str) -> None:
        """Queue DTMF digits for the far end (RFC 4733, 100 ms each with 60 ms between)."""
        ...

    @property
    def digits_in_audio(self) -> bool:
        """DTMF travels as tones within the audio, both ways: who hears a digit hears its tone as well."""
        return False

    def heard_ms_ago(self) -> int | None:
        """Milliseconds since anything arrived from the far end; None if nothing ever did."""
        ...

    def quality(self) -> Quality:
        """The figures so far."""
        ...

    def close(self) -> None:
        """Free sockets and leave the ticker; may be called twice."""
        ...
