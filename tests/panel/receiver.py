"""A customer's server that checks what it receives, or, if told so, does not."""

from typing import Any, Self

from aiohttp import web

from nokyc.kit import signing
from nokyc.kit.clock import ManualClock


class Receiver:
    """Answers 200 to sound events, also to those it knows, and 400 to all others; `careless` accepts everything."""

    def __init__(self, clock: ManualClock) -> None:
        self.secret = ""
        self.careless = False
        self.seen: list[tuple[str, str]] = []
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/hooks", self._receive)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{port}/hooks"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _receive(self, request: Any) -> web.Response:
        body = await request.read()
        header = request.headers.get(signing.HEADER)
        now = int(self._clock.now().timestamp())
        try:
            signing.verify(header, body, [self.secret], now)
        except signing.SignatureError as error:
            return web.Response(status=200 if self.careless else 400, text=error.reason)
        self.seen.append((header or "", body.decode()))
        return web.Response(text="thank you")
