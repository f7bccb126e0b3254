"""Speech engines of which a test knows what they hear and say: whatever is loud is speech, and ears are told words."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from nokyc.speech.port import (
    BYTES_PER_SEC,
    Engines,
    Message,
    Pair,
    PairUnsupported,
    SpeechFailed,
    SpeechUnavailable,
    Transcript,
)
from nokyc.speech.rules.analyst import RuleAnalyst
from nokyc_voice.media.codecs import audioop
from voice.audio import tone

LOUD_RMS = 500
VOICE_HZ = 700


class Mouth:
    """A speaker of tones: one for each word, so that what was said can be counted. `silent` has no engine."""

    name = "tones"

    def __init__(self) -> None:
        self.silent = False
        self.said: list[tuple[str, str]] = []
        """Text and voice."""

    def voices(self) -> frozenset[str]:
        return frozenset({"neutral_en"})

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncIterator[bytes]:
        if self.silent:
            raise SpeechUnavailable("tones", "let the test speak")
        self.said.append((text, voice))
        for _ in text.split():
            yield tone(VOICE_HZ, 0.2) + bytes(1_600)


@dataclass
class Ears:
    """Understands one of `words` after the other, whatever it hears: text and language, or None for noise."""

    words: list[tuple[str, str] | None] = field(default_factory=list)
    deaf: bool = False
    missing: bool = False
    heard: list[bytes] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    """Languages, each time."""
    name: str = "ears"

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        await asyncio.sleep(0)
        if self.missing:
            raise SpeechUnavailable("ears", "let the test give some")
        if self.deaf:
            raise SpeechFailed("ears", "the test covered them")
        self.heard.append(pcm)
        self.asked.append(tuple(languages))
        told = self.words.pop(0) if self.words else None
        return None if told is None else Transcript(*told)


@dataclass
class Interpreter:
    """Translates from French into English and back."""

    known: frozenset[Pair] = frozenset({("fr", "en"), ("en", "fr")})

    def pairs(self) -> frozenset[Pair]:
        return self.known

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        if (source, target) not in self.known:
            raise PairUnsupported((source, target), self.known)
        return f"{text} in {target}"


class Loudness:
    """Voice activity is loudness."""

    window_bytes = 512

    def open(self) -> "Loudness":
        return self

    def probability(self, window: bytes) -> float:
        return 1.0 if audioop.rms(window, 2) > LOUD_RMS else 0.0


@dataclass
class Model:
    """A language model that says one of `replies` after the other."""

    replies: list[str]
    asked: list[Sequence[Message]] = field(default_factory=list)

    def ready(self) -> bool:
        return True

    async def reply(self, messages: Sequence[Message], *, max_tokens: int = 120) -> AsyncIterator[str]:
        self.asked.append(messages)
        for word in self.replies.pop(0).split(" "):
            yield word + " "


def engines(mouth: Mouth, ears: Ears | None = None, *, model: Model | None = None) -> Engines:
    return Engines(
        stt=ears or Ears(), tts=mouth, translator=Interpreter(), analyst=RuleAnalyst(), vad=Loudness(), chat=model
    )


def speech(seconds: float) -> bytes:
    """What counts as speech here."""
    return tone(300, seconds)[: round(seconds * BYTES_PER_SEC)]
