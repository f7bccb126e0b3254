"""Our user agent on real sockets, for peers that are programs of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from nokyc_voice.sip.endpoint import (
    Endpoint,
    Invitation,
    Listener,
    LoopTimers,
    RegisterRequest,
    Request,
    Source,
)

SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
    b"a=rtpmap:8 PCMA/8000\r\n"
)


class Agent:
    """Its handlers are what the test says."""

    def __init__(self, listeners: list[Listener], random: Random | None = None) -> None:
        self.on_invite: Callable[[Invitation], Awaitable[None]] | None = None
        self.on_register: Callable[[RegisterRequest], Awaitable[None]] | None = None
        self.timers = LoopTimers()
        self.endpoint = Endpoint(listeners, self, timers=self.timers, random=random or Random(1))

    @property
    def port(self) -> int:
        return self.endpoint.listening[0].port

    def admits(self, source: Source, request: Request) -> bool:
        return True

    async def invited(self, invitation: Invitation) -> None:
        if self.on_invite is not None:
            await self.on_invite(invitation)

    async def registered(self, register: RegisterRequest) -> None:
        if self.on_register is not None:
            await self.on_register(register)


@asynccontextmanager
async def running(*listeners: Listener) -> AsyncIterator[Agent]:
    agent = Agent(list(listeners) or [Listener("udp", "127.0.0.1")])
    await agent.endpoint.start()
    try:
        yield agent
    finally:
        await agent.endpoint.stop()


async def until(happened: Callable[[], bool], within_sec: float = 25.0) -> None:
    """A real peer takes real time."""
    async with asyncio.timeout(within_sec):
        while not happened():  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.01)
