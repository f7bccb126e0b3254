"""What Whisper says in a loop is known by its beginning."""

import pytest

from nokyc.speech.local.whisper import says_again


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
