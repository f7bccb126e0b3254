"""What the rules make of voicemails that they were not made with: name, number, callback, sentiment, nothing invented.

    make bench-voicemails

Sixty-four messages in four languages (`voicemails.txt`), each with what a listener would note. The rules were written
beside those in `tests/speech/voicemails.txt`, so these here say how they fare beyond.
"""

from collections import Counter
from pathlib import Path

from nokyc.speech.rules.analyst import analyse, grounded
from report import keep

LABELLED = [
    tuple(field.strip() for field in line.split("|", 5))
    for line in (Path(__file__).parent / "voicemails.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
LANGUAGES = ("en", "fr", "es", "de")
THINGS = ("name", "callback", "number", "sentiment")


def main() -> None:
    lines = [
        "| Language | Messages | Name % | Callback wanted % | Number % | Sentiment % | Invented |",
        "|---|---|---|---|---|---|---|",
    ]
    missed: list[str] = []
    total: Counter[str] = Counter()
    for language in LANGUAGES:
        counts = _count(language, missed)
        total += counts
        lines.append(_row(language, counts))
    lines += [_row("all", total), "", "What was made of the others:", "", *missed]
    keep("voicemails", "What is made of voicemails", "`make bench-voicemails`, the rules alone.", lines)


def _count(language: str, missed: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for _, name, callback, number, mood, text in (each for each in LABELLED if each[0] == language):
        found = analyse(text, language)
        made = {
            "name": (found.intent.name or "", name),
            "callback": ("yes" if found.intent.wants_callback else "no", callback),
            "number": ((found.intent.callback_number or "").lstrip("+"), number),
            "sentiment": (found.sentiment, mood),
        }
        counts["messages"] += 1
        counts["invented"] += not grounded(found.summary, text)
        for what, (is_, should_be) in made.items():
            counts[what] += is_ == should_be
            if is_ != should_be:
                missed.append(f"- {language}, {what}: {is_ or 'none'!r} for {should_be or 'none'!r}: {text}")
    return counts


def _row(language: str, counts: Counter[str]) -> str:
    shares = " | ".join(f"{100 * counts[what] / counts['messages']:.0f}" for what in THINGS)
    return f"| {language} | {counts['messages']} | {shares} | {counts['invented']} |"


if __name__ == "__main__":
    main()
