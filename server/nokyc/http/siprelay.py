"""Browsers' SIP (RFC 7118): from the HTTP port to the voice process of this machine and back, frame by frame.

So a browser needs one origin alone, and TLS and proxies are those of the API.
"""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from nokyc.http.request import Request
from nokyc.settings import Settings

MAX_FRAME_BYTES = 65_536
"""A SIP message with a browser's SDP has 4 to 8 KB."""
MAX_WAITING = 16
"""Frames for a browser that are read before it has taken those before them; the voice process keeps some more."""
MAX_SOCKETS = 2_000
MAX_SOCKETS_PER_CLIENT = 100
"""From one address: an office behind one router."""
CONNECT_SEC = 5.0
SEND_SEC = 10.0
"""A browser that takes no frame for so long is cut off."""
IDLE_SEC = 660.0
"""A browser that says nothing for so long is not signed in any more; ours speaks every two minutes."""
CLOSE_SEC = 2.0
TRY_AGAIN_LATER = 1013
TOO_BIG = 1009
IDLE = 1001
SIP = Subprotocol("sip")
SCHEMES = {"ws": "http", "wss": "https"}


class SipRelay:
    """Handler of the WebSocket route."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origin = _origin(settings.public_url)
        self._clients: Counter[str] = Counter()

    async def serve(self, socket: WebSocket) -> None:
        """Until either side closes. What is refused before it begins looks like a 403 to HTTP."""
        scope = socket.scope
        request = Request.of({**scope, "method": "GET", "scheme": SCHEMES[scope["scheme"]]})
        client = request.origin(self._settings.trusted_proxies)
        if not self._admits(request, client, scope["subprotocols"]):
            await socket.close()
            return
        self._clients[client] += 1
        try:
            await socket.accept(subprotocol=SIP)
            await self._relay(socket, client)
        except WebSocketDisconnect:
            pass
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    def _admits(self, request: Request, client: str, subprotocols: list[str]) -> bool:
        """Pages of other sites have no business here; programs that are no browsers state no origin."""
        settings = self._settings
        origin = request.header(b"origin")
        return (
            request.secure(settings.trusted_proxies, exempt_loopback=settings.loopback_http)
            and (origin is None or _origin(origin) == self._origin)
            and SIP in subprotocols
            and self._clients.total() < MAX_SOCKETS
            and self._clients[client] < MAX_SOCKETS_PER_CLIENT
        )

    async def _relay(self, socket: WebSocket, client: str) -> None:
        code = TRY_AGAIN_LATER
        try:
            async with connect(
                f"ws://127.0.0.1:{self._settings.sip.ws_port}",
                subprotocols=[SIP],
                additional_headers={"X-Forwarded-For": client},
                user_agent_header=None,
                compression=None,
                proxy=None,
                open_timeout=CONNECT_SEC,
                close_timeout=CLOSE_SEC,
                max_size=MAX_FRAME_BYTES,
                max_queue=MAX_WAITING,
            ) as voice:
                code = await _pass_on(socket, voice)
        except (OSError, TimeoutError, WebSocketException):
            pass  # whether it is away or has ended is nobody's business: it is back in a moment
        await socket.close(code)


async def _pass_on(socket: WebSocket, voice: ClientConnection) -> int:
    """The code to close with when either side has ended. Raises WebSocketDisconnect if the browser has gone."""
    up = asyncio.create_task(_up(socket, voice))
    down = asyncio.create_task(_down(socket, voice))
    try:
        done, _ = await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)


async def _up(socket: WebSocket, voice: ClientConnection) -> int:
    while True:
        try:
            async with asyncio.timeout(IDLE_SEC):
                message = await socket.receive()
        except TimeoutError:
            return IDLE
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        frame = message.get("text") or message.get("bytes") or ""
        if len(frame) > MAX_FRAME_BYTES:
            return TOO_BIG
        await voice.send(frame)


async def _down(socket: WebSocket, voice: ClientConnection) -> int:
    try:
        async for frame in voice:
            async with asyncio.timeout(SEND_SEC):
                await (socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame))
    except (ConnectionClosed, TimeoutError):
        pass
    return TRY_AGAIN_LATER


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
