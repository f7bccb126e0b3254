"""What agents say again and again, kept as sound: whoever calls does not wait for a voice to be made."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress

from nokyc.kit import languages
from nokyc.speech.port import SpeechError, TextToSpeech
from nokyc.speech.prompts import PromptCache


class Sentences:
    """A mouth with a memory. Only what holds nothing of a caller is remembered."""

    def __init__(self, mouth: TextToSpeech, cache: PromptCache) -> None:
        self._mouth = mouth
        self._cache = cache
        self._warming: set[asyncio.Task[None]] = set()
        self._warm: set[tuple[str, str]] = set()
        """Voice and text that were made, or are under way."""

    async def say(self, text: str, *, voice: str, language: str, lasting: bool) -> AsyncGenerator[bytes, None]:
        """Sound piece by piece, from memory if it is there. `lasting`: it is one of those to be remembered. Raises
        SpeechError."""
        own = _own(voice, language)
        if lasting and self._cache.has(text, voice=voice, language=own):
            yield await self._cache.get(text, voice=voice, language=own)
            return
        async with aclosing(self._mouth.say(text, voice=voice, language=own)) as pieces:
            async for piece in pieces:
                yield piece

    def warm(self, texts: Sequence[str], *, voice: str, language: str) -> None:
        """Make these in the background, one after the other, if they are not there."""
        wanted = [text for text in texts if (voice, text) not in self._warm]
        self._warm.update((voice, text) for text in wanted)
        if wanted:
            task = asyncio.create_task(self._make(wanted, voice, language))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)

    def close(self) -> None:
        for task in self._warming:
            task.cancel()

    async def _make(self, texts: Sequence[str], voice: str, language: str) -> None:
        for text in texts:
            with suppress(SpeechError, OSError):  # the next call will do without
                await self._cache.get(text, voice=voice, language=_own(voice, language))


def _own(voice: str, language: str) -> str | None:
    """The language as mouths take it: None where it is the voice's own."""
    return None if languages.of_voice(voice) == language else language
