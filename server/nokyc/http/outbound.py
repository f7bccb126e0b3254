"""Every HTTP request that we make: to customers' webhook URLs, to HTTP carriers, for media.

It goes only where the guard allows, on exactly the addresses that were checked; it follows no redirect, keeps
no cookie, believes no proxy of the environment; everything about the answer is bounded. What goes wrong is a
value, not an exception.
"""

import asyncio
import os
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, Literal

import aiohttp
from yarl import URL

from nokyc.http.guard import (
    HTTPS_ONLY,
    Resolver,
    UrlForbidden,
    UrlInvalid,
    as_http,
    check_url,
    forbidden,
    lookup,
)
from nokyc.http.resolver import GuardedResolver
from nokyc.http.websocket import CLOSE_TIMEOUT_SEC, WebSocket

TIMEOUT_SEC = 15.0
"""A webhook's receiver has so long (decision F139), and so has everyone of whom the caller does not say otherwise."""
CONNECT_TIMEOUT_SEC = 10.0
WEBHOOK_ANSWER_BYTES = 16 * 1024
ANSWER_BYTES = 1024 * 1024
MAX_CONNECTIONS = 256
MAX_CONNECTIONS_PER_HOST = 32
KEEPALIVE_SEC = 15.0
MAX_CHECKED = 4_096
"""URLs that are remembered as checked."""
USER_AGENT = "NoKYC/1"

FailureKind = Literal["dns", "forbidden", "connect", "tls", "timeout", "protocol", "too_large"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the far end said; any status is an answer."""

    status: int
    body: bytes
    """Decompressed, and cut at the limit if the caller asked for that."""
    headers: Mapping[str, str]
    """Names in lower case; of several equal names the last one."""
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer, and why. `detail` is fit for a customer's eyes: no header, no address, no secret."""

    kind: FailureKind
    detail: str
    elapsed_ms: int
    sent: bool
    """Whether the far end may have seen any of the request."""


class OutboundError(ConnectionError):
    """A streamed answer that did not come, or not to its end; the message is the failure's detail."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Streamed:
    """An answer whose body is still coming."""

    def __init__(self, status: int, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> None:
        self.status = status
        self.headers = headers
        """Names in lower case."""
        self._chunks = chunks

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises OutboundError."""
        return self._chunks


class OutboundClient:
    """A pool of connections under one policy. Make it inside a running loop, and close it."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        ports: Collection[int] = HTTPS_ONLY,
        resolver: Resolver = lookup,
        tls: ssl.SSLContext | None = None,
        per_host: int = MAX_CONNECTIONS_PER_HOST,
    ) -> None:
        self.per_host = min(per_host, MAX_CONNECTIONS)
        """How many requests to one host run at once; more wait for their turn, within their time-out."""
        self._allow_private = allow_private
        # Nothing is looked up in it, so that what it says of a URL once it says always.
        self._check = lru_cache(MAX_CHECKED)(partial(check_url, allow_private=allow_private, ports=ports))
        self._resolver = GuardedResolver(resolver, allow_private)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self._resolver,
                use_dns_cache=False,
                ssl=tls or True,
                limit=MAX_CONNECTIONS,
                limit_per_host=self.per_host,
                keepalive_timeout=KEEPALIVE_SEC,
                socket_factory=self._open_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_SEC),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"},
            skip_auto_headers=("Content-Type",),
            trust_env=False,
            auto_decompress=False,
            trace_configs=[_tracing()],
        )

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout_sec: float = TIMEOUT_SEC
    ) -> Answer | Failure:
        """One webhook attempt: the answer is cut at 16 KiB, a stale connection is not held against them."""
        return await self.request(
            "POST",
            url,
            body=body,
            headers=headers,
            timeout_sec=timeout_sec,
            max_bytes=WEBHOOK_ANSWER_BYTES,
            truncate=True,
            resend=True,
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_sec: float = TIMEOUT_SEC,
        max_bytes: int = ANSWER_BYTES,
        truncate: bool = False,
        resend: bool = False,
    ) -> Answer | Failure:
        """One exchange; `timeout_sec` covers all of it, from the look-up to the last byte.

        An answer longer than `max_bytes` is cut (`truncate`) or a failure. `resend` allows a second try when
        the far end closed an idle connection just as we used it: only for what may arrive twice.
        """
        clock = asyncio.get_running_loop().time
        started = clock()
        progress = _Progress()
        limit = _Limit(max_bytes, truncate)
        try:
            async with asyncio.timeout(timeout_sec):
                checked = self._check(url)
                try:
                    received = await self._exchange(method, checked, body, headers, limit, progress)
                except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                    if not (resend and progress.reused):
                        raise
                    received = await self._exchange(method, checked, body, headers, limit, progress)
        except Exception as error:
            kind, detail = _explain(error)
            return Failure(kind, detail, _elapsed_ms(started, clock()), progress.sent)
        status, answer_headers, answer_body = received
        return Answer(status, answer_body, answer_headers, _elapsed_ms(started, clock()))

    async def websocket(self, url: str, *, max_bytes: int = ANSWER_BYTES) -> WebSocket:
        """Open a WebSocket to a `wss:` URL (`ws:` where private addresses are allowed); `max_bytes` of one message.

        Raises:
            ConnectionError: it cannot be had; the message is fit for a customer's eyes.
        """
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_SEC):
                checked = self._check(as_http(url))
                socket = await self._session.ws_connect(
                    URL(checked, encoded=True),
                    max_msg_size=max_bytes,
                    heartbeat=KEEPALIVE_SEC,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_TIMEOUT_SEC),
                )
        except Exception as error:
            raise ConnectionError(_explain(error)[1]) from None
        return WebSocket(socket)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_sec: float = TIMEOUT_SEC,
        max_bytes: int = ANSWER_BYTES,
    ) -> AsyncIterator[Streamed]:
        """One exchange whose answer is read as it comes, for speech and language models; never sent twice.

        `timeout_sec` covers all of it, also what the caller does in between. Compressed answers are not understood.
        Raises OutboundError: a value could not say it halfway.
        """
        clock = asyncio.get_running_loop().time
        started = clock()
        progress = _Progress()
        try:
            async with asyncio.timeout(timeout_sec):
                checked = self._check(url)
                async with self._open(method, checked, body, headers, progress) as response:
                    yield Streamed(response.status, _headers(response), _pieces(response, max_bytes))
        except (aiohttp.ClientError, OSError, UrlInvalid, UrlForbidden, _TooLargeError) as error:
            kind, detail = _explain(error)
            raise OutboundError(Failure(kind, detail, _elapsed_ms(started, clock()), progress.sent)) from None

    async def close(self) -> None:
        """Close every connection; requests under way end as failures."""
        await self._session.close()
        await self._resolver.close()

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        limit: "_Limit",
        progress: "_Progress",
    ) -> tuple[int, dict[str, str], bytes]:
        async with self._open(method, url, body, headers, progress) as response:
            return response.status, _headers(response), await _read(response, limit)

    def _open(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None, progress: "_Progress"
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._session.request(
            method,
            # The checked bytes go out as they are: nobody parses the URL a second time in his own way.
            URL(url, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
            trace_request_ctx=progress,
        )

    def _open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """The last gate: it sees the very address that the system is about to connect to."""
        family, kind, protocol, _, address = info
        if not self._allow_private and forbidden(address[0]) is not None:
            raise _ForbiddenAddressError("refused at the socket")
        return socket.socket(family, kind, protocol)


@dataclass(slots=True)
class _Progress:
    """How far one request came; aiohttp's tracing fills it in."""

    sent: bool = False
    reused: bool = False


@dataclass(frozen=True, slots=True)
class _Limit:
    max_bytes: int
    truncate: bool


class _TooLargeError(Exception):
    pass


class _ForbiddenAddressError(OSError):
    pass


def _tracing() -> aiohttp.TraceConfig:
    async def on_reuse(_: object, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.reused = True

    async def on_create(_: object, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.reused = False

    async def on_sent(_: object, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.sent = True

    async def on_redirect(_: object, __: object, ___: object) -> None:
        raise aiohttp.ClientPayloadError  # only a WebSocket's handshake gets here: it would follow

    def context(trace_request_ctx: _Progress | None = None) -> SimpleNamespace:
        return SimpleNamespace(trace_request_ctx=trace_request_ctx or _Progress())  # a WebSocket's has none

    trace = aiohttp.TraceConfig(context)  # type: ignore[arg-type]  # it is called with our argument alone
    trace.on_request_redirect.append(on_redirect)
    trace.on_connection_reuseconn.append(on_reuse)
    trace.on_connection_create_start.append(on_create)
    trace.on_request_headers_sent.append(on_sent)
    return trace


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name.lower(): _storable(value) for name, value in response.headers.items()}


def _storable(value: str) -> str:
    """aiohttp keeps foreign bytes as lone surrogates, which nobody could encode again."""
    return value.encode(errors="replace").decode()


async def _pieces(response: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    length = 0
    async for chunk in response.content.iter_any():
        length += len(chunk)
        if length > max_bytes:
            raise _TooLargeError
        yield chunk


async def _read(response: aiohttp.ClientResponse, limit: _Limit) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limit.max_bytes:
            if not limit.truncate:
                raise _TooLargeError
            break
    encodings = response.headers.getall("Content-Encoding", [])
    plain = _decompressed(bytes(body), encodings, limit.max_bytes + 1)
    if len(plain) > limit.max_bytes and not limit.truncate:
        raise _TooLargeError
    return plain[: limit.max_bytes]


def _decompressed(body: bytes, encodings: Sequence[str], max_bytes: int) -> bytes:
    """We ask for no compression; who compresses all the same is unpacked once, up to a limit."""
    if [encoding.strip().lower() for encoding in encodings] not in (["gzip"], ["x-gzip"], ["deflate"]):
        return body
    automatic = zlib.MAX_WBITS | 32
    return zlib.decompressobj(automatic).decompress(body, max_bytes)


def _elapsed_ms(started: float, ended: float) -> int:
    return round((ended - started) * 1000)


def _explain(error: Exception) -> tuple[FailureKind, str]:
    """In our own words only: foreign messages may carry addresses, headers or bytes of the answer."""
    match error:
        case UrlInvalid() | UrlForbidden():
            return "forbidden", str(error)
        case aiohttp.ClientConnectorError(os_error=_ForbiddenAddressError()):
            return "forbidden", "the host leads to a forbidden address"
        case TimeoutError():
            return "timeout", "no complete answer in time"
        case aiohttp.ClientConnectorDNSError():
            return "dns", "the name does not resolve"
        case aiohttp.ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as cause):
            return "tls", f"the certificate is not valid: {cause.verify_message}"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "tls", "no TLS connection could be made"
        case aiohttp.ClientConnectorError(os_error=OSError(errno=int() as number)):
            return "connect", os.strerror(number)
        case aiohttp.ClientConnectorError():
            return "connect", "no connection could be made"
        case _TooLargeError():
            return "too_large", "the answer is too large"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | aiohttp.ClientPayloadError():
            return "protocol", "the connection ended before the answer did"
        case zlib.error():
            return "protocol", "the answer's compression is broken"
        case aiohttp.ClientError():
            return "protocol", "the answer is not HTTP"
        case _:
            return "protocol", f"the request could not be made ({type(error).__name__})"
