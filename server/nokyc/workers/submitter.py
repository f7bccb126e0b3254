"""The outbox of one carrier: messages become submissions, verdicts become results."""

import asyncio
from collections.abc import Sequence
from typing import Any

from nokyc.carriers.port import Refused, SmsCarrier, Submission, Verdict
from nokyc.kit import ids, segments
from nokyc.resources.carriers.routing import Routing
from nokyc.resources.sms import actions
from nokyc.resources.sms.actions import MAX_UNKNOWNS, Result
from nokyc.store.batcher import Batcher
from nokyc.store.store import Store, Unit
from nokyc.store.tasks import CLAIM, Task, finish
from nokyc.workers.runner import Claimer

MAX_IN_FLIGHT = 512
"""Messages of one carrier that are with it at the same time."""


class Submitter:
    """Feeds one carrier from its queue, as fast as it takes."""

    def __init__(self, store: Store, carrier: SmsCarrier, routing: Routing) -> None:
        self._store = store
        self._carrier = carrier
        self._routing = routing
        self._claimer = Claimer(store, f"sms.{carrier.name}")
        self._recorder: Batcher[Result, None] = Batcher(self._record, lanes=2)
        self._in_flight: set[asyncio.Task[None]] = set()

    async def once(self) -> int:
        """Claim what the carrier would take now and begin to submit it; returns how many messages that was."""
        room = min(self._carrier.capacity(), MAX_IN_FLIGHT - len(self._in_flight), CLAIM)
        if room <= 0:
            return 0
        loaded = await self._store.run(lambda unit: self._load(unit, room))
        for task, row, states in loaded:
            flight = asyncio.create_task(self._one(task, row, states))
            self._in_flight.add(flight)
            flight.add_done_callback(self._in_flight.discard)
        if self._in_flight and not loaded:
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED, timeout=0.05)
        return len(loaded)

    async def settle(self) -> None:
        """Wait for everything that is in flight."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _load(self, unit: Unit, room: int) -> list[tuple[Task, Any, list[Any]]]:
        """Claim tasks, and mark their open segments as being submitted, in one commit before the first byte leaves."""
        claimed = await self._claimer.claim_in(unit.connection, room)
        if not claimed:
            return []
        rows = await actions.lock(unit, [(task.account_id, task.subject_id) for task in claimed])
        ready, over = [], []
        for task in claimed:
            row = rows.get((task.account_id, task.subject_id))
            if row is None or row["status"] != "queued":
                over.append(task)
            elif row["expires_at"] <= unit.wall:
                await actions.expire(unit, [(task.account_id, task.subject_id)])
                over.append(task)
            else:
                ready.append((task, row))
        if over:
            await finish(unit.connection, over)
        states = await actions.mark_submitting(unit, self._carrier.name, [row for _, row in ready])
        return [(task, row, states[row["account_id"], row["id"]]) for task, row in ready]

    async def _one(self, task: Task, row: Any, states: list[Any]) -> None:
        verdicts = await self._submit(task, row, states)
        choice = await self._routing.choose(
            row["recipient"], number_carrier=row["number_carrier"], livemode=row["livemode"]
        )
        others = [name for name in choice.carriers if name != self._carrier.name]
        after = choice.carriers.index(self._carrier.name) if self._carrier.name in choice.carriers else -1
        following = [*choice.carriers[after + 1 :], *others]
        await self._recorder.submit(Result(task, self._carrier.name, verdicts, following[0] if following else None))

    async def _submit(self, task: Task, row: Any, states: Sequence[Any]) -> dict[int, Verdict]:
        open_segments = [state for state in states if state["status"] == "submitting"]
        if any(state["unknowns"] >= MAX_UNKNOWNS for state in open_segments):
            worn_out = Refused("carrier_timeout", f"{MAX_UNKNOWNS} submissions without an answer")
            return {state["index"]: worn_out for state in open_segments}
        parts = segments.split(row["body"], row["id"] & 0xFF)
        validity_sec = max(60, int((row["expires_at"] - self._store.clock.now()).total_seconds()))

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
                validity_sec=validity_sec,
                attempt=task.attempts,
            )

        if self._carrier.unit == "message":
            verdict = await self._carrier.submit(submission(1, parts))
            return {state["index"]: verdict for state in open_segments}
        indexes = [state["index"] for state in open_segments]
        verdicts = await asyncio.gather(
            *(self._carrier.submit(submission(index, (parts[index - 1],))) for index in indexes)
        )
        return dict(zip(indexes, verdicts, strict=True))

    async def _record(self, results: Sequence[Result]) -> list[None]:
        await self._store.run(lambda unit: actions.record_results(unit, results))
        return [None] * len(results)
