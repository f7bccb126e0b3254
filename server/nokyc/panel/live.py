"""Live updates: what happens to an account, told to its open pages as server-sent events (WHATWG HTML, section 9.2).

One task per process looks for new events of all accounts that somebody watches, once a second and in one statement.
A page is told what kind of thing happened to which object, no more; it then asks for what it shows.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta

from nokyc.kit import ids
from nokyc.resources.calls.settle import IS_OPEN
from nokyc.store.store import LOST, Store

POLL_SEC = 1.0
LOOK_BACK = timedelta(seconds=5)
"""Events of other processes may be committed a little after later ones."""
KEEP_ALIVE_SEC = 20.0
MAX_STREAM_SEC = 1_800.0
"""A stream ends then, and the browser opens the next one, if its session still lasts."""
MAX_STREAMS = 500
MAX_STREAMS_EACH = 50
"""Of one account, so that nobody's pages take those of the others."""
MAX_WAITING = 100
MAX_EVENTS = 50
"""Of one account in one look."""
SEEN = 2_000

PREFIXES = {
    "sms": "sms",
    "number": "num",
    "call": "call",
    "voicemail": "vm",
    "webhook_endpoint": "whk",
    "account": "acct",
    "ai": "call",
}
"""How the id of an event's object begins, by the family of its type."""

_NEWS = """
SELECT w.account_id, e.id, e.type, e.subject_id FROM unnest($1::bigint[]) AS w (account_id)
CROSS JOIN LATERAL (SELECT id, type, subject_id FROM events e WHERE e.account_id = w.account_id AND e.id > $2
ORDER BY e.id DESC LIMIT $3) e ORDER BY e.id
"""


_CAPTIONS = f"""
SELECT k.account_id, k.id, max(c.n) AS n FROM calls k JOIN call_captions c ON c.account_id = k.account_id
AND c.call_id = k.id WHERE k.{IS_OPEN} AND k.account_id = ANY ($1)
GROUP BY k.account_id, k.id
"""  # noqa: S608 - words of our own
"""Calls that are translated just now; there are few, and an index has the open ones."""
CAPTION = "call.caption"
"""Told to pages alone: it is no event of the API's."""


class Hub:
    """Tells the open pages of one api process what happens."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: dict[int, set[asyncio.Queue[str]]] = defaultdict(set)
        self._seen: deque[int] = deque(maxlen=SEEN)
        self._said: dict[int, int] = {}
        """The newest caption of each call that goes on."""
        self._looking: asyncio.Task[None] | None = None
        self._stopping: Callable[[], bool] = lambda: False

    def until(self, stopping: Callable[[], bool]) -> None:
        """End all streams once this is true, so that a process that stops does not wait for browsers."""
        self._stopping = stopping

    def full(self, account_id: int) -> bool:
        """Whether an account gets no further stream."""
        own = len(self._listeners.get(account_id, ()))
        return own >= MAX_STREAMS_EACH or sum(map(len, self._listeners.values())) >= MAX_STREAMS

    async def stream(self, account_id: int) -> AsyncIterator[str]:
        """The events of an account from now on, in the form of an event stream."""
        queue: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        self._listeners[account_id].add(queue)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield "retry: 3000\n\n"
            deadline = asyncio.get_running_loop().time() + MAX_STREAM_SEC
            while asyncio.get_running_loop().time() < deadline:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SEC):
                        text = await queue.get()
                except TimeoutError:
                    text = ": still here\n\n"
                if not text:
                    return
                yield text
        finally:
            self._listeners[account_id].discard(queue)
            if not self._listeners[account_id]:
                del self._listeners[account_id]

    async def look(self) -> None:
        """Look for news once, and tell them."""
        watched = list(self._listeners)
        after = ids.first_id_at(self._store.clock.now() - LOOK_BACK)
        async with self._store.reading() as connection:
            rows = await connection.fetch(_NEWS, watched, after, MAX_EVENTS)
            captions = await connection.fetch(_CAPTIONS, watched)
        for row in rows:
            if row["id"] in self._seen:
                continue
            self._seen.append(row["id"])
            family = row["type"].partition(".")[0]
            item = ids.show(PREFIXES.get(family, family), row["subject_id"])
            self._tell(row["account_id"], _news(row["type"], item))
        for row in captions:
            if self._said.get(row["id"]) != row["n"]:
                self._tell(row["account_id"], _news(CAPTION, ids.show("call", row["id"])))
        self._said = {row["id"]: row["n"] for row in captions}

    async def _look(self) -> None:
        while self._listeners:
            if self._stopping():
                for account_id in list(self._listeners):
                    self._tell(account_id, "")
                return
            with suppress(*LOST, TimeoutError):
                await self.look()
            await asyncio.sleep(POLL_SEC)

    def _tell(self, account_id: int, text: str) -> None:
        for queue in self._listeners.get(account_id, ()):
            with suppress(asyncio.QueueFull):  # a page that does not read hears of the next thing
                queue.put_nowait(text)


def _news(kind: str, item: str) -> str:
    """One event of the stream."""
    return f"event: news\ndata: {json.dumps({'type': kind, 'id': item})}\n\n"
