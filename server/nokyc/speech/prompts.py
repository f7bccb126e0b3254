"""Spoken prompts: a few that come with us and need no engine, and a cache of those that an engine has spoken."""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from contextlib import aclosing, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from nokyc.speech.audio import pcm_to_ulaw, ulaw_to_pcm
from nokyc.speech.port import BYTES_PER_SEC, SpeechError, TextToSpeech, VoiceUnknown

MAX_CACHE_BYTES = 200_000_000
"""About seven hours of prompts."""
MAX_PROMPT_SEC = 180
"""A script has 2,000 characters at the most."""
SUFFIX = ".ulaw"

DefaultPrompt = Literal["voicemail_greeting", "unavailable", "recorded", "goodbye"]

DEFAULT_TEXTS: dict[DefaultPrompt, dict[str, str]] = {
    "voicemail_greeting": {
        "en": "Please leave a message after the tone.",
        "fr": "Veuillez laisser un message après le signal sonore.",
        "es": "Por favor, deje un mensaje después de la señal.",
        "de": "Bitte hinterlassen Sie eine Nachricht nach dem Signalton.",
    },
    "unavailable": {
        "en": "The person you are calling is not available right now.",
        "fr": "La personne que vous appelez n'est pas disponible pour le moment.",
        "es": "La persona a la que llama no está disponible en este momento.",
        "de": "Der gewünschte Gesprächspartner ist zurzeit nicht erreichbar.",
    },
    "recorded": {
        "en": "This call is recorded.",
        "fr": "Cet appel est enregistré.",
        "es": "Esta llamada está siendo grabada.",
        "de": "Dieses Gespräch wird aufgezeichnet.",
    },
    "goodbye": {
        "en": "Thank you for calling. Goodbye.",
        "fr": "Merci de votre appel. Au revoir.",
        "es": "Gracias por su llamada. Adiós.",
        "de": "Vielen Dank für Ihren Anruf. Auf Wiederhören.",
    },
}
DEFAULT_VOICES = {"en": "warm_en", "fr": "neutral_fr", "es": "neutral_es", "de": "neutral_de"}
"""Who speaks them (`tools/speak_prompts.py`)."""


@cache
def default_prompt(name: DefaultPrompt, language: str) -> bytes:
    """PCM of a prompt that comes with us; English where it is not spoken in that language."""
    spoken = language if language in DEFAULT_VOICES else "en"
    return ulaw_to_pcm((files("nokyc.speech") / "prompts" / f"{name}.{spoken}{SUFFIX}").read_bytes())


class PromptCache:
    """Prompts on disk as 8 kHz µ-law, below one folder of bounded size; what was used least recently goes first."""

    def __init__(self, folder: Path, mouths: Sequence[TextToSpeech], *, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._folder = folder
        self._mouths = mouths
        self._max_bytes = max_bytes
        self._speaking: dict[str, asyncio.Task[bytes]] = {}

    async def get(self, text: str, *, voice: str, language: str | None = None) -> bytes:
        """PCM; spoken once, however many ask at once, by the first mouth that can. Raises what the first one did."""
        first: SpeechError | None = None
        for mouth in self._mouths:
            if voice in mouth.voices():
                try:
                    return await self._get(mouth, text, voice, language)
                except SpeechError as error:
                    first = first or error
        raise first or VoiceUnknown(voice)

    def has(self, text: str, *, voice: str, language: str | None = None) -> bool:
        """Whether the best mouth has spoken it already."""
        mouth = next((mouth for mouth in self._mouths if voice in mouth.voices()), None)
        return mouth is not None and self._path(mouth, text, voice, language).is_file()

    async def keep(self, text: str, pcm: bytes, *, voice: str, language: str | None = None) -> None:
        """What the best mouth has just said, for the next time."""
        mouth = next((mouth for mouth in self._mouths if voice in mouth.voices()), None)
        if mouth is not None and len(pcm) <= MAX_PROMPT_SEC * BYTES_PER_SEC:
            ulaw = await asyncio.to_thread(pcm_to_ulaw, pcm)
            await asyncio.to_thread(self._keep, self._path(mouth, text, voice, language), ulaw)

    async def _get(self, mouth: TextToSpeech, text: str, voice: str, language: str | None) -> bytes:
        path = self._path(mouth, text, voice, language)
        kept = await asyncio.to_thread(_read, path)
        if kept is not None:
            return ulaw_to_pcm(kept)
        task = self._speaking.get(path.name)
        if task is None:
            task = asyncio.create_task(self._speak(mouth, path, text, voice, language))
            self._speaking[path.name] = task
            task.add_done_callback(lambda done: self._end(path.name, done))
        return await asyncio.shield(task)  # who hangs up does not spoil it for the others

    def _end(self, name: str, task: "asyncio.Task[bytes]") -> None:
        del self._speaking[name]
        if not task.cancelled():
            task.exception()  # seen: perhaps nobody waits for it any more

    async def _speak(self, mouth: TextToSpeech, path: Path, text: str, voice: str, language: str | None) -> bytes:
        said = bytearray()
        async with aclosing(mouth.say(text, voice=voice, language=language)) as pieces:
            async for piece in pieces:
                said += piece
                if len(said) > MAX_PROMPT_SEC * BYTES_PER_SEC:
                    break
        ulaw = await asyncio.to_thread(pcm_to_ulaw, bytes(said))
        with suppress(OSError):  # it was spoken all the same
            await asyncio.to_thread(self._keep, path, ulaw)
        return ulaw_to_pcm(ulaw)

    def _path(self, mouth: TextToSpeech, text: str, voice: str, language: str | None) -> Path:
        key = "\0".join((text, voice, language or "", mouth.name))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}{SUFFIX}"

    def _keep(self, path: Path, ulaw: bytes) -> None:
        if not ulaw:
            return  # silence would be what is heard from now on
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(ulaw)
        temporary.replace(path)
        self._make_room()

    def _make_room(self) -> None:
        """Another process may do the same at the same time: a file that has gone is gone. What a process that died
        was writing goes like the rest."""
        found = []
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                status = path.stat()
                found.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size


def _read(path: Path) -> bytes | None:
    try:
        kept = path.read_bytes()
        os.utime(path)
    except OSError:  # it is not there, or cannot be read: then it is spoken
        return None
    return kept
