"""Saying something to one party: PCM, speech as it is made, shipped announcements."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from nokyc.speech.port import SpeechError
from nokyc_voice.call.call import Call
from nokyc_voice.call.party import Party
from nokyc_voice.media.sources import Player
from nokyc_voice.platform import Prompt

LEAD_IN_SEC = 0.4
"""Silence before the first word: the far end's audio path takes a moment to open."""
UNAVAILABLE: Prompt = "unavailable"
"""The announcement for everything that did not work out."""


async def announce(call: Call, party: Party, prompt: Prompt, language: str) -> None:
    """Play a shipped announcement to its end."""
    await play(party, call.services.prompt(prompt, language))


async def say(call: Call, party: Party, text: str, voice: str, language: str | None = None) -> bool:
    """Speak a text to its end; False if there is no engine that can, and nothing was said."""
    speech = call.services.engines.tts.say(text, voice=voice, language=language)
    try:
        await _speak(party, speech)
    except SpeechError:
        return False
    return True


async def play(party: Party, pcm: bytes) -> None:
    """Play PCM to its end."""
    player = Player()
    party.leg.play(player)
    await asyncio.sleep(LEAD_IN_SEC)
    await player.feed(pcm)
    await player.drained()


async def _speak(party: Party, speech: AsyncIterator[bytes]) -> None:
    player = Player()
    party.leg.play(player)
    async with aclosing(speech):  # type: ignore[type-var]  # engines are generators; leaving one stops its work
        async for pcm in speech:
            await player.feed(pcm)
    await player.drained()
