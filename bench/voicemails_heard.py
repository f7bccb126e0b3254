"""What is made of voicemails that are heard, not read: spoken by our voices over µ-law, heard by our ears, judged.

    make bench-voicemails

The messages are those of `voicemails.py`. Numbers are spoken as people do: in French by pairs, elsewhere
digit by digit. What ears and voices get wrong counts here, so the gap between the two tables is theirs.
"""

import argparse
import asyncio
import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

from nokyc.speech.audio import pcm_to_ulaw, silence, ulaw_to_pcm
from nokyc.speech.engines import local_engines
from nokyc.speech.port import Engines
from nokyc.speech.rules.analyst import grounded
from report import keep
from speech import CONFIGURED, errors, words
from voicemails import LABELLED, LANGUAGES, THINGS

VOICES = {
    "en": ("neutral_en", "warm_en"), "fr": ("neutral_fr", "warm_fr"), "es": ("neutral_es",), "de": ("neutral_de",),
}  # fmt: skip
"""In turn."""
REST_MS = 400
"""Before and after a message."""
HEAD = (
    "Language", "Messages", "Language found %", "WER %", "Name %", "Callback wanted %", "Number %", "Sentiment %",
    "Name or number where none was said", "Invented in the summary",
)  # fmt: skip
_NUMBER = re.compile(r"\d[\d ]{5,}\d")


def spoken(text: str, language: str) -> str:
    """The text as somebody would say it who wants the number to be written down."""
    if language == "fr":
        return text
    return _NUMBER.sub(lambda match: ", ".join(" ".join(group) for group in match[0].split()), text)


async def measure(engines: Engines, languages: Sequence[str]) -> list[str]:
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    missed: list[str] = []
    total: Counter[str] = Counter()
    for language in languages:
        counts = await _count(engines, language, missed)
        total += counts
        lines.append(_row(language, counts))
        print(lines[-1], flush=True)
    return [*lines, _row("all", total), "", "What was made of the others:", "", *missed]


async def _count(engines: Engines, language: str, missed: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for at, (_, name, callback, number, mood, text) in enumerate(each for each in LABELLED if each[0] == language):
        voices = VOICES[language]
        heard = await _heard(engines, spoken(text, language), voices[at % len(voices)])
        told = await engines.stt.transcribe(heard, languages=CONFIGURED)
        counts["messages"] += 1
        counts["words"] += len(words(text))
        counts["wrong words"] += errors(words(text), words(told.text if told else ""))
        if told is None:
            missed.append(f"- {language}, nothing was heard of: {text}")
            continue
        found = await engines.analyst.analyse(told.text, language=told.language)
        made = {
            "name": (found.intent.name or "", name),
            "callback": ("yes" if found.intent.wants_callback else "no", callback),
            "number": ((found.intent.callback_number or "").lstrip("+"), number),
            "sentiment": (found.sentiment, mood),
        }
        counts["identified"] += told.language == language
        counts["invented"] += not grounded(found.summary, told.text)
        counts["unsaid"] += any(is_ and not should_be for is_, should_be in (made["name"], made["number"]))
        for what, (is_, should_be) in made.items():
            counts[what] += is_ == should_be
            if is_ != should_be:
                missed.append(f"- {language}, {what}: {is_ or 'none'!r} for {should_be or 'none'!r}: {told.text}")
    return counts


async def _heard(engines: Engines, text: str, voice: str) -> bytes:
    """What a voicemail would be recorded as."""
    async with aclosing(engines.tts.say(text, voice=voice)) as pieces:
        said = b"".join([piece async for piece in pieces])
    return ulaw_to_pcm(pcm_to_ulaw(silence(REST_MS) + said + silence(REST_MS)))


def _row(language: str, counts: Counter[str]) -> str:
    messages = counts["messages"]
    cells = [
        language, messages, f"{100 * counts['identified'] / messages:.0f}",
        f"{100 * counts['wrong words'] / counts['words']:.1f}",
        *(f"{100 * counts[what] / messages:.0f}" for what in THINGS), counts["unsaid"], counts["invented"],
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".data")))
    parser.add_argument("--languages", help="some only, separated by commas; nothing is kept")
    arguments = parser.parse_args()
    some = arguments.languages
    lines = asyncio.run(measure(local_engines(arguments.data_dir), some.split(",") if some else LANGUAGES))
    if some:
        print("\n".join(lines))
        return
    about = (
        "`make bench-voicemails`: spoken by our voices, sent over 8 kHz µ-law, heard by our ears, then judged by the"
        " rules. A name counts only if it is spelled as its owner spells it."
    )
    keep("voicemails-heard", "What is made of voicemails that are heard", about, lines)


if __name__ == "__main__":
    main()
