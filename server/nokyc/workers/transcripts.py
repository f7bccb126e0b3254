"""Voicemails for the speech worker: their sound, how much of them their number may know, and where that goes."""

import asyncio
from datetime import timedelta
from typing import Any

from nokyc.kit import languages
from nokyc.kit.audio import AudioError
from nokyc.resources.files.audio import decode
from nokyc.resources.files.links import Links
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.numbers.assistant import ADDONS, Assistant, find_assistant
from nokyc.resources.voicemails import actions, queries
from nokyc.resources.voicemails.schemas import Transcript
from nokyc.speech.voicemail import MAX_SEC, VoicemailTranscript
from nokyc.store.files import Files
from nokyc.store.store import Store, Unit
from nokyc.store.tasks import Task
from nokyc.workers.speech import SpeechJob

EXPECTED = ("en", "fr", "es", "de")
"""Languages that are listened for in any message: a choice of a hundred makes a short one Welsh."""


class VoicemailTranscripts:
    """Implements `SpeechHandler` for tasks `voicemail.process`."""

    def __init__(self, store: Store, files: Files, links: Links) -> None:
        self._store = store
        self._files = files
        self._links = links

    async def load(self, task: Task) -> SpeechJob | None:
        """None for a message that was deleted or is transcribed already."""
        async with self._store.reading() as connection:
            row = await queries.find(connection, task.account_id, task.subject_id)
            if row is None or row["transcript"] is not None:
                return None
            number = await numbers.get(connection, task.account_id, row["number_id"])
            assistant = await find_assistant(connection, number)
        size = await self._files.size(row["file"]) or 0
        sound = b"".join([chunk async for chunk in self._files.read(row["file"], 0, size)])
        try:
            pcm = await asyncio.to_thread(decode, sound, max_sec=MAX_SEC)
        except AudioError:
            pcm = b""  # nobody can make words of it, and it is told of all the same
        summary = assistant.voicemail_summary
        return SpeechJob(
            pcm,
            languages=_likely(number, assistant, row["ai"]),
            addons=(ADDONS["voicemail_summary"],) if summary.enabled else (),
            include_sentiment=summary.include_sentiment,
        )

    async def record(
        self, unit: Unit, task: Task, transcript: VoicemailTranscript | None, *, unheard: bool = False
    ) -> None:
        """Tell of the message, with its words if there are any."""
        offset = await unit.connection.fetchval("SELECT clock_offset_sec FROM accounts WHERE id = $1", task.account_id)
        now = unit.wall + timedelta(seconds=offset or 0)
        if unheard:
            await actions.record_unheard(unit, task.account_id, task.subject_id)
        if transcript is None:
            await actions.announce(unit, task.account_id, task.subject_id, now, self._links)
        else:
            words = Transcript(**transcript)
            await actions.record_transcript(unit, task.account_id, task.subject_id, words, now, self._links)

    async def waits(self) -> bool:
        async with self._store.reading() as connection:
            return await queries.any_unheard(connection)

    async def take_up(self, unit: Unit) -> int:
        return await actions.take_up_unheard(unit)


def _likely(number: Any, assistant: Assistant, ai: Any) -> tuple[str, ...]:
    """What a caller may speak, the likeliest first: what an agent understood, and else any that is not too unlikely."""
    if ai is not None and (ai["name"] or ai["reason"]):
        return (ai["language"],)
    configured = languages.of_tag(assistant.auto_pickup.language)
    own = [] if configured == "auto" else [configured]
    return tuple(
        dict.fromkeys([*own, languages.of_country(number["country"]), assistant.translator.target_language, *EXPECTED])
    )
