"""Cutting text for the mouth: nothing is lost, nothing is endless, numbers stay whole."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc.speech.clauses import FIRST_CHARS, MAX_CHARS, MIN_CHARS, clauses


def test_sentences_are_pieces_and_short_ones_are_joined() -> None:
    assert clauses("Hello. I am not available right now. Leave your name, please!") == [
        "Hello. I am not available right now.",
        "Leave your name, please!",
    ]


def test_a_long_first_sentence_is_cut_at_a_comma_so_that_sound_leaves_early() -> None:
    pieces = clauses(
        "I'm unavailable right now, so leave your name, the reason for the call, and a callback number after the tone."
    )
    assert len(pieces[0]) <= FIRST_CHARS
    assert pieces[0].endswith(",")


def test_numbers_and_times_stay_whole() -> None:
    assert clauses("It costs 3.50 and we open at 10:30. Call 0,5 or 1,000 now.") == [
        "It costs 3.50 and we open at 10:30.",
        "Call 0,5 or 1,000 now.",
    ]


def test_japanese_has_no_spaces() -> None:
    pieces = clauses("留守番電話です。ご用件をお話しください。お電話ありがとうございました。")
    assert pieces == ["留守番電話です。 ご用件をお話しください。", "お電話ありがとうございました。"]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab ,.!?;:\n。、é0"), max_size=600))
def test_nothing_is_lost_and_nothing_is_endless(text: str) -> None:
    pieces = clauses(text)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)
    assert all(0 < len(piece) <= MAX_CHARS + MIN_CHARS + 1 for piece in pieces)
