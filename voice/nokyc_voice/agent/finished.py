"""Whether what somebody said sounds finished: how long the silence after it has to be before it is answered."""

import re

from nokyc.speech.rules.numbers import digits_of
from nokyc_voice.agent.phrases import PHRASES, says

LEAST_WORDS = 3
"""Fewer are the beginning of something, unless they are an answer: "Hello" is followed by a name."""
FULL_NUMBER = 9
"""Digits; people pause within a number, and what is shorter may go on."""
_GOES_ON = frozenset(
    ("a", "about", "am", "an", "and", "at", "but", "for", "from", "i'm", "is", "my", "of", "on", "or", "so", "the",
     "to", "uh", "um", "with",
     "à", "au", "avec", "c'est", "de", "des", "du", "est", "et", "euh", "la", "le", "les", "mais", "mon", "ou", "pour",
     "sur", "un", "une",
     "con", "el", "en", "es", "mi", "o", "para", "pero", "por", "y",
     "äh", "aber", "auf", "das", "der", "die", "ein", "für", "mein", "mit", "oder", "und", "von", "wegen")
)  # fmt: skip
"""No sentence ends with these."""


def sounds_finished(text: str) -> bool:
    """By its words and by the punctuation that ears gave it."""
    said = text.strip()
    if not said.endswith((".", "!", "?", "。", "？", "！")) or said.endswith("..."):
        return False
    digits = digits_of(said)
    if digits:
        return len(digits) >= FULL_NUMBER
    words = re.findall(r"[\w'\u2019-]+", said.lower())
    if not words or words[-1] in _GOES_ON:
        return False
    if any(says(f"{each.yes}|{each.no}|{each.bye}", said) for each in PHRASES.values()):
        return True
    return len(words) >= LEAST_WORDS or bool(re.search(r"[\u3040-\u30ff]", said))
