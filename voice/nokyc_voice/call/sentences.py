"""What agents say again and again, kept as sound: whoever calls does not wait for a voice to be made."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress

from nokyc.kit import languages
from nokyc.speech.audio import silence
from nokyc.speech.port import SpeechError, TextToSpeech
from nokyc.speech.prompts import PromptCache

REST_MS = 160
"""Between two pairs of digits."""


class Sentences:
    """A mouth with a memory. Only what holds nothing of a caller is remembered."""

    def __init__(self, mouth: TextToSpeech, cache: PromptCache) -> None:
        self._mouth = mouth
        self._cache = cache
        self._warming: set[asyncio.Task[None]] = set()

    async def say(
        self, text: str, *, voice: str, language: str, lasting: bool, pieces: Sequence[str] = ()
    ) -> AsyncGenerator[bytes, None]:
        """Sound piece by piece, from memory if it is there. `lasting`: it is one of those to be remembered, as are the
        `pieces` that it can be put together from. Raises SpeechError."""
        own = own_language(voice, language)
        known = [text] if lasting else pieces
        if known and all(self._cache.has(each, voice=voice, language=own) for each in known if each):
            for each in known:
                yield await self._cache.get(each, voice=voice, language=own) if each else silence(REST_MS)
            return
        said = bytearray()
        async with aclosing(self._mouth.say(text, voice=voice, language=own)) as made:
            async for piece in made:
                said += piece
                yield piece
        if lasting:
            with suppress(OSError):  # the next call will do without
                await self._cache.keep(text, bytes(said), voice=voice, language=own)

    def warm(self, text: str, *, voice: str, language: str) -> None:
        """Make this in the background if it is not there."""
        own = own_language(voice, language)
        if not self._cache.has(text, voice=voice, language=own):
            task = asyncio.create_task(self._make(text, voice, own))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)

    def close(self) -> None:
        for task in self._warming:
            task.cancel()

    async def _make(self, text: str, voice: str, language: str | None) -> None:
        with suppress(SpeechError, OSError):
            await self._cache.get(text, voice=voice, language=language)


def own_language(voice: str, language: str) -> str | None:
    """The language as mouths take it: None where it is the voice's own."""
    return None if languages.of_voice(voice) == language else language
