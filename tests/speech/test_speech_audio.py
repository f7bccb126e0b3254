"""Telephone audio: µ-law by its standard, and resampling without aliases."""

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc.speech.audio import Resampler, duration_ms, faded, pcm_to_ulaw, silence, to_telephone, ulaw_to_pcm
from speech.small import tone


def test_every_code_of_mu_law_comes_back_but_for_the_second_zero() -> None:
    codes = bytes(range(256))
    assert pcm_to_ulaw(ulaw_to_pcm(codes)) == codes.replace(b"\x7f", b"\xff")


@pytest.mark.parametrize(("code", "sample"), [(0x00, -32_124), (0x80, 32_124), (0xFF, 0), (0xF0, 120), (0x90, 15_996)])
def test_values_of_the_standard(code: int, sample: int) -> None:
    assert ulaw_to_pcm(bytes([code])) == sample.to_bytes(2, "little", signed=True)


@settings(deadline=None)
@given(st.integers(-32_768, 32_767))
def test_mu_law_is_off_by_half_a_step_at_the_most(sample: int) -> None:
    back = array("h", ulaw_to_pcm(pcm_to_ulaw(array("h", [sample]).tobytes())))[0]
    assert abs(back - sample) <= max((abs(sample) + 132) / 32 + 8, abs(sample) - 32_124)


def test_a_tone_keeps_its_pitch_and_its_level() -> None:
    there = to_telephone(_tone(1_000, 22_050), 22_050)
    samples = array("h", there)
    expected = [10_000 * math.sin(2 * math.pi * 1_000 * at / 8_000) for at in range(len(samples))]
    middle = slice(200, -200)
    assert max(abs(a - b) for a, b in zip(samples[middle], expected[middle], strict=True)) < 60
    assert abs(duration_ms(there) - 500) <= 1


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_what_a_telephone_cannot_carry_does_not_come_back_as_something_else(rate: int) -> None:
    there = array("h", to_telephone(_tone(5_200, rate), rate))
    assert max(map(abs, there[300:-300])) < 100


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 400), max_size=12))
def test_pieces_of_any_length_give_the_same_as_the_whole(sizes: list[int]) -> None:
    whole = _tone(700, 24_000)[:4_000]
    resampler, given_, made = Resampler(24_000), 0, b""
    for size in sizes:
        made += resampler.feed(whole[given_ : given_ + size])
        given_ += size
    assert made + resampler.feed(whole[given_:]) + resampler.end() == to_telephone(whole, 24_000)


def test_telephone_audio_passes_and_worse_is_refused() -> None:
    assert to_telephone(tone(20), 8_000) == tone(20)
    with pytest.raises(ValueError, match="6000 Hz"):
        Resampler(6_000)


def test_a_fade_begins_and_ends_at_zero() -> None:
    samples = array("h", faded(tone(100, 1_000)))
    assert (samples[0], samples[-1]) == (0, 0)
    assert samples[200:600] == array("h", tone(100, 1_000))[200:600]
    assert faded(b"") == b""
    assert len(silence(20)) == 320


def _tone(hertz: float, rate: int) -> bytes:
    return array("h", (round(10_000 * math.sin(2 * math.pi * hertz * at / rate)) for at in range(rate // 2))).tobytes()
