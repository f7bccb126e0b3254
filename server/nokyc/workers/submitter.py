"""The outbox of one carrier: messages become submissions, verdicts become results."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog

from nokyc.carriers.port import Refused, SmsCarrier, Submission, Throttled, Verdict
from nokyc.kit import ids, segments
from nokyc.kit.faults import where
from nokyc.resources.carriers.routing import Routing, queue_of
from nokyc.resources.sms import actions
from nokyc.resources.sms.actions import MAX_UNKNOWNS, Result
from nokyc.store.batcher import Batcher
from nokyc.store.store import LOST, Store, Unit
from nokyc.store.tasks import CLAIM, Task, finish
from nokyc.workers.gate import Gate
from nokyc.workers.runner import Claimer

MAX_IN_FLIGHT = 512
"""Messages of one carrier that are with it or before its gate at the same time."""
EASE_SEC = 0.05
PACE_SEC = 0.25
REST_SEC = 0.008
"""Distance of claims under load: customers wait for this one, so it is short."""
RECORD_REST_SEC = 0.015
RECORD_AGAIN_SEC = 1.0
"""How often we try to write a verdict down while the database is away."""
RECORDED_WITHIN_SEC = 0.2
"""How long receipts wait for the records of their submissions."""
MIN_VALIDITY_SEC = 60
NOT_HANDED_OVER = Throttled(0.0, "")
"""The verdict on what never passed the gate: it goes back to the queue, and there is nothing to tell about it."""

log = structlog.get_logger("nokyc.worker")


class Submitter:
    """Feeds one carrier from its queue, as fast as it takes.

    As many segments wait before the gate as fit into the carrier's window, or as it took in the last PACE_SEC, so that
    the window never runs empty while the next are fetched.
    """

    def __init__(
        self,
        store: Store,
        carrier: SmsCarrier,
        routing: Routing,
        reachable: Callable[[str], bool] = lambda name: True,
        holder: int | None = None,
    ) -> None:
        self._store = store
        self._carrier = carrier
        self._routing = routing
        self._reachable = reachable
        self._claimer = Claimer(store, queue_of(carrier.name), holder)
        self._recorder: Batcher[Result, None] = Batcher(self._record, lanes=1, rest_sec=RECORD_REST_SEC)
        self._gate = Gate(carrier)
        self._with_carrier = 0
        self._withheld = 0
        """Messages whose verdicts could not be written down so far."""
        self._answers = self._answers_before = 0
        self._counting_since = 0.0
        self._in_flight: set[asyncio.Task[None]] = set()
        self._landed = asyncio.Event()

    async def once(self) -> int:
        """Claim what will be taken soon and begin to submit it; returns how many messages that was, or 1 after
        waiting for room."""
        if self._withheld:
            return 0
        window = self._carrier.capacity() + self._with_carrier
        depth = max(window, self._pace()) if window else 0
        room = min(depth - self._gate.waiting, MAX_IN_FLIGHT - len(self._in_flight), CLAIM)
        if self._in_flight and room <= min(depth, CLAIM) // 2:
            self._landed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(EASE_SEC):
                    await self._landed.wait()
            return 1
        if room <= 0:
            return 0
        loaded = await self._store.run(lambda unit: self._load(unit, room))
        self._claimer.answered()
        for task, row, states in loaded:
            flight = asyncio.create_task(self._one(task, row, states))
            self._in_flight.add(flight)
            flight.add_done_callback(self._land)
        return len(loaded)

    def close(self) -> None:
        """Hand nothing over any more; what waits goes back to the queue."""
        self._gate.close()

    async def settle(self) -> None:
        """Wait for everything that is in flight."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def recorded(self) -> None:
        """Wait until what was answered by now is on record, or a moment: its receipts may be here already."""
        await self._recorder.settle(RECORDED_WITHIN_SEC)

    def _pace(self) -> int:
        """How many submissions were answered in the last full PACE_SEC."""
        now = asyncio.get_running_loop().time()
        if now - self._counting_since >= PACE_SEC:
            self._answers_before = self._answers if now - self._counting_since < 2 * PACE_SEC else 0
            self._answers, self._counting_since = 0, now
        return self._answers_before

    def _land(self, flight: asyncio.Task[None]) -> None:
        self._in_flight.discard(flight)
        self._landed.set()

    async def _load(self, unit: Unit, room: int) -> list[tuple[Task, Any, list[Any]]]:
        """Claim tasks, and mark their open segments as being submitted, in one commit before the first byte leaves."""
        claimed = await self._claimer.claim_in(unit.connection, room)
        if not claimed:
            return []
        rows = await actions.lock(unit, [(task.account_id, task.subject_id) for task in claimed])
        ready, over, expired = [], [], []
        for task in claimed:
            row = rows.get((task.account_id, task.subject_id))
            if row is None or row["status"] != "queued":
                over.append(task)
            elif row["expires_at"] <= unit.wall:
                expired.append((task.account_id, task.subject_id))
                over.append(task)
            else:
                ready.append((task, row))
        if expired:
            await actions.expire(unit, expired)
        if over:
            await finish(unit.connection, over)
        states = await actions.mark_submitting(unit, self._carrier.name, [row for _, row in ready])
        return [(task, row, states[row["account_id"], row["id"]]) for task, row in ready]

    async def _one(self, task: Task, row: Any, states: list[Any]) -> None:
        """One message from the gate to its record."""
        try:
            verdicts = await self._submit(task, row, states)
            await self._conclude(task, row, verdicts)
        except Exception as error:  # a bug must not stop the queue
            log.error("submission failed", carrier=self._carrier.name, error=type(error).__name__, where=where(error))

    async def _conclude(self, task: Task, row: Any, verdicts: dict[int, Verdict]) -> None:
        """Write the verdicts down, however long the database is away. Leases end meanwhile, so nothing is claimed
        before that is done: what has its verdict would be submitted once more."""
        away = False
        try:
            while True:
                try:
                    result = Result(task, self._carrier.name, verdicts, await self._next_carrier(row))
                    return await self._recorder.submit(result)
                except (*LOST, TimeoutError):
                    self._withheld += not away
                    away = True
                    await asyncio.sleep(RECORD_AGAIN_SEC)
        finally:
            self._withheld -= away

    async def _next_carrier(self, row: Any) -> str | None:
        """The best other carrier that can be reached now."""
        choice = await self._routing.choose_for(row)
        others = (name for name in choice.carriers if name != self._carrier.name)
        return next((name for name in others if self._reachable(name)), None)

    async def _submit(self, task: Task, row: Any, states: Sequence[Any]) -> dict[int, Verdict]:
        open_segments = [state for state in states if state["status"] == "submitting"]
        if any(state["unknowns"] >= MAX_UNKNOWNS for state in open_segments):
            worn_out = Refused("carrier_timeout", f"{MAX_UNKNOWNS} submissions without an answer")
            return {state["index"]: worn_out for state in open_segments}
        parts = segments.split(row["body"], states[0]["concatenation"] or 0)
        left_sec = int((row["expires_at"] - self._store.clock.now()).total_seconds())

        def submission(index: int, handed: tuple[segments.Part, ...]) -> Submission:
            return Submission(
                id=f"{ids.show('sms', row['id'])}.{index}",
                sender=row["sender"],
                recipient=row["recipient"],
                text=row["body"],
                encoding=row["encoding"],
                parts=handed,
                index=index,
                total=row["segments"],
                media_urls=tuple(row["media_urls"]),
                validity_sec=max(MIN_VALIDITY_SEC, left_sec),
                attempt=task.attempts,
            )

        if self._carrier.unit == "message":
            verdict = await self._hand_over(submission(1, parts))
            return {state["index"]: verdict for state in open_segments}
        indexes = [state["index"] for state in open_segments]
        handing = [self._hand_over(submission(index, (parts[index - 1],))) for index in indexes]
        # Most messages have one segment, which needs no task of its own.
        verdicts = [await handing[0]] if len(handing) == 1 else await asyncio.gather(*handing)
        return dict(zip(indexes, verdicts, strict=True))

    async def _hand_over(self, submission: Submission) -> Verdict:
        if not await self._gate.enter():
            return NOT_HANDED_OVER
        self._with_carrier += 1
        try:
            return await self._carrier.submit(submission)
        finally:
            self._with_carrier -= 1
            self._answers += 1
            self._gate.nudge()
            self._landed.set()

    async def _record(self, results: Sequence[Result]) -> list[None]:
        await self._store.run(lambda unit: actions.record_results(unit, results))
        return [None] * len(results)
