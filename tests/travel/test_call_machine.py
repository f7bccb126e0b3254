"""Live calls under any sequence of requests, reports, beats and deaths: one end each, and books that are right."""

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from machines import AsyncMachine, run_machine
from nokyc import main
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.settings import Settings
from nokyc.store import audit
from nokyc.store.store import Store
from nokyc_voice.platform import EndReason, Outcome
from resources.accounts.books import check_books
from resources.calls.engine import Exchange, trunk
from support import Client, Customer, Drain, activate, make_customer

WHICH = st.integers(0, 5)
LOOK_SEC = 5
ENDS: list[tuple[Outcome, EndReason]] = [
    ("completed", "callee_hangup"), ("completed", "balance_used_up"), ("busy", "busy"), ("no_answer", "no_answer"),
    ("failed", "carrier_refused"), ("failed", "media_timeout"),
]  # fmt: skip
OVER = {"completed", "failed", "busy", "no_answer"}


async def test_any_life_of_calls(
    store: Store, web: main.Web, settings: Settings, drain: Drain, clock: ManualClock
) -> None:
    class Lives(AsyncMachine):
        """One customer with little money, and one voice process."""

        customer: Customer

        @initialize()
        def start(self) -> None:
            self.wait(self._start())

        async def _start(self) -> None:
            self.customer = await make_customer(store, balance=5_500_000)
            self.api = Client(web.app, self.customer.live_key)
            self.number = await activate(store, self.api)
            self.exchange = Exchange(store, settings, clock)
            self.calls: list[str] = []
            self.finals: dict[str, Any] = {}

        def teardown(self) -> None:
            if hasattr(self, "calls"):
                self.wait(self._finish())

        async def _finish(self) -> None:
            """Nothing stays in progress, whatever happened."""
            await self._go_by(2 * 61, False)
            for call in self.calls:
                assert (await self._shown(call))["status"] in OVER
            assert (await check_books(store, self.customer.live_id)).held == 0
            async with store.reading() as connection:
                found = await audit.verify(connection)
            assert [one for one in found.problems if ids.show("acct", self.customer.live_id) in one] == []
            await self.api.aclose()

        @rule(to=st.sampled_from(["+33612345678", "+4915123456789"]), bridge=st.booleans())
        def place(self, to: str, bridge: bool) -> None:
            body = {"from": self.number["id"], "to": to}
            more = {"connect": {"type": "number", "to": "+33698765432"}} if bridge else {}
            answer = self.wait(self.api.post("/v1/calls", json=body | more))
            assert answer.status_code in (201, 402), answer.text
            if answer.status_code == 201:
                self.calls.append(answer.json()["id"])

        @rule()
        def take(self) -> None:
            self.wait(self.exchange.board.place_waiting(self.exchange.engine))

        @rule(which=WHICH)
        def ring(self, which: int) -> None:
            self.report(which, self.exchange.rung)

        @rule(which=WHICH)
        def answer(self, which: int) -> None:
            self.report(which, self.exchange.answered)

        @rule(which=WHICH, how=st.sampled_from(ENDS), answered=st.booleans())
        def end(self, which: int, how: tuple[Outcome, EndReason], answered: bool) -> None:
            at = clock.now() if answered else None
            self.report(which, lambda call_id: self.exchange.ended(call_id, *how, answered_at=at))

        @rule(which=WHICH)
        def hang_up(self, which: int) -> None:
            if self.calls:
                call = self.calls[which % len(self.calls)]
                answer = self.wait(self.api.post(f"/v1/calls/{call}/hangup"))
                assert answer.status_code == 200
                assert answer.json()["status"] in OVER

        @rule(seconds=st.sampled_from([1, 7, 15, 19]), alive=st.booleans())
        def pass_time(self, seconds: int, alive: bool) -> None:
            self.wait(self._go_by(seconds, alive))

        @rule(minutes=st.integers(1, 12))
        def talk(self, minutes: int) -> None:
            """Time in which the process says every few seconds that it lives."""
            for _ in range(minutes * 4):
                clock.advance(15)
                self.wait(self._beat())
            self.wait(drain())

        async def _go_by(self, seconds: int, alive: bool) -> None:
            """The reaper looks all the while; after a standstill it would wait."""
            for begun in range(0, seconds, LOOK_SEC):
                clock.advance(min(LOOK_SEC, seconds - begun))
                if alive:
                    await self._beat()
                await drain()

        async def _beat(self) -> None:
            open_calls = [await self._shown(call) for call in self.calls]
            live = {call["id"]: call for call in open_calls if call["status"] not in OVER}
            talking = {
                self.key(call_id): int((clock.now() - await self._answered_at(call_id)).total_seconds())
                for call_id, call in live.items() if call["status"] == "in_progress"
            }  # fmt: skip
            waiting = [self.key(call_id) for call_id, call in live.items() if call["status"] != "in_progress"]
            paid = await self.exchange.board.beat(talking, waiting)
            for call_id, talked in talking.items():
                if paid[call_id] and talked >= paid[call_id]:
                    await self.exchange.ended(call_id, "completed", "balance_used_up")

        def report(self, which: int, tell: Any) -> None:
            """The engine only tells of calls that it has."""
            placed = {place.call_id for place in self.exchange.engine.placed}
            if self.calls:
                call_id = self.key(self.calls[which % len(self.calls)])
                if call_id in placed:
                    self.wait(tell(call_id))

        def key(self, call: str) -> int:
            return ids.read("call", call) or 0

        async def _shown(self, call: str) -> Any:
            return (await self.api.get(f"/v1/calls/{call}")).json()

        async def _answered_at(self, call: str) -> Any:
            async with store.reading() as connection:
                return await connection.fetchval("SELECT answered_at FROM calls WHERE id = $1", self.key(call))

        @invariant()
        def everything_is_right(self) -> None:
            if hasattr(self, "calls"):
                self.wait(self._check())

        async def _check(self) -> None:
            books = await check_books(store, self.customer.live_id)
            assert books.balance >= 0
            for call in self.calls:
                shown = await self._shown(call)
                assert self.finals.setdefault(call, shown) == shown if shown["status"] in OVER else True
                async with store.reading() as connection:
                    rows = await connection.fetch("SELECT type FROM events WHERE subject_id = $1", self.key(call))
                told = Counter(row["type"] for row in rows)
                assert told == {
                    "call.initiated": 1,
                    **({"call.answered": 1} if shown["answered_at"] else {}),
                    **({"call.completed": 1} if shown["status"] in OVER else {}),
                }
                assert (shown["cost_usd"] is None) == (shown["status"] not in OVER)
                assert shown["answered_at"] or not shown["cost_usd"]

    async with trunk(store):
        await run_machine(Lives, examples=10, steps=20)
