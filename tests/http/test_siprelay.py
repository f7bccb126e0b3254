"""The way of browsers' SIP through the HTTP port: who may come, what is passed on, and how it ends."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from nokyc import main
from nokyc.http import siprelay
from nokyc.settings import Settings
from nokyc.store.store import Store

SIP = Subprotocol("sip")
OURS = Origin("http://127.0.0.1:8080")
PATIENCE_SEC = 10


class Voice:
    """What stands for the voice process: it says everything back, and `bye` ends it."""

    def __init__(self) -> None:
        self.clients: list[str | None] = []
        self.server: Server
        self.port = 0

    async def start(self) -> None:
        self.server = await serve(self._answer, "127.0.0.1", self.port, subprotocols=[SIP], max_size=2**20)
        self.port = next(iter(self.server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        self.server.close()
        await self.server.wait_closed()

    async def _answer(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        self.clients.append(connection.request.headers.get("X-Forwarded-For"))
        async for frame in connection:
            if frame == "bye":
                return
            await connection.send(frame if frame != "long" else "x" * 70_000)


@pytest.fixture
async def voice() -> AsyncIterator[Voice]:
    made = Voice()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def url(store: Store, settings: Settings, voice: Voice) -> AsyncIterator[str]:
    """The API's WebSocket, on a real socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    web = main.build_web(store, replace(settings, sip=replace(settings.sip, ws_port=voice.port)))
    server = uvicorn.Server(main.server_config(web))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"ws://127.0.0.1:{listener.getsockname()[1]}/sip"
    server.should_exit = True
    await serving
    listener.close()


def browser(url: str, *, origin: Origin | None = OURS, subprotocol: Subprotocol = SIP) -> Any:
    return connect(url, subprotocols=[subprotocol], origin=origin, open_timeout=PATIENCE_SEC, close_timeout=1)


async def closed(connection: Any) -> int:
    """The code that it is closed with."""
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(PATIENCE_SEC):
            await connection.recv()
    return int(connection.close_code)


async def test_frames_pass_both_ways(url: str, voice: Voice) -> None:
    async with browser(url) as one, browser(url, origin=None) as other:
        assert one.subprotocol == SIP
        for frame in ("REGISTER", b"\xff\x00", "x" * 60_000):
            await one.send(frame)
            await other.send("other")
            assert (await one.recv(), await other.recv()) == (frame, "other")
    assert voice.clients == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize(
    "how",
    [
        {"origin": Origin("http://evil.example")},
        {"origin": Origin("http://127.0.0.1:8081")},
        {"origin": Origin("https://127.0.0.1:8080")},
        {"subprotocol": Subprotocol("xmpp")},
    ],
)
async def test_strangers_are_refused(url: str, voice: Voice, how: Any) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with browser(url, **how):
            pass
    assert refusal.value.response.status_code == 403
    assert voice.clients == []


async def test_one_client_has_so_many(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siprelay, "MAX_SOCKETS_PER_CLIENT", 1)
    async with browser(url) as one:
        with pytest.raises(InvalidStatus):
            async with browser(url):
                pass
        await one.send("still")
        assert await one.recv() == "still"


async def test_long_frames_end_it(url: str) -> None:
    async with browser(url) as one:
        await one.send("x" * (siprelay.MAX_FRAME_BYTES + 1))
        assert await closed(one) == siprelay.TOO_BIG
    async with browser(url) as one:
        await one.send("long")
        assert await closed(one) == siprelay.TRY_AGAIN_LATER


async def test_the_voice_process_ends_and_is_away(url: str, voice: Voice) -> None:
    async with browser(url) as one:
        await one.send("bye")
        assert await closed(one) == siprelay.TRY_AGAIN_LATER
    await voice.stop()
    async with browser(url) as one:
        assert await closed(one) == siprelay.TRY_AGAIN_LATER
        assert one.close_reason == ""
    await voice.start()
    async with browser(url) as one:
        await one.send("back")
        assert await one.recv() == "back"


async def test_who_is_silent_is_let_go(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siprelay, "IDLE_SEC", 0.05)
    async with browser(url) as one:
        assert await closed(one) == siprelay.IDLE


@pytest.mark.parametrize(
    ("client", "scheme", "forwarded", "admitted"),
    [
        ("127.0.0.1", "ws", None, True),
        ("192.0.2.7", "ws", None, False),
        ("192.0.2.7", "wss", None, True),
        ("192.0.2.7", "ws", b"https", False),
        ("192.0.2.1", "ws", b"https", True),
        ("192.0.2.1", "ws", b"wss", True),
        ("192.0.2.1", "ws", b"http", False),
    ],
)
async def test_plain_sockets_are_for_this_machine(
    store: Store, settings: Settings, client: str, scheme: str, forwarded: bytes | None, admitted: bool
) -> None:
    nobody = replace(settings.sip, ws_port=1)  # whatever runs on this machine
    web = main.build_web(store, replace(settings, trusted_proxies=frozenset({"192.0.2.1"}), sip=nobody))
    headers = [] if forwarded is None else [(b"x-forwarded-proto", forwarded)]
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": scheme, "path": "/sip",
        "raw_path": b"/sip", "root_path": "", "query_string": b"", "headers": headers, "client": (client, 5),
        "server": ("127.0.0.1", 80), "subprotocols": ["sip"],
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await web.app(scope, receive, send)
    assert (sent[0]["type"] == "websocket.accept") is admitted
