"""Small engines: real ones, for audio that is made of tones. Speech is whatever is loud."""

import asyncio
import math
from array import array
from collections.abc import AsyncGenerator, Sequence

from nokyc.speech.audio import silence
from nokyc.speech.port import (
    BYTES_PER_SEC,
    RATE_HZ,
    Engines,
    Pair,
    PairUnsupported,
    SpeechError,
    Transcript,
    VadStream,
    VoiceUnknown,
)
from nokyc.speech.rules.analyst import RuleAnalyst

FRENCH = "Bonjour, c'est Marc. Rappelez-moi quand vous pouvez."


def tone(ms: int, hertz: float = 440, level: int = 8_000) -> bytes:
    count = RATE_HZ * ms // 1000
    return array("h", (round(level * math.sin(2 * math.pi * hertz * at / RATE_HZ)) for at in range(count))).tobytes()


class LoudnessVad:
    """Loud is speech."""

    def open(self) -> VadStream:
        return _Loudness()


class _Loudness:
    window_bytes = 512

    def probability(self, window: bytes) -> float:
        samples = array("h", window)
        return min(1.0, math.sqrt(sum(each * each for each in samples) / len(samples)) / 2_000)


class Ears:
    """Hears what it was told to; nothing where all is quiet."""

    def __init__(self, text: str = FRENCH, language: str = "fr", *, name: str = "ears") -> None:
        self.name = name
        self.text = text
        self.language = language
        self.errors: list[SpeechError] = []
        self.asked: list[tuple[tuple[str, ...], int]] = []

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        self.asked.append((tuple(languages), len(pcm)))
        if self.errors:
            raise self.errors.pop(0)
        return Transcript(self.text, self.language) if pcm.strip(b"\0") else None


class Mouth:
    """Says every text as a tone of 10 ms a letter, in pieces."""

    def __init__(self, name: str = "mouth", voices: frozenset[str] = frozenset({"neutral_en"})) -> None:
        self.name = name
        self.error: SpeechError | None = None
        self.said: list[str] = []
        self.ended = asyncio.Event()
        self.hold: asyncio.Event | None = None
        self._voices = voices

    def voices(self) -> frozenset[str]:
        return self._voices

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        if voice not in self._voices:
            raise VoiceUnknown(voice)
        if self.error is not None:
            raise self.error
        self.said.append(text)
        try:
            for _ in text:
                yield tone(10)
                if self.hold is not None:
                    await self.hold.wait()
        finally:
            self.ended.set()


class Interpreter:
    """From French into English, one sentence."""

    def __init__(self) -> None:
        self.error: SpeechError | None = None

    def pairs(self) -> frozenset[Pair]:
        return frozenset({("fr", "en")})

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        if self.error is not None:
            raise self.error
        if (source, target) not in self.pairs():
            raise PairUnsupported((source, target), self.pairs())
        return "Hello, this is Marc. Call me back when you can."


def small_engines() -> Engines:
    return Engines(stt=Ears(), tts=Mouth(), translator=Interpreter(), analyst=RuleAnalyst(), vad=LoudnessVad())


SECOND = tone(1_000)
QUIET = silence(1_000)
assert len(SECOND) == len(QUIET) == BYTES_PER_SEC
