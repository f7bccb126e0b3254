"""A client without a network, for the tests of programs that use this package.

replies = Replies()
client = replies.client()
replies.add(201, {"id": "sms_1", "object": "sms", "status": "queued"})
assert client.sms.create(from_="num_1", to="+33612345678", body="Hi").id == "sms_1"
assert replies.requests[0].url.path == "/v1/sms"
"""

from __future__ import annotations

from collections import deque
from typing import Any, Mapping

import httpx

from . import _json
from ._options import AsyncTiming, Timing
from .client import AsyncNoKYCNumber, NoKYCNumber

API_KEY = "sk_test_none"


class Replies:
    """Answers, given in their order; and what was asked. Nothing waits: `slept` has the seconds."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self._replies: deque[httpx.Response | Exception] = deque()

    def add(self, status: int = 200, json: Any = None, *, headers: Mapping[str, str] | None = None) -> None:
        """The next answer."""
        content = b"" if json is None else _json.dumps(json).encode()
        self._replies.append(httpx.Response(status, headers=dict(headers or {}), content=content))

    def add_failure(self) -> None:
        """The next connection fails."""
        self._replies.append(httpx.ConnectError("no connection"))

    def client(self, **arguments: Any) -> NoKYCNumber:
        """A client that gets these answers; `arguments` as of NoKYCNumber."""
        arguments.setdefault("timing", Timing(sleep=self.slept.append))
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        return NoKYCNumber(API_KEY, http_client=http, **arguments)

    def async_client(self, **arguments: Any) -> AsyncNoKYCNumber:
        """The same, asynchronous."""

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        arguments.setdefault("timing", AsyncTiming(sleep=sleep))
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        return AsyncNoKYCNumber(API_KEY, http_client=http, **arguments)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self._replies:
            raise AssertionError(f"no reply is left for {request.method} {request.url.path}")
        reply = self._replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        return reply
