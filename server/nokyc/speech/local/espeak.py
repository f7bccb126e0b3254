"""The mouth of last resort: espeak-ng (GPL-3, a program of its own). Robotic, instant, and it speaks everything."""

import asyncio
from collections.abc import AsyncGenerator

from nokyc.kit.audio import read_piped_wav
from nokyc.kit.languages import VOICES
from nokyc.speech.clauses import clauses
from nokyc.speech.local.phonemes import ESPEAK_VOICES, PROGRAM, espeak
from nokyc.speech.port import BYTES_PER_SEC, SpeechFailed, VoiceUnknown

TIMEOUT_SEC = 10.0
WORDS_PER_MINUTE = 150
PIECE_BYTES = BYTES_PER_SEC // 5
_LANGUAGES = {voice: {"jp": "ja"}.get(voice[-2:], voice[-2:]) for voice in VOICES}


class Espeak:
    """TextToSpeech by a subprocess for each clause."""

    name = "espeak-ng"

    def voices(self) -> frozenset[str]:
        return frozenset(VOICES)

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        if voice not in _LANGUAGES:
            raise VoiceUnknown(voice)
        spoken = language or _LANGUAGES[voice]
        for clause in clauses(text):
            wav = await _run(clause, ESPEAK_VOICES.get(spoken, spoken))
            said = await asyncio.to_thread(read_piped_wav, wav) if wav else b""
            for at in range(0, len(said), PIECE_BYTES):
                yield said[at : at + PIECE_BYTES]


async def _run(clause: str, voice: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        espeak(),
        *("-b", "1", "-v", voice, "-s", str(WORDS_PER_MINUTE), "--stdout"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(TIMEOUT_SEC):
            said, _ = await process.communicate(clause.encode())
    except TimeoutError:
        raise SpeechFailed(PROGRAM, f"it took longer than {TIMEOUT_SEC:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise SpeechFailed(PROGRAM, f"it ended with {process.returncode}", retryable=False)
    return said
