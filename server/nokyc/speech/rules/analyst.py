"""Summary, sentiment and intent of a voicemail by rules, in English, French, Spanish and German.

Whatever the summary says of names and numbers stands in the transcript, letter by letter: that is how it is made.
"""

import re
from functools import cache

from nokyc.speech.port import Analysis, Intent
from nokyc.speech.rules.numbers import digits_of, number_in, runs_of
from nokyc.speech.rules.sentiment import MAX_CHARS, sentiment_of
from nokyc.speech.rules.words import CALLBACKS, NAMES, NO_NAMES, NOT_NEEDED, REASONS, TOPICS

MAX_REASON_CHARS = 120
NOBODY = "The caller"

_WORD = r"(?-i:[^\W\d_a-zß-öø-ÿ][\w'-]*)"
_NAME = rf"(?P<name>{_WORD}(?: {_WORD}){{0,2}})"


class RuleAnalyst:
    """The port's Analyst, of this process and without waiting."""

    name = "rules"

    async def analyse(self, text: str, *, language: str) -> Analysis:
        return analyse(text, language)


def analyse(text: str, language: str) -> Analysis:
    """In a language without rules: who left a number, and nothing else."""
    heard = text[:MAX_CHARS].replace("\u2019", "'")
    wants = _wants_callback(heard, language)
    name, number, topic = _name(heard, language), number_in(heard), _topic(heard, language)
    intent = Intent(name=name, reason=_reason(heard, language), callback_number=number, wants_callback=wants)
    return Analysis(_summary(intent, topic, heard), sentiment_of(heard, language), intent)


def topic_of(text: str, language: str) -> str | None:
    """One word for what it is about, None if no rule fits."""
    found = _topic(text[:MAX_CHARS].replace("\u2019", "'"), language)
    return found[0] if found else None


def grounded(summary: str, transcript: str) -> bool:
    """Whether every name and every number in a summary occurs in the transcript: whoever wrote the summary."""
    said = transcript.replace("\u2019", "'").lower()
    digits = digits_of(said)
    if any(number not in digits for number in runs_of(summary)):
        return False
    inside = re.findall(r"(?<![.!?] )(?<!^)\b[A-ZÀ-Þ][\w'-]+", summary)
    first = re.match(r"[A-ZÀ-Þ][\w'-]+", summary)
    names = [*inside, *([first[0]] if first and first[0] not in _OPENERS else [])]
    return all(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", said) for name in names)


_OPENERS = frozenset({"The", "A", "An", "Someone", "Somebody", "Caller", "They", "He", "She", "It", "This", "Wants"})
"""How a summary may begin without naming anybody."""


def _summary(intent: Intent, topic: tuple[str, str] | None, text: str) -> str:
    who = intent.name or NOBODY
    about = f" {topic[1].removeprefix('calls ')}" if topic and topic[1].startswith("calls about") else ""
    at = f", number {intent.callback_number}" if intent.callback_number else ""
    if intent.wants_callback:
        return f"{who} asks for a callback{about}{at}."
    if topic is not None:
        return f"{who} {topic[1]}{at}."
    if len(re.findall(r"\w+", text)) < 8 and not intent.name:
        return f"{NOBODY} left no clear message{at}."
    return f"{who} left a message{at}."


def _name(text: str, language: str) -> str | None:
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            words = []
            for word in match["name"].split():
                if word.lower().removesuffix("'m") in NO_NAMES:
                    break
                words.append(word)
            if words and not words[-1].endswith("'s"):  # whose something is, is not who speaks
                return " ".join(words)
    return None


def _wants_callback(text: str, language: str) -> bool:
    if language not in CALLBACKS:
        return False
    without = re.sub(NOT_NEEDED[language], " ", text, flags=re.IGNORECASE)
    return re.search(CALLBACKS[language], without, re.IGNORECASE) is not None


def _reason(text: str, language: str) -> str | None:
    if language not in REASONS:
        return None
    match = re.search(rf"\b{REASONS[language]} (?P<reason>[^.!?¿¡]+)", text, re.IGNORECASE)
    return match["reason"].strip(" ,;")[:MAX_REASON_CHARS] if match else None


def _topic(text: str, language: str) -> tuple[str, str] | None:
    for word, phrase, patterns in TOPICS:
        if language in patterns and re.search(patterns[language], text, re.IGNORECASE):
            return word, phrase
    return None


@cache
def _patterns(language: str) -> list[re.Pattern[str]]:
    found = [pattern.replace("{name}", _NAME).replace("{word}", _WORD) for pattern in NAMES.get(language, ())]
    return [re.compile(pattern, re.IGNORECASE) for pattern in found]
