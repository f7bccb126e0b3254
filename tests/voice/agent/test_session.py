"""An agent's session on a line that is no telephone's: what it asks of its engines, and what is left of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from nokyc.kit.clock import SystemClock
from nokyc.speech.port import BYTES_PER_SEC, Analysis, Engines
from nokyc.speech.prompts import PromptCache
from nokyc_voice.agents import Agent
from nokyc_voice.call.agent import MAX_EARLY_MS, Talked, talk
from nokyc_voice.call.call import Call
from nokyc_voice.call.sentences import Sentences
from nokyc_voice.call.services import Services
from nokyc_voice.media.port import FRAME_BYTES, AudioLeg, Source
from nokyc_voice.media.spool import Spool
from voice.engines import Ears, Mouth, engines, speech

AGENT = Agent(7, "Speak now.", "en", "neutral_en")
SILENCE = bytes(BYTES_PER_SEC)
PATIENCE_SEC = 30.0


class Line:
    """The audio of a party: what it says is heard at once, and what it is told is taken at once."""

    def __init__(self) -> None:
        self.sinks: list[Callable[[bytes], None]] = []
        self.keys: list[Callable[[str], None]] = []
        self.source: Source | None = None

    def play(self, source: Source | None) -> None:
        self.source = source

    def listen(self, sink: Callable[[bytes], None]) -> Callable[[], None]:
        self.sinks.append(sink)
        return lambda: self.sinks.remove(sink)

    def on_digit(self, sink: Callable[[str], None]) -> Callable[[], None]:
        self.keys.append(sink)
        return lambda: self.keys.remove(sink)

    async def hear_out(self) -> None:
        while True:
            if self.source is not None:
                self.source.read()
            await asyncio.sleep(0)

    async def say(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), FRAME_BYTES):
            for sink in self.sinks:
                sink(pcm[at : at + FRAME_BYTES])
            for _ in range(4):  # whoever listens has his turn
                await asyncio.sleep(0)


class Desk:
    """A call with an agent in it."""

    def __init__(self, folder: Path, engines: Engines, mouth: Mouth) -> None:
        self.line, self.mouth, self.spool = Line(), mouth, Spool()
        nothing = cast(Any, None)
        sentences = Sentences(mouth, PromptCache(folder / "prompts", [mouth]))
        services = Services(
            nothing, nothing, nothing, nothing, self.spool, SystemClock(), nothing, engines, sentences, nothing,
            nothing, folder,
        )  # fmt: skip
        self.call = Call(services, 1, 2, recording=False, allowed_sec=60, max_sec=60)
        self.talking: asyncio.Task[Talked] = asyncio.create_task(
            talk(self.call, cast(AudioLeg, self.line), AGENT, caller=None)
        )

    async def until_said(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_SEC):
            while len(self.mouth.said) < count:  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0.01)


@asynccontextmanager
async def desk(folder: Path, engines: Engines, mouth: Mouth) -> AsyncIterator[Desk]:
    made = Desk(folder, engines, mouth)
    hearing = asyncio.create_task(made.line.hear_out())
    try:
        await made.until_said(1)
        yield made
    finally:
        for task in (hearing, made.talking):
            task.cancel()
        await asyncio.wait([hearing, made.talking])
        made.spool.close()


class Pondering:
    """An analyst behind a language model that never answers."""

    async def analyse(self, text: str, *, language: str) -> Analysis:
        await asyncio.Event().wait()
        raise AssertionError


async def test_it_does_not_wait_for_a_model_s_summary(tmp_path: Path) -> None:
    mouth = Mouth()
    made = replace(engines(mouth, Ears([("My name is Ann Lee.", "en")])), analyst=Pondering())
    async with desk(tmp_path, made, mouth) as here:
        await here.line.say(speech(1.0) + SILENCE)
        await here.until_said(2)
        here.line.keys[0]("0")
        talked = await here.talking
    assert (talked.result.name, talked.result.ended_by) == ("Ann Lee", "digit")


async def test_who_stops_at_each_word_is_not_heard_again_from_the_beginning_each_time(tmp_path: Path) -> None:
    mouth, ears = Mouth(), Ears()
    async with desk(tmp_path, engines(mouth, ears), mouth) as here:
        await here.line.say((speech(0.25) + SILENCE[:4_800]) * 50 + SILENCE)
    assert len(ears.heard) > 5, "its first pauses are listened to"
    assert sum(map(len, ears.heard)) <= 2 * MAX_EARLY_MS * BYTES_PER_SEC // 1_000
    assert len(ears.heard[-1]) > 25 * BYTES_PER_SEC, "and all of it in the end"


@pytest.mark.parametrize("first", ["the caller", "the agent"])
async def test_what_was_said_is_left_whoever_ends_it_first(tmp_path: Path, first: str) -> None:
    mouth = Mouth()
    async with desk(tmp_path, engines(mouth, Ears([("My name is Ann Lee.", "en")])), mouth) as here:
        await here.line.say(speech(1.0) + SILENCE)
        await here.until_said(2)
        disk, writing = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def write() -> None:
            loop.call_soon_threadsafe(writing.set)
            disk.wait()

        here.spool.submit(write, 0)
        await writing.wait()
        if first == "the agent":
            here.line.keys[0]("0")
            async with asyncio.timeout(PATIENCE_SEC):
                while here.line.keys:  # noqa: ASYNC110  # it listens until it has ended
                    await asyncio.sleep(0)
        here.talking.cancel()
        await asyncio.sleep(0)
        disk.set()
        await asyncio.wait([here.talking])
        assert here.talking.cancelled()
    [message] = here.call._messages
    assert message.agent is not None
    assert message.agent.ended_by == ("digit" if first == "the agent" else "caller_hangup")
    assert message.duration_ms >= 1_000
