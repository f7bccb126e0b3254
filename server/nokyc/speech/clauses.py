"""Text in pieces that can be spoken one by one: the first is short, so that the first sound leaves early."""

import re

FIRST_CHARS = 60
MAX_CHARS = 220
MIN_CHARS = 12
"""A shorter piece is joined to the next: `Yes,` alone sounds cut off."""

_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s*(?=\S)|\n+")
_CLAUSE = re.compile(r"(?<=[,;:—、])\s*(?=\S)")


def clauses(text: str) -> list[str]:
    """Whole sentences where they are short enough, clauses where not; nothing is lost but white space."""
    pieces: list[str] = []
    for sentence in filter(None, (part.strip() for part in _split(_SENTENCE, text))):
        limit = MAX_CHARS if pieces else FIRST_CHARS
        pieces += [sentence] if len(sentence) <= limit else _packed(_split(_CLAUSE, sentence), limit)
    return _joined(pieces)


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    """Where the pattern is, unless it is within a number (`3.50`, `10:30`)."""
    pieces, start = [], 0
    for match in pattern.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = match.start() == match.end() and before in ".,:…!?" and after not in "«\"'“"
        if not inside:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _packed(parts: list[str], limit: int) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(part) + 1 <= limit:
            packed[-1] += " " + part
        else:
            packed += _words(part.strip())
    return packed


def _words(part: str) -> list[str]:
    """What has no punctuation for very long is cut between words."""
    pieces = [""]
    for word in part.split():
        for piece in (word[at : at + MAX_CHARS] for at in range(0, len(word), MAX_CHARS)):
            if pieces[-1] and len(pieces[-1]) + len(piece) + 1 > MAX_CHARS:
                pieces.append(piece)
            else:
                pieces[-1] = f"{pieces[-1]} {piece}".strip()
    return [piece for piece in pieces if piece]


def _joined(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) < MIN_CHARS:
            joined[-1] += " " + piece
        else:
            joined.append(piece)
    return joined
