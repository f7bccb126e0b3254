"""What holds an agent, on real calls: each limit ends one, and says so. All of them ring at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nokyc.speech.prompts import default_prompt
from nokyc_voice.agents import Agent
from nokyc_voice.media.codecs import audioop
from nokyc_voice.platform import Take, Trunk
from voice.audio import silence, tone, write_wav
from voice.peers.baresip import baresip
from voice.rig import Rig, rig

OWN = "+33647189022"
AGENT = Agent(7, "Speak now.", "en", "neutral_en")
SENTENCE = "Your call is important to us, please hold the line."
"""What the test's ears hear, whoever speaks."""
PATIENCE_SEC = 90.0
BEEP_HZ = 1_000


@dataclass(frozen=True, slots=True)
class Party:
    """Who rings, and what holds the agent that answers."""

    reason: str
    sound: bytes
    limits: dict[str, Any]


def said(*turns: tuple[float, float]) -> bytes:
    """Seconds of silence, then of speech, each."""
    return b"".join(silence(quiet) + tone(440, spoken) for quiet, spoken in turns)


def music() -> bytes:
    """A chord without end, below what the test's VAD calls speech."""
    third, fifth = (tone(hertz, 40.0, amplitude=250) for hertz in (330, 494))
    return audioop.add(audioop.add(third, fifth, 2), tone(262, 40.0, amplitude=250), 2)


def machine() -> bytes:
    """A voice that greets without stopping for anybody, and beeps."""
    greeting = [default_prompt(name, "en") for name in ("unavailable", "recorded", "goodbye")]
    return b"".join(greeting) + silence(0.4) + tone(BEEP_HZ, 0.5)


PARTIES = [
    Party("agent_max_sec", b"", {"max_sec": 4}),
    Party("agent_max_turns", said((2.5, 1.0), (4.5, 1.0)), {"max_turns": 1}),
    Party("agent_silence", b"", {}),
    Party("agent_cost", said((2.5, 1.0)), {"max_cost_micro": 300}),
    Party("agent_hold_music", music(), {}),
    Party("agent_machine", machine(), {}),
    Party("agent_loop", said((2.5, 1.0), (5.0, 1.0), (5.0, 1.0)), {}),
]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


async def test_each_limit_ends_a_call_and_says_which(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [(SENTENCE, "en")] * 50
    async with AsyncExitStack() as stack:
        callers = []
        for party in PARTIES:
            sound = tmp_path / f"{party.reason}.wav"
            write_wav(sound, party.sound + silence(60))
            callers.append(await stack.enter_async_context(baresip(tmp_path / party.reason, sound)))
        await desk.use_trunks(Trunk("acme", tuple(("127.0.0.1", each.port) for each in callers), ping_sec=0))
        for n, (party, caller) in enumerate(zip(PARTIES, callers, strict=True), start=1):
            agent = replace(AGENT, **party.limits)
            desk.platform.on_incoming = Take(n, 2, (agent,), recording=False, allowed_sec=600, max_sec=3_600)
            caller.dial(desk.uri(OWN))
            await caller.event("CALL_ESTABLISHED")
        ended = [await desk.platform.ended(n, within_sec=PATIENCE_SEC) for n in range(1, len(PARTIES) + 1)]
        for caller in callers:
            await caller.event("CALL_CLOSED")

    assert [each.reason for each in ended] == [party.reason for party in PARTIES]
    assert {each.outcome for each in ended} == {"completed"}
