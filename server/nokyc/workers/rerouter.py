"""Messages in the queue of a carrier that cannot be reached, or is gone: on to the best one that can."""

import asyncio
from collections.abc import Callable

from nokyc.resources.carriers.routing import Routing, carrier_of, queue_of
from nokyc.resources.sms import actions
from nokyc.store.store import Store, Unit
from nokyc.store.tasks import CLAIM

PATIENCE_SEC = 5.0
"""A link that comes back at once keeps its messages; so does one that is only just being bound."""
DOUBT_PATIENCE_SEC = 60.0
"""What a carrier may have taken stays with it for longer: many know a message again that they get twice within a
minute, and another carrier cannot. After that a message that may come twice is better than one that may not come."""


class Rerouter:
    """Walks over such queues, a page at a time and over again. What no other carrier can take stays where it is."""

    def __init__(
        self,
        store: Store,
        routing: Routing,
        reachable: Callable[[str], bool],
        *,
        patience_sec: float = PATIENCE_SEC,
        doubt_patience_sec: float = DOUBT_PATIENCE_SEC,
    ) -> None:
        self._store = store
        self._routing = routing
        self._reachable = reachable
        self._patience_sec = patience_sec
        self._doubt_patience_sec = doubt_patience_sec
        self._down_since: dict[str, float] = {}
        self._after: dict[str, tuple[int, int]] = {}

    async def once(self) -> int:
        """Look at one page of each queue; returns how many messages were moved."""
        async with self._store.reading() as connection:
            queues = [row["queue"] for row in await connection.fetch(_QUEUES)]
        now = asyncio.get_running_loop().time()
        carriers = ((queue, carrier_of(queue)) for queue in queues)
        down = [queue for queue, carrier in carriers if carrier is not None and not self._reachable(carrier)]
        self._down_since = {queue: self._down_since.get(queue, now) for queue in down}
        moved = 0
        for queue in down:
            down_sec = now - self._down_since[queue]
            if down_sec >= self._patience_sec:
                doubtful = down_sec >= self._doubt_patience_sec
                moved += await self._store.run(lambda unit, q=queue, d=doubtful: self._page(unit, q, d))  # type: ignore[misc]
        return moved

    async def _page(self, unit: Unit, queue: str, doubtful: bool) -> int:
        rows = await unit.connection.fetch(_PAGE, queue, *self._after.get(queue, (-1, -1)), CLAIM, doubtful)
        self._after[queue] = (rows[-1]["account_id"], rows[-1]["id"]) if len(rows) == CLAIM else (-1, -1)
        moves = []
        for row in rows:
            choice = await self._routing.choose_for(row, unit.connection)
            other = next((name for name in choice.carriers if self._reachable(name)), None)
            if other is not None and other != carrier_of(queue):
                moves.append((row["account_id"], row["id"], queue_of(other)))
        await actions.reroute(unit, moves)
        return len(moves)


_QUEUES = """
WITH RECURSIVE q (queue) AS (
    (SELECT queue FROM tasks ORDER BY queue LIMIT 1)
    UNION ALL
    SELECT (SELECT t.queue FROM tasks t WHERE t.queue > q.queue ORDER BY t.queue LIMIT 1)
    FROM q WHERE q.queue IS NOT NULL
) SELECT queue FROM q WHERE queue IS NOT NULL
"""
_PAGE = """
SELECT t.account_id, t.id, s.recipient, s.media_urls, a.livemode, n.carrier AS number_carrier
FROM tasks t
JOIN sms s ON s.account_id = t.account_id AND s.id = t.subject_id AND s.status = 'queued'
JOIN accounts a ON a.id = t.account_id
LEFT JOIN numbers n ON n.account_id = s.account_id AND n.id = s.number_id
WHERE t.queue = $1 AND NOT t.claimed AND (t.account_id, t.id) > ($2, $3)
AND ($5 OR NOT EXISTS (SELECT 1 FROM segments g WHERE g.account_id = s.account_id AND g.sms_id = s.id
    AND (g.status = 'submitting' OR g.status = 'queued' AND g.unknowns > 0)))
ORDER BY t.account_id, t.id LIMIT $4 FOR UPDATE OF t SKIP LOCKED
"""
