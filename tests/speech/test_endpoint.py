"""The endpoint adapter against a real HTTP server that speaks the protocol, through the guarded client."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from nokyc.http.outbound import OutboundClient
from nokyc.speech.audio import duration_ms, to_telephone
from nokyc.speech.endpoint import tts
from nokyc.speech.endpoint.chat import ChatAnalyst, ChatTranslator, EndpointChat
from nokyc.speech.endpoint.http import FAILURES_TO_OPEN, OPEN_SEC, Endpoint, EndpointConfig
from nokyc.speech.endpoint.sse import SseError, events
from nokyc.speech.endpoint.stt import EndpointSpeechToText
from nokyc.speech.endpoint.tts import EndpointTextToSpeech
from nokyc.speech.engines import FirstMouth, with_endpoint
from nokyc.speech.port import Message, PairUnsupported, SpeechFailed, SpeechUnavailable, Transcript, VoiceUnknown
from nokyc.speech.prompts import PromptCache
from nokyc.speech.rules.analyst import RuleAnalyst
from speech.peer import KEY, Peer, serving
from speech.small import FRENCH, QUIET, SECOND, Ears, Mouth, small_engines, tone


class Now:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.sec = 0.0

    def __call__(self) -> float:
        return self.sec


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with serving() as peer:
        yield peer


@pytest.fixture
async def client() -> AsyncIterator[OutboundClient]:
    client = OutboundClient(allow_private=True)
    yield client
    await client.close()


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def config(peer: Peer) -> EndpointConfig:
    return EndpointConfig.from_json(
        {
            "base_url": peer.url,
            "api_key": KEY,
            "stt_model": "ears-1",
            "tts_model": "mouth-1",
            "chat_model": "mind-1",
            "voices": {"warm_en": "alloy", "voice_mine": "clone-7"},
            "timeout_sec": 5.0,
        }
    )


@pytest.fixture
def endpoint(config: EndpointConfig, client: OutboundClient, now: Now) -> Endpoint:
    return Endpoint(config, client, monotonic=now)


# --- ears ---


async def test_speech_becomes_a_transcript(endpoint: Endpoint, peer: Peer) -> None:
    found = await EndpointSpeechToText(endpoint).transcribe(SECOND, languages=["fr"])
    assert found is not None
    assert (found.text, found.language) == (FRENCH, "fr")
    assert peer.asked == [{"model": "ears-1", "response_format": "verbose_json", "temperature": "0", "language": "fr"}]
    assert peer.heard_sec == [1.0]


async def test_segments_that_are_no_speech_are_left_out(endpoint: Endpoint, peer: Peer) -> None:
    good = {"text": " Bonjour.", "no_speech_prob": 0.1, "avg_logprob": -0.1}
    invented = {"text": " Thanks for watching!", "no_speech_prob": 0.95, "avg_logprob": -1.0}
    peer.transcription = {
        "text": "Bonjour. Thanks for watching!", "language": "fr", "segments": [good, invented],
    }  # fmt: skip
    ears = EndpointSpeechToText(endpoint)
    assert await ears.transcribe(SECOND) == Transcript("Bonjour.", "fr")
    peer.transcription = {"text": "", "segments": [invented]}
    assert await ears.transcribe(SECOND) is None


@pytest.mark.parametrize(
    "nonsense",
    [
        [],
        "x",
        {},
        {"text": None},
        {"text": "a", "segments": [{}]},
        {"segments": 3},
        {"text": "you " * 200},
        b"[" * 99_999,
    ],
)
async def test_nonsense_is_a_final_failure(endpoint: Endpoint, peer: Peer, nonsense: object) -> None:
    peer.transcription = nonsense
    with pytest.raises(SpeechFailed) as caught:
        await EndpointSpeechToText(endpoint).transcribe(SECOND)
    assert not caught.value.retryable


async def test_what_no_store_keeps_is_replaced(endpoint: Endpoint, peer: Peer) -> None:
    peer.transcription = {"text": " Bon\0jour \ud800 ", "language": "\0\0"}
    found = await EndpointSpeechToText(endpoint).transcribe(SECOND)
    assert found is not None
    assert (found.text, found.language) == ("Bon\ufffdjour \ufffd", "und")
    peer.words = ["He\0llo", "\udc00"]
    said = [piece async for piece in EndpointChat(endpoint).reply([Message("user", "Who is it?")])]
    assert said == ["He\ufffdllo", "\ufffd"]


async def test_what_is_not_configured_says_how(config: EndpointConfig, client: OutboundClient, now: Now) -> None:
    bare = Endpoint(replace(config, stt_model="", tts_model=""), client, monotonic=now)
    with pytest.raises(SpeechUnavailable, match="name a model"):
        await EndpointSpeechToText(bare).transcribe(SECOND)
    assert EndpointTextToSpeech(bare).voices() == frozenset()


# --- mouth ---


async def test_a_voice_is_streamed_and_becomes_telephone_audio(endpoint: Endpoint, peer: Peer) -> None:
    peer.pcm = tone(3_000)  # at 24 kHz that is a second
    mouth = EndpointTextToSpeech(endpoint)
    async with aclosing(mouth.say("Hello there.", voice="voice_mine")) as pieces:
        said = [piece async for piece in pieces]
    assert peer.asked == [{"model": "mouth-1", "input": "Hello there.", "voice": "clone-7", "response_format": "pcm"}]
    assert len(said) > 3
    assert b"".join(said) == to_telephone(peer.pcm, 24_000)
    assert duration_ms(b"".join(said)) == 1_000


async def test_barge_in_ends_the_request(endpoint: Endpoint, peer: Peer) -> None:
    peer.pcm, peer.hold = tone(30_000), asyncio.Event()
    async with aclosing(EndpointTextToSpeech(endpoint).say("Hello there.", voice="warm_en")) as pieces:
        peer.hold.set()
        assert await anext(pieces)
        peer.hold.clear()
    await peer.idle.wait()  # it saw that nobody listens any more
    assert not endpoint.breaker.open
    assert await _free(endpoint) == endpoint.config.concurrency


@pytest.mark.parametrize(("pcm", "reason"), [(b"", "nothing"), (b"RIFF" + bytes(2_000), "a file")])
async def test_what_is_no_speech_lets_another_mouth_speak(
    endpoint: Endpoint, peer: Peer, tmp_path: Path, pcm: bytes, reason: str
) -> None:
    peer.pcm = pcm
    mouth = EndpointTextToSpeech(endpoint)
    with pytest.raises(SpeechFailed, match=reason):
        _ = [piece async for piece in mouth.say("Hello.", voice="warm_en")]
    local = Mouth(voices=frozenset({"warm_en"}))
    assert [piece async for piece in FirstMouth([mouth, local]).say("Hi", voice="warm_en")] == [tone(10)] * 2
    cache = PromptCache(tmp_path, [mouth, local])
    assert len(await cache.get("Hi", voice="warm_en")) == len(tone(20))
    assert not cache.has("Hi", voice="warm_en"), "the endpoint may say it another time"


async def test_a_mouth_that_does_not_begin_is_left(
    endpoint: Endpoint, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tts, "FIRST_SOUND_SEC", 0.05)
    peer.late = asyncio.Event()
    local = Mouth(voices=frozenset({"warm_en"}))
    for _ in range(FAILURES_TO_OPEN):
        both = FirstMouth([EndpointTextToSpeech(endpoint), local])
        assert [piece async for piece in both.say("Hi", voice="warm_en")] == [tone(10)] * 2
    assert endpoint.breaker.open


async def test_an_unknown_voice(endpoint: Endpoint) -> None:
    with pytest.raises(VoiceUnknown):
        await anext(EndpointTextToSpeech(endpoint).say("Hello.", voice="neutral_de"))


# --- language model ---


async def test_words_of_a_model_come_as_they_are_made(endpoint: Endpoint, peer: Peer) -> None:
    chat = EndpointChat(endpoint)
    async with aclosing(chat.reply([Message("user", "Who is it?")], max_tokens=30)) as pieces:
        assert [piece async for piece in pieces] == ["Hello", ", this", " is Marc."]
    assert peer.asked[0]["stream"] is True
    assert peer.asked[0]["messages"] == [{"role": "user", "content": "Who is it?"}]


async def test_an_answer_that_breaks_off_is_a_failure(endpoint: Endpoint, peer: Peer) -> None:
    peer.break_off = True
    with pytest.raises(SpeechFailed) as caught:
        await ChatTranslator(EndpointChat(endpoint)).translate("Bonjour.", source="fr", target="en")
    assert caught.value.retryable


async def test_a_translation_keeps_the_numbers(endpoint: Endpoint, peer: Peer) -> None:
    translator = ChatTranslator(EndpointChat(endpoint))
    peer.words = ["Call me ", "on 06 12."]
    assert await translator.translate("Appelle au 06 12.", source="fr", target="en") == "Call me on 06 12."
    assert "en" in peer.asked[0]["messages"][0]["content"]
    with pytest.raises(SpeechFailed, match="something else"):
        await translator.translate("Appelle au 06 13.", source="fr", target="en")
    with pytest.raises(PairUnsupported):
        await translator.translate("Appelle.", source="fr", target="tlh")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["Marc wants to be ", "called back."], "Marc wants to be called back."),
        (["Paul wants to be called back."], "Marc asks for a callback."),
        (["Marc wants a call at 555 0100."], "Marc asks for a callback."),
        (["x" * 300], "Marc asks for a callback."),
        ([""], "Marc asks for a callback."),
    ],
)
async def test_a_model_s_summary_is_believed_only_if_it_invents_nothing(
    endpoint: Endpoint, peer: Peer, said: list[str], kept: str
) -> None:
    peer.words = said
    found = await ChatAnalyst(EndpointChat(endpoint), RuleAnalyst()).analyse(FRENCH, language="fr")
    assert (found.summary, found.sentiment, found.intent.name) == (kept, "neutral", "Marc")


async def test_events_end_lines_in_three_ways() -> None:
    async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    text = b"data: a\n\ndata:b\r\ndata: c\r\n\r\n: no\r\rdata: d\r\r"
    for size in range(1, 9):
        cut = [text[at : at + size] for at in range(0, len(text), size)]
        assert [event async for event in events(chunks(*cut))] == ["a", "b\nc", "d"]
    for endless in (b"data: " + b"x" * 300_000, b"data:\n" * 160_000):
        with pytest.raises(SseError):
            _ = [event async for event in events(chunks(endless))]


# --- limits ---


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (401, False), (429, True), (500, True), (503, True)])
async def test_refusals_say_whether_to_come_again(endpoint: Endpoint, peer: Peer, status: int, retryable: bool) -> None:
    peer.status = status
    with pytest.raises(SpeechFailed) as caught:
        await EndpointSpeechToText(endpoint).transcribe(SECOND)
    assert (caught.value.retryable, str(status) in str(caught.value)) == (retryable, True)


async def test_the_breaker_opens_and_looks_again(endpoint: Endpoint, peer: Peer, now: Now) -> None:
    ears = EndpointSpeechToText(endpoint)
    peer.status = 500
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(SpeechFailed, match="500"):
            await ears.transcribe(SECOND)
    with pytest.raises(SpeechFailed, match="left alone"):
        await ears.transcribe(SECOND)
    assert len(peer.asked) == FAILURES_TO_OPEN

    now.sec += OPEN_SEC
    with pytest.raises(SpeechFailed, match="500"):
        await ears.transcribe(SECOND)
    with pytest.raises(SpeechFailed, match="left alone"):
        await ears.transcribe(SECOND)

    now.sec += OPEN_SEC
    peer.status = 200
    assert await ears.transcribe(SECOND) is not None
    assert not endpoint.breaker.open


@pytest.mark.parametrize(("waited_sec", "opens"), [(1.0, False), (7.0, True)])
async def test_who_gives_up_on_it_is_not_who_interrupts(
    endpoint: Endpoint, peer: Peer, now: Now, waited_sec: float, opens: bool
) -> None:
    peer.late = asyncio.Event()
    for _ in range(FAILURES_TO_OPEN):
        asking = asyncio.create_task(EndpointSpeechToText(endpoint).transcribe(SECOND))
        await peer.busy.wait()
        now.sec += waited_sec
        asking.cancel()
        await asyncio.wait([asking])
        await peer.idle.wait()
    assert endpoint.breaker.open is opens


async def test_requests_beyond_the_limit_wait(config: EndpointConfig, client: OutboundClient, peer: Peer) -> None:
    endpoint = Endpoint(replace(config, concurrency=2), client, monotonic=Now())
    ears = EndpointSpeechToText(endpoint)
    found = await asyncio.gather(*(ears.transcribe(SECOND) for _ in range(8)))
    assert all(found)
    assert peer.most_under_way <= 2


async def test_a_slow_endpoint_and_a_large_answer_are_failures(
    config: EndpointConfig, client: OutboundClient, peer: Peer
) -> None:
    peer.pcm, peer.hold = tone(1_000), asyncio.Event()
    slow = Endpoint(replace(config, timeout_sec=0.05), client, monotonic=Now())
    with pytest.raises(SpeechFailed, match="in time"):
        async for _ in EndpointTextToSpeech(slow).say("Hello.", voice="warm_en"):
            pass
    peer.transcription = {"text": "x" * 2_000_000}
    with pytest.raises(SpeechFailed, match="too large"):
        await EndpointSpeechToText(Endpoint(config, client, monotonic=Now())).transcribe(SECOND)


async def test_the_guard_keeps_it_from_private_addresses(config: EndpointConfig, peer: Peer) -> None:
    client = OutboundClient()
    try:
        with pytest.raises(SpeechFailed):
            await EndpointSpeechToText(Endpoint(config, client, monotonic=Now())).transcribe(SECOND)
        assert peer.asked == []
    finally:
        await client.close()


@pytest.mark.parametrize(
    "config",
    [
        {"base_url": "ftp://x"},
        {"base_url": "https://x", "timeout_sec": 0},
        {"base_url": "https://x", "concurrency": 0},
        {"base_url": "https://x", "unknown": 1},
        {"base_url": "https://x", "tts_rate_hz": 0},
    ],
)
def test_settings_are_checked(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"base_url|timeout_sec|unknown|tts_rate_hz"):
        EndpointConfig.from_json(config)


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(EndpointConfig("https://x/v1", KEY))


# --- falling back ---


async def test_local_engines_stand_behind_the_endpoint(endpoint: Endpoint, peer: Peer) -> None:
    local = small_engines()
    engines = with_endpoint(local, endpoint)
    assert engines.chat is not None
    assert engines.tts.voices() == {"warm_en", "voice_mine", "neutral_en"}
    assert await engines.stt.transcribe(SECOND) is not None
    assert cast(Ears, local.stt).asked == []

    peer.status = 503
    found = await engines.stt.transcribe(SECOND)
    assert found is not None
    assert len(cast(Ears, local.stt).asked) == 1
    said = [piece async for piece in engines.tts.say("Hello.", voice="neutral_en")]
    assert said
    assert await engines.translator.translate(FRENCH, source="fr", target="en", pcm=SECOND)


async def test_silence_costs_nothing(endpoint: Endpoint, peer: Peer) -> None:
    engines = with_endpoint(small_engines(), endpoint)
    assert await engines.stt.transcribe(QUIET) is None
    assert peer.asked == []


async def _free(endpoint: Endpoint) -> int:
    """How many places are free: taken all, and given back."""
    taken = 0
    with contextlib.suppress(TimeoutError):
        while taken < endpoint.config.concurrency:
            async with asyncio.timeout(1):
                await endpoint._places.acquire()
            taken += 1
    for _ in range(taken):
        endpoint._places.release()
    return taken
