"""The schedule: what becomes due by the clock."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.calls import actions as calls
from nokyc.resources.calls.settle import IS_OPEN
from nokyc.resources.carriers.routing import Routing, queue_of
from nokyc.resources.files.links import Links
from nokyc.resources.numbers import actions as numbers
from nokyc.resources.sms import actions as sms
from nokyc.resources.sms import inbound
from nokyc.resources.voicemails import actions as voicemails
from nokyc.resources.webhooks import actions as webhooks
from nokyc.store.files import Files
from nokyc.store.store import LOST, Store, Unit
from nokyc.store.tasks import CLAIM, SCHEDULE, Task
from nokyc.workers.runner import Claimer, handle_each
from nokyc.workers.simulator import Simulator

EXPIRED_AT_ONCE = 500
STANDSTILL = calls.WORKER_PATIENCE / 2
"""Nobody looked for calls for so long, which is done several times a second: everybody else stood still as well."""
IN_FLIGHT = timedelta(minutes=2)
"""A submission that began within the validity has its verdict by then."""

Handler = Callable[[Unit, Task, datetime], Awaitable[None]]


class Scheduler:
    """Runs due tasks, each in its account's time."""

    def __init__(
        self,
        store: Store,
        routing: Routing,
        simulator: Simulator,
        files: Files,
        links: Links,
        holder: int | None = None,
    ) -> None:
        self._store = store
        self._routing = routing
        self._files = files
        self._claimer = Claimer(store, SCHEDULE, holder)
        self._was_away = False
        self._looked_at = store.clock.now()
        """When the reaper last began."""
        self._back_at: datetime | None = None
        """When the store was there again, if it was away."""
        self._handlers: dict[str, Handler] = {
            "number.period": lambda unit, task, now: numbers.period_due(
                unit, task.account_id, task.subject_id, now, task.payload
            ),
            "number.window": lambda unit, task, now: numbers.window_due(unit, task.account_id, task.subject_id, now),
            "account.warn_low": lambda unit, task, now: accounts.warn_low(unit, task.account_id, now),
            "webhook.disable": lambda unit, task, now: webhooks.disable_if_still_failing(
                unit, task.account_id, task.subject_id, task.payload
            ),
            "sms.due": self._sms_due,
            "sms.fragments": lambda unit, task, now: inbound.fragments_overdue(unit, task.account_id, task.payload),
            "call.simulate": simulator.handle,
            "voicemail.announce": lambda unit, task, now: voicemails.announce(
                unit, task.account_id, task.subject_id, now, links
            ),
            "file.delete": lambda unit, task, now: self._files.delete(task.payload["file"]),
        }

    async def once(self) -> int:
        claimed = await self._claimer.claim(CLAIM)
        await handle_each(self._store, claimed, self._handle)
        return len(claimed)

    async def expire(self) -> int:
        """End messages whose validity is over without a receipt, or without a carrier that took them."""
        now = self._store.clock.now()
        async with self._store.reading() as connection:
            rows = await connection.fetch(
                "SELECT account_id, id FROM sms WHERE status IN ('queued', 'sent') AND expires_at <= $1"
                " AND (status = 'sent' OR expires_at <= $2) ORDER BY expires_at LIMIT $3",
                now,
                now - IN_FLIGHT,
                EXPIRED_AT_ONCE,
            )
        keys = [(row["account_id"], row["id"]) for row in rows]
        if keys:
            await self._store.run(lambda unit: sms.expire(unit, keys))
        return len(keys)

    async def reap(self) -> int:
        """End calls that nobody looks after any more. While the store is away, or the machine is suspended, no process
        can say that its calls live: each has WORKER_PATIENCE again once that is over."""
        now = self._store.clock.now()
        self._was_away = self._was_away or now - self._looked_at >= STANDSTILL
        self._looked_at = now
        try:
            return await self._reap(now)
        except (*LOST, TimeoutError):
            self._was_away = True
            raise

    async def _reap(self, now: datetime) -> int:
        async with self._store.reading() as connection:
            rows = await connection.fetch(
                f"SELECT account_id, id FROM calls WHERE {IS_OPEN}"  # noqa: S608 - words of our own
                " AND seen_at <= $1 AND carrier IS DISTINCT FROM $2 AND (worker IS NOT NULL OR seen_at <= $3)"
                " ORDER BY seen_at LIMIT $4",
                now - calls.WORKER_PATIENCE,
                SIMULATED,
                now - calls.QUEUE_PATIENCE,
                EXPIRED_AT_ONCE,
            )
        if self._was_away:
            self._was_away, self._back_at = False, now
        if self._back_at is not None and abs(now - self._back_at) < calls.WORKER_PATIENCE:
            return 0
        for row in rows:
            account_id, call_id = row["account_id"], row["id"]
            await self._store.run(lambda unit, a=account_id, c=call_id: calls.reap(unit, a, c))  # type: ignore[misc]
        return len(rows)

    async def _handle(self, unit: Unit, task: Task) -> None:
        await self._handlers[task.kind](unit, task, unit.wall + await _clock_offset(unit, task.account_id))

    async def _sms_due(self, unit: Unit, task: Task, now: datetime) -> None:
        row = (await sms.lock(unit, [(task.account_id, task.subject_id)])).get((task.account_id, task.subject_id))
        if row is None:
            return
        choice = await self._routing.choose_for(row, unit.connection)
        await sms.start_scheduled(unit, task, queue=queue_of(choice.carriers[0]) if choice.carriers else None)


async def _clock_offset(unit: Unit, account_id: int) -> timedelta:
    """How far ahead an account's clock is: not at all, or a sandbox's, which stays there until the unit is over."""
    if await unit.connection.fetchval("SELECT livemode FROM accounts WHERE id = $1", account_id) is not False:
        return timedelta(0)
    await accounts.hold_clock(unit, account_id)
    offset = "SELECT clock_offset_sec FROM accounts WHERE id = $1"
    return timedelta(seconds=await unit.connection.fetchval(offset, account_id))
