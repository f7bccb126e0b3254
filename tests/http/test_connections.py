"""What clients may do to the server below HTTP: smuggle, drip, flood, wait, not read. Others are served meanwhile."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn

from nokyc import main
from nokyc.http.connection import MAX_HEADERS, MAX_PIPELINED, Connection, Patience
from support import Customer

SOON_SEC = 20.0
"""Patience of the tests, on a busy machine."""


class Hasty(Connection):
    """The same, in a tenth of a second."""

    patience = Patience(first=0.1, between=0.1, head=0.1, body=0.1, unread=0.1, check=0.02)


class Small(Connection):
    """It is full with three."""

    max_connections = 3


@asynccontextmanager
async def serving(web: main.Web, kind: type[Connection] = Connection) -> AsyncIterator[int]:
    """The real server on a port of its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    config = main.server_config(web)
    config.http = kind
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listener.close()


@pytest.fixture(scope="module")
async def port(web: main.Web) -> AsyncIterator[int]:
    async with serving(web) as port:
        yield port


@pytest.fixture(scope="module")
async def hasty(web: main.Web) -> AsyncIterator[int]:
    async with serving(web, Hasty) as port:
        yield port


@dataclass(frozen=True, slots=True)
class Line:
    """A connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, *parts: bytes) -> None:
        self.writer.write(b"".join(parts))

    async def rest(self) -> bytes:
        """All that the server says until it closes."""
        try:
            async with asyncio.timeout(SOON_SEC):
                return await self.reader.read()
        except ConnectionResetError:
            return b""

    async def answer(self) -> int:
        """The status of the next answer, whose body has a length."""
        async with asyncio.timeout(SOON_SEC):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await self.reader.readexactly(int(length.split(b":")[1]))
        return int(head.split()[1])


@asynccontextmanager
async def line(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def is_served(port: int) -> bool:
    async with line(port) as other:
        other.say(HEALTH)
        return await other.answer() == 200


def statuses(text: bytes) -> list[int]:
    return [int(part.split(b" ", 1)[0]) for part in text.split(b"HTTP/1.1 ")[1:]]


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /v1/sms HTTP/1.1\r\nHost: x\r\n"
HIDDEN = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
"""What a smuggler would have us take for a second request."""

SMUGGLED = {
    "length and chunks": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 50\r\n\r\n" + HIDDEN,
    "two equal lengths": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n" + HIDDEN,
    "list of lengths": POST + b"Content-Length: 0, 50\r\n\r\n" + HIDDEN,
    "signed length": POST + b"Content-Length: +5\r\n\r\n" + HIDDEN,
    "negative length": POST + b"Content-Length: -5\r\n\r\n" + HIDDEN,
    "hexadecimal length": POST + b"Content-Length: 0x5\r\n\r\n" + HIDDEN,
    "length with a space in it": POST + b"Content-Length: 1 2\r\n\r\n" + HIDDEN,
    "enormous length": POST + b"Content-Length: 99999999999999999999\r\n\r\n" + HIDDEN,
    "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked is not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "bare CR in a value": POST + b"X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "NUL in a value": POST + b"X: a\0b\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "bare LF after a chunk's size": POST + b"Transfer-Encoding: chunked\r\n\r\n5\nabcde\r\n0\r\n\r\n" + HIDDEN,
    "bare LF after a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\n0\r\n\r\n" + HIDDEN,
    "no CRLF after a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcdeX0\r\n\r\n" + HIDDEN,
    "chunk size with 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n" + HIDDEN,
    "chunk size with a sign": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabcde\r\n0\r\n\r\n" + HIDDEN,
    "chunk size beyond 64 bits": POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n" + HIDDEN,
    "bare LF between headers": b"POST /v1/sms HTTP/1.1\nHost: x\nContent-Length: 0\n\n" + HIDDEN,
    "folded header": POST + b"X: a\r\n Content-Length: 50\r\n\r\n" + HIDDEN,
    "two hosts": b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + HIDDEN,
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n" + HIDDEN,
    "line without a colon": POST + b"Content-Length\r\n\r\n" + HIDDEN,
    "HTTP/0.9": b"GET /healthz\r\n" + HIDDEN,
    "HTTP/3 in words": b"GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n" + HIDDEN,
    "TLS": bytes.fromhex("16030100a5010000a10303") + bytes(40),
    "SSH": b"SSH-2.0-OpenSSH_9.2p1\r\n",
    "noise": bytes(range(256)),
}


@pytest.mark.parametrize("name", SMUGGLED)
async def test_what_two_readers_might_read_in_two_ways(port: int, name: str) -> None:
    async with line(port) as smuggler:
        smuggler.say(SMUGGLED[name])
        said = await smuggler.rest()
    assert statuses(said) in ([400], [431]), said
    assert await is_served(port)


async def test_an_answer_comes_in_one_piece(port: int) -> None:
    async with line(port) as one:
        for _ in range(2):
            one.say(HEALTH)
            head, _, body = (await one.reader.read(65_536)).partition(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in head
            assert body


async def test_what_was_asked_before_is_answered_first(port: int) -> None:
    async with line(port) as client:
        client.say(HEALTH, HEALTH, b"nonsense\r\n\r\n", HEALTH)
        assert statuses(await client.rest()) == [200, 200, 400]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-Many: a\r\n" * (MAX_HEADERS + 1) + b"\r\n",
        b"GET /healthz?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Endless: " + b"a" * 40_000,
    ],
    ids=["a large header", "many headers", "a long path", "a header without an end"],
)
async def test_a_head_has_an_end(port: int, head: bytes) -> None:
    async with line(port) as client:
        client.say(head)
        assert statuses(await client.rest()) == [431]


async def test_trailers_are_not_kept(port: int, customer: Customer) -> None:
    """Nor do they become headers: a key in a trailer is none."""
    async with line(port) as client:
        client.say(POST, b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n")
        client.say(b"Authorization: Bearer ", customer.test_key.encode(), b"\r\n\r\n")
        assert await client.answer() == 401


@pytest.mark.parametrize("endless", [b"X-Trailer: a\r\n" * 1_000, b"1;" + b"e" * 10_000 + b"\r\nx\r\n"])
async def test_a_body_has_an_end_whatever_it_is_made_of(port: int, endless: bytes) -> None:
    async with line(port) as client:
        client.say(b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        client.say(b"0\r\n" if endless.startswith(b"X") else b"")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - which of the writes it meets is chance
            async with asyncio.timeout(SOON_SEC):
                while True:
                    client.say(endless)
                    await client.writer.drain()
                    if client.reader.at_eof():
                        raise ConnectionResetError
                    await asyncio.sleep(0)
    assert await is_served(port)


async def test_so_many_requests_wait_for_an_answer(port: int) -> None:
    async with line(port) as client:
        client.say(HEALTH * (MAX_PIPELINED + 200))
        answers = statuses(await client.rest())
    assert answers[-1] == 400
    assert answers[:-1] == [200] * (len(answers) - 1)
    assert len(answers) <= MAX_PIPELINED + 3


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"\r\n",
        b"GET /healthz HT",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        HEALTH,
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    ],
    ids=["nothing", "empty lines", "half a line", "half a head", "half a body", "half the chunks", "idle", "no body"],
)
@pytest.mark.parametrize("drip", [b"", b"\r\n"], ids=["silent", "dripping"])
async def test_nobody_holds_a_connection_for_long(hasty: int, begun: bytes, drip: bytes) -> None:
    async with line(hasty) as client:
        client.say(begun)
        gone = asyncio.ensure_future(client.rest())
        while not gone.done():
            client.say(drip)
            await asyncio.wait({gone}, timeout=0.02)
        assert len(statuses(gone.result())) <= 1
    assert await is_served(hasty)


async def test_who_does_not_read_is_cut_off(web: main.Web) -> None:
    async with serving(web, Hasty) as port:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            deaf.connect(("127.0.0.1", port))
            deaf.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(deaf, HIDDEN * MAX_PIPELINED)
            while not await is_cut(deaf):  # noqa: ASYNC110 - it reads nothing, so nothing wakes it
                await asyncio.sleep(0.02)


async def is_cut(deaf: socket.socket) -> bool:
    """Without reading, only writing shows it."""
    try:
        deaf.send(b"\r\n")
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


async def test_a_full_house_sends_those_away_who_ask_for_nothing(web: main.Web) -> None:
    async with serving(web, Small) as port, line(port) as idle, line(port) as dripping, line(port) as working:
        idle.say(HEALTH)
        assert await idle.answer() == 200
        dripping.say(b"GET /heal")
        working.say(POST, b"Content-Length: 2\r\n\r\n{")
        assert await is_served(port)
        assert await is_served(port)
        working.say(b"}")
        assert await working.answer() == 401


async def test_bodies_that_never_come_lock_nobody_out(web: main.Web) -> None:
    async with serving(web, Small) as port, line(port) as first, line(port) as second, line(port) as third:
        for one in (first, second, third):
            one.say(POST, b"Content-Length: 2\r\n\r\n{")
        assert await is_served(port)
        assert await first.rest() == b""
        for one in (second, third):
            one.say(b"}")
            assert await one.answer() == 401


async def test_a_key_cannot_hide_in_an_upgrade(port: int) -> None:
    """What follows a request to speak another protocol is no request; a WebSocket's handshake goes to its own route."""
    for protocol in (b"h2c", b"TLS/1.3", b"websocket"):
        async with line(port) as client:
            client.say(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ", protocol, b"\r\n\r\n")
            client.say(HIDDEN)
            client.writer.write_eof()
            assert len(statuses(await client.rest())) <= 2
