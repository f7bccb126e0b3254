"""A WebSocket that we open to a customer's program: text alone, bounded, through the guard."""

import aiohttp

CLOSE_TIMEOUT_SEC = 2.0


class WebSocket:
    """Text messages both ways; what breaks it is a ConnectionError here and an end there."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        """Raises ConnectionError once it is closed."""
        try:
            await self._socket.send_str(text)
        except (aiohttp.ClientError, ConnectionError) as error:
            raise ConnectionError("the WebSocket is closed") from error

    async def receive(self) -> str | None:
        """The next message; None at the end, however it came. Binary messages are an end, too."""
        message = await self._socket.receive()
        return str(message.data) if message.type is aiohttp.WSMsgType.TEXT else None

    async def close(self) -> None:
        await self._socket.close()
