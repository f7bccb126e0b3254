"""Mouth: POST /audio/speech, raw PCM as it comes."""

import asyncio
import json
from collections.abc import AsyncGenerator

from nokyc.speech.audio import Resampler
from nokyc.speech.clauses import clauses
from nokyc.speech.endpoint.http import Endpoint
from nokyc.speech.port import SpeechFailed, VoiceUnknown

MAX_CLAUSE_SEC = 60
FIRST_SOUND_SEC = 4.0
"""A caller hears nothing meanwhile; then another mouth speaks."""
FILES = (b"RIFF", b"ID3", b"OggS", b"fLaC")
"""How files begin: as raw PCM they would be noise."""
PIECE_SEC = 0.2
"""How much is resampled at a time, beside the loop."""


class EndpointTextToSpeech:
    """The port's TextToSpeech. The only one with customers' own voices."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.name = f"endpoint:{endpoint.config.tts_model}"

    def voices(self) -> frozenset[str]:
        return frozenset(self._endpoint.config.voices) if self._endpoint.config.tts_model else frozenset()

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        config = self._endpoint.config
        model = self._endpoint.model("speech", config.tts_model)
        if voice not in config.voices:
            raise VoiceUnknown(voice)
        texts, heard = clauses(text), False
        for clause in texts:
            asked = {"model": model, "input": clause, "voice": config.voices[voice], "response_format": "pcm"}
            body = json.dumps(asked, ensure_ascii=False).encode()
            size = round(PIECE_SEC * config.tts_rate_hz) * 2
            limit = MAX_CLAUSE_SEC * 2 * config.tts_rate_hz
            async with self._endpoint.request(
                "/audio/speech", body, "application/json", max_bytes=limit, first_sec=FIRST_SOUND_SEC
            ) as chunks:
                resampler = Resampler(config.tts_rate_hz)
                waiting = bytearray()
                async for chunk in chunks:
                    waiting += chunk
                    if not heard and waiting.startswith(FILES):
                        raise SpeechFailed("endpoint", "it sends a file in place of raw PCM", retryable=False)
                    while len(waiting) >= size:
                        heard = True
                        yield await asyncio.to_thread(resampler.feed, bytes(waiting[:size]))
                        del waiting[:size]
                heard = heard or bool(waiting)
                rest = await asyncio.to_thread(resampler.feed, bytes(waiting))
                yield rest + resampler.end()
        if texts and not heard:
            raise SpeechFailed("endpoint", "it says nothing", retryable=False)
