"""From a voicemail's audio to its transcript: what is shown when, and what happens when an engine is down."""

from dataclasses import replace
from typing import cast

import pytest

from nokyc.speech.port import BYTES_PER_SEC, Engines, SpeechFailed, SpeechUnavailable
from nokyc.speech.voicemail import MAX_SEC, process
from speech.small import FRENCH, QUIET, SECOND, Ears, Interpreter, small_engines

SUMMARY = ["ai-summary"]


@pytest.fixture
def engines() -> Engines:
    return small_engines()


async def test_the_document_s_example(engines: Engines) -> None:
    assert await process(SECOND, engines=engines, addons=SUMMARY, include_sentiment=True) == {
        "text": FRENCH,
        "language": "fr",
        "translation_en": "Hello, this is Marc. Call me back when you can.",
        "summary": "Marc asks for a callback.",
        "sentiment": "neutral",
    }


async def test_without_the_add_on_there_are_words_and_a_language(engines: Engines) -> None:
    for addons in ((), ("ai-trans", "ai-pickup")):
        found = await process(SECOND, engines=engines, addons=addons, include_sentiment=True)
        assert found == {
            "text": FRENCH,
            "language": "fr",
            "translation_en": None,
            "summary": None,
            "sentiment": None,
        }


async def test_sentiment_only_where_it_is_asked_for(engines: Engines) -> None:
    found = await process(SECOND, engines=engines, addons=SUMMARY, include_sentiment=False)
    assert found is not None
    assert (found["summary"], found["sentiment"]) == ("Marc asks for a callback.", None)


async def test_silence_has_no_transcript(engines: Engines) -> None:
    assert await process(QUIET, engines=engines, addons=SUMMARY, include_sentiment=True) is None


async def test_english_is_its_own_translation(engines: Engines) -> None:
    english = replace(engines, stt=Ears("Call me back.", "en"))
    found = await process(SECOND, engines=english, addons=SUMMARY)
    assert found is not None
    assert found["translation_en"] == found["text"] == "Call me back."


async def test_a_language_that_nobody_here_translates_has_no_translation(engines: Engines) -> None:
    finnish = replace(engines, stt=Ears("Soita minulle.", "fi"))
    found = await process(SECOND, engines=finnish, addons=SUMMARY)
    assert found is not None
    assert found["translation_en"] is None
    assert found["summary"] == "The caller left no clear message."


async def test_an_engine_that_is_down_is_waited_for_but_not_for_ever(engines: Engines) -> None:
    interpreter = cast(Interpreter, engines.translator)
    interpreter.error = SpeechFailed("endpoint", "it answers 503")
    with pytest.raises(SpeechFailed):
        await process(SECOND, engines=engines, addons=SUMMARY)
    found = await process(SECOND, engines=engines, addons=SUMMARY, last_try=True)
    assert found is not None
    assert (found["translation_en"], found["summary"]) == (None, "Marc asks for a callback.")


@pytest.mark.parametrize(
    "error", [SpeechUnavailable("translator", "install it"), SpeechFailed("endpoint", "nonsense", retryable=False)]
)
async def test_what_will_never_work_is_null_at_once(engines: Engines, error: SpeechFailed) -> None:
    cast(Interpreter, engines.translator).error = error
    found = await process(SECOND, engines=engines, addons=SUMMARY)
    assert found is not None
    assert found["translation_en"] is None


async def test_without_ears_it_says_so(engines: Engines) -> None:
    cast(Ears, engines.stt).errors = [SpeechUnavailable("ears", "install them")]
    with pytest.raises(SpeechUnavailable):
        await process(SECOND, engines=engines)


async def test_only_the_first_ten_minutes_are_heard(engines: Engines) -> None:
    await process(SECOND * (MAX_SEC + 5), engines=engines, languages=("fr", "en"))
    assert cast(Ears, engines.stt).asked == [(("fr", "en"), MAX_SEC * BYTES_PER_SEC)]
