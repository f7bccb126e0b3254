"""Two machines that talk to each other: the party says our own sentences, or always the same; or we do."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

ALIKE = 0.85
LEAST_CHARS = 12
"""Shorter sentences ("yes", "hello?") are said again by people, too."""
MAX_REPEATS = 2
MAX_OWN = 3
"""Times that we say the same sentence."""


class Loops:
    def __init__(self, agents_say: Iterable[str] = ()) -> None:
        """`agents_say`: what no person says three times in a row, because agents do."""
        self._ours: dict[str, int] = {_plain(each): 0 for each in agents_say}
        self._last = ""
        self._repeats = 0

    def say(self, text: str) -> bool:
        """We are about to say this; True if that is once too often."""
        plain = _plain(text)
        self._ours[plain] = self._ours.get(plain, 0) + 1
        return self._ours[plain] > MAX_OWN

    def hear(self, text: str) -> bool:
        """The party said this; True if it is a machine by now."""
        plain = _plain(text)
        if len(plain) < LEAST_CHARS:
            return False
        if _alike(plain, self._last) or any(_alike(plain, each) for each in self._ours):
            self._repeats += 1
        else:
            self._repeats = 0
        self._last = plain
        return self._repeats >= MAX_REPEATS


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _alike(a: str, b: str) -> bool:
    """The quick ratios are upper bounds, and spare nearly all of the work."""
    if not b:
        return False
    compared = SequenceMatcher(None, a, b)
    return all(ratio() >= ALIKE for ratio in (compared.real_quick_ratio, compared.quick_ratio, compared.ratio))
