"""The gate before speech to text."""

from nokyc.speech.audio import duration_ms, silence
from nokyc.speech.local.gate import Gate
from speech.small import LoudnessVad, tone

GATE = Gate(LoudnessVad())


def test_nothing_gets_through_where_nobody_speaks() -> None:
    for quiet in (b"", silence(5_000), tone(5_000, level=300), silence(2_000) + tone(100) + silence(2_000)):
        assert GATE.stretches(quiet) == []
        assert GATE.chunks(quiet, 28) == []


def test_silence_at_both_ends_is_cut_off_with_a_margin() -> None:
    [chunk] = GATE.chunks(silence(4_000) + tone(1_000) + silence(6_000), 28)
    assert 1_400 <= duration_ms(chunk) <= 1_800


def test_a_long_recording_is_cut_in_its_pauses() -> None:
    sentence = tone(9_000) + silence(1_500)
    chunks = GATE.chunks(sentence * 6, 28)
    assert [round(duration_ms(chunk), -3) for chunk in chunks] == [20_000, 20_000, 20_000]


def test_who_never_pauses_is_cut_all_the_same() -> None:
    chunks = GATE.chunks(tone(70_000), 28)
    assert len(chunks) == 3
    assert all(duration_ms(chunk) <= 28_000 for chunk in chunks)
    assert sum(map(duration_ms, chunks)) >= 69_900


def test_half_a_sample_does_no_harm() -> None:
    assert len(GATE.chunks(tone(1_000) + b"\x01", 28)) == 1
