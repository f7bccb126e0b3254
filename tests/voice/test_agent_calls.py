"""Agents in calls with a real phone: what is said, what is left, and who is rung. The engines are the test's."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nokyc_voice.agent.phrases import phrases
from nokyc_voice.agents import Agent
from nokyc_voice.platform import (
    Answered,
    Bridge,
    Caption,
    MessageLeft,
    Place,
    Registration,
    Ring,
    Take,
    Trunk,
    Voicemail,
)
from voice.audio import heard_ms, level, read_wav, silence, tone, write_wav
from voice.engines import VOICE_HZ
from voice.peers.baresip import NUMBER, Baresip, baresip
from voice.rig import PROMPT_HZ, Rig, device, rig

OWN = "+33647189022"
SPEECH_HZ = 440
OWNER_HZ = 1_300
"""Another tone than the voicemail's beep."""
EN = phrases("en")
AGENT = Agent(7, "Speak now.", "en", "neutral_en", follow=True)
TOLD = "This is Ann Lee, I'm calling about the flat, on 555 123 4567."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


def speaker(folder: Path, name: str, *turns: tuple[float, float], hertz: int = SPEECH_HZ, **how: Any) -> Any:
    """A phone that speaks in turns: seconds of silence, then of speech, each."""
    pcm = b"".join(silence(quiet) + tone(hertz, spoken) for quiet, spoken in turns) + silence(40)
    sound = folder / f"{name}.wav"
    write_wav(sound, pcm)
    return baresip(folder / name, sound, **how)


async def ring_in(desk: Rig, caller: Baresip, *steps: Any) -> None:
    await desk.use_trunks(Trunk("acme", (("127.0.0.1", caller.port),), ping_sec=0))
    desk.platform.on_incoming = Take(1, 2, steps, recording=False, allowed_sec=600, max_sec=3_600)
    caller.dial(desk.uri(OWN))


async def test_an_agent_takes_a_message(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [(TOLD, "en"), ("Yes.", "en")]
    async with speaker(tmp_path, "caller", (2.5, 1.5), (8.5, 1.0)) as caller:
        await ring_in(desk, caller, AGENT, Voicemail(7))
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)
        await caller.event("CALL_CLOSED")
    heard = caller.heard()

    answered = await desk.platform.told(Answered)
    assert (answered.by, answered.addon) == ("agent", "ai-pickup")
    assert (ended.outcome, ended.reason) == ("completed", "agent_done")
    assert [text for text, _ in desk.mouth.said] == [
        "Speak now.", EN.read_back.format(number="5 5, 5 1, 2 3, 4 5, 6 7"), EN.goodbye,
    ]  # fmt: skip
    assert heard_ms(heard, VOICE_HZ) >= 200 * sum(len(text.split()) for text, _ in desk.mouth.said) - 200
    result = message.agent
    assert result is not None
    assert (result.name, result.reason, result.callback_number) == (
        "Ann Lee",
        "the flat, on 555 123 4567",
        "5551234567",
    )
    assert (result.number_confirmed, result.turns, result.ended_by, result.language) == (True, 2, "done", "en")
    (kept,) = read_wav(message.path)
    # Both turns: a phone that this machine keeps waiting leaves gaps in them.
    assert 1_700 <= heard_ms(kept, SPEECH_HZ) <= 2_700
    assert abs(len(kept) // 8 - message.duration_ms) <= 40


async def test_the_caller_cuts_it_off(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [(TOLD, "en")]
    async with speaker(tmp_path, "caller", (3.0, 2.0)) as caller:
        await ring_in(desk, caller, Agent(7, "word " * 60, "en", "neutral_en", max_sec=9))
        await desk.platform.ended(1)
        await caller.event("CALL_CLOSED")
    heard = caller.heard()
    said = caller.said()

    began = next(n for n in range(0, len(said), 160) if heard_ms(said[n : n + 160], SPEECH_HZ))
    spoken = [n for n in range(0, len(heard) - 160, 160) if heard_ms(heard[n : n + 160], VOICE_HZ)]
    while_speaking = [n for n in spoken if began <= n < began + 16_000]
    assert spoken[0] < began, "it was speaking"
    assert while_speaking
    # What the phone heard lags what it said by its buffers, and this machine by its load: generous.
    assert max(while_speaking) - began < 8_000


@pytest.mark.parametrize("press", [True, False])
async def test_it_hands_over_to_the_voicemail(desk: Rig, tmp_path: Path, press: bool) -> None:
    desk.ears.words = [("This is Ann Lee.", "en")]
    desk.ears.deaf = not press
    async with speaker(tmp_path, "caller", (1.8, 1.0), (2.0, 20.0)) as caller:
        await ring_in(desk, caller, AGENT, Voicemail(7, max_sec=2))
        if press:
            await desk.platform.told(Answered)
            await asyncio.sleep(4.0)
            caller.press("0")
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)
        await caller.event("CALL_CLOSED")
    heard = caller.heard()

    assert (ended.outcome, ended.reason) == ("completed", "voicemail_done")
    assert heard_ms(heard, PROMPT_HZ) >= 900
    assert message.agent is not None
    assert message.agent.ended_by == ("digit" if press else "unavailable")
    assert message.agent.name == ("Ann Lee" if press else None)
    (kept,) = read_wav(message.path)
    assert abs(len(kept) // 8 - message.duration_ms) <= 40
    assert message.duration_ms >= 2_500, "what the agent heard comes first"
    assert len([each for each in desk.platform.reports if isinstance(each, MessageLeft)]) == 1


async def test_hanging_up_on_it_leaves_what_was_said(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [("This is Ann Lee.", "en")]
    async with speaker(tmp_path, "caller", (1.8, 1.5)) as caller:
        await ring_in(desk, caller, AGENT, Voicemail(7))
        await desk.platform.told(Answered)
        await asyncio.sleep(5)
        caller.hang_up()
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)

    assert ended.reason == "caller_hangup"
    assert message.agent is not None
    assert (message.agent.ended_by, message.agent.name) == ("caller_hangup", "Ann Lee")


async def test_an_agent_answers_after_its_rings(desk: Rig, tmp_path: Path) -> None:
    async with speaker(tmp_path, "caller") as caller:
        await ring_in(desk, caller, Agent(7, "Speak now.", "en", "neutral_en", after_rings=1, max_sec=1))
        began = asyncio.get_running_loop().time()
        await desk.platform.told(Answered)
        waited = asyncio.get_running_loop().time() - began
        ended = await desk.platform.ended(1)

    assert 5.5 <= waited <= 12.0, "one ring is six seconds"
    assert ended.reason == "agent_max_sec"


async def test_an_agent_calls_somebody(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [(TOLD, "en")]
    async with speaker(tmp_path, "callee", (1.8, 1.5)) as callee:
        trunk = Trunk("acme", (("127.0.0.1", callee.port),), ping_sec=0)
        near = Agent(7, "Speak now.", "en", "neutral_en", max_sec=6)
        await desk.engine.place(Place(1, 2, NUMBER, OWN, OWN, (trunk,), near, False, 600, 3_600))
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)

    assert ended.reason == "agent_max_sec"
    assert message.agent is not None
    assert message.agent.name == "Ann Lee"


# --- screening ----------------------------------------------------------------------------------------------

SCREEN = Agent(7, None, "en", "neutral_en", addon="ai-screen", max_sec=30, max_turns=5)
SCREENED = Ring(7, ring_sec=15, screen=SCREEN)


@pytest.mark.parametrize(("key", "reason"), [("", "caller_hangup"), ("2", "declined"), ("3", "voicemail_done")])
async def test_the_owner_learns_who_calls_and_decides(desk: Rig, tmp_path: Path, key: str, reason: str) -> None:
    ours = device(desk, 7, "secret")
    account = f"<sip:{ours.username}@127.0.0.1:{desk.port()}>;auth_pass=secret;regint=60;answermode=auto"
    desk.ears.words = [("My name is Marc, I'm calling about your delivery.", "en")]
    async with (
        speaker(tmp_path, "ours", (0, 30.0), hertz=OWNER_HZ, account=account) as own,
        speaker(tmp_path, "caller", (5.5, 1.5), (4, 30.0)) as caller,
    ):
        await desk.platform.told(Registration)
        await ring_in(desk, caller, SCREENED, Voicemail(7, max_sec=1))
        established = await own.event("CALL_ESTABLISHED")
        if key:
            await asyncio.sleep(1.5)
            own.press(key)
        else:
            await asyncio.sleep(9.0)
            caller.hang_up()
        ended = await desk.platform.ended(1)
        await caller.event("CALL_CLOSED")
    heard = caller.heard()

    assert established["peerdisplayname"] == "Marc: delivery"
    assert (await desk.platform.told(Answered)).addon == "ai-screen"
    assert ended.reason == reason
    told = [text for text, _ in desk.mouth.said]
    assert told[0] == EN.who
    assert "Marc" in told[2]
    assert "your delivery" in told[2]
    messages = [each for each in desk.platform.reports if isinstance(each, MessageLeft)]
    if not key:
        assert heard_ms(heard, OWNER_HZ) >= 500
        assert messages == []
        assert not await asyncio.to_thread(lambda: list(tmp_path.glob("*.agent.wav")))
    else:
        assert heard_ms(heard, OWNER_HZ) == 0
        assert messages[0].agent is not None
        assert (messages[0].agent.addon, messages[0].agent.name) == ("ai-screen", "Marc")


# --- translation --------------------------------------------------------------------------------------------


async def test_an_interpreter_between_two(desk: Rig, tmp_path: Path) -> None:
    desk.ears.words = [("Bonjour Anne", "fr"), ("Good morning Marc", "en")]
    async with (
        speaker(tmp_path, "one", (2.5, 1.5)) as one,
        speaker(tmp_path, "two", (6.0, 1.5), hertz=OWNER_HZ) as two,
    ):
        trunks = [Trunk(each.folder.name, (("127.0.0.1", each.port),), ping_sec=0) for each in (one, two)]
        near = Bridge(NUMBER, (trunks[1],), translate="en")
        await desk.engine.place(Place(1, 2, NUMBER, OWN, OWN, (trunks[0],), near, False, 600, 3_600))
        await two.event("CALL_ESTABLISHED")
        await desk.platform.told(Caption, nth=2)
        await asyncio.sleep(1.5)
        two.hang_up()
        await desk.platform.ended(1)
        await one.event("CALL_CLOSED")
    heard_one, heard_two = one.heard(), two.heard()

    captions = [each for each in desk.platform.reports if isinstance(each, Caption)]
    assert [(each.n, each.leg, each.language, each.said, each.translation, each.target) for each in captions] == [
        (0, "callee", "fr", "Bonjour Anne", "Bonjour Anne in en", "en"),
        (1, "bridged", "en", "Good morning Marc", "Good morning Marc in fr", "fr"),
    ]
    assert [voice for _, voice in desk.mouth.said] == ["neutral_en", "neutral_fr"]
    for samples, hertz in ((heard_two, SPEECH_HZ), (heard_one, OWNER_HZ)):
        assert heard_ms(samples, VOICE_HZ) >= 600, "the translation"
        assert heard_ms(samples, hertz) >= 1_000, "and their own voice"
        assert level(samples, hertz) >= 7_000
