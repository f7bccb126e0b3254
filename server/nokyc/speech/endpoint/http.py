"""How adapters reach an endpoint: a client that is handed in, a limit on what is under way, and a circuit breaker.

The client is `http/outbound.py`'s, so that every request goes through its guard; this layer only knows its shape.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from nokyc.kit.resampling import takes
from nokyc.speech.port import SpeechFailed, SpeechUnavailable

TIMEOUT_SEC = 30.0
QUEUE_SEC = 2.0
"""How long a request waits for its turn; then the endpoint counts as busy."""
CONCURRENCY = 8
GIVEN_UP_SEC = 2.5
"""Who breaks off a request without a byte of an answer for so long gave it up: nobody interrupts what is silent."""
MAX_JSON_BYTES = 1_000_000
FAILURES_TO_OPEN = 5
OPEN_SEC = 30.0
MAX_URL_CHARS = 2_000


class HttpStream(Protocol):
    """An answer whose body is still coming."""

    @property
    def status(self) -> int: ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Raises OSError if the connection ends early, the time is up or the answer is too large."""
        ...


class HttpClient(Protocol):
    """What is needed of an HTTP client. Entering the context raises OSError if there is no answer."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout_sec: float,
        max_bytes: int,
    ) -> AbstractAsyncContextManager[HttpStream]: ...


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """One endpoint. An empty model means that it is not used for that."""

    base_url: str
    """Up to and including the version: `https://api.example.com/v1`."""
    api_key: str = field(default="", repr=False)
    """Kept sealed by whoever stores this."""
    stt_model: str = ""
    tts_model: str = ""
    chat_model: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    """Our voice, or a customer's `voice_…`, to the endpoint's name for it."""
    tts_rate_hz: int = 24_000
    """Of raw PCM answers; 24 kHz is the protocol's."""
    timeout_sec: float = TIMEOUT_SEC
    concurrency: int = CONCURRENCY

    @classmethod
    def from_json(cls, config: Mapping[str, Any]) -> "EndpointConfig":
        """Raises ValueError in words."""
        unknown = set(config) - set(cls.__slots__)
        if unknown:
            raise ValueError(f"unknown setting of the speech endpoint: {min(unknown)}")
        made = cls(**config)
        if not made.base_url.startswith(("https://", "http://")) or len(made.base_url) > MAX_URL_CHARS:
            raise ValueError("base_url of the speech endpoint must be an http(s) URL")
        if not 0 < made.timeout_sec <= 120 or not 1 <= made.concurrency <= 64:
            raise ValueError("timeout_sec must be up to 120 and concurrency 1 to 64")
        if not takes(made.tts_rate_hz):
            raise ValueError("tts_rate_hz must be a usual rate of 8000 to 192000")
        return made


class Endpoint:
    """Requests to one endpoint, for all adapters together."""

    def __init__(self, config: EndpointConfig, client: HttpClient, *, monotonic: Callable[[], float]) -> None:
        self.config = config
        self.name = "endpoint"
        self._client = client
        self._monotonic = monotonic
        self._places = asyncio.Semaphore(config.concurrency)
        self.breaker = Breaker(monotonic)

    def model(self, kind: str, name: str) -> str:
        """The model for a kind of work. Raises SpeechUnavailable if none is configured."""
        if not name:
            raise SpeechUnavailable(f"{kind} endpoint", f"name a model for {kind} in the endpoint's settings")
        return name

    @asynccontextmanager
    async def request(
        self, path: str, body: bytes, content_type: str, *, max_bytes: int, first_sec: float | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of a good answer, as it comes, its first bytes within `first_sec`. Raises SpeechFailed for every
        other one."""
        self.breaker.check()
        await self._enter()
        began, answers = self._monotonic(), False

        async def noticed(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
            nonlocal answers
            async for chunk in chunks:
                answers = True
                patience.reschedule(None)
                yield chunk

        try:
            async with (
                asyncio.timeout(first_sec) as patience,
                self._exchange(path, body, content_type, max_bytes) as chunks,
            ):
                yield noticed(chunks)
        except OSError as error:
            self.breaker.failed()
            raise SpeechFailed(self.name, str(error) or "no answer in time") from None
        except SpeechFailed as error:
            if error.retryable:
                self.breaker.failed()
            else:
                self.breaker.worked()
            raise
        except (GeneratorExit, asyncio.CancelledError):
            if answers or self._monotonic() - began < GIVEN_UP_SEC:
                self.breaker.undecided()  # barge-in: the endpoint did nothing wrong
            else:
                self.breaker.failed()
            raise
        else:
            self.breaker.worked()
        finally:
            self._places.release()

    async def fetch(self, path: str, body: bytes, content_type: str) -> bytes:
        """The whole answer."""
        async with self.request(path, body, content_type, max_bytes=MAX_JSON_BYTES) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(QUEUE_SEC):
                await self._places.acquire()
        except TimeoutError:
            raise SpeechFailed(self.name, f"{self.config.concurrency} requests are under way already") from None

    @asynccontextmanager
    async def _exchange(
        self, path: str, body: bytes, content_type: str, max_bytes: int
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        headers = {"Content-Type": content_type}
        if self.config.api_key:
            headers["Authorization"] = f"Bearer {self.config.api_key}"
        async with self._client.stream(
            "POST",
            self.config.base_url.rstrip("/") + path,
            body=body,
            headers=headers,
            timeout_sec=self.config.timeout_sec,
            max_bytes=max_bytes,
        ) as answer:
            if answer.status != 200:
                retryable = answer.status in (408, 409, 429) or answer.status >= 500
                raise SpeechFailed(self.name, f"it answers {answer.status}", retryable=retryable)
            yield answer.chunks()


class Breaker:
    """Opens after several failures in a row, so that callers fall back at once; then lets one through to look."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    @property
    def open(self) -> bool:
        return self._open_until is not None

    def check(self) -> None:
        """Raises SpeechFailed while it is open."""
        if self._open_until is None:
            return
        if self._probing or self._monotonic() < self._open_until:
            raise SpeechFailed("endpoint", "it failed several times and is left alone for a while")
        self._probing = True

    def worked(self) -> None:
        self._failures, self._open_until, self._probing = 0, None, False

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._open_until = self._monotonic() + OPEN_SEC
        self._probing = False

    def undecided(self) -> None:
        """A request that was broken off says nothing."""
        self._probing = False
