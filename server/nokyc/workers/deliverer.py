"""Webhook deliveries: load the frozen event, sign, POST, write down what came back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from nokyc.http.call import ENCODER
from nokyc.http.outbound import TIMEOUT_SEC, Failure, OutboundClient
from nokyc.http.versions import Versions
from nokyc.kit import ids
from nokyc.kit.signing import signature_headers
from nokyc.resources.events.actions import OF_ENDPOINT, QUEUE
from nokyc.resources.events.schemas import render
from nokyc.resources.webhooks.actions import Outcome, active_secrets, cancel_deliveries, record_attempts
from nokyc.store import tasks
from nokyc.store.batcher import Batcher
from nokyc.store.store import LOST, Store
from nokyc.store.tasks import CLAIM, Task
from nokyc.workers.runner import Claimer, failed

MAX_IN_FLIGHT = 256
MAX_PER_ENDPOINT = 32
"""Deliveries to one endpoint at a time, so that a slow one does not take all the places."""
RECORD_REST_SEC = 0.02
PATIENCE_SEC = 0.25
"""How long one claim waits for places at busy endpoints: a quick receiver frees them within milliseconds."""
CROWDED_RETRY = timedelta(seconds=5)
"""When what found no place is looked at again: its receiver is slow, and others shall not wait for it."""

LOAD = f"""
SELECT {OF_ENDPOINT}, d.id, d.event_id, d.attempts, d.resend, d.created_at,
    e.type, e.data, e.api_version AS shape, e.request_id, e.created_at AS event_at
FROM unnest($1::bigint[], $2::bigint[]) AS k (account_id, id)
CROSS JOIN LATERAL (
    SELECT * FROM deliveries WHERE account_id = k.account_id AND id = k.id AND status = 'pending' OFFSET 0
) AS d
CROSS JOIN LATERAL (
    SELECT * FROM webhook_endpoints WHERE account_id = d.account_id AND id = d.endpoint_id
        AND status = 'enabled' AND deleted_at IS NULL OFFSET 0
) AS w
CROSS JOIN LATERAL (SELECT * FROM events WHERE account_id = d.account_id AND id = d.event_id OFFSET 0) AS e
JOIN accounts a ON a.id = d.account_id
"""  # noqa: S608 - words of our own
"""OFFSET keeps the look-ups in this order: the planner, whose figures of a new table are old, would else begin with the
account and walk over all its events and deliveries."""

log = structlog.get_logger("nokyc.worker")


class Deliverer:
    """Delivers events to endpoints."""

    def __init__(self, store: Store, client: OutboundClient, versions: Versions, holder: int | None = None) -> None:
        self.holder = holder
        self._store = store
        self._client = client
        self._versions = versions
        self._claimer = Claimer(store, QUEUE, holder)
        self._recorder: Batcher[Outcome, None] = Batcher(self._record, lanes=1, rest_sec=RECORD_REST_SEC)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._per_endpoint: Counter[int] = Counter()
        self._freed = asyncio.Event()
        self._taken = 0
        self._taking: set[asyncio.Task[None]] = set()

    async def once(self) -> int:
        """Claim deliveries and begin to make them; returns how many."""
        room = min(MAX_IN_FLIGHT - len(self._in_flight), CLAIM)
        if room <= 0:
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
            return 1
        claimed = await self._claimer.claim(room)
        if not claimed:
            return 0
        rows = await self._load(claimed)
        found = [(task, rows.get((task.account_id, task.subject_id))) for task in claimed]
        dropped = [task for task, row in found if row is None]
        if dropped:
            await self._store.run(lambda unit: cancel_deliveries(unit, dropped))
        await self._place_or_put_back([(task, row) for task, row in found if row is not None])
        return len(claimed)

    def room(self) -> int:
        """How many deliveries it would take from the transactions that make them, without looking for them."""
        return max(0, min(CLAIM - self._taken, MAX_IN_FLIGHT - len(self._in_flight)))

    def take(self, handed: Sequence[tuple[Task, Any]]) -> None:
        """Begin to make deliveries that are claimed, and loaded, already."""
        self._taken += len(handed)
        taking = asyncio.create_task(self._take(handed))
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)

    async def settle(self) -> None:
        """Wait for everything that is in flight."""
        while under_way := self._in_flight | self._taking:
            await asyncio.wait(under_way)

    async def _take(self, handed: Sequence[tuple[Task, Any]]) -> None:
        try:
            await self._place_or_put_back(handed)
        except (*LOST, TimeoutError):  # their leases end
            log.warning("the database went away", queue=QUEUE)
        finally:
            self._taken -= len(handed)

    async def _place_or_put_back(self, waiting: Sequence[tuple[Task, Any]]) -> None:
        if crowded := await self._place(waiting):
            later = self._store.clock.now() + CROWDED_RETRY
            async with self._store.reading() as connection:
                await tasks.postpone_all(connection, crowded, later)

    async def _place(self, waiting: Sequence[tuple[Task, Any]]) -> list[Task]:
        """Begin deliveries as far as their endpoints have places; returns those that found none in time."""
        until = asyncio.get_running_loop().time() + PATIENCE_SEC
        while True:
            waiting = [(task, row) for task, row in waiting if not self._begin(task, row)]
            if not waiting:
                return []
            self._freed.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._freed.wait()
            except TimeoutError:
                return [task for task, _ in waiting]

    def _begin(self, task: Task, row: Any) -> bool:
        """Begin a delivery, if its endpoint has a place."""
        endpoint_id = row["endpoint_id"]
        if self._per_endpoint[endpoint_id] >= MAX_PER_ENDPOINT:
            return False
        self._per_endpoint[endpoint_id] += 1
        flight = asyncio.create_task(self._one(task, row))
        self._in_flight.add(flight)
        flight.add_done_callback(self._in_flight.discard)
        return True

    async def _load(self, claimed: Sequence[Task]) -> dict[tuple[int, int], Any]:
        async with self._store.reading() as connection:
            rows = await connection.fetch(
                LOAD,
                [task.account_id for task in claimed],
                [task.subject_id for task in claimed],
            )
        return {(row["account_id"], row["id"]): row for row in rows}

    async def _one(self, task: Task, row: Any) -> None:
        try:
            try:
                outcome = await self._attempt(task, row)
            finally:
                self._free(row["endpoint_id"])
            await self._recorder.submit(outcome)
        except LOST:  # its lease ends, and it is made again: at least once
            log.warning("the database went away", queue=QUEUE)
        except Exception as error:
            await failed(self._store, task, error)

    def _free(self, endpoint_id: int) -> None:
        self._per_endpoint[endpoint_id] -= 1
        if not self._per_endpoint[endpoint_id]:
            del self._per_endpoint[endpoint_id]
        self._freed.set()

    async def _attempt(self, task: Task, row: Any) -> Outcome:
        wall = self._store.clock.now()
        account_now = wall + timedelta(seconds=row["clock_offset_sec"])
        body = self._body(row)
        event_id = ids.show("evt", row["event_id"])
        secrets = active_secrets(self._store.vault.open, row, account_now)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "NoKYC-Webhooks/1",
            "NoKYC-Event-Id": event_id,
            "NoKYC-Attempt": str(row["attempts"] + 1),
            **signature_headers(secrets, event_id, body, int(wall.timestamp())),
        }
        answer = await self._client.post(row["url"], body, headers, TIMEOUT_SEC)
        if isinstance(answer, Failure):
            status_code, error, text = None, f"{answer.kind}: {answer.detail}", ""
        else:
            status_code, error = answer.status, None
            text = answer.body.decode("utf-8", "replace").replace("\0", "\ufffd")
        return Outcome(
            task=task,
            delivery=row,
            status_code=status_code,
            error=error,
            elapsed_ms=answer.elapsed_ms,
            response_body=text,
            attempted_at=wall,
            account_now=account_now,
        )

    def _body(self, row: Any) -> bytes:
        """The event as its endpoint's version shows it: the same bytes in every attempt."""
        event = render(
            {"id": row["event_id"], "type": row["type"], "created_at": row["event_at"], "data": row["data"],
             "request_id": row["request_id"]},
            livemode=row["livemode"], api_version=row["shape"],
        )  # fmt: skip
        return self._versions.downgrade(ENCODER.encode(event), row["endpoint_version"])

    async def _record(self, outcomes: Sequence[Outcome]) -> list[None]:
        await self._store.run(lambda unit: record_attempts(unit, outcomes))
        return [None] * len(outcomes)
