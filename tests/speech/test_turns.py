"""Turns of a live call, on tones: when somebody begins, pauses, goes on and ends."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc.speech.audio import duration_ms, silence
from nokyc.speech.port import FRAME_BYTES, Paused, Resumed, SpeechStarted, TurnEnded, TurnEvent
from nokyc.speech.turns import TurnDetector, TurnRules
from speech.small import LoudnessVad, tone


def detect(pcm: bytes, rules: TurnRules | None = None, size: int = FRAME_BYTES) -> list[TurnEvent]:
    detector = TurnDetector(LoudnessVad().open(), rules or TurnRules())
    return [event for at in range(0, len(pcm), size) for event in detector.feed(pcm[at : at + size])]


def kinds(events: list[TurnEvent]) -> list[type]:
    return [type(event) for event in events]


def test_one_sentence_is_one_turn_and_is_told_early() -> None:
    events = detect(silence(500) + tone(1_500) + silence(1_000))

    assert kinds(events) == [SpeechStarted, Paused, TurnEnded]
    started, paused, ended = events
    assert 500 < started.at_ms <= 700  # in time for a barge-in of 300 ms
    assert 2_300 <= paused.at_ms <= 2_400
    assert 2_700 <= ended.at_ms <= 2_800
    assert isinstance(paused, Paused)
    assert isinstance(ended, TurnEnded)
    assert ended.pcm == paused.pcm
    assert 1_800 <= duration_ms(ended.pcm) <= 2_300  # with what came just before


def test_a_pause_in_the_middle_of_a_number_is_no_end() -> None:
    events = detect(tone(800) + silence(450) + tone(800) + silence(900))
    assert kinds(events) == [SpeechStarted, Paused, Resumed, Paused, TurnEnded]
    assert isinstance(events[-1], TurnEnded)
    assert duration_ms(events[-1].pcm) > 2_000


def test_a_click_is_nothing_and_does_not_end_a_pause() -> None:
    assert detect(silence(300) + tone(20) + silence(900)) == []
    assert kinds(detect(tone(800) + silence(400) + tone(20) + silence(900))) == [SpeechStarted, Paused, TurnEnded]


def test_who_never_pauses_is_cut() -> None:
    events = detect(tone(5_000), TurnRules(max_turn_ms=2_000))
    assert kinds(events)[:4] == [SpeechStarted, Paused, TurnEnded, SpeechStarted]
    assert all(duration_ms(event.pcm) <= 2_100 for event in events if isinstance(event, TurnEnded))


def test_the_size_of_frames_does_not_matter() -> None:
    pcm = silence(200) + tone(700) + silence(1_200)
    assert detect(pcm, size=160) == detect(pcm, size=4_000)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=20))
def test_events_come_in_an_order_that_makes_sense(stretches: list[tuple[bool, int]]) -> None:
    pcm = b"".join(tone(20 * n) if loud else silence(20 * n) for loud, n in stretches)
    after = {
        SpeechStarted: {Paused},
        Paused: {Resumed, TurnEnded, Paused},
        Resumed: {Paused},
        TurnEnded: {SpeechStarted},
    }
    events = kinds(detect(pcm))
    assert events[:1] in ([], [SpeechStarted])
    assert all(later in after[earlier] for earlier, later in pairwise(events))
