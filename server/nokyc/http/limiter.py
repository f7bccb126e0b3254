"""The rate limiter: a bucket in which each token taken comes back exactly 60 s later (decisions, section E).

So a burst may spend the whole bucket at once, and no rolling minute ever has more than the limit.
"""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nokyc.kit.clock import Clock
from nokyc.store.batcher import Batcher
from nokyc.store.store import Store

WINDOW_MS = 60_000
MAX_BUCKETS = 100_000
"""Keys whose buckets are kept in memory; the one idle longest goes first."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the limiter says to one request."""

    allowed: bool
    limit: int
    remaining: int
    next_ms: int
    """Milliseconds until `remaining` next grows."""

    def headers(self, now_ms: int) -> list[tuple[bytes, bytes]]:
        """The documented headers and the IETF draft's (semantics A6); `now_ms` is unix milliseconds."""
        reset = -(-(now_ms + self.next_ms) // 1000)
        wait = self.retry_after_sec
        return [
            (b"x-rate-limit-limit", b"%d" % self.limit),
            (b"x-rate-limit-remaining", b"%d" % self.remaining),
            (b"x-rate-limit-reset", b"%d" % reset),
            (b"ratelimit-policy", b'"default";q=%d;w=60' % self.limit),
            (b"ratelimit", b'"default";r=%d;t=%d' % (self.remaining, wait)),
        ]

    @property
    def retry_after_sec(self) -> int:
        return max(1, -(-self.next_ms // 1000))


class Limiter(Protocol):
    """Counts one request of a key."""

    async def hit(self, key_id: int, limit: int) -> Decision: ...


class LocalLimiter:
    """Exact buckets in this process: for an installation with one api process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[int, deque[int]] = OrderedDict()

    async def hit(self, key_id: int, limit: int) -> Decision:
        return self.take(key_id, limit)

    def take(self, key_id: int, limit: int) -> Decision:
        now = self._clock.monotonic_ms()
        bucket = self._buckets.get(key_id)
        if bucket is None:
            bucket = self._buckets[key_id] = deque()
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key_id)
        while bucket and now - bucket[0] >= WINDOW_MS:
            bucket.popleft()
        allowed = len(bucket) < limit
        if allowed:
            bucket.append(now)
        # A limit may have been lowered below what is already granted; the bucket then drains before it grows.
        spare = limit - len(bucket)
        return Decision(allowed, limit, max(0, spare), bucket[max(0, -spare)] + WINDOW_MS - now)


class SharedLimiter:
    """The same buckets in PostgreSQL, for any number of api processes; concurrent requests share a round trip.

    The time is the database's, so that all processes share it, unless a clock is handed in.
    """

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store = store
        self._clock = clock
        self._batcher: Batcher[tuple[int, int], Decision] = Batcher(self._hit_all)

    async def hit(self, key_id: int, limit: int) -> Decision:
        return await self._batcher.submit((key_id, limit))

    async def _hit_all(self, hits: Sequence[tuple[int, int]]) -> list[Decision]:
        async with self._store.reading() as connection:
            rows = await connection.fetch(
                "SELECT * FROM rate_limit_hits($1, $2, $3)",
                [key for key, _ in hits],
                [limit for _, limit in hits],
                None if self._clock is None else self._clock.monotonic_ms(),
            )
        return [
            Decision(row["allowed"], limit, row["remaining"], row["next_ms"])
            for row, (_, limit) in zip(rows, hits, strict=True)
        ]
