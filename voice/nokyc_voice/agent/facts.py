"""Who calls, why, and where to call back: taken from what was said by rules, and kept only if it stands there."""

import re
from typing import Literal

from nokyc.speech.port import Intent
from nokyc.speech.rules.numbers import DIGIT_WORDS, MAX_DIGITS, MIN_DIGITS, NUMBER, digits_of, number_in
from nokyc.speech.rules.words import NO_NAMES
from nokyc_voice.agent.phrases import phrases, says

Wanted = Literal["name", "reason", "number"]

MAX_NAME_WORDS = 3
MAX_REASON_CHARS = 120
LEAST_WORDS = 6
"""So many words beside name and number are a reason, also if nobody asked for one."""

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_SMALL = frozenset(
    ("a", "an", "the", "is", "it", "it's", "this", "my", "name", "am", "i'm", "me", "le", "la", "c'est", "je",
     "m'appelle", "nom", "est", "mon", "soy", "es", "el", "mi", "nombre", "llamo", "ist", "mein", "bin", "heiße",
     "hier", "und", "and", "et", "y", "of", "de", "uh", "um", "euh", "äh", "eh")
)  # fmt: skip
"""Words around a name that are no part of it."""


class Facts:
    """Grows with each turn."""

    def __init__(self, caller: str | None) -> None:
        self._caller = caller
        """The number that calls, if it is shown: who says "this number" means it."""
        self._partial = ""
        """Digits of a number that is not whole yet."""
        self.name: str | None = None
        self.reason: str | None = None
        self.number: str | None = None
        self.confirmed = False

    def missing(self, wanted: Wanted) -> bool:
        return getattr(self, wanted) is None

    def add(self, text: str, intent: Intent, language: str, *, asked: Wanted | None) -> None:
        """What one turn tells; `asked` is what we had asked for, so that a bare answer is understood."""
        text = text.replace("\u2019", "'")
        self._take_number(text, intent, language, asked)
        if self.name is None:
            self.name = _named(text, intent) or (_bare_name(text) if asked == "name" else None)
        if self.reason is None:
            self.reason = self._reason(text, intent, asked)

    @property
    def has_part_of_number(self) -> bool:
        """Whether digits were said, but too few."""
        return self.number is None and self._partial != ""

    def forget_number(self) -> None:
        """It is wrong, or will be said again from its beginning."""
        self.number, self._partial = None, ""

    def _take_number(self, text: str, intent: Intent, language: str, asked: Wanted | None) -> None:
        found = number_in(text)
        if asked != "number":
            self._partial = ""
        if (
            found is None
            and intent.callback_number is not None
            and digits_of(intent.callback_number) in digits_of(text)
        ):
            found = intent.callback_number
        if asked == "number" and (found is None or (self._partial and not found.startswith("+"))):
            found = self._joined(text) or found
            if found is None and self._caller is not None and says(phrases(language).same_number, text):
                self.number, self.confirmed = self._caller, True
                return
        if found is not None:
            self._partial = ""
            if found != self.number:
                self.number, self.confirmed = found, False

    def _joined(self, text: str) -> str | None:
        """What was said of a number so far and now, if it is one; who begins again, does not go on."""
        digits = digits_of(text)
        if not digits.startswith(self._partial):
            digits = self._partial + digits
        if len(digits) > MAX_DIGITS:
            return None
        self._partial = digits
        return digits if len(digits) >= MIN_DIGITS else None

    def _reason(self, text: str, intent: Intent, asked: Wanted | None) -> str | None:
        if intent.reason is not None and intent.reason in text:
            return intent.reason[:MAX_REASON_CHARS]
        without = NUMBER.sub(" ", text.replace(self.name, " ") if self.name else text)
        words = [word for word in _WORD.findall(without) if word.lower() not in NO_NAMES | _SMALL]
        wanted = 1 if asked == "reason" else LEAST_WORDS
        return text.strip()[:MAX_REASON_CHARS] if asked in (None, "reason") and len(words) >= wanted else None


def _named(text: str, intent: Intent) -> str | None:
    """The analyst's name, if every word of it was said."""
    if intent.name is None:
        return None
    said = {word.lower() for word in _WORD.findall(text)}
    words = _WORD.findall(intent.name)
    return intent.name if words and all(word.lower() in said for word in words) else None


def _bare_name(text: str) -> str | None:
    """The answer to "What is your name?": ears write names with a capital letter, where a script has any. A number that
    comes in its place is no name."""
    words = [
        word
        for word in _WORD.findall(text)
        if word.lower() not in NO_NAMES | _SMALL | DIGIT_WORDS and not any(map(str.isdigit, word))
    ]
    chosen = [word for word in words if word[0].isupper() or word[0] == word[0].upper()]
    return " ".join(chosen[:MAX_NAME_WORDS]) or None
