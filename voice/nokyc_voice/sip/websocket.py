"""SIP over WebSocket (RFC 7118): browsers come to us, one message a frame."""

import asyncio
import ssl
from contextlib import suppress
from ipaddress import ip_address
from typing import Protocol

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from nokyc_voice.platform import Transport
from nokyc_voice.sip.message import MAX_MESSAGE
from nokyc_voice.sip.ports import Listener, Receiver

MAX_UNSENT = 256
"""Messages that wait for a browser that does not read; it is cut off beyond."""
OPEN_SEC = 10.0
FORWARDED = "X-Forwarded-For"
SIP = Subprotocol("sip")


class Keeper(Protocol):
    """Who counts connections."""

    def admit(self, host: str) -> bool: ...
    def keep(self, connection: "WebSocketConnection") -> None: ...
    def forget(self, connection: "WebSocketConnection") -> None: ...


class WebSocketConnection:
    """One browser."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_UNSENT)
        self.transport: Transport = "ws"
        self.local: tuple[str, int] = socket.local_address[:2]
        self.remote = _remote(socket)
        self.subject: str | None = None
        self.is_open = True

    def send(self, data: bytes) -> None:
        if not self.is_open:
            return
        try:
            self._queue.put_nowait(data)
        except asyncio.QueueFull:
            self.is_open = False
            self._socket.transport.abort()

    def close(self) -> None:
        """What was sent still leaves."""
        if self.is_open:
            self.is_open = False
            if self._queue.full():
                self._socket.transport.abort()
            else:
                self._queue.put_nowait(None)

    async def run(self, receiver: Receiver) -> None:
        """Until it is closed by either side."""
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                data = message.encode() if isinstance(message, str) else message
                if data.strip():
                    receiver.received(data, self, "frame")
        except ConnectionClosed:
            pass
        finally:
            self.is_open = False
            writer.cancel()

    async def _write(self) -> None:
        try:
            while (data := await self._queue.get()) is not None:
                # Text where it is text: some browsers' stacks read nothing else.
                try:
                    await self._socket.send(data.decode())
                except UnicodeDecodeError:
                    await self._socket.send(data)
            await self._socket.close()
        except ConnectionClosed:
            self.is_open = False


def _remote(socket: ServerConnection) -> tuple[str, int]:
    """Where the browser is. A relay on this machine says whom it speaks for, so that limits by address hold."""
    host, port = socket.remote_address[:2]
    stated = socket.request.headers.get(FORWARDED) if socket.request is not None else None
    if stated is not None and ip_address(host).is_loopback:
        with suppress(ValueError):
            return str(ip_address(stated)), port
    return host, port


async def listen_websocket(
    keeper: Keeper, receiver: Receiver, listener: Listener, context: ssl.SSLContext | None
) -> Server:
    """A server that speaks the subprotocol `sip` and nothing else."""

    async def handle(socket: ServerConnection) -> None:
        connection = WebSocketConnection(socket)
        if not keeper.admit(connection.remote[0]) or socket.subprotocol != SIP:
            return
        keeper.keep(connection)
        try:
            await connection.run(receiver)
        finally:
            keeper.forget(connection)

    return await serve(
        handle,
        listener.host,
        listener.port,
        ssl=context,
        subprotocols=[SIP],
        max_size=MAX_MESSAGE,
        open_timeout=OPEN_SEC,
        server_header=None,
        compression=None,
    )
