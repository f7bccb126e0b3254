"""The local engines themselves, where they are installed: they understand each other over telephone audio."""

import random
import shutil
from array import array
from contextlib import aclosing
from pathlib import Path

import pytest

from nokyc.kit.languages import VOICES
from nokyc.speech.audio import duration_ms, silence
from nokyc.speech.engines import prompt_cache
from nokyc.speech.local.espeak import Espeak
from nokyc.speech.port import Engines, PairUnsupported, SpeechStarted, TurnEnded
from nokyc.speech.prompts import DEFAULT_TEXTS, default_prompt
from nokyc.speech.turns import TurnDetector
from nokyc.speech.voicemail import process
from speech.small import FRENCH, tone

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("ignore:open_text is deprecated"),  # a package's own business
]
LANGUAGES = ("en", "fr", "es", "de")
SAID = {
    "neutral_en": ("en", "Hello, please call me back tomorrow morning.", "call me back"),
    "warm_en": ("en", "Hello, please call me back tomorrow morning.", "call me back"),
    "neutral_fr": ("fr", "Bonjour, je voudrais changer mon rendez-vous.", "rendez-vous"),
    "warm_fr": ("fr", "Bonjour, je voudrais changer mon rendez-vous.", "rendez-vous"),
    "neutral_es": ("es", "Hola, por favor llámeme mañana por la mañana.", "mañana"),
    "neutral_de": ("de", "Guten Tag, bitte rufen Sie mich morgen zurück.", "rufen Sie mich"),
    "neutral_jp": ("ja", "こんにちは、明日お電話ください。", "電話"),
}


async def say(engines: Engines, text: str, voice: str) -> bytes:
    async with aclosing(engines.tts.say(text, voice=voice)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_the_document_s_voicemail(local: Engines) -> None:
    pcm = silence(700) + await say(local, FRENCH, "neutral_fr") + silence(1_500)
    found = await process(pcm, engines=local, languages=LANGUAGES, addons=["ai-summary"], include_sentiment=True)
    assert found is not None
    assert found["translation_en"] is not None
    assert "Mar" in found["translation_en"]
    assert found | {"translation_en": None} == {
        "text": FRENCH,
        "language": "fr",
        "translation_en": None,
        "summary": "Marc asks for a callback.",
        "sentiment": "neutral",
    }


@pytest.mark.parametrize("voice", VOICES)
async def test_every_voice_is_understood(local: Engines, voice: str) -> None:
    language, text, part = SAID[voice]
    found = await local.stt.transcribe(await say(local, text, voice), languages=[*LANGUAGES, "ja"])
    assert found is not None
    assert (found.language, part in found.text) == (language, True), found


async def test_nothing_comes_out_of_nothing(local: Engines) -> None:
    chance = random.Random(1)
    noise = array("h", (round(chance.gauss(0, 1_500)) for _ in range(40_000))).tobytes()
    for quiet in (b"", silence(5_000), noise, tone(5_000, 425), (tone(400, 941) + silence(400)) * 5):
        assert await local.stt.transcribe(quiet, languages=LANGUAGES) is None


async def test_a_long_recording_is_heard_to_the_end(local: Engines) -> None:
    prompts = [default_prompt(name, "en") + silence(1_200) for name in DEFAULT_TEXTS]
    pcm = b"".join(prompts) * 3 + await say(local, "The last word is banana.", "neutral_en")
    assert duration_ms(pcm) > 35_000
    found = await local.stt.transcribe(pcm, languages=["en"])
    assert found is not None
    heard = found.text.lower()
    assert heard.count("goodbye") == heard.count("is recorded") == heard.count("message after the tone") == 3
    assert "banana" in heard[-20:]


async def test_turns_of_a_voice_are_found(local: Engines) -> None:
    detector = TurnDetector(local.vad.open())
    pcm = silence(600) + default_prompt("unavailable", "en") + silence(1_000)
    events = [event for at in range(0, len(pcm), 320) for event in detector.feed(pcm[at : at + 320])]
    assert isinstance(events[0], SpeechStarted)
    assert 600 < events[0].at_ms < 1_050  # the prompt begins with 120 ms of silence
    assert isinstance(events[-1], TurnEnded)
    assert [type(event) for event in events].count(TurnEnded) == 1


async def test_translation_refuses_what_it_cannot(local: Engines) -> None:
    with pytest.raises(PairUnsupported) as caught:
        await local.translator.translate("Hello", source="en", target="fr", pcm=tone(1_000))
    assert ("fr", "en") in caught.value.pairs


async def test_a_prompt_is_cached(local: Engines, tmp_path: Path) -> None:
    cache = prompt_cache(tmp_path, local.tts)
    text = DEFAULT_TEXTS["recorded"]["en"]
    first = await cache.get(text, voice="warm_en")
    assert cache.has(text, voice="warm_en")
    assert await cache.get(text, voice="warm_en") == first


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("voice", ["neutral_en", "warm_fr", "neutral_de"])
async def test_the_mouth_of_last_resort_speaks(voice: str) -> None:
    said = b"".join([piece async for piece in Espeak().say("Hello. One, two, three.", voice=voice)])
    assert 1_000 < duration_ms(said) < 6_000
    assert max(array("h", said)) > 3_000
