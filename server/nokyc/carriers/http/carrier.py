"""An SMS carrier behind an HTTP API: one request per message, reports by requests to us.

There is no link to keep: the carrier is up until a request cannot be made or is turned away, then we rest and try
again. Receipts and inbound messages reach the API process, which reads them with `reports`.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.presets import open_preset
from nokyc.carriers.http.protocol import Incoming, Request
from nokyc.carriers.port import (
    MAX_MEDIA_BYTES,
    Accepted,
    LinkState,
    NotSent,
    Refused,
    Report,
    ReportSink,
    Submission,
    Throttled,
    Unknown,
    Verdict,
)
from nokyc.carriers.rate import HORIZON_SEC, Rate
from nokyc.http.outbound import Answer, Failure, OutboundClient

BACKOFF_SEC = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Rests after that many failures to reach the carrier in a row; the last one repeats."""
WINDOW_FULL_RETRY_SEC = 0.1
PROBE_TIMEOUT_SEC = 15.0
MEDIA_TIMEOUT_SEC = 10.0
MEDIA_RETRY_SEC = 30.0
HTTP_OK = 200
DRAIN_SEC = 10.0
COUNTERS = ("accepted", "refused", "throttled", "not_sent", "unknown")


class HttpCarrier:
    """One account. The client is the caller's to close; its connections per host bound the window too."""

    unit: Literal["segment", "message"] = "message"

    def __init__(
        self, config: HttpConfig, client: OutboundClient, *, backoff_sec: Sequence[float] = BACKOFF_SEC
    ) -> None:
        self.name = config.name
        self._config = config
        self._preset = open_preset(config)
        self.supports_media = self._preset.supports_media
        self._client = client
        self._backoff_sec = backoff_sec
        self._window = min(config.window, client.per_host)
        self._rate = Rate(config.tps)
        self._running = False
        self._under_way: set[asyncio.Timeout] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._rest_until = 0.0
        self._failures = 0
        self._last = "nothing asked yet"
        self._counters: Counter[str] = Counter()

    def capacity(self) -> int:
        now = _monotonic()
        if not self._running or now < self._rest_until:
            return 0
        room = self._window - len(self._under_way)
        paced = self._rate.room(now)
        return max(0, room if paced is None else min(room, paced))

    async def start(self, sink: ReportSink) -> None:
        """Nothing to connect. The sink is not used: reports come to the API process."""
        self._running = True

    async def submit(self, submission: Submission) -> Verdict:
        verdict = self._obstacle(submission) or await self._media_obstacle(submission)
        if verdict is None:
            verdict = await self._submit(submission)
        self._counters[_COUNTER_OF[type(verdict)]] += 1
        return verdict

    def links(self) -> list[LinkState]:
        return [self._state()]

    async def probe(self) -> LinkState:
        outcome = await self._send(self._preset.probe(), min(PROBE_TIMEOUT_SEC, self._config.timeout_sec))
        self._last = _in_words(outcome)
        if isinstance(outcome, Answer) and self._preset.knows_us(outcome):
            self._reached()
        else:
            self._rest_after_failure()
        return self._state()

    async def stop(self) -> None:
        self._running = False
        cut_off = _monotonic() + DRAIN_SEC
        for deadline in self._under_way:
            deadline.reschedule(cut_off)
        await self._idle.wait()

    def reports(self, incoming: Incoming, now: datetime) -> list[Report]:
        """What one request of the carrier says. Raises BadSignature (answer 403) or BadRequest (answer 400)."""
        return self._preset.reports(incoming, now)

    def acknowledgement(self) -> tuple[str, str]:
        """Content type and body of the 200, to be given after the reports are committed."""
        return self._preset.acknowledgement()

    def _obstacle(self, submission: Submission) -> Verdict | None:
        """Why we do not even ask."""
        if not self._running:
            return NotSent("stopped")
        if submission.media_urls and not self.supports_media:
            return Refused("carrier_rejected", "this carrier takes no media")
        rest_sec = self._rest_until - _monotonic()
        if rest_sec > 0:
            return NotSent(self._last) if self._failures else Throttled(rest_sec, self._last)
        if len(self._under_way) >= self._window:
            return Throttled(WINDOW_FULL_RETRY_SEC, "window full")
        return None

    async def _media_obstacle(self, submission: Submission) -> Verdict | None:
        """Media that the carrier could not fetch, or not take, are noticed before it is paid for trying.

        They are fetched as a carrier would, through the guard: a file that is too large is a final no, one that
        cannot be had now may be there later.
        """
        answers = await asyncio.gather(
            *(
                self._client.request("GET", url, timeout_sec=MEDIA_TIMEOUT_SEC, max_bytes=MAX_MEDIA_BYTES)
                for url in submission.media_urls
            )
        )
        verdict: Verdict | None = None
        for answer in answers:
            if isinstance(answer, Failure) and answer.kind == "too_large":
                return Refused("carrier_rejected", "a media file is larger than 5 MB")
            if isinstance(answer, Failure):
                verdict = Throttled(MEDIA_RETRY_SEC, f"a media file cannot be fetched: {answer.kind}")
            elif answer.status != HTTP_OK:
                verdict = Throttled(MEDIA_RETRY_SEC, f"a media file cannot be fetched: status {answer.status}")
        return verdict

    async def _submit(self, submission: Submission) -> Verdict:
        wait_sec = self._rate.take_turn(_monotonic())
        if wait_sec > HORIZON_SEC:
            return Throttled(wait_sec, "over the rate")
        cut: Verdict = NotSent("stopping")
        try:
            # Without an end of its own: `stop` gives it one.
            async with asyncio.timeout(None) as deadline:
                self._enter(deadline)
                try:
                    await asyncio.sleep(wait_sec)
                    if not self._running:
                        return cut
                    cut = Unknown("stopped before the answer came")
                    return await self._ask(submission)
                finally:
                    self._leave(deadline)
        except TimeoutError:
            return cut

    async def _ask(self, submission: Submission) -> Verdict:
        outcome = await self._send(self._preset.request(submission), self._config.timeout_sec)
        if isinstance(outcome, Failure):
            raw = f"{outcome.kind}: {outcome.detail}"
            verdict: Verdict = Unknown(raw) if outcome.sent else NotSent(raw)
        else:
            verdict = self._preset.verdict(outcome)
        self._learn(verdict, outcome)
        return verdict

    async def _send(self, request: Request, timeout_sec: float) -> Answer | Failure:
        return await self._client.request(
            request.method, request.url, body=request.body, headers=request.headers, timeout_sec=timeout_sec
        )

    def _learn(self, verdict: Verdict, outcome: Answer | Failure) -> None:
        self._last = _in_words(outcome)
        now = _monotonic()
        match verdict:
            case Accepted() | Refused():
                self._reached()
                self._rate.accepted(now)
            case Throttled(retry_after_sec=rest_sec):
                # A sender's full queue comes with another status, and does not stop everybody else.
                if isinstance(outcome, Answer) and outcome.status in (429, 503):
                    self._failures = 0
                    self._rest_until = now + rest_sec
                    self._rate.throttled(now)
            case NotSent():
                self._rest_after_failure()
            case Unknown():
                pass

    def _reached(self) -> None:
        self._failures = 0
        self._rest_until = 0.0

    def _rest_after_failure(self) -> None:
        now = _monotonic()
        # Requests that failed together are one failure.
        if now >= self._rest_until:
            self._rest_until = now + self._backoff_sec[min(self._failures, len(self._backoff_sec) - 1)]
            self._failures += 1

    def _enter(self, deadline: asyncio.Timeout) -> None:
        self._under_way.add(deadline)
        self._idle.clear()

    def _leave(self, deadline: asyncio.Timeout) -> None:
        self._under_way.discard(deadline)
        if not self._under_way:
            self._idle.set()

    def _state(self) -> LinkState:
        detail = f"{self._last}; window {len(self._under_way)}/{self._window}"
        rest_sec = self._rest_until - _monotonic()
        if rest_sec > 0:
            detail += f"; resting {rest_sec:.0f} s"
        counters = {name: self._counters[name] for name in COUNTERS}
        return LinkState(self.name, self._running and not self._failures, detail, counters)


_COUNTER_OF: dict[type[Verdict], str] = dict(
    zip((Accepted, Refused, Throttled, NotSent, Unknown), COUNTERS, strict=True)
)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()


def _in_words(outcome: Answer | Failure) -> str:
    if isinstance(outcome, Failure):
        return f"{outcome.kind}: {outcome.detail}"
    return f"answered HTTP {outcome.status} in {outcome.elapsed_ms} ms"
