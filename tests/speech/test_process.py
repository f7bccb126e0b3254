"""The engines in a process of their own: the same port on the other side of a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from nokyc.speech import remote
from nokyc.speech.port import Engines, PairUnsupported, SpeechFailed, SpeechUnavailable, VoiceUnknown
from nokyc.speech.server import SpeechServer
from nokyc.speech.wire import frame
from speech.small import FRENCH, QUIET, SECOND, Ears, Interpreter, LoudnessVad, Mouth, small_engines, tone
from support import open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:  # short: the path of a Unix socket has 107 characters
        yield folder


@pytest.fixture
async def here() -> Engines:
    return small_engines()


@pytest.fixture
async def served(here: Engines, folder: Path) -> AsyncIterator[Path]:
    path = folder / "speech.sock"
    server = await _start(here, path)
    yield path
    server.cancel()
    await asyncio.wait([server])


@pytest.fixture
async def there(served: Path) -> AsyncIterator[Engines]:
    engines = await remote.connect(served, LoudnessVad())
    yield engines
    await cast(remote.RemoteEngines, engines.stt).close()


async def test_everything_of_the_port_works_from_the_other_side(there: Engines, here: Engines) -> None:
    assert there.tts.voices() == {"neutral_en"}
    assert there.translator.pairs() == {("fr", "en")}
    assert not there.can_chat
    assert there.tts.name == "mouth"
    found = await there.stt.transcribe(SECOND, languages=["fr", "en"])
    assert found == await here.stt.transcribe(SECOND)
    assert cast(Ears, here.stt).asked[0] == (("fr", "en"), len(SECOND))
    assert await there.stt.transcribe(QUIET) is None
    assert await there.translator.translate(FRENCH, source="fr", target="en", pcm=SECOND)
    assert await there.analyst.analyse(FRENCH, language="fr") == await here.analyst.analyse(FRENCH, language="fr")
    said = [piece async for piece in there.tts.say("Hello", voice="neutral_en")]
    assert said == [tone(10)] * 5


async def test_errors_are_those_of_the_port(there: Engines, here: Engines) -> None:
    with pytest.raises(PairUnsupported) as pair:
        await there.translator.translate("Hei", source="fi", target="en")
    assert pair.value.pairs == {("fr", "en")}
    with pytest.raises(VoiceUnknown, match="warm_fr"):
        await anext(there.tts.say("Bonjour", voice="warm_fr"))
    cast(Ears, here.stt).errors = [SpeechUnavailable("ears", "install"), SpeechFailed("ears", "x", retryable=False)]
    with pytest.raises(SpeechUnavailable, match="install"):
        await there.stt.transcribe(SECOND)
    with pytest.raises(SpeechFailed) as failed:
        await there.stt.transcribe(SECOND)
    assert not failed.value.retryable
    cast(Interpreter, here.translator).error = cast(SpeechFailed, ZeroDivisionError())  # a bug in an engine
    with pytest.raises(SpeechFailed, match="ZeroDivisionError"):
        await there.translator.translate("Bonjour", source="fr", target="en")
    assert await there.stt.transcribe(SECOND) is not None


async def test_barge_in_stops_the_mouth_on_the_other_side(there: Engines, here: Engines) -> None:
    mouth = cast(Mouth, here.tts)
    mouth.hold = asyncio.Event()
    async with aclosing(there.tts.say("A long story", voice="neutral_en")) as pieces:
        assert await anext(pieces) == tone(10)
    await mouth.ended.wait()
    mouth.hold = None
    assert len([piece async for piece in there.tts.say("Hi", voice="neutral_en")]) == 2


async def test_a_mouth_that_is_far_ahead_of_its_listener_is_heard_to_the_end(there: Engines, here: Engines) -> None:
    text = "a" * 1_000
    async with aclosing(there.tts.say(text, voice="neutral_en")) as pieces:
        assert await anext(pieces) == tone(10)
        await cast(Mouth, here.tts).ended.wait()
        assert await there.stt.transcribe(SECOND) is not None, "what was sent before has come"
        assert len([piece async for piece in pieces]) == len(text) - 1


async def test_an_answer_that_is_too_large_fails_alone(there: Engines, here: Engines) -> None:
    cast(Mouth, here.tts).hold = asyncio.Event()
    async with aclosing(there.tts.say("Hi", voice="neutral_en")) as pieces:
        assert await anext(pieces) == tone(10)
        cast(Ears, here.stt).text = "x" * 300_000
        with pytest.raises(SpeechFailed, match="FrameError"):
            await there.stt.transcribe(SECOND)
        cast(Mouth, here.tts).hold.set()  # type: ignore[union-attr]
        assert await anext(pieces) == tone(10)
    with pytest.raises(SpeechFailed, match="too large"):
        await there.translator.translate("x" * 300_000, source="fr", target="en")


async def test_many_requests_share_the_connection(there: Engines) -> None:
    found = await asyncio.gather(*(there.stt.transcribe(SECOND) for _ in range(30)))
    assert len([each for each in found if each is not None]) == 30


async def test_nobody_there_says_how_to_start_it(folder: Path) -> None:
    with pytest.raises(SpeechUnavailable, match="nokyc speech serve"):
        await remote.connect(folder / "none.sock", LoudnessVad())


async def test_a_process_that_dies_fails_what_is_under_way_and_is_found_again(folder: Path) -> None:
    engines, path = small_engines(), folder / "speech.sock"
    mouth = cast(Mouth, engines.tts)
    mouth.hold = asyncio.Event()
    server = await _start(engines, path)
    there = await remote.connect(path, LoudnessVad())
    pieces = there.tts.say("A long story", voice="neutral_en")
    assert await anext(pieces)
    server.cancel()
    await asyncio.wait([server])
    with pytest.raises(SpeechFailed, match="lost"):
        await anext(pieces)
    with pytest.raises(SpeechUnavailable):
        await there.stt.transcribe(SECOND)

    server = await _start(replace(engines, tts=Mouth()), path)
    assert await there.stt.transcribe(SECOND) is not None
    await cast(remote.RemoteEngines, there.stt).close()
    server.cancel()
    await asyncio.wait([server])


@pytest.mark.parametrize(
    "nonsense", [b"\xff" * 8, frame({"op": "transcribe"}), b"\0\0\0\x02\0\0\0\0[]", b"\0\0\0\x02\0\0\0\0{}"]
)
async def test_nonsense_ends_its_own_connection_only(served: Path, there: Engines, nonsense: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(served))
    writer.write(nonsense)
    await reader.read()  # the greeting, then the end
    writer.close()
    await writer.wait_closed()
    assert await there.stt.transcribe(SECOND) is not None


async def test_only_the_owner_may_connect(served: Path) -> None:
    assert served.stat().st_mode & 0o777 == 0o600  # noqa: ASYNC240 - a test


async def _start(engines: Engines, path: Path) -> "asyncio.Task[None]":
    server = SpeechServer(engines, path)
    running = asyncio.create_task(server.run())
    await server.listening.wait()
    return running
