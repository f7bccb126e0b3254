"""A whole conversation through the local engines: a synthetic voice over telephone audio, heard, understood, answered.

No line and no waiting: what is said goes from mouth to ear at once. Skipped where the engines are not installed.
"""

import os
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from nokyc.speech.audio import pcm_to_ulaw, ulaw_to_pcm
from nokyc.speech.engines import local_engines
from nokyc.speech.port import Engines, Paused, SpeechStarted, TurnEnded
from nokyc.speech.prompts import DEFAULT_TEXTS, default_prompt
from nokyc.speech.states import engine_states
from nokyc.speech.turns import TurnDetector
from nokyc_voice.agent.moves import Heard
from nokyc_voice.agent.phrases import phrases, spell
from nokyc_voice.media.machines import HoldMusic
from nokyc_voice.media.port import FRAME_BYTES
from voice.agent.talk import Talk
from voice.audio import silence

pytestmark = pytest.mark.engines
MUSIC = sorted(Path("/usr/share/asterisk/moh").glob("*.wav"))


@pytest.fixture(scope="module")
def local(repository: Path) -> Engines:
    data_dir = Path(os.environ.get("DATA_DIR") or repository / ".data")
    missing = [state.name for state in engine_states(data_dir) if not state.ok]
    if missing:
        pytest.skip(f"not installed in {data_dir.name}: {', '.join(missing)}")
    return local_engines(data_dir)


async def say(talk: Talk, engines: Engines, text: str, *, voice: str) -> None:
    """One turn of the caller, through telephone audio, ears and rules."""
    talk.listen()
    pcm = b"".join([piece async for piece in engines.tts.say(text, voice=voice)])
    line = ulaw_to_pcm(pcm_to_ulaw(silence(0.5) + pcm + silence(1.5)))
    detector = TurnDetector(engines.vad.open())
    for event in detector.feed(line):
        event = replace(event, at_ms=talk.now + event.at_ms)
        match event:
            case SpeechStarted() | TurnEnded():
                talk.tell(event)
            case Paused():
                continue
        if isinstance(event, TurnEnded):
            heard = await engines.stt.transcribe(event.pcm, languages=talk.conversation.hears)
            talk.wait(len(line) // 16)
            if heard is None:
                talk.tell(Heard(talk.now, None))
            else:
                analysis = await engines.analyst.analyse(heard.text, language=heard.language)
                talk.tell(Heard(talk.now, heard.text, heard.language, analysis.intent))


def is_music(engines: Engines, pcm: bytes) -> bool:
    """Whether it is taken for music within its length, over telephone audio."""
    music, detector = HoldMusic(), TurnDetector(engines.vad.open())
    line = ulaw_to_pcm(pcm_to_ulaw(pcm))
    for at in range(0, len(line) - FRAME_BYTES + 1, FRAME_BYTES):
        frame = line[at : at + FRAME_BYTES]
        detector.feed(frame)
        if music.hear(frame, speaking=detector.speaking):
            return True
    return False


async def test_a_message_is_taken_over_telephone_audio(local: Engines) -> None:
    talk, words = Talk(), phrases("en")
    await say(talk, local, "Hello, my name is Peter. I am calling about the invoice of last month.", voice="warm_en")
    assert talk.last == words.ask_number
    await say(talk, local, "5 5 5, 1 2 3, 4 5 6 7.", voice="warm_en")
    assert talk.last == words.read_back.format(number=spell("5551234567"))
    await say(talk, local, "Yes, that is right.", voice="warm_en")
    talk.listen()
    result = talk.result
    assert (result.name, result.ended_by, result.callback_number) == ("Peter", "done", "5551234567")
    assert result.number_confirmed
    assert result.reason is not None
    assert "invoice" in result.reason


@pytest.mark.skipif(not MUSIC, reason="no hold music here (Debian: asterisk-moh-opsound-wav)")
async def test_hold_music_is_told_from_people(local: Engines) -> None:
    spoken = b"".join(default_prompt(name, "fr") + silence(0.6) for name in DEFAULT_TEXTS) * 2
    assert not is_music(local, spoken)
    for path in MUSIC:
        with wave.open(str(path)) as sound:
            assert is_music(local, sound.readframes(8_000 * 40)), path.name


async def test_a_french_caller_is_answered_in_french(local: Engines) -> None:
    talk, words = Talk(), phrases("fr")
    await say(talk, local, "Bonjour, je m'appelle Marc. Rappelez-moi quand vous pouvez.", voice="neutral_fr")
    assert talk.last in (words.ask_reason, words.ask_number, words.ask_name)
    await say(talk, local, "Au revoir.", voice="neutral_fr")
    talk.listen()
    assert (talk.result.language, talk.result.ended_by) == ("fr", "done")
