"""Agents' sentences, made ahead of calls in time that nobody else wants, and kept among the prompts."""

import asyncio
from collections.abc import Iterator
from typing import Any

import structlog

from nokyc.kit.faults import where
from nokyc.resources.ai.queries import answering_numbers
from nokyc.resources.numbers.assistant import in_force
from nokyc.speech.port import SpeechError
from nokyc.speech.prompts import PromptCache
from nokyc.store.store import LOST, Store
from nokyc.workers.callplans import agent, screener
from nokyc_voice.agent.repertoire import Sentence, repertoire
from nokyc_voice.call.sentences import own_language

LOOK_SEC = 30.0
"""How often numbers are looked at: a new script is spoken so much later at the latest."""
MAX_NUMBERS = 1_000
"""Whose agents are prepared; most share voices and sentences. The rest is made as it is first said."""

log = structlog.get_logger("nokyc.speech")


class SentenceMaker:
    """Fills a cache of prompts."""

    def __init__(self, store: Store, cache: PromptCache) -> None:
        self._store = store
        self._cache = cache
        self._tried: set[Sentence] = set()
        """No more than once, so that an engine that fails is not asked all day."""

    def use(self, cache: PromptCache) -> None:
        """Other voices from now on."""
        self._cache = cache
        self._tried.clear()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.once()
            except (*LOST, TimeoutError):
                log.warning("the database went away")
            await asyncio.sleep(LOOK_SEC)

    async def once(self) -> int:
        """Make what is missing; returns how many sentences that were."""
        made, wanted = 0, await self._wanted()
        self._tried.intersection_update(wanted)
        for sentence in wanted:
            text, voice, language = sentence
            own = own_language(voice, language)
            if sentence in self._tried or self._cache.has(text, voice=voice, language=own):
                continue
            self._tried.add(sentence)
            try:
                await self._cache.get(text, voice=voice, language=own)
                made += 1
            except (SpeechError, OSError):
                pass
            except Exception as error:  # an engine's bug must not end those who work beside us
                log.error("a sentence failed", error=type(error).__name__, where=where(error))
        return made

    async def _wanted(self) -> list[Sentence]:
        async with self._store.reading() as connection:
            rows = await answering_numbers(connection, MAX_NUMBERS)
        return list(dict.fromkeys(each for row in rows for each in _sentences(row)))


def _sentences(row: Any) -> Iterator[Sentence]:
    assistant = in_force(row, row["settings"] or {})
    if assistant.auto_pickup.enabled:
        yield from repertoire(agent(row, assistant))
    if assistant.screening.enabled:
        yield from repertoire(screener(row, assistant))
