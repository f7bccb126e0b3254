"""A server that speaks the protocol of speech endpoints: it reads multipart, JSON and WAV, and streams PCM and SSE.

It does as its script says and keeps what it was asked.
"""

import asyncio
import io
import json
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from speech.small import FRENCH

KEY = "sk-of-the-peer"


@dataclass(slots=True)
class Peer:
    """What it answers, and what it was asked."""

    url: str = ""
    status: int = 200
    transcription: Any = field(default_factory=lambda: {"text": FRENCH, "language": "french"})
    words: list[str] = field(default_factory=lambda: ["Hello", ", this", " is Marc."])
    pcm: bytes = b""
    break_off: bool = False
    hold: asyncio.Event | None = None
    """Between two pieces of speech."""
    late: asyncio.Event | None = None
    """Before any answer."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    heard_sec: list[float] = field(default_factory=list)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most_under_way: int = 0

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = {}
        async for part in await request.multipart():
            if part.name == "file":
                assert part.headers["Content-Type"] == "audio/wav"
                with wave.open(io.BytesIO(bytes(await part.read()))) as sound:
                    assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8_000, 1, 2)
                    self.heard_sec.append(sound.getnframes() / sound.getframerate())
            else:
                fields[part.name] = await part.text()
        self.asked.append(fields)
        if isinstance(self.transcription, bytes):
            return web.Response(body=self.transcription)
        return web.json_response(self.transcription, status=self.status)

    async def speak(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        if self.status != 200:
            return web.json_response({"error": {"message": "no"}}, status=self.status)
        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        await response.prepare(request)
        for at in range(0, len(self.pcm), 4_801):  # cut within samples
            await response.write(self.pcm[at : at + 4_801])
            if self.hold is not None:
                await self.hold.wait()
        return response

    async def chat(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        if self.status != 200:
            return web.json_response({"error": {"message": "no"}}, status=self.status)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        events = [{"choices": [{"delta": {"role": "assistant"}}]}]
        events += [{"choices": [{"delta": {"content": word}}]} for word in self.words]
        text = ": keep alive\r\n\r\n" + "".join(f"data: {json.dumps(event)}\r\n\r\n" for event in events)
        data = (text + ("" if self.break_off else "data: [DONE]\r\n\r\n")).encode()
        for at in range(0, len(data), 17):  # cut anywhere
            await response.write(data[at : at + 17])
            await asyncio.sleep(0)
        if self.break_off:
            assert request.transport is not None
            request.transport.abort()
        return response

    @web.middleware
    async def count(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return web.json_response({"error": {"message": "key"}}, status=401)
        self.under_way += 1
        self.idle.clear()
        self.busy.set()
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if self.late is not None:
                await self.late.wait()
            response: web.StreamResponse = await handler(request)
        finally:
            self.under_way -= 1
            self.busy.clear()
            self.idle.set()
        return response


@asynccontextmanager
async def serving() -> AsyncIterator[Peer]:
    peer = Peer()
    app = web.Application(middlewares=[peer.count], client_max_size=20_000_000)
    app.router.add_post("/v1/audio/transcriptions", peer.transcribe)
    app.router.add_post("/v1/audio/speech", peer.speak)
    app.router.add_post("/v1/chat/completions", peer.chat)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server: Any = site._server
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield peer
    finally:
        await runner.cleanup()
