"""Who calls, for the number's owner: on the display, and said to whoever picks up, who then decides."""

import asyncio
from typing import Any, Literal

from nokyc.kit import e164, languages
from nokyc.speech.rules.analyst import topic_of
from nokyc_voice.agent.phrases import phrases
from nokyc_voice.agents import AgentResult
from nokyc_voice.call.call import Call
from nokyc_voice.call.party import Party
from nokyc_voice.call.speaking import say

Verdict = Literal["accept", "decline", "voicemail"]

KEYS: dict[str, Verdict] = {"1": "accept", "2": "decline", "3": "voicemail"}
GRACE_SEC = 1.0
"""After the announcement, for a key; who just stays on the line accepts."""
MAX_DISPLAY_CHARS = 60
"""Telephones show less."""


def display(result: AgentResult) -> str:
    """`Marc: delivery`."""
    about = result.reason and (topic_of(result.reason, result.language) or result.reason)
    shown = ": ".join(filter(None, (result.name or "?", about)))
    return "".join(each for each in shown if each.isprintable())[:MAX_DISPLAY_CHARS]


async def offer(call: Call, device: Party, result: AgentResult, *, callee: str, voice: str) -> Verdict:
    """Tell the owner who calls and why; a key decides at any time, hanging up declines."""
    pressed: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

    def press(digit: str) -> None:
        if digit in KEYS and not pressed.done():
            pressed.set_result(KEYS[digit])

    undo = device.leg.on_digit(press)
    telling = asyncio.create_task(_tell(call, device, result, callee, voice))
    leaving = asyncio.create_task(device.gone())
    try:
        waiting: set[asyncio.Future[Any]] = {pressed, telling, leaving}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if pressed.done():
            return pressed.result()
        return "decline" if leaving.done() else "accept"
    finally:
        undo()
        telling.cancel()
        leaving.cancel()
        device.leg.play(None)


async def _tell(call: Call, device: Party, result: AgentResult, callee: str, voice: str) -> None:
    language = languages.of_country(e164.country(callee))
    words = phrases(language)
    text = words.announce.format(name=result.name or words.nobody, reason=result.reason or words.no_reason)
    await say(call, device, text, languages.voice_for(language, like=voice))
    await asyncio.sleep(GRACE_SEC)
