"""Telephone numbers in what was said: ears write digits as figures or as words, and what is between them at will."""

import re

MIN_DIGITS = 6
MAX_DIGITS = 15
"""ITU-T E.164."""

_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
    "zéro": "0", "un": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8",
    "neuf": "9",
    "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7",
    "ocho": "8", "nueve": "9",
    "null": "0", "eins": "1", "zwei": "2", "zwo": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6",
    "sieben": "7", "acht": "8", "neun": "9",
}  # fmt: skip
DIGIT_WORDS = frozenset(_DIGIT_WORDS)
NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[ .,()/–-]{0,3}\d)*(?!\w)")
"""A run of digits with what may stand between them."""


def digits_of(text: str) -> str:
    """All digits of a text, written or spoken one by one, without what is between them."""
    return re.sub(r"\D", "", _written(text))


def runs_of(text: str) -> list[str]:
    """The digits of each number in a text, however it is written."""
    return [re.sub(r"\D", "", run) for run in re.findall(r"\d[\d .,()/–-]*", _written(text))]


def number_in(text: str) -> str | None:
    """The last run of digits that is long enough to be dialled: callers correct themselves, and say theirs at the end.
    A plus before it stays."""
    found = None
    for match in NUMBER.finditer(_written(text)):
        digits = re.sub(r"\D", "", match[0])
        if MIN_DIGITS <= len(digits) <= MAX_DIGITS:
            found = ("+" if match[0].startswith("+") else "") + digits
    return found


def _written(text: str) -> str:
    """With figures for the words of digits, where several stand in a row: `one` alone is no number, nor is it the
    beginning of one in figures."""
    words = re.split(r"(\W+)", text)
    out: list[str] = []
    for n, word in enumerate(words):
        digit = _DIGIT_WORDS.get(word.lower())
        neighbours = [
            words[n + step] for step in (-2, 2) if 0 <= n + step < len(words) and _NEAR.match(words[n + step // 2])
        ]
        spoken = digit is not None and any(each.lower() in _DIGIT_WORDS or _FIGURE.match(each) for each in neighbours)
        out.append(digit if spoken and digit is not None else word)
    return "".join(out)


_NEAR = re.compile(r"[ ,/–-]{1,3}$")
"""Between digits that are said in one breath."""
_FIGURE = re.compile(r"[0-9]$")
