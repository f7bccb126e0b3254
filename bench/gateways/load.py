"""The generator of messages: one process with keep-alive connections that posts the same messages to any gateway.

Closed: each connection posts as soon as it has its answer. Paced: so many a second, whatever the answers; a message
that was not taken, or whose connection broke, is counted and not repeated.
"""

import asyncio
import multiprocessing
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import Any

import uvloop

CONNECTIONS = 64
PATIENCE_SEC = 10.0
TEXT = "{token} is your code. It is good for ten minutes; tell it to nobody, not even to us."
STATUS = re.compile(rb"HTTP/1\.[01] 20[0-9]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how a gateway takes messages: a request with `{token}` in it, complete but for Content-Length."""

    port: int
    head: str
    """Request line and headers; each ends with CRLF."""
    body: str = ""


@dataclass(slots=True)
class Sent:
    """What was posted, by token, and when it was begun (monotonic); and what of it was taken."""

    begun: dict[str, float] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    refused: int = 0
    broken: int = 0
    took_sec: float = 0.0

    @property
    def per_sec(self) -> float:
        return len(self.taken) / self.took_sec


class Generator:
    """The process from outside. `begin` returns at once, `end` waits for the result."""

    def __init__(self) -> None:
        here, there = multiprocessing.Pipe()
        self._pipe = here
        self._process = multiprocessing.get_context("spawn").Process(target=_run, args=(there,), daemon=True)
        self._process.start()
        self._first = 0

    def begin(self, target: Target, seconds: float, *, per_sec: float | None = None, most: int | None = None) -> None:
        """Post for so long, or until `most` messages were begun; `per_sec` paces."""
        self._pipe.send((target, seconds, per_sec, most, self._first))

    def end(self) -> Sent:
        sent: Sent = self._pipe.recv()
        self._first += len(sent.begun)
        return sent

    def run(self, target: Target, seconds: float, *, per_sec: float | None = None, most: int | None = None) -> Sent:
        self.begin(target, seconds, per_sec=per_sec, most=most)
        return self.end()

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()


class _Client(asyncio.Protocol):
    """One keep-alive connection with one request at a time."""

    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._token = ""
        self._got = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self._token:
            self._load.sent.broken += 1
            self._token = ""
        self._load.lost(self)

    def post(self, request: bytes, token: str) -> None:
        assert self.transport is not None
        self._token, self._got = token, b""
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._got[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if (at >= 0 and len(self._got) < end + 4 + length) or (at < 0 and not self._got.endswith(b"0\r\n\r\n")):
            return
        if STATUS.match(self._got):
            self._load.sent.taken.add(self._token)
        else:
            self._load.sent.refused += 1
        self._token = ""
        if b"connection: close" in head and self.transport:
            self.transport.abort()
        else:
            self._load.free(self)


class _Load:
    """One run."""

    def __init__(self, target: Target, first: int) -> None:
        self.sent = Sent()
        self._target = target
        self._next = first
        self._idle: deque[_Client] = deque()
        self._opening = 0
        self._on_free: Callable[[], None] = lambda: None
        self._ended = False

    async def run(self, seconds: float, per_sec: float | None, most: int | None) -> Sent:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(self._open() for _ in range(CONNECTIONS)))
        began = time.monotonic()
        if per_sec is None:
            self._on_free = lambda: self._post_next(began + seconds, most)
            for _ in range(len(self._idle)):
                self._on_free()
            while time.monotonic() < began + seconds and (most is None or len(self.sent.begun) < most):
                await asyncio.sleep(0.01)
            self._on_free = lambda: None
        else:
            due, clock = 0, loop.time()
            while loop.time() - clock < seconds:
                due = int((loop.time() - clock) * per_sec)
                while len(self.sent.begun) < due and self._idle:
                    self._post_next(float("inf"), None)
                await asyncio.sleep(0.001)
        self.sent.took_sec = time.monotonic() - began
        while len(self._idle) < CONNECTIONS and time.monotonic() < began + seconds + PATIENCE_SEC:
            await asyncio.sleep(0.01)
        self._ended = True
        for client in self._idle:
            if client.transport:
                client.transport.abort()
        return self.sent

    def free(self, client: _Client) -> None:
        self._idle.append(client)
        self._on_free()

    def lost(self, client: _Client) -> None:
        if client in self._idle:
            self._idle.remove(client)
        if not self._ended:
            asyncio.get_running_loop().create_task(self._open())

    def _post_next(self, until: float, most: int | None) -> None:
        now = time.monotonic()
        if not self._idle or now >= until or (most is not None and len(self.sent.begun) >= most):
            return
        client = self._idle.popleft()
        token = f"T{self._next:07}"
        self._next += 1
        self.sent.begun[token] = now
        body = self._target.body.replace("{text}", TEXT).replace("{token}", token).encode()
        head = self._target.head.replace("{token}", token)
        client.post(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body, token)

    async def _open(self) -> None:
        while not self._ended:
            client = _Client(self)
            loop, port = asyncio.get_running_loop(), self._target.port
            try:
                await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
            except OSError:
                await asyncio.sleep(0.05)
                continue
            self.free(client)
            return


def _run(pipe: Pipe) -> None:
    while True:
        target, seconds, per_sec, most, first = pipe.recv()

        async def work() -> Sent:
            return await _Load(target, first).run(seconds, per_sec, most)  # noqa: B023 - it is run at once

        pipe.send(uvloop.run(work()))
