"""From a voicemail's audio to the `transcript` of the API: a pure function of the engines.

`text` and `language` always; `translation_en` and `summary` with the add-on ai-summary; `sentiment` with the add-on
and `include_sentiment`. What an engine cannot do is null, never a guess. The same audio gives the same transcript, so
it may be done twice.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict

from nokyc.speech.port import (
    BYTES_PER_SEC,
    Engines,
    PairUnsupported,
    Sentiment,
    SpeechFailed,
    SpeechUnavailable,
    Transcript,
)

MAX_SEC = 600
"""What is longer is transcribed up to here."""
MAX_TEXT_CHARS = 20_000
SUMMARY_ADDON = "ai-summary"
ENGLISH = "en"


class VoicemailTranscript(TypedDict):
    """As the API shows it."""

    text: str
    language: str
    translation_en: str | None
    summary: str | None
    sentiment: Sentiment | None


async def process(
    pcm: bytes,
    *,
    engines: Engines,
    languages: Sequence[str] = (),
    addons: Collection[str] = (),
    include_sentiment: bool = False,
    last_try: bool = False,
) -> VoicemailTranscript | None:
    """None if nobody spoke. `last_try`: what fails beside the words themselves becomes null.

    Raises:
        SpeechUnavailable: there is no speech to text.
        SpeechFailed: an engine failed; trying again later may help if it is `retryable`.
    """
    heard = await engines.stt.transcribe(pcm[: MAX_SEC * BYTES_PER_SEC], languages=languages)
    if heard is None:
        return None
    text = heard.text[:MAX_TEXT_CHARS]
    transcript = VoicemailTranscript(
        text=text, language=heard.language, translation_en=None, summary=None, sentiment=None
    )
    if SUMMARY_ADDON not in addons:
        return transcript
    with _optional(last_try):
        analysis = await engines.analyst.analyse(text, language=heard.language)
        transcript["summary"] = analysis.summary
        transcript["sentiment"] = analysis.sentiment if include_sentiment else None
    with _optional(last_try):
        transcript["translation_en"] = await _translation(engines, heard, pcm)
    return transcript


@contextmanager
def _optional(last_try: bool) -> Iterator[None]:
    """What failed for good, or for the last time, stays null."""
    try:
        yield
    except SpeechFailed as error:
        if error.retryable and not last_try:
            raise


async def _translation(engines: Engines, heard: Transcript, pcm: bytes) -> str | None:
    if heard.language == ENGLISH:
        return heard.text[:MAX_TEXT_CHARS]
    try:
        translated = await engines.translator.translate(
            heard.text, source=heard.language, target=ENGLISH, pcm=pcm[: MAX_SEC * BYTES_PER_SEC]
        )
    except (PairUnsupported, SpeechUnavailable):
        return None
    return translated[:MAX_TEXT_CHARS]
