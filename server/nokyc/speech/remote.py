"""The port, spoken to the speech process: for whoever must not load a model himself (`voice`, `api`)."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nokyc.speech.port import (
    Analysis,
    Engines,
    Intent,
    Message,
    Pair,
    SpeechFailed,
    SpeechUnavailable,
    Transcript,
    Vad,
)
from nokyc.speech.wire import FrameError, Head, frame, read_error, read_frame

CONNECT_SEC = 2.0
AGAIN_SEC = 0.5
"""Between two tries to connect."""
ANSWER_SEC = 120.0
"""For one answer, or one piece of it."""
MAX_WAITING_PIECES = 3_000
"""Ten minutes of speech that nobody has taken yet, which no text lasts that we are given: a mouth is faster than its
listener. Then the request is given up."""
NAME = "speech process"

_Frame = tuple[Head, bytes] | None
"""None: the connection is gone."""


def attach(path: Path, vad: Vad) -> Engines:
    """The same without waiting: as long as nobody serves there, every engine says that it is missing, and from then on
    it is there. Made inside a running loop."""
    link = _Link(path)
    link.keep()
    ears = RemoteEngines(link)
    return Engines(stt=ears, tts=ears, translator=ears, analyst=ears, vad=vad, chat=ears)


async def connect(path: Path, vad: Vad) -> Engines:
    """The engines behind a socket; `vad` stays in this process, because it is asked 30 times a second.

    Raises SpeechUnavailable if nobody serves there. A connection that is lost later is made again when it is needed.
    """
    link = _Link(path)
    await link.open()
    ears = RemoteEngines(link)
    return Engines(stt=ears, tts=ears, translator=ears, analyst=ears, vad=vad, chat=ears)


class RemoteEngines:
    """SpeechToText, TextToSpeech, Translator, Analyst and Chat of another process."""

    def __init__(self, link: "_Link") -> None:
        self._link = link

    @property
    def name(self) -> str:
        return str(self._link.greeting["tts"])

    def ready(self) -> bool:
        return bool(self._link.greeting["chat"])

    def voices(self) -> frozenset[str]:
        return frozenset(self._link.greeting["voices"])

    def pairs(self) -> frozenset[Pair]:
        return frozenset((source, target) for source, target in self._link.greeting["pairs"])

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        found = await self._link.ask({"op": "transcribe", "languages": list(languages)}, pcm)
        return None if found is None else Transcript(**found)

    async def translate(self, text: str, *, source: str, target: str, pcm: bytes = b"") -> str:
        head = {"op": "translate", "text": text, "source": source, "target": target}
        return str(await self._link.ask(head, pcm))

    async def analyse(self, text: str, *, language: str) -> Analysis:
        found = await self._link.ask({"op": "analyse", "text": text, "language": language})
        return Analysis(**(found | {"intent": Intent(**found["intent"])}))

    async def say(self, text: str, *, voice: str, language: str | None = None) -> AsyncGenerator[bytes, None]:
        head = {"op": "say", "text": text, "voice": voice, "language": language}
        async for piece in self._link.stream(head):
            yield piece

    async def reply(self, messages: Sequence[Message], *, max_tokens: int = 120) -> AsyncGenerator[str, None]:
        head = {"op": "reply", "messages": [asdict(each) for each in messages], "max_tokens": max_tokens}
        async for piece in self._link.stream(head):
            yield piece.decode()

    async def close(self) -> None:
        await self._link.close()


class _Link:
    """One connection, shared by all requests of this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Queue[_Frame]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None
        self.greeting: Head = {"voices": [], "pairs": [], "tts": "", "chat": False}
        """What the other side can do, as it said last."""

    def keep(self) -> None:
        """Connect as soon as somebody serves there, and again whenever that ended."""
        self._keeping = asyncio.create_task(self._keep())

    async def open(self) -> asyncio.StreamWriter:
        async with self._opening:
            if self._writer is not None and not self._writer.is_closing():
                return self._writer
            try:
                async with asyncio.timeout(CONNECT_SEC):
                    reader, writer = await asyncio.open_unix_connection(str(self._path))
                    self.greeting, _ = await read_frame(reader)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, FrameError, ValueError):
                raise SpeechUnavailable(NAME, "start it with `nokyc speech serve`") from None
            self._writer = writer
            self._reading = asyncio.create_task(self._read(reader, writer))
            return writer

    async def ask(self, head: Head, payload: bytes = b"") -> Any:
        """One request, one answer."""
        result: list[Any] = []
        async for _ in self.stream(head, payload, result):
            pass
        return result[0]

    async def stream(
        self, head: Head, payload: bytes = b"", result: list[Any] | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Pieces until the end; leaving early tells the other side to stop."""
        writer = await self.open()
        number = next(self._numbers)
        queue: asyncio.Queue[_Frame] = asyncio.Queue(MAX_WAITING_PIECES)
        self._waiting[number] = queue
        ended = False
        try:
            writer.write(frame(head | {"id": number}, payload))
            await writer.drain()
            while True:
                found = await self._next(queue)
                if "piece" in found[0]:
                    yield found[1]
                    continue
                ended = True
                if "error" in found[0]:
                    raise read_error(found[0]["error"])
                if result is not None:
                    result.append(found[0]["result"])
                return
        except ConnectionError:
            raise SpeechFailed(NAME, "the connection was lost") from None
        except FrameError as error:
            raise SpeechFailed(NAME, str(error), retryable=False) from None
        finally:
            del self._waiting[number]
            if not ended and not writer.is_closing():
                writer.write(frame({"op": "cancel", "id": number}))

    async def close(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
        if self._writer is not None:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
        if self._reading is not None:
            await asyncio.wait([self._reading])

    async def _keep(self) -> None:
        while True:
            with suppress(SpeechUnavailable):
                await self.open()
                assert self._reading is not None
                await asyncio.wait([self._reading])
            await asyncio.sleep(AGAIN_SEC)

    async def _next(self, queue: "asyncio.Queue[_Frame]") -> tuple[Head, bytes]:
        try:
            async with asyncio.timeout(ANSWER_SEC):
                found = await queue.get()
        except TimeoutError:
            raise SpeechFailed(NAME, f"no answer for {ANSWER_SEC:.0f} s") from None
        if found is None:
            raise ConnectionError
        return found

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head, payload = await read_frame(reader)
                if head["id"] == 0:
                    self.greeting = head
                queue = self._waiting.get(head["id"])
                if queue is not None:
                    self._put(queue, (head, payload))
        except (asyncio.IncompleteReadError, ConnectionError, FrameError, ValueError, KeyError):
            pass
        finally:
            writer.close()
            for queue in self._waiting.values():
                self._put(queue, None)

    def _put(self, queue: "asyncio.Queue[_Frame]", found: _Frame) -> None:
        """A listener who does not listen must not hold up the others: his request ends instead."""
        if queue.full():
            queue.get_nowait()
            found = None
        queue.put_nowait(found)
