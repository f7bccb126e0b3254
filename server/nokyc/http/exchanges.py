"""Exchanges over HTTP/1.1 (RFC 9112) on connections that are kept, one at a time on each.

Every webhook goes through here, so little is done for one: its request is one write, its answer one parser's work.
What may be connected to is decided elsewhere.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import httptools

from nokyc.http.guard import Address, split

MAX_HEAD_BYTES = 64 * 1024
"""Status line and headers of an answer, and whatever else of it is no body."""
MAX_IDLE = 256
"""Connections that wait for another request; the oldest ends when there are more."""

FailureKind = Literal["dns", "forbidden", "connect", "tls", "timeout", "protocol", "too_large"]


class ExchangeError(Exception):
    """No answer, and why. `detail` is in our own words: foreign ones may carry addresses or bytes of the answer."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind: FailureKind = kind
        self.detail = detail


class StaleError(ExchangeError):
    """The far end closed an idle connection just as we used it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL, taken apart once."""

    secure: bool
    host: str
    port: int
    head: str
    """What stands behind the method: path, version and Host."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Of an answer's body: what is longer is cut, or a failure."""

    max_bytes: int
    truncate: bool


@dataclass(slots=True)
class Progress:
    """How far one request came."""

    sent: bool = False


@dataclass(slots=True)
class Received:
    """An answer as it came."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case; of several equal names the last one."""
    body: bytearray = field(default_factory=bytearray)


def target_of(url: str) -> Target:
    """Where a checked URL leads: its own bytes are what goes out, nobody parses it in another way."""
    scheme, host, port, rest = split(url)
    path = rest if rest.startswith("/") else f"/{rest}"
    shown = host if port == (443 if scheme == "https" else 80) else f"{host}:{port}"
    return Target(scheme == "https", host.strip("[]"), port, f" {path} HTTP/1.1\r\nHost: {shown}\r\n")


def request_bytes(method: str, target: Target, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """A whole request. Raises ExchangeError for a header that would become two."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers) or "\0" in lines:
        raise ExchangeError("protocol", "a header has a line break or a zero in it")
    length = "" if body is None else f"Content-Length: {len(body)}\r\n"
    return f"{method}{target.head}{lines}{length}\r\n".encode() + (body or b"")


class Exchanges:
    """Connections to any number of hosts. `tls` is asked for the first that needs it."""

    def __init__(
        self,
        resolve: Callable[[str, int], Awaitable[Sequence[Address]]],
        open_socket: Callable[[tuple[Any, ...]], socket.socket],
        tls: Callable[[], ssl.SSLContext],
        *,
        most: int,
        per_host: int,
        connect_sec: float,
        keep_sec: float,
    ) -> None:
        self._resolve = resolve
        self.open_socket = open_socket
        self._tls = tls
        self._per_host = per_host
        self._connect_sec = connect_sec
        self._keep_sec = keep_sec
        self._turn = asyncio.Semaphore(most)
        self._hosts: dict[tuple[bool, str, int], _Host] = {}
        self._idle: dict[_Line, _Host] = {}
        """Those that wait for longest come first."""
        self._busy: set[_Line] = set()
        self._sweeping: asyncio.TimerHandle | None = None

    async def run(
        self, target: Target, request: bytes, limit: Limit, progress: Progress, *, resend: bool = False
    ) -> Received:
        """One exchange, once fewer than too many run. `resend` allows a second try on a stale connection's account.

        Raises:
            ExchangeError: there was no answer.
            UrlForbidden: the name leads where we do not go.
        """
        key = target.secure, target.host, target.port
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = _Host(key, asyncio.Semaphore(self._per_host))
        host.users += 1
        try:
            async with host.turn, self._turn:
                try:
                    line = self._kept(host) or await self._connect(target)
                    return await self._exchange(host, line, request, limit, progress)
                except StaleError:
                    if not resend:
                        raise
                    return await self._exchange(host, await self._connect(target), request, limit, progress)
        finally:
            host.users -= 1
            if not host.users and not host.idle:
                del self._hosts[key]

    def close(self) -> None:
        """Close every connection; requests under way end as failures."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        while self._idle:
            self._end_oldest()
        for line in self._busy:
            line.end()

    async def _exchange(
        self, host: "_Host", line: "_Line", request: bytes, limit: Limit, progress: Progress
    ) -> Received:
        self._busy.add(line)
        try:
            answer = line.begin(request, limit)
            progress.sent = True
            return await answer
        finally:
            self._busy.discard(line)
            if line.reusable:
                self._keep(host, line)
            else:
                line.end()

    async def _connect(self, target: Target) -> "_Line":
        """To the first of the host's addresses that takes us; all of them share the time for it."""
        try:
            addresses = await self._resolve(target.host, target.port)
        except OSError as error:
            raise ExchangeError("dns", "the name does not resolve") from error
        patience = self._connect_sec / len(addresses)
        for n, address in enumerate(addresses, start=1):
            try:
                async with asyncio.timeout(patience):
                    return await self._open(target, address)
            except OSError as error:  # TimeoutError is one
                if n == len(addresses) or isinstance(error, ssl.SSLError):
                    raise
        raise AssertionError("a name that resolves has an address")

    async def _open(self, target: Target, address: Address) -> "_Line":
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        where = (str(address), target.port)
        opened = self.open_socket((family, socket.SOCK_STREAM, 0, "", where))
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(opened, where)
            secure: dict[str, Any] = {"ssl": self._tls(), "server_hostname": target.host} if target.secure else {}
            _, line = await loop.create_connection(_Line, sock=opened, **secure)
        except BaseException:
            opened.close()
            raise
        return line

    def _kept(self, host: "_Host") -> "_Line | None":
        """The connection that was used last, if it still stands."""
        while host.idle:
            line = host.idle.pop()
            del self._idle[line]
            if line.reusable:
                return line
        return None

    def _keep(self, host: "_Host", line: "_Line") -> None:
        loop = asyncio.get_running_loop()
        line.kept_until = loop.time() + self._keep_sec
        host.idle.append(line)
        self._idle[line] = host
        if len(self._idle) > MAX_IDLE:
            self._end_oldest()
        if self._sweeping is None:
            self._sweeping = loop.call_later(self._keep_sec, self._sweep)

    def _sweep(self) -> None:
        """End what has waited for too long; one timer for all, not one for each answer."""
        loop = asyncio.get_running_loop()
        while self._idle and next(iter(self._idle)).kept_until <= loop.time():
            self._end_oldest()
        oldest = next(iter(self._idle), None)
        self._sweeping = None if oldest is None else loop.call_at(oldest.kept_until, self._sweep)

    def _end_oldest(self) -> None:
        line, host = next(iter(self._idle.items()))
        del self._idle[line]
        host.idle.remove(line)
        line.end()
        if not host.users and not host.idle:
            del self._hosts[host.key]


@dataclass(slots=True)
class _Host:
    """What runs to one host."""

    key: tuple[bool, str, int]
    turn: asyncio.Semaphore
    users: int = 0
    """Requests that run or wait for their turn."""
    idle: "list[_Line]" = field(default_factory=list)


class _Line(asyncio.Protocol):
    """One connection, and the exchange on it."""

    def __init__(self) -> None:
        self.kept_until = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Received] | None = None
        self._got = Received()
        self._limit = Limit(0, truncate=True)
        self._fresh = True
        self._overhead = 0
        """Bytes of the answer so far that are no body."""
        self._bodiless = self._until_end = False
        """Whether there is no body, and whether the end of the connection is its end (RFC 9112, 6.3)."""

    @property
    def reusable(self) -> bool:
        """Whether the last exchange is over and another may follow."""
        return self._transport is not None and self._answer is None

    def begin(self, request: bytes, limit: Limit) -> "asyncio.Future[Received]":
        """Send a request; the future raises ExchangeError if no answer comes."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._limit, self._overhead, self._bodiless = limit, 0, request.startswith(b"HEAD ")
        self._transport.write(request)
        return self._answer

    def end(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being a subclass

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # nobody asked
            self.end()
            return
        self._overhead += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(ExchangeError("protocol", "the answer is not HTTP"))
        if self._overhead > MAX_HEAD_BYTES:
            self._fail(ExchangeError("protocol", "the answer is more head than body"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        error = ExchangeError if self._fresh or self._overhead else StaleError
        if self._until_end:
            self._finish()
        self._fail(error("protocol", "the connection ended before the answer did"))

    def on_message_begin(self) -> None:
        self._got = Received()
        if self._answer is None:  # a second answer
            self.end()

    def on_header(self, name: bytes, value: bytes) -> None:
        # Foreign bytes become something that can be stored.
        self._got.headers[name.decode("latin-1").lower()] = value.decode(errors="replace").replace("\ufffd", "?")

    def on_headers_complete(self) -> None:
        self._got.status = self._parser.get_status_code()
        self._until_end = self._got.headers.keys().isdisjoint(("content-length", "transfer-encoding"))
        if self._bodiless and self._got.status >= 200:
            self._finish()
            self.end()

    def on_body(self, data: bytes) -> None:
        self._overhead -= len(data)
        self._got.body += data
        if len(self._got.body) > self._limit.max_bytes:
            if not self._limit.truncate:
                self._fail(ExchangeError("too_large", "the answer is too large"))
            self._finish()
            self.end()

    def on_message_complete(self) -> None:
        if self._got.status >= 200:  # others announce the answer
            self._finish()
            self._fresh = False
            if not self._parser.should_keep_alive():
                self.end()

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._got)
        self._answer = None
        self._until_end = False

    def _fail(self, error: ExchangeError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None
        self.end()
