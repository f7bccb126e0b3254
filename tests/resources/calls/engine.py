"""A voice engine without telephony: it writes down what it is asked."""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from nokyc import main
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.sip.config import SipConfig
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.carriers import actions as carriers
from nokyc.settings import Settings
from nokyc.store.store import Store, Unit
from nokyc.workers.switchboard import Switchboard
from nokyc_voice.platform import Answered, Ended, EndReason, Outcome, Place, Rung, TrunkState

TRUNK = "trunk"


class Engine:
    """Implements `switchboard.Engine`."""

    def __init__(self) -> None:
        self.placed: list[Place] = []
        self.hung_up: list[int] = []
        self.changes = 0
        self.full = False

    async def place(self, place: Place) -> None:
        self.placed.append(place)

    async def hang_up(self, call_id: int) -> None:
        self.hung_up.append(call_id)

    async def changed(self) -> None:
        self.changes += 1

    def states(self) -> Sequence[TrunkState]:
        return [TrunkState(TRUNK, True, "answers OPTIONS", {"calls": len(self.placed)})]


class Exchange:
    """One voice process with its engine, and the trunk of the test."""

    def __init__(self, store: Store, settings: Settings, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        self.board: Switchboard = main.build_switchboard(store, settings)
        self.engine = Engine()

    async def take(self, call: Any | None = None) -> Place:
        """The engine gets what waits; the plan for `call`, or for the last one."""
        while await self.board.place_waiting(self.engine):
            pass
        wanted = None if call is None else ids.read("call", call["id"])
        return next(each for each in reversed(self.engine.placed) if wanted in (None, each.call_id))

    async def rung(self, call_id: int) -> None:
        await self.board.report(Rung(call_id, self.clock.now(), TRUNK))

    async def answered(self, call_id: int) -> None:
        await self.board.report(Answered(call_id, self.clock.now()))

    async def ended(
        self,
        call_id: int,
        outcome: Outcome = "completed",
        reason: EndReason = "callee_hangup",
        *,
        answered_at: datetime | None = None,
        **more: Any,
    ) -> None:
        await self.board.report(Ended(call_id, self.clock.now(), outcome, reason, answered_at, **more))


@asynccontextmanager
async def trunk(store: Store, *, price_micro: int | None = None, **settings: Any) -> Any:
    """A SIP carrier that takes every call, for one test."""
    config = SipConfig(name=TRUNK, host="192.0.2.10", **settings).to_json()

    async def add(unit: Unit) -> None:
        await carriers.add_carrier(unit, TRUNK, "sip", config)
        await carriers.add_route(unit, "", TRUNK, sms=False, voice=True, price_micro=price_micro)

    async def remove(unit: Unit) -> None:
        await carriers.remove_carrier(unit, TRUNK)
        await carriers.add_route(unit, "", SIMULATED, sms=True, voice=True, price_micro=None)

    await store.run(add)
    yield
    await store.run(remove)
