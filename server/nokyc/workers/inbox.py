"""The inbox: reports of carriers, applied in batches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from nokyc.carriers.port import Receipt
from nokyc.resources.sms import actions, inbound
from nokyc.resources.sms.inbox import QUEUE, read_report, storable_ref
from nokyc.store import tasks
from nokyc.store.store import LOST, Store, Unit
from nokyc.store.tasks import CLAIM, Task
from nokyc.workers.runner import Claimer, failed, handle_each

EARLY_RETRY_SEC = (0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
"""A receipt may be quicker than the record of its submission, so it waits; then it is nobody's, and dropped."""


class Inbox:
    """Applies receipts and inbound messages."""

    def __init__(self, store: Store, holder: int | None = None) -> None:
        self._store = store
        self._claimer = Claimer(store, QUEUE, holder)

    async def once(self) -> int:
        claimed = await self._claimer.claim(2 * CLAIM)
        receipts = [task for task in claimed if task.kind == "receipt"]
        if receipts:
            await self._apply_receipts(receipts)
        messages = [task for task in claimed if task.kind == "inbound"]
        await handle_each(
            self._store,
            messages,
            lambda unit, task: inbound.receive(unit, task.account_id, read_report(task.kind, task.payload)),
        )
        return len(claimed)

    async def _apply_receipts(self, batch: Sequence[Task]) -> None:
        """All in one unit of work; if that fails, each alone, so that one bad report does not hold up the others."""

        async def work(unit: Unit) -> None:
            reports = [read_report(task.kind, task.payload) for task in batch]
            keyed = [(report.carrier, cast(Receipt, report.report)) for report in reports]
            early = await actions.record_receipts(unit, keyed)
            done: list[Task] = []
            later: list[tuple[Task, datetime]] = []
            for task, (carrier, receipt) in zip(batch, keyed, strict=True):
                if (carrier, storable_ref(receipt.carrier_ref)) in early and task.attempts <= len(EARLY_RETRY_SEC):
                    wait = timedelta(seconds=EARLY_RETRY_SEC[task.attempts - 1])
                    later.append((task, unit.wall + wait))
                else:
                    done.append(task)
            if later:
                await tasks.postpone_each(unit.connection, later)
            await tasks.finish(unit.connection, done)

        try:
            await self._store.run(work)
        except LOST:
            raise
        except Exception as error:
            if len(batch) == 1:
                await failed(self._store, batch[0], error)
            else:
                for task in batch:
                    await self._apply_receipts([task])
