"""Speaks the prompts that come with us, by the local engine, into server/nokyc/speech/prompts.

    python tools/speak_prompts.py DATA_DIR

To be run again when a text or the voice changes; `nokyc speech install` has to have put the engines into DATA_DIR.
"""

import asyncio
import sys
from pathlib import Path

from nokyc.speech.audio import pcm_to_ulaw, silence
from nokyc.speech.engines import local_engines
from nokyc.speech.prompts import DEFAULT_TEXTS, DEFAULT_VOICES, SUFFIX

TARGET = Path(__file__).parents[1] / "server" / "nokyc" / "speech" / "prompts"
LEAD_MS = 120
"""A leg that has just been answered swallows the first moments."""


async def speak(data_dir: Path) -> None:
    mouth = local_engines(data_dir).tts
    TARGET.mkdir(exist_ok=True)
    for name, texts in DEFAULT_TEXTS.items():
        for language, text in texts.items():
            pcm = silence(LEAD_MS)
            async for piece in mouth.say(text, voice=DEFAULT_VOICES[language]):
                pcm += piece
            (TARGET / f"{name}.{language}{SUFFIX}").write_bytes(pcm_to_ulaw(pcm))


if __name__ == "__main__":
    asyncio.run(speak(Path(sys.argv[1])))
