"""The engines' own process, for live calls: a Unix socket, so that a model never stalls media or requests."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path

import structlog

from nokyc.kit.faults import where
from nokyc.speech.port import Engines, Message, SpeechError, SpeechFailed
from nokyc.speech.wire import FrameError, Head, frame, read_frame, show, show_error

MAX_IN_FLIGHT = 64
"""Requests of one connection at a time; more are told to come again."""
SOCKET_MODE = 0o600

log = structlog.get_logger("nokyc.speech")


class SpeechServer:
    """Serves the engines to any number of connections."""

    def __init__(self, engines: Engines, path: Path) -> None:
        self._engines = engines
        self._path = path
        self._connections: dict[asyncio.Task[None], _Connection] = {}
        self.listening = asyncio.Event()

    def use(self, engines: Engines) -> None:
        """Others from now on; what is under way goes on with the ones that it began with."""
        self._engines = engines
        for connection in self._connections.values():
            connection.use(engines)

    async def run(self) -> None:
        """Until cancelled. A socket that a dead process left behind is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._accept, str(self._path))
        os.chmod(self._path, SOCKET_MODE)
        self.listening.set()
        try:
            await server.serve_forever()
        finally:
            server.close()
            self._path.unlink(missing_ok=True)
            for connection in self._connections:
                connection.cancel()
            if self._connections:
                await asyncio.wait(self._connections)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(self._engines, writer)
        task = asyncio.create_task(self._serve(reader, connection))
        self._connections[task] = connection
        task.add_done_callback(self._connections.pop)

    async def _serve(self, reader: asyncio.StreamReader, connection: "_Connection") -> None:
        try:
            await connection.greet()
            while True:
                await connection.take(*await read_frame(reader))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except (FrameError, ValueError, KeyError):
            log.warning("a connection sent nonsense and was closed")
        finally:
            await connection.close()


class _Connection:
    """One process that uses us."""

    def __init__(self, engines: Engines, writer: asyncio.StreamWriter) -> None:
        self._engines = engines
        self._writer = writer
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._does: dict[str, Callable[[Head, bytes], Awaitable[object]]] = {
            "transcribe": self._transcribe,
            "translate": self._translate,
            "analyse": self._analyse,
        }

    async def greet(self) -> None:
        """What the other side cannot ask without waiting."""
        await self._send(self._greeting())

    def use(self, engines: Engines) -> None:
        """Others from now on, and say what they can do."""
        self._engines = engines
        if not self._writer.is_closing():
            self._writer.write(frame(self._greeting()))

    def _greeting(self) -> Head:
        return {
            "id": 0,
            "voices": sorted(self._engines.tts.voices()),
            "pairs": sorted(self._engines.translator.pairs()),
            "tts": self._engines.tts.name,
            "stt": self._engines.stt.name,
            "chat": self._engines.can_chat,
        }

    async def take(self, head: Head, payload: bytes) -> None:
        number = int(head["id"])
        if head["op"] == "cancel":
            if number in self._tasks:
                self._tasks[number].cancel()
            return
        if len(self._tasks) >= MAX_IN_FLIGHT:
            await self._send({"id": number, "error": show_error(SpeechFailed("speech", "too much is under way"))})
            return
        task = asyncio.create_task(self._do(number, head, payload))
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    async def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _do(self, number: int, head: Head, payload: bytes) -> None:
        with suppress(ConnectionError):
            try:
                if head["op"] in ("say", "reply"):
                    async with aclosing(self._stream(head)) as pieces:
                        async for piece in pieces:
                            await self._send({"id": number, "piece": True}, piece)
                    await self._send({"id": number, "result": None})
                else:
                    await self._send({"id": number, "result": await self._does[head["op"]](head, payload)})
            except SpeechError as error:
                await self._send({"id": number, "error": show_error(error)})
            except ConnectionError:
                raise
            except Exception as error:  # a bug in an engine ends its request, not the process
                log.error("a request failed", op=head.get("op"), error=type(error).__name__, where=where(error))
                await self._send({"id": number, "error": show_error(SpeechFailed("speech", type(error).__name__))})

    async def _stream(self, head: Head) -> AsyncGenerator[bytes, None]:
        if head["op"] == "say":
            said = self._engines.tts.say(head["text"], voice=head["voice"], language=head["language"])
            async with aclosing(said) as pieces:
                async for piece in pieces:
                    yield piece
        elif self._engines.chat is not None:
            messages = [Message(**each) for each in head["messages"]]
            async with aclosing(self._engines.chat.reply(messages, max_tokens=head["max_tokens"])) as words:
                async for word in words:
                    yield word.encode()

    async def _transcribe(self, head: Head, pcm: bytes) -> object:
        return show(await self._engines.stt.transcribe(pcm, languages=head["languages"]))

    async def _translate(self, head: Head, pcm: bytes) -> object:
        return await self._engines.translator.translate(
            head["text"], source=head["source"], target=head["target"], pcm=pcm
        )

    async def _analyse(self, head: Head, _: bytes) -> object:
        return show(await self._engines.analyst.analyse(head["text"], language=head["language"]))

    async def _send(self, head: Head, payload: bytes = b"") -> None:
        self._writer.write(frame(head, payload))  # one call: frames of several requests do not mix
        await self._writer.drain()
