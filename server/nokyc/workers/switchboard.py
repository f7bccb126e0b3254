"""The voice engine's view of the platform: `nokyc_voice.platform.Platform` over the store, and what the store wants of
the engine: calls to place, calls to end, carriers that changed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import structlog

from nokyc.http.errors import ApiError
from nokyc.kit import e164, ids
from nokyc.kit.faults import where
from nokyc.kit.ids import request_id
from nokyc.resources.calls import actions, inbound
from nokyc.resources.calls.intake import QUEUE, Intake, Order
from nokyc.resources.calls.money import needs_more
from nokyc.resources.calls.schemas import ToSoftphone
from nokyc.resources.carriers import links
from nokyc.resources.devices import queries as devices
from nokyc.store import tasks
from nokyc.store.store import LOST, Store, Unit
from nokyc.workers.callplans import Plans
from nokyc.workers.reports import Reports
from nokyc.workers.runner import Claimer, Runner
from nokyc_voice.platform import (
    Device,
    Dialled,
    Incoming,
    Place,
    Platform,
    PlatformAwayError,
    Refuse,
    Report,
    Take,
    Trunk,
    TrunkState,
)

T = TypeVar("T")

CLAIM = 32
"""Calls that one process takes at once."""
PAUSE_SEC = 1.0
UNKNOWN_NUMBER = Refuse(404, "Not Found", 1)
PAUSED_NUMBER = Refuse(480, "Temporarily Unavailable", 20)
SCREENED = Refuse(inbound.DECLINE, "Decline", inbound.CALL_REJECTED)
INCOMPLETE_ADDRESS = Refuse(484, "Address Incomplete", 28)
NO_ROUTE = Refuse(404, "Not Found", 3)
FORBIDDEN = Refuse(403, "Forbidden", 21)
REFUSALS = {
    "balance_insufficient": Refuse(402, "Payment Required", 21),
    "spend_cap_reached": Refuse(402, "Payment Required", 21),
    "rate_limit_exceeded": Refuse(480, "Temporarily Unavailable", 42),
    "number_paused": PAUSED_NUMBER,
    "destination_unsupported": UNKNOWN_NUMBER,
}
"""What a device hears for a refusal of the API; FORBIDDEN for any other."""

log = structlog.get_logger("nokyc.voice")


class Engine(Protocol):
    """What the platform wants of the voice engine. None of these waits for the far end, and none raises."""

    @property
    def full(self) -> bool:
        """It has as many calls as it can keep clean, or it ends."""
        ...

    async def place(self, place: Place) -> None:
        """Take over a call that was written down for this process."""
        ...

    async def hang_up(self, call_id: int) -> None:
        """End a call; it is over in the database already. Nothing happens if it is over here too."""
        ...

    async def changed(self) -> None:
        """Trunks may have changed: ask `Platform.trunks` again."""
        ...

    def states(self) -> Sequence[TrunkState]:
        """Every trunk as it is now, for the operator."""
        ...


class Switchboard(Platform):
    """Implements `Platform`, for one voice process of the name `name`."""

    def __init__(self, store: Store, intake: Intake, plans: Plans, reports: Reports, *, max_call_sec: int) -> None:
        self.name = request_id().removeprefix("req_")
        self._store = store
        self._intake = intake
        self._plans = plans
        self.reports = reports
        self._max_sec = max_call_sec
        self._waiting = Claimer(store, QUEUE)
        self._own_queue = actions.queue_of(self.name)
        self._orders = Claimer(store, self._own_queue)
        self._runners: list[Runner] = []
        self._changed = asyncio.Event()
        store.on_change(self._changed.set)

    # --- what the engine asks ---

    async def trunks(self) -> Sequence[Trunk]:
        return await self._or_away(self._plans.trunks)

    async def incoming(self, incoming: Incoming) -> Take | Refuse:
        async def work(unit: Unit) -> Take | Refuse:
            taken = await inbound.receive(
                unit, sandbox_id=None, caller=incoming.caller, callee=incoming.callee, carrier=incoming.trunk,
                worker=self.name, max_sec=self._max_sec, request_id=request_id(),
            )  # fmt: skip
            if isinstance(taken, str):
                return PAUSED_NUMBER if taken == "paused" else UNKNOWN_NUMBER
            if isinstance(taken, inbound.Screened):
                return SCREENED
            return await self._plans.take(unit, taken)

        answer = await self._or_away(lambda: self._store.run(work))
        if isinstance(answer, Take):
            self.reports.know(answer.call_id, answer.account_id)
        return answer

    async def device(self, username: str) -> Device | None:
        now = self._store.clock.now()

        async def find() -> Device | None:
            async with self._store.reading() as connection:
                if (session_id := ids.read("bws", username)) is not None:
                    row = await devices.find_browser_session(connection, session_id, now)
                    return None if row is None else self._plans.browser(row, username, now)
                row = await devices.find_device(connection, username)
            return None if row is None else self._plans.device(row)

        return await self._or_away(find)

    async def dialled(self, dialled: Dialled) -> Place | Refuse:
        try:
            to = e164.parse(dialled.to)
        except ValueError:
            return INCOMPLETE_ADDRESS
        device = dialled.device

        async def work(unit: Unit) -> Any:
            order = Order(device.account_id, True, device.number_id, to, request_id(), unit.wall, ToSoftphone())
            return await self._intake.place(unit, order, worker=self.name)

        async def place() -> Place | Refuse:
            row = await self._store.run(work)
            self.reports.know(row["id"], row["account_id"])
            placed = await self._plans.place(row, from_device=True)
            if placed is None:
                await self._give_up(row)
            return placed or NO_ROUTE

        try:
            return await self._or_away(place)
        except ApiError as refusal:
            return REFUSALS.get(refusal.code, FORBIDDEN)

    async def report(self, report: Report) -> None:
        await self.reports.record(report)

    async def beat(self, talking: Mapping[int, int], waiting: Sequence[int]) -> Mapping[int, int]:
        live = [*talking, *waiting]
        accounts = {call_id: self.reports.account_of(call_id) for call_id in live}
        known = [(account_id, call_id) for call_id, account_id in accounts.items() if account_id is not None]

        async def work() -> dict[int, int]:
            paid = await self._store.run(lambda unit: actions.beat(unit, self.name, known))
            for account_id, call_id in known:
                talked = talking.get(call_id)
                if talked is not None and call_id in paid:
                    paid[call_id] = await self._paid(account_id, call_id, talked, paid[call_id])
            return paid

        return dict.fromkeys(live, 0) | await self._or_away(work)

    # --- what the engine is asked ---

    async def run(self, engine: Engine) -> None:
        """Hand the engine what there is for it, until cancelled."""
        self._runners = [
            Runner(QUEUE, lambda: self.place_waiting(engine)),
            Runner(self._own_queue, lambda: self.hang_up_ended(engine)),
        ]
        async with asyncio.TaskGroup() as group:
            for runner in self._runners:
                group.create_task(runner.run())
            group.create_task(self._follow_carriers(engine))
            group.create_task(self._show_links(engine))

    def wake(self, queue: str | None) -> None:
        """A queue has work; None for "perhaps any"."""
        for runner in self._runners:
            if queue in (None, runner.name):
                runner.wake()

    async def place_waiting(self, engine: Engine) -> int:
        """Take calls that wait, and hand them over; returns how many there were. A full engine takes none."""
        if engine.full:
            return 0
        count, taken = await self._store.run(self._take)
        for row, placed in taken:
            self.reports.know(row["id"], row["account_id"])
            if placed is None:
                await self._give_up(row)
            else:
                await engine.place(placed)
        return count

    async def hang_up_ended(self, engine: Engine) -> int:
        """Tell the engine of calls that were ended by their accounts; returns how many there were."""
        claimed = await self._orders.claim(CLAIM)
        for task in claimed:
            await engine.hang_up(task.subject_id)
        async with self._store.reading() as connection:
            await tasks.finish(connection, claimed)
        return len(claimed)

    async def show_links(self, engine: Engine) -> None:
        """Show operators every trunk as this process sees it."""
        seen = [(trunk.name, trunk) for trunk in engine.states()]
        await self._store.run(lambda unit: links.show(unit, self.name, seen))

    async def _take(self, unit: Unit) -> tuple[int, list[tuple[Any, Place | None]]]:
        """Claim, take, and plan in one commit: if the store goes away in between, the calls wait as they did."""
        claimed = await self._waiting.claim_in(unit.connection, CLAIM)
        if not claimed:
            return 0, []
        rows = await actions.take(unit, [(task.account_id, task.subject_id) for task in claimed], self.name)
        await tasks.finish(unit.connection, claimed)
        return len(claimed), [(row, await self._plans.place(row)) for row in rows]

    async def _give_up(self, row: Any) -> None:
        """There is no trunk any more that leads there."""
        account_id, call_id, now = row["account_id"], row["id"], self._store.clock.now()
        await self._store.run(
            lambda unit: actions.record_ended(unit, account_id, call_id, now, "failed", "unreachable", cause=3)
        )

    async def _paid(self, account_id: int, call_id: int, talked_sec: int, paid_sec: int) -> int:
        if not needs_more(talked_sec, paid_sec, self._max_sec):
            return paid_sec
        return await self._store.run(
            lambda unit: actions.extend_hold(unit, account_id, call_id, talked_sec, self._max_sec)
        )

    async def _follow_carriers(self, engine: Engine) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await engine.changed()

    async def _show_links(self, engine: Engine) -> None:
        while True:
            with suppress(*LOST, TimeoutError):
                await self.show_links(engine)
            await asyncio.sleep(links.EVERY_SEC)

    async def _or_away(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something that decides. Raises PlatformAwayError while the store is away, or if our own code fails."""
        try:
            return await work()
        except ApiError:
            raise
        except (*LOST, TimeoutError):
            raise PlatformAwayError("the store cannot be reached") from None
        except Exception as error:  # a bug of ours must not end the engine
            log.error("not decided", error=type(error).__name__, where=where(error))
            raise PlatformAwayError("this could not be decided") from None
