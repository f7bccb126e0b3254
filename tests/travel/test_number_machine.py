"""Numbers under any sequence of events, in live mode: one owner, one event per transition, and books that are right."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from machines import AsyncMachine, run_machine
from nokyc import main
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.store import ledger
from nokyc.store.store import Store
from resources.accounts.books import check_books
from support import Client, Customer, Drain, add_stock, fresh_number, make_customer

DAY = 86_400
OFF_AT_NIGHT = {
    "timezone": "Europe/Paris",
    "windows": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "22:00", "to": "07:00"}],
}
WHO = st.integers(0, 1)
WHICH = st.integers(0, 7)


async def test_any_life_of_numbers(store: Store, web: main.Web, drain: Drain, clock: ManualClock) -> None:
    class Lives(AsyncMachine):
        """Two customers and two lines that both want."""

        customers: list[Customer]

        @initialize()
        def start(self) -> None:
            self.wait(self._start())

        async def _start(self) -> None:
            self.customers = [await make_customer(store, balance=17_000_000) for _ in range(2)]
            self.apis = [Client(web.app, customer.live_key) for customer in self.customers]
            self.lines = [fresh_number() for _ in range(2)]
            self.bought: list[tuple[int, str]] = []
            await add_stock(store, *self.lines)

        def teardown(self) -> None:
            for api in getattr(self, "apis", []):
                self.wait(api.aclose())

        @rule(who=WHO, line=WHO)
        def buy(self, who: int, line: int) -> None:
            self.wait(self._buy(who, self.lines[line]))

        async def _buy(self, who: int, line: str) -> None:
            free = not await self._live(line)
            found = await self.apis[who].get("/v1/numbers/available", params={"country": "fr", "contains": line})
            offers = found.json()["data"]
            assert [offer["number"] for offer in offers] == ([line] if free else [])
            if offers:
                order = {"available_id": offers[0]["id"], "billing_period": "monthly"}
                answer = await self.apis[who].post("/v1/numbers", json=order)
                assert answer.status_code in (201, 402), answer.text
                if answer.status_code == 201:
                    self.bought.append((who, answer.json()["id"]))

        @rule(which=WHICH, status=st.sampled_from(["active", "paused"]))
        def set_status(self, which: int, status: str) -> None:
            self.patch(which, {"status": status})

        @rule(which=WHICH, on_off=st.sampled_from([OFF_AT_NIGHT, None]))
        def set_hours(self, which: int, on_off: Any) -> None:
            self.patch(which, {"on_off": on_off})

        @rule(which=WHICH, auto_renew=st.booleans())
        def set_auto_renew(self, which: int, auto_renew: bool) -> None:
            self.patch(which, {"auto_renew": auto_renew})

        def patch(self, which: int, changes: Any) -> None:
            if self.bought:
                who, number = self.bought[which % len(self.bought)]
                released = self.shown(who, number)["status"] == "released"
                answer = self.wait(self.apis[who].patch(f"/v1/numbers/{number}", json=changes))
                assert answer.status_code == (422 if released else 200), answer.text

        @rule(which=WHICH)
        def renew(self, which: int) -> None:
            if self.bought:
                who, number = self.bought[which % len(self.bought)]
                released = self.shown(who, number)["status"] == "released"
                answer = self.wait(self.apis[who].post(f"/v1/numbers/{number}/renew"))
                assert answer.status_code in ((422,) if released else (200, 402)), answer.text

        @rule(which=WHICH)
        def release(self, which: int) -> None:
            if self.bought:
                who, number = self.bought[which % len(self.bought)]
                assert self.wait(self.apis[who].delete(f"/v1/numbers/{number}")).status_code == 204
                assert self.shown(who, number)["status"] == "released"

        @rule(who=WHO, dollars=st.integers(1, 10))
        def top_up(self, who: int, dollars: int) -> None:
            account_id, amount = self.customers[who].live_id, dollars * 1_000_000
            self.wait(store.run(lambda unit: ledger.credit(unit, account_id, amount, at=unit.wall)))

        @rule(seconds=st.sampled_from([3_600, 6 * 3_600, DAY, 5 * DAY, 20 * DAY, 40 * DAY]))
        def pass_time(self, seconds: int) -> None:
            clock.advance(seconds)
            self.wait(drain())
            for who, number in self.bought:
                shown = self.shown(who, number)
                assert shown["status"] == "released" or shown["renews_at"] > format_instant(clock.now())

        def shown(self, who: int, number: str) -> Any:
            return self.wait(self.apis[who].get(f"/v1/numbers/{number}")).json()

        async def _live(self, line: str) -> list[Any]:
            async with store.reading() as connection:
                return list(
                    await connection.fetch(
                        "SELECT n.id, i.leased_by FROM numbers n JOIN inventory i ON i.id = n.inventory_id"
                        " WHERE n.e164 = $1 AND n.livemode AND n.returned_at IS NULL",
                        line,
                    )
                )

        @invariant()
        def everything_is_right(self) -> None:
            if hasattr(self, "bought"):
                self.wait(self._check())

        async def _check(self) -> None:
            for line in self.lines:
                owners = await self._live(line)
                assert [row["leased_by"] for row in owners] == [row["id"] for row in owners]
                assert len(owners) <= 1
            for customer in self.customers:
                await check_books(store, customer.live_id)
            for who, number in self.bought:
                await self._check_life(who, number)

        async def _check_life(self, who: int, number: str) -> None:
            """What the events tell is what is."""
            async with store.reading() as connection:
                rows = await connection.fetch(
                    "SELECT type FROM events WHERE subject_id = $1 ORDER BY id", ids.read("num", number)
                )
                paid = await connection.fetchval(
                    "SELECT count(*) FROM ledger_entries WHERE subject_id = $1", ids.read("num", number)
                )
                returned = await connection.fetchval(
                    "SELECT returned_at IS NOT NULL FROM numbers WHERE id = $1", ids.read("num", number)
                )
            told = [row["type"].removeprefix("number.") for row in rows]
            assert told[0] == "activated"
            assert told.count("activated") == 1
            pauses = [kind for kind in told if kind in ("paused", "resumed")]
            assert pauses == ["paused", "resumed"] * (len(pauses) // 2) + ["paused"] * (len(pauses) % 2)
            assert told.count("renewed") == paid - 1
            assert told.count("released") == (1 if returned else 0)
            assert not returned or told[-1] == "released"
            status = (await self.apis[who].get(f"/v1/numbers/{number}")).json()["status"]
            assert status in ("paused" if len(pauses) % 2 else "active", "released")

    await run_machine(Lives, examples=12, steps=25)
