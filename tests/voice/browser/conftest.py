"""The platform on real sockets, Debian's Chromium with a tone for a microphone, and a page with a softphone."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from starlette.responses import Response

from nokyc import main
from nokyc.torture.ports import free_port
from voice.audio import tone, write_wav
from voice.house import Guest, House, open_house
from voice.loopback import ice_on_loopback

CHROMIUM = shutil.which("chromium")
BROWSER_HZ = 700
"""What its microphone hears."""
PATIENCE_MS = 20_000
HERE = Path(__file__).parent
TYPES = {".html": "text/html", ".js": "text/javascript"}
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self' ws://127.0.0.1:*; media-src 'self'; base-uri 'none'"
"""As strict as the panel's, but for the address of the line that a test may cut."""
SWITCHES = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection",
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def loopback() -> Iterator[None]:
    """ICE offers loopback."""
    with ice_on_loopback():
        yield


@pytest.fixture(scope="session")
async def house() -> AsyncIterator[House]:
    """The platform, its HTTP on a real socket as in the api process."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with open_house(PUBLIC_URL=url, NOKYC_SIP_WS_PORT=str(free_port())) as made:
        server = uvicorn.Server(main.server_config(replace(made.web, app=WithPage(made.web.app))))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield made
        server.should_exit = True
        await serving
    listener.close()


@pytest.fixture(scope="session")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    sound = tmp_path_factory.mktemp("microphone") / "tone.wav"
    write_wav(sound, tone(BROWSER_HZ, 30))
    async with async_playwright() as playwright:
        switches = [*SWITCHES, f"--use-file-for-fake-audio-capture={sound}"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield browser
        await browser.close()


def complaints_of(page: Page) -> list[str]:
    """What a script or the policy complains about from now on; lines are cut on purpose."""
    complaints: list[str] = []

    def listen(message: Any) -> None:
        if message.type == "error" and "WebSocket connection" not in message.text:
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", listen)
    return complaints


class Softphone:
    """A page with a softphone in it. Whatever is complained about is an error at the end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.complaints = complaints_of(page)

    async def open(self, house: House, session: dict[str, Any]) -> None:
        await self._page.goto(f"{house.settings.public_url}/test/page.html")
        await self._page.evaluate("session => open_phone(session)", session)

    async def do(self, script: str) -> Any:
        """`phone` is the softphone, `call` its call."""
        return await self._page.evaluate(f"() => {{ const call = phone.current; return {script}; }}")

    async def next(self, kind: str) -> Any:
        """The next event of a kind, waited for."""
        async with asyncio.timeout(PATIENCE_MS / 1_000):
            return await self._page.evaluate("type => next(type)", kind)

    async def heard_hz(self) -> float:
        """What it hears most, once it hears anything."""
        async with asyncio.timeout(PATIENCE_MS / 1_000):
            heard: float = (await self._page.evaluate("() => heardTone()"))["hz"]
            return heard


@pytest.fixture
async def softphone(chromium: Browser) -> AsyncIterator[Softphone]:
    context = await chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    made = Softphone(await context.new_page())
    yield made
    await context.close()
    assert made.complaints == []


async def session_of(guest: Guest) -> dict[str, Any]:
    """A browser session of the guest's number."""
    answer = await guest.api.post(f"/v1/numbers/{guest.number['id']}/browser_sessions")
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class Cut:
    """A line between browser and platform that can break."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, back]
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    def cut(self) -> None:
        """Every connection, now."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()


@asynccontextmanager
async def breakable(session: dict[str, Any]) -> AsyncIterator[Cut]:
    """The session's WebSocket leads over this line from now on."""
    address, _, path = session["websocket_url"].removeprefix("ws://").partition("/")
    line = Cut(int(address.rpartition(":")[2]))
    server = await asyncio.start_server(line.join, "127.0.0.1", 0)
    session["websocket_url"] = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/{path}"
    yield line
    line.cut()
    server.close()
    await server.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


class WithPage:
    """The platform's own application, and the page beside it. Pages that Playwright makes up may not use loopback."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/test/"):
            await self._app(scope, receive, send)
            return
        path = HERE / scope["path"].rpartition("/")[2]
        headers = {"Content-Security-Policy": POLICY}
        await Response(path.read_bytes(), 200, headers, media_type=TYPES[path.suffix])(scope, receive, send)
