"""A customer's program on the other end of a call: frames both ways over a real WebSocket."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from nokyc_voice.media.codecs import CODECS
from nokyc_voice.platform import Answered, Stream
from voice.audio import heard_ms, tone
from voice.rig import Rig
from voice.test_calls_baresip import CALLEE_HZ, desk, phone, place, trunk_to

__all__ = ["desk"]

Program = Callable[[web.WebSocketResponse, asyncio.Queue[Any]], Awaitable[None]]


@asynccontextmanager
async def serving(program: Program) -> AsyncIterator[str]:
    """A program's URL. It gets its socket, and what it was sent through a queue."""

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        said: asyncio.Queue[Any] = asyncio.Queue()

        async def read() -> None:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    said.put_nowait(json.loads(message.data))

        reading = asyncio.create_task(read())
        await program(socket, said)
        await socket.close()
        reading.cancel()
        return socket

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    try:
        yield f"ws://127.0.0.1:{port}/"
    finally:
        await runner.cleanup()


def media(pcm: bytes) -> str:
    payload = b64encode(CODECS["PCMU"].encoder()(pcm)).decode()
    return json.dumps({"event": "media", "streamSid": "any", "media": {"payload": payload}})


async def test_a_program_hears_and_speaks(desk: Rig, tmp_path: Path) -> None:
    seen: list[Any] = []

    async def program(socket: web.WebSocketResponse, said: asyncio.Queue[Any]) -> None:
        seen.append(await said.get())
        seen.append(await said.get())
        for _ in range(10):
            await socket.send_str(media(tone(700, 0.1)))
        await socket.send_str(json.dumps({"event": "mark", "streamSid": "any", "mark": {"name": "spoken"}}))
        while seen[-1]["event"] != "mark":
            seen.append(await said.get())

    async with phone(tmp_path, "callee", CALLEE_HZ) as callee, serving(program) as url:
        await desk.engine.place(place(trunk_to(callee), near=Stream(url, {"order": "17"})))
        ended = await desk.platform.ended(1)
        await callee.event("CALL_CLOSED")
        heard = callee.heard()

    assert (ended.outcome, ended.reason) == ("completed", "script_done")
    connected, start, *rest = seen
    assert (connected["event"], start["event"]) == ("connected", "start")
    assert start["start"]["customParameters"] == {"order": "17"}
    assert start["start"]["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    assert [int(each["sequenceNumber"]) for each in seen[1:]] == list(range(1, len(seen)))
    frames = [each["media"] for each in rest if each["event"] == "media"]
    assert [int(frame["chunk"]) for frame in frames] == list(range(1, len(frames) + 1))
    pcm = b"".join(CODECS["PCMU"].decoder()(b64decode(frame["payload"])) for frame in frames)
    assert heard_ms(memoryview(pcm).cast("h").tolist(), CALLEE_HZ) >= 700
    assert rest[-1]["mark"] == {"name": "spoken"}
    assert heard_ms(heard, 700) >= 900


async def test_a_program_takes_back_what_it_said(desk: Rig, tmp_path: Path) -> None:
    marks: list[str] = []

    async def program(socket: web.WebSocketResponse, said: asyncio.Queue[Any]) -> None:
        for _ in range(100):
            await socket.send_str(media(tone(700, 0.1)))
        await socket.send_str(json.dumps({"event": "mark", "mark": {"name": "never spoken"}}))
        await asyncio.sleep(0.5)
        await socket.send_str(json.dumps({"event": "clear"}))
        while not marks:
            message = await said.get()
            if message["event"] == "mark":
                marks.append(message["mark"]["name"])

    async with phone(tmp_path, "callee", CALLEE_HZ) as callee, serving(program) as url:
        await desk.engine.place(place(trunk_to(callee), near=Stream(url)))
        await desk.platform.ended(1)
        await callee.event("CALL_CLOSED")
        heard = callee.heard()

    assert marks == ["never spoken"]
    assert heard_ms(heard, 700) <= 1_500


async def test_digits_reach_the_program_and_it_can_press_some(desk: Rig, tmp_path: Path) -> None:
    digits: list[str] = []

    async def program(socket: web.WebSocketResponse, said: asyncio.Queue[Any]) -> None:
        while len(digits) < 3:
            message = await said.get()
            if message["event"] == "dtmf":
                digits.append(message["dtmf"]["digit"])
        await socket.send_str(json.dumps({"event": "dtmf", "dtmf": {"digit": "5#"}}))
        await asyncio.sleep(0.5)

    async with phone(tmp_path, "callee", CALLEE_HZ) as callee, serving(program) as url:
        await desk.engine.place(place(trunk_to(callee), near=Stream(url)))
        await desk.platform.told(Answered)
        await asyncio.sleep(0.3)
        callee.press("19#")
        pressed = [await callee.event("CALL_DTMF_START") for _ in range(2)]
        await desk.platform.ended(1)

    assert digits == ["1", "9", "#"]
    assert [each["param"] for each in pressed] == ["5", "#"]


async def test_a_program_that_is_not_there(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await desk.engine.place(place(trunk_to(callee), near=Stream("ws://127.0.0.1:9/")))
        ended = await desk.platform.ended(1)

    assert (ended.outcome, ended.reason) == ("completed", "unreachable")


async def test_a_program_of_a_newer_dialect(desk: Rig, tmp_path: Path) -> None:
    async def program(socket: web.WebSocketResponse, said: asyncio.Queue[Any]) -> None:
        await socket.send_str(json.dumps({"event": "newer", "media": 5, "mark": ["a", "b"]}))
        await socket.send_str(json.dumps({"event": "mark", "mark": {"name": "still here"}}))
        while (await said.get())["event"] not in ("mark", "stop"):
            pass

    async with phone(tmp_path, "callee", CALLEE_HZ) as callee, serving(program) as url:
        await desk.engine.place(place(trunk_to(callee), near=Stream(url)))
        ended = await desk.platform.ended(1)

    assert (ended.outcome, ended.reason) == ("completed", "script_done")


async def test_a_program_that_talks_nonsense(desk: Rig, tmp_path: Path) -> None:
    async def program(socket: web.WebSocketResponse, said: asyncio.Queue[Any]) -> None:
        await socket.send_str("hello?")
        while (await said.get())["event"] != "stop":
            pass

    async with phone(tmp_path, "callee", CALLEE_HZ) as callee, serving(program) as url:
        await desk.engine.place(place(trunk_to(callee), near=Stream(url)))
        ended = await desk.platform.ended(1)

    assert (ended.outcome, ended.reason) == ("completed", "unreachable")
