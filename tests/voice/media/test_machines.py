"""Hold music and answering machines, told from people: by recorded voices, tones and chords."""

import pytest

from nokyc.speech.prompts import DEFAULT_TEXTS, DefaultPrompt, default_prompt
from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.machines import EARLY_MS, MUSIC_MS, HoldMusic, Machine
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS
from voice.audio import silence, tone

LANGUAGES = ["en", "fr", "es", "de"]
PROMPTS: list[DefaultPrompt] = list(DEFAULT_TEXTS)
BEEP = silence(0.4) + tone(1_000, 0.4)
SPEECH_RMS = 300


def found_ms(listener: HoldMusic | Machine, pcm: bytes, *, speech: bool = True) -> int | None:
    """When it is sure; `speech`: what is loud is a turn of speech, which lasts through short rests."""
    rest = 0
    for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES):
        frame = pcm[at : at + FRAME_BYTES]
        rest = 0 if audioop.rms(frame, 2) > SPEECH_RMS else rest + FRAME_MS
        if listener.hear(frame, speaking=speech and rest < 700):
            return at // FRAME_BYTES * FRAME_MS
    return None


def greeting(language: str) -> bytes:
    """Some seven seconds of a voice."""
    return b"".join(default_prompt(name, language) for name in PROMPTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_greeting_and_a_beep_are_a_machine(language: str) -> None:
    spoken = greeting(language)
    found = found_ms(Machine(), spoken + BEEP)
    assert found is not None
    assert found >= len(spoken) // 16


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_alone_is_no_machine_and_no_music(language: str) -> None:
    spoken = (greeting(language) + silence(0.5)) * 3
    assert found_ms(Machine(), spoken) is None
    assert found_ms(HoldMusic(), spoken) is None


@pytest.mark.parametrize(
    "heard",
    [
        default_prompt("recorded", "en") + BEEP,
        greeting("en") + silence(2.5) + BEEP,
        greeting("en") + audioop.add(tone(697, 0.4), tone(1_209, 0.4), 2),
        silence(EARLY_MS / 1_000) + greeting("en") + BEEP,
    ],
    ids=["a few words and a beep", "who lets us speak", "a key", "late in the call"],
)
def test_people_are_no_machines(heard: bytes) -> None:
    assert found_ms(Machine(), heard) is None


def test_sound_without_end_that_is_no_speech_is_music() -> None:
    chords = [audioop.add(tone(low, 2.0, amplitude=3_000), tone(high, 2.0, amplitude=3_000), 2)
              for low, high in ((262, 330), (294, 370), (330, 415), (262, 392))]  # fmt: skip
    found = found_ms(HoldMusic(), b"".join(chords) * 3, speech=False)
    assert found is not None
    assert MUSIC_MS - FRAME_MS <= found <= MUSIC_MS + 1_000


def test_silence_and_short_music_are_none() -> None:
    assert found_ms(HoldMusic(), silence(20), speech=False) is None
    assert found_ms(HoldMusic(), tone(330, 8) + silence(20), speech=False) is None
