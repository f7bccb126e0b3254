"""The two clients: one blocks, one awaits. Both are safe to share between threads or tasks."""

from __future__ import annotations

import copy
import os
import ssl
import sys
import threading
import time
from dataclasses import replace
from typing import Any, Callable, ClassVar, Generic, Mapping, TypeVar

import httpx

from ._core import Attempts, Call, Outcome, Result, Settings, checked_key, checked_url
from ._errors import APIConnectionError, APITimeoutError
from ._model import Model
from ._options import AsyncTiming, Options, Timing
from ._pages import AsyncPage, AsyncPager, Page
from ._response import Response
from ._retries import MAX_RETRIES, TIMEOUT_SEC

MAX_ANSWER_BYTES = 32_000_000

M = TypeVar("M", bound=Model)
C = TypeVar("C", bound="_Client[Any, Any]")
H = TypeVar("H")
T = TypeVar("T")


class _Client(Generic[H, T]):
    """What both clients have."""

    _version: ClassVar[str]
    """Of the API; the generated part says which."""
    _connect: ClassVar[type[Any]]
    _clocks: ClassVar[type[Any]]

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        max_retries: int = MAX_RETRIES,
        timeout: float = TIMEOUT_SEC,
        allow_insecure: bool = False,
        app: str | None = None,
        http_client: H | None = None,
        timing: T | None = None,
    ) -> None:
        key, url = checked_key(api_key, os.environ), checked_url(base_url, os.environ, allow_insecure)
        self._settings = Settings(key, url, self._version, app, max_retries, timeout)
        self._timing: T = self._clocks() if timing is None else timing
        self._owned = http_client is None
        self._process = os.getpid()
        self._http: H = self._connect() if http_client is None else http_client
        self._library = _library_of(self._http)
        self._attach()

    @property
    def base_url(self) -> str:
        return self._settings.base_url

    def with_options(self: C, *, max_retries: int | None = None, timeout: float | None = None) -> C:
        """A client with other settings that shares the connections of this one."""
        other = copy.copy(self)
        given: dict[str, Any] = {"max_retries": max_retries, "timeout": timeout}
        other._settings = replace(self._settings, **{name: value for name, value in given.items() if value is not None})
        other._attach()
        return other

    def _attach(self) -> None:
        """Give this client its resources."""
        raise NotImplementedError

    def _connections(self) -> H:
        """Those of this process: on one that a fork shares with its parent, each could read the other's answers."""
        if self._owned and self._process != os.getpid():
            self._process, self._http = os.getpid(), self._connect()
        return self._http

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url}>"


class SyncClient(_Client[httpx.Client, Timing]):
    """Sends, waits, decodes."""

    _connect = httpx.Client
    _clocks = Timing

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        options: Options | None = None,
    ) -> Model | None:
        """Call a path that this version of the package does not know, with retries and all; None for a 204."""
        answer, response = self._run(Call(method.upper(), path, query or {}, body, options or {}))
        return Model(answer, response) if answer else None

    def close(self) -> None:
        """Close the connections, unless they are of a client that was handed in."""
        if self._owned:
            self._http.close()

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _call(self, kind: Callable[[Any, Response], M], call: Call) -> M:
        return kind(*self._run(call))

    def _list(self, kind: Callable[[Mapping[str, Any]], M], call: Call) -> Page[M]:
        return Page(*self._run(call), kind, lambda cursor: self._list(kind, call.after(cursor)))

    def _run(self, call: Call) -> Result:
        attempts = Attempts(self._settings, call, self._timing)
        while True:
            wait = attempts.take(self._send(attempts))
            if wait is None:
                return attempts.result
            self._timing.sleep(wait)

    def _send(self, attempts: Attempts) -> Outcome:
        body = _Body(attempts.timeout)
        _thread.body = body
        try:
            with self._connections().stream(**attempts.request, extensions={"trace": _watch}) as answer:
                for chunk in answer.iter_bytes():
                    body.add(chunk)
        except (self._library.HTTPError, APIConnectionError) as error:
            return _failure(error, self._library)
        finally:
            _thread.body = None
        return Response(answer.status_code, dict(answer.headers), bytes(body.content))


class AsyncClient(_Client[httpx.AsyncClient, AsyncTiming]):
    """Sends, waits, decodes."""

    _connect = httpx.AsyncClient
    _clocks = AsyncTiming

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        options: Options | None = None,
    ) -> Model | None:
        """Call a path that this version of the package does not know, with retries and all; None for a 204."""
        answer, response = await self._run(Call(method.upper(), path, query or {}, body, options or {}))
        return Model(answer, response) if answer else None

    async def close(self) -> None:
        """Close the connections, unless they are of a client that was handed in."""
        if self._owned:
            await self._http.aclose()

    async def __aenter__(self: C) -> C:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _call(self, kind: Callable[[Any, Response], M], call: Call) -> M:
        return kind(*await self._run(call))

    def _list(self, kind: Callable[[Mapping[str, Any]], M], call: Call) -> AsyncPager[M]:
        async def page(call: Call) -> AsyncPage[M]:
            return AsyncPage(*await self._run(call), kind, lambda cursor: page(call.after(cursor)))

        return AsyncPager(lambda: page(call))

    async def _run(self, call: Call) -> Result:
        attempts = Attempts(self._settings, call, self._timing)
        while True:
            wait = attempts.take(await self._send(attempts))
            if wait is None:
                return attempts.result
            await self._timing.sleep(wait)

    async def _send(self, attempts: Attempts) -> Outcome:
        from anyio import fail_after  # here, so that clients that block do not load it; httpx does as well

        body = _Body(attempts.timeout)
        try:
            with fail_after(attempts.timeout):
                async with self._connections().stream(**attempts.request) as answer:
                    async for chunk in answer.aiter_bytes():
                        body.add(chunk)
        except (self._library.HTTPError, APIConnectionError, TimeoutError) as error:
            return _failure(error, self._library)
        return Response(answer.status_code, dict(answer.headers), bytes(body.content))


class _Body:
    """What has come of an answer. httpx's time-out is for each piece of it; ours is for all of it."""

    def __init__(self, timeout: float) -> None:
        self.content = bytearray()
        self._ends = time.monotonic() + timeout

    def add(self, chunk: bytes) -> None:
        self.content += chunk
        self.left()
        if len(self.content) > MAX_ANSWER_BYTES:
            raise APIConnectionError("the answer is too large")

    def left(self) -> float:
        """Seconds for the rest. Raises APITimeoutError."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise APITimeoutError("the answer did not end in time")
        return left


class _Thread(threading.local):
    """What a thread is about."""

    body: _Body | None = None
    """Of its attempt."""


_thread = _Thread()


def _watch(_event: str, told: Mapping[str, Any]) -> None:
    """httpx tells what it does. Reads of a connection that it opens get no longer than is left of the attempt: the
    headers of an answer can trickle, too."""
    stream: Any = told.get("return_value")
    if hasattr(stream, "read"):
        read: Callable[[int, float | None], bytes] = stream.read

        def read_in_time(most: int, timeout: float | None = None) -> bytes:
            return read(most, _thread.body.left() if _thread.body else timeout)

        stream.read = read_in_time


def _library_of(http: object) -> Any:
    """httpx, or httpx2 if the client is one of its own."""
    return sys.modules["httpx2"] if any(c.__module__.startswith("httpx2.") for c in type(http).__mro__) else httpx


def _failure(error: Exception, library: Any) -> APIConnectionError:
    """Ours for httpx's; its text may hold the address, so it stays behind as the cause."""
    if isinstance(error, APIConnectionError):
        error.final = not isinstance(error, APITimeoutError)  # an answer that is too large is so again
        return error
    late = isinstance(error, (library.TimeoutException, TimeoutError))
    failure = APITimeoutError("no answer in time") if late else APIConnectionError(f"no answer: {type(error).__name__}")
    failure.__cause__ = error
    failure.final = isinstance(error, library.UnsupportedProtocol) or _is_untrusted(error)
    return failure


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether a certificate was refused, which no retry changes."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
