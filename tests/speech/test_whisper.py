"""What Whisper says in a loop is known by its beginning."""

import pytest

from nokyc.speech.local.whisper import says_again, tells_number


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Press 1 to enter an extension. Press 2 to hear it. Press 1 to enter an extension. Press 2 to hear it.", True),
        ("Press 1 to enter, or press 2 to leave. press 1 to enter, or press 2 to", True),
        ("Press 1 to enter an extension. Press 2 to use the directory.", False),
        ("Hello, hello, is anybody there?", False),
        ("My number is 555 555 5555.", False),
        ("", False),
    ],
)
def test_a_sentence_that_is_said_twice_from_the_start(text: str, again: bool) -> None:
    assert says_again(text) is again


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Vous pouvez me rappeler au Xerocis 98-76-54-32.", True),
        ("0 6 9 8", True),
        ("Call me at 8:30.", False),
        ("I need 2 of them.", False),
    ],
)
def test_a_number_is_told_by_its_digits(text: str, number: bool) -> None:
    assert tells_number(text) is number
