"""What a leg can be given to say: written PCM, tones, and the other leg of a bridge."""

from collections.abc import Callable

from nokyc_voice.media.port import AudioLeg, Undo


class Player:
    """A Source that plays what is written to it, in order. Any length may be written: frames are cut here, and a
    rest at the end is filled up with silence once it is due."""

    def __init__(self, *, limit_ms: int = 120_000) -> None:
        raise NotImplementedError

    @property
    def queued_ms(self) -> int:
        """How much is still to be played."""
        raise NotImplementedError

    def write(self, pcm: bytes) -> None:
        """Queue 8 kHz mono s16le. Raises PlayerFullError beyond the limit, with nothing queued."""
        raise NotImplementedError

    async def feed(self, pcm: bytes) -> None:
        """Queue it all, piece by piece as there is room."""
        raise NotImplementedError

    def mark(self, reached: Callable[[], None]) -> None:
        """Call this once all that was written so far has been played, or flushed."""
        raise NotImplementedError

    def flush(self) -> int:
        """Drop what is queued; returns how many ms that was. Marks are reached by it, and `drained` returns."""
        raise NotImplementedError

    async def drained(self) -> None:
        """Wait until everything was played or flushed."""
        raise NotImplementedError

    def read(self) -> bytes | None:
        raise NotImplementedError


class ToneSource:
    """A Source of tones by cadence, without end unless `once`: ToneSource.beep(), .ringback("fr"), .busy("fr")."""

    @classmethod
    def beep(cls) -> "ToneSource":
        """The tone before a message: 1 kHz, 300 ms, -15 dBm0, once."""
        raise NotImplementedError

    @classmethod
    def ringback(cls, country: str) -> "ToneSource":
        """The ringing tone of a country (ISO 3166 alpha-2, lower case), Europe's where we know none (ITU-T E.180)."""
        raise NotImplementedError

    def read(self) -> bytes | None:
        raise NotImplementedError


def join(a: AudioLeg, b: AudioLeg) -> Undo:
    """Let two legs hear each other, and pass DTMF digits on. What each was playing ends."""
    raise NotImplementedError
