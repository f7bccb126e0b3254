"""The two clients: one blocks, one awaits. Both are safe to share between threads or tasks."""

from __future__ import annotations

import copy
import os
import ssl
import time
from dataclasses import replace
from typing import Any, Callable, Mapping, TypeVar

import httpx

from ._core import Call, Result, Send, Wait, attempts, settings
from ._errors import APIConnectionError, APITimeoutError
from ._model import Model
from ._options import AsyncTiming, Options, Timing
from ._pages import AsyncPage, AsyncPager, Page
from ._response import Response
from ._retries import CONNECT_TIMEOUT_SEC, MAX_RETRIES, TIMEOUT_SEC

MAX_ANSWER_BYTES = 32_000_000

M = TypeVar("M", bound=Model)
C = TypeVar("C", bound="_Client")


class _Client:
    """What both clients have."""

    _version: str
    """Of the API; the generated part says which."""

    def _configure(
        self,
        api_key: str | None,
        base_url: str | None,
        allow_insecure: bool,
        app: str | None,
        max_retries: int,
        timeout: float,
    ) -> None:
        self._settings = settings(
            api_key=api_key,
            base_url=base_url,
            environment=os.environ,
            allow_insecure=allow_insecure,
            version=self._version,
            app=app,
            max_retries=max_retries,
            timeout=timeout,
        )
        self._attach()

    @property
    def base_url(self) -> str:
        return self._settings.base_url

    def with_options(self: C, *, max_retries: int | None = None, timeout: float | None = None) -> C:
        """A client with other settings that shares the connections of this one."""
        other = copy.copy(self)
        mine = self._settings
        other._settings = replace(
            mine,
            max_retries=mine.max_retries if max_retries is None else max_retries,
            timeout=mine.timeout if timeout is None else timeout,
        )
        other._attach()
        return other

    def _attach(self) -> None:
        """Give this client its resources."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url}>"


class SyncClient(_Client):
    """Sends, waits, decodes."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        max_retries: int = MAX_RETRIES,
        timeout: float = TIMEOUT_SEC,
        allow_insecure: bool = False,
        app: str | None = None,
        http_client: httpx.Client | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._configure(api_key, base_url, allow_insecure, app, max_retries, timeout)
        self._timing = timing or Timing()
        self._owned = http_client is None
        self._http = http_client or httpx.Client(follow_redirects=False)

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
        timing = self._timing
        steps = attempts(self._settings, call, random=timing.random, now=timing.now)
        outcome = None
        try:
            while True:
                step = steps.send(outcome)
                if isinstance(step, Wait):
                    timing.sleep(step.seconds)
                    outcome = None
                else:
                    outcome = self._send(step)
        except StopIteration as done:
            result: Result = done.value
            return result

    def _send(self, step: Send) -> Response | APIConnectionError:
        ends = time.monotonic() + step.timeout
        request = _request(self._http, step)
        try:
            answer = self._http.send(request, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    _check(len(body), ends)
            finally:
                answer.close()
        except httpx.HTTPError as error:
            return _failure(error)
        except APIConnectionError as error:
            return error
        return Response(answer.status_code, dict(answer.headers), bytes(body))


class AsyncClient(_Client):
    """Sends, waits, decodes."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        max_retries: int = MAX_RETRIES,
        timeout: float = TIMEOUT_SEC,
        allow_insecure: bool = False,
        app: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        timing: AsyncTiming | None = None,
    ) -> None:
        self._configure(api_key, base_url, allow_insecure, app, max_retries, timeout)
        self._timing = timing or AsyncTiming()
        self._owned = http_client is None
        self._http = http_client or httpx.AsyncClient(follow_redirects=False)

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
        timing = self._timing
        steps = attempts(self._settings, call, random=timing.random, now=timing.now)
        outcome = None
        try:
            while True:
                step = steps.send(outcome)
                if isinstance(step, Wait):
                    await timing.sleep(step.seconds)
                    outcome = None
                else:
                    outcome = await self._send(step)
        except StopIteration as done:
            result: Result = done.value
            return result

    async def _send(self, step: Send) -> Response | APIConnectionError:
        ends = time.monotonic() + step.timeout
        request = _request(self._http, step)
        try:
            answer = await self._http.send(request, stream=True, follow_redirects=False)
            try:
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    _check(len(body), ends)
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            return _failure(error)
        except APIConnectionError as error:
            return error
        return Response(answer.status_code, dict(answer.headers), bytes(body))


def _request(http: httpx.Client | httpx.AsyncClient, step: Send) -> httpx.Request:
    timeout = httpx.Timeout(step.timeout, connect=min(CONNECT_TIMEOUT_SEC, step.timeout))
    return http.build_request(step.method, step.url, headers=step.headers, content=step.content, timeout=timeout)


def _check(size: int, ends: float) -> None:
    """httpx's time-out is for each piece of an answer; ours is for all of it."""
    if time.monotonic() > ends:
        raise APITimeoutError("the answer did not end in time")
    if size > MAX_ANSWER_BYTES:
        raise APIConnectionError("the answer is too large")


def _failure(error: httpx.HTTPError) -> APIConnectionError:
    """Ours for httpx's; its text may hold the address, so it stays behind as the cause."""
    if isinstance(error, httpx.TimeoutException):
        failure: APIConnectionError = APITimeoutError("no answer in time")
    else:
        failure = APIConnectionError(f"no answer: {type(error).__name__}")
    failure.__cause__ = error
    failure.final = isinstance(error, httpx.UnsupportedProtocol) or _is_untrusted(error)
    return failure


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether a certificate was refused, which no retry changes."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
