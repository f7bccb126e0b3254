"""Sound as the telephone has it."""

import io
import wave
from array import array
from itertools import pairwise

import pytest

from nokyc.kit import audio
from nokyc.kit.audio import AudioError


def made(pcm: bytes, *, rate: int, channels: int = 1, width: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(pcm)
    return buffer.getvalue()


def crossings(pcm: bytes) -> int:
    samples = array("h", pcm)
    return sum((a < 0) != (b < 0) for a, b in pairwise(samples))


def test_a_tone_has_its_pitch_and_length() -> None:
    sound = audio.tone(2, 400)
    assert audio.duration_ms(sound) == 2_000
    assert crossings(sound) == pytest.approx(1_600, abs=3)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
def test_any_rate_becomes_eight_thousand(rate: int) -> None:
    samples = array("h", audio.tone(1, 400))
    fast = array("h", (samples[n * 8_000 // rate] for n in range(rate))).tobytes()
    slow = audio.read_wav(made(fast, rate=rate), max_sec=2)
    assert audio.duration_ms(slow) == pytest.approx(1_000, abs=1)
    assert crossings(slow) == pytest.approx(800, abs=4)


@pytest.mark.parametrize("rate", [8_001, 47_999, 96_001, 191_999, 192_001])
def test_an_odd_rate_is_refused_before_it_costs_anything(rate: int) -> None:
    """It would take a filter with thousands of phases: hundreds of megabytes for a greeting of a second."""
    with pytest.raises(AudioError, match="unusual"):
        audio.read_wav(made(bytes(1_000), rate=rate), max_sec=2)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_any_width_becomes_sixteen_bits(width: int) -> None:
    high = {1: b"\xc0", 2: b"\x00\x40", 3: b"\x00\x00\x40", 4: b"\x00\x00\x00\x40"}[width]
    assert set(array("h", audio.read_wav(made(high * 100, rate=8_000, width=width), max_sec=1))) == {0x4000}


def test_channels_are_mixed_and_set_side_by_side() -> None:
    left, right = array("h", [1_000] * 50).tobytes(), array("h", [3_000] * 50).tobytes()
    both = audio.stereo(left, right)
    assert set(array("h", audio.read_wav(made(both, rate=8_000, channels=2), max_sec=1))) == {2_000}
    again = audio.read_wav(audio.write_wav(left), max_sec=1)
    assert again == left


def test_a_piped_file_does_not_know_its_length() -> None:
    whole = made(audio.tone(1), rate=22_050)
    endless = whole[:4] + b"\xff\xff\xff\x7f" + whole[8:40] + b"\xff\xff\xff\x7f" + whole[44:]
    assert audio.duration_ms(audio.read_piped_wav(endless)) == pytest.approx(363, abs=1)
    for nonsense in (b"", b"RIFF", b"x" * 100, whole[:24] + bytes(4) + whole[28:]):
        with pytest.raises(AudioError):
            audio.read_piped_wav(nonsense)


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"ID3", b"RIFF....WAVE", made(bytes(100), rate=4_000), made(bytes(32_002), rate=8_000),
     made(bytes(180), rate=8_000, channels=9)],
)  # fmt: skip
def test_what_is_no_sound_is_refused(nonsense: bytes) -> None:
    with pytest.raises(AudioError):
        audio.read_wav(nonsense, max_sec=2)
