"""The engines of one process: local ones, or an endpoint's with the local ones behind them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path

from nokyc.speech.endpoint.chat import ChatAnalyst, ChatTranslator, EndpointChat
from nokyc.speech.endpoint.http import Endpoint
from nokyc.speech.endpoint.stt import EndpointSpeechToText
from nokyc.speech.endpoint.tts import EndpointTextToSpeech
from nokyc.speech.local.espeak import Espeak
from nokyc.speech.local.gate import Gate
from nokyc.speech.local.kokoro import Kokoro
from nokyc.speech.local.silero import Silero
from nokyc.speech.local.weights import Weights
from nokyc.speech.local.whisper import Whisper
from nokyc.speech.port import (
    Engines,
    Pair,
    PairUnsupported,
    SpeechError,
    SpeechFailed,
    SpeechToText,
    SpeechUnavailable,
    TextToSpeech,
    Transcript,
    Translator,
    VoiceUnknown,
)
from nokyc.speech.prompts import PromptCache
from nokyc.speech.rules.analyst import RuleAnalyst

FOLDER = "speech"
"""Below the data folder: weights, and prompts that were spoken once."""
PROMPTS = "prompts"
THREADS = 2


def local_engines(data_dir: Path, *, idle: bool = False) -> Engines:
    """The engines of this machine. Nothing is loaded yet; what is missing says so when it is used. `idle`: they take
    only the time that no other program wants."""
    weights = Weights(data_dir / FOLDER)
    vad = Silero(weights)
    whisper = Whisper(weights, Gate(vad), threads=THREADS, idle=idle)
    mouth = FirstMouth([Kokoro(weights, threads=THREADS, idle=idle), Espeak()])
    return Engines(stt=whisper, tts=mouth, translator=whisper, analyst=RuleAnalyst(), vad=vad)


def with_endpoint(local: Engines, endpoint: Endpoint) -> Engines:
    """The endpoint first for whatever it has a model for; the local engines behind it."""
    config = endpoint.config
    chat = EndpointChat(endpoint)
    made = local
    if config.stt_model:
        gated = GatedEars(EndpointSpeechToText(endpoint), Gate(local.vad))
        made = replace(made, stt=FirstEars([gated, local.stt]))
    if config.tts_model:
        made = replace(made, tts=FirstMouth([EndpointTextToSpeech(endpoint), local.tts]))
    if config.chat_model:
        translator = FirstTranslator([ChatTranslator(chat), local.translator])
        made = replace(made, chat=chat, translator=translator, analyst=ChatAnalyst(chat, local.analyst))
    return made


def preload(engines: Engines) -> None:
    """Load the local models now, so that the first call does not wait for it; blocks for seconds. What is missing
    stays missing."""
    mouths = engines.tts.mouths if isinstance(engines.tts, FirstMouth) else [engines.tts]
    for engine in (engines.vad, engines.stt, *mouths):
        if isinstance(engine, Silero | Whisper | Kokoro):
            with suppress(SpeechUnavailable):
                engine.load()


def prompt_cache(data_dir: Path, tts: TextToSpeech) -> PromptCache:
    """The prompts of this data folder, each kept under the engine that spoke it."""
    return PromptCache(data_dir / FOLDER / PROMPTS, tts.mouths if isinstance(tts, FirstMouth) else [tts])


class GatedEars:
    """Lets only speech through to ears that invent words from silence; without a detector, everything."""

    def __init__(self, ears: SpeechToText, gate: Gate) -> None:
        self.name = ears.name
        self._ears = ears
        self._gate = gate

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        try:
            if not await asyncio.to_thread(self._gate.stretches, pcm):
                return None
        except SpeechUnavailable:
            pass
        return await self._ears.transcribe(pcm, languages=languages)


class FirstEars:
    """The first that can."""

    def __init__(self, ears: Sequence[SpeechToText]) -> None:
        self.name = ears[0].name
        self._ears = ears

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        errors: list[SpeechError] = []
        for each in self._ears:
            try:
                return await each.transcribe(pcm, languages=languages)
            except (SpeechUnavailable, SpeechFailed) as error:
                errors.append(error)
        raise _worth_telling(errors)


class FirstMouth:
    """The first that has the voice and says anything; what has begun to speak is not replaced halfway."""

    def __init__(self, mouths: Sequence[TextToSpeech]) -> None:
        self.name = mouths[0].name
        self.mouths: list[TextToSpeech] = []
        for each in mouths:
            self.mouths += each.mouths if isinstance(each, FirstMouth) else [each]

    def voices(self) -> frozenset[str]:
        return frozenset[str]().union(*(each.voices() for each in self.mouths))

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        able = [each for each in self.mouths if voice in each.voices()]
        if not able:
            raise VoiceUnknown(voice)
        errors: list[SpeechError] = []
        for each in able:
            begun = False
            try:
                async with aclosing(each.say(text, voice=voice, language=language)) as pieces:
                    async for piece in pieces:
                        if piece:
                            begun = True
                            yield piece
            except (SpeechUnavailable, SpeechFailed) as error:
                if begun:
                    raise
                errors.append(error)
            if begun:
                return
        if errors:
            raise _worth_telling(errors)


class FirstTranslator:
    """The first that can do the pair."""

    def __init__(self, translators: Sequence[Translator]) -> None:
        self._translators = translators

    def pairs(self) -> frozenset[Pair]:
        return frozenset[Pair]().union(*(each.pairs() for each in self._translators))

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        errors: list[SpeechError] = []
        for each in self._translators:
            try:
                return await each.translate(text, source=source, target=target, pcm=pcm)
            except PairUnsupported:
                continue
            except (SpeechUnavailable, SpeechFailed) as error:
                errors.append(error)
        raise _worth_telling(errors) if errors else PairUnsupported((source, target), self.pairs())


def _worth_telling(errors: Sequence[SpeechError]) -> SpeechError:
    """What may work later, if any may; else what the first one said."""
    return next((error for error in errors if isinstance(error, SpeechFailed) and error.retryable), errors[0])
