"""Money under any sequence of moves: it never goes below zero, adds up, and warns once per crossing."""

import asyncio
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from machines import AsyncMachine, run_machine
from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.store import ledger
from nokyc.store.store import Store
from resources.accounts.books import Books, check_books
from support import Client, Customer, Drain, activate, make_customer

PRICE = 12_000
DESTINATIONS = {"+33612345678": True, "+15005550001": False, "+15005550002": True, "+15005550003": False}
"""The simulated carrier's outcomes: whether the message is paid in the end."""


async def test_any_sequence_of_moves(store: Store, web: main.Web, drain: Drain, clock: ManualClock) -> None:
    class Money(AsyncMachine):
        """The model holds the threshold, whether we are below it, and how often we must have been told."""

        customer: Customer
        number: Any

        @initialize()
        def start(self) -> None:
            self.wait(self._start())
            self.threshold: int | None = None
            self.low = False
            self.warnings = 0

        async def _start(self) -> None:
            self.customer = await make_customer(store, balance=5_100_000)
            self.api = Client(web.app, self.customer.test_key)
            self.number = await activate(store, self.api)

        def teardown(self) -> None:
            if hasattr(self, "api"):
                self.look()
                self.wait(self.api.aclose())

        def balance(self) -> int:
            return self.books().balance

        def books(self) -> Books:
            return self.wait(check_books(store, self.customer.test_id))

        def taken(self) -> None:
            """Money went: perhaps the balance fell below the threshold."""
            if self.threshold is not None and not self.low and self.balance() < self.threshold:
                self.low = True
                self.warnings += 1

        def given(self) -> None:
            """Money came: perhaps the balance is above the threshold again."""
            if self.low and (self.threshold is None or self.balance() >= self.threshold):
                self.low = False

        @rule(amount=st.integers(1, 200_000))
        def credit(self, amount: int) -> None:
            before = self.balance()
            self.wait(store.run(lambda u: ledger.credit(u, self.customer.test_id, amount, at=u.wall)))
            assert self.balance() == before + amount
            self.given()

        @rule(amount=st.integers(0, 200_000))
        def charge(self, amount: int) -> None:
            before = self.balance()
            account_id = self.customer.test_id

            async def work(unit: Any) -> None:
                await ledger.charge(unit, account_id, amount, category="addon", subject_id=1, at=unit.wall)

            if amount > before:
                with pytest.raises(ledger.InsufficientBalanceError) as refusal:
                    self.wait(store.run(work))
                assert (refusal.value.needed, refusal.value.available) == (amount, before)
                assert self.balance() == before
            else:
                self.wait(store.run(work))
                assert self.balance() == before - amount
                self.taken()

        @rule(to=st.sampled_from(sorted(DESTINATIONS)), segments=st.integers(1, 4))
        def send(self, to: str, segments: int) -> None:
            before = self.balance()
            body = {"from": self.number["id"], "to": to, "body": "x" * (160 if segments == 1 else 153 * segments)}
            answer = self.wait(self.api.post("/v1/sms", json=body))
            if segments * PRICE > before:
                assert answer.status_code == 402
                assert self.balance() == before
            else:
                assert (answer.status_code, answer.json()["segments"]) == (201, segments)
                assert self.balance() == before - segments * PRICE
                self.taken()

        @rule()
        def deliver(self) -> None:
            self.wait(drain())
            clock.advance(1)
            self.wait(drain())
            self.given()
            assert self.books().held == 0

        @rule(threshold=st.none() | st.integers(0, 200_000))
        def set_threshold(self, threshold: int | None) -> None:
            self.wait(drain())  # what is owed for the old threshold is told under the old threshold
            self.given()
            dollars = None if threshold is None else threshold / 1_000_000
            answer = self.wait(self.api.patch("/v1/account", json={"balance_low_threshold_usd": dollars}))
            assert answer.json()["balance_low_threshold_usd"] == dollars
            self.threshold = threshold
            self.low = threshold is not None and self.balance() < threshold

        @invariant()
        def the_books_are_right(self) -> None:
            if hasattr(self, "customer"):
                self.books()

        @rule()
        def look(self) -> None:
            self.deliver()
            self.wait(self._look())

        async def _look(self) -> None:
            found = await check_books(store, self.customer.test_id)
            account = await self.api.get("/v1/account")
            shown = re.search(r'"balance_usd":([0-9.]+)[,}]', account.text)
            assert shown is not None, "a plain decimal, without an exponent"
            assert Decimal(shown[1]) * 1_000_000 == found.balance

            warnings = await self.api.get("/v1/events", params={"type": "account.balance_low", "limit": 100})
            assert len(warnings.json()["data"]) == self.warnings

            usage = (await self.api.get("/v1/account/usage", params={"period": "last_90d"})).json()
            messages = (await self.api.get("/v1/sms", params={"limit": 100})).json()["data"]
            paid = [message for message in messages if DESTINATIONS[message["to"]]]
            for message in messages:
                cost = message["segments"] * PRICE if message in paid else 0
                assert Decimal(str(message["cost_usd"])) * 1_000_000 == cost
            assert usage["sms"]["outbound"] == len(paid)
            assert usage["sms"]["segments"] == sum(message["segments"] for message in paid)
            exact = {kind: Decimal(str(usage[kind]["cost_usd"])) for kind in ("calls", "sms", "numbers", "addons")}
            assert sum(exact.values()) == Decimal(str(usage["total_cost_usd"])) == Decimal(found.spent) / 1_000_000
            days = usage["daily"]
            assert sum(Decimal(str(day["cost_usd"])) for day in days) == sum(exact.values())
            assert sum(day["segments"] for day in days) == usage["sms"]["segments"]

    await run_machine(Money, examples=20, steps=25)


async def test_concurrent_takers_never_overdraw(store: Store, web: main.Web, drain: Drain) -> None:
    """A hundred messages, money for 40, and a purchase at the same time."""
    customer = await make_customer(store, balance=5_000_000 + 40 * PRICE)
    async with Client(web.app, customer.test_key) as api:
        number = await activate(store, api)
        body = {"from": number["id"], "to": "+33612345678", "body": "Hi"}
        renew = f"/v1/numbers/{number['id']}/renew"
        answers = await asyncio.gather(*(api.post("/v1/sms", json=body) for _ in range(100)), api.post(renew))
        assert answers[-1].status_code == 402
        assert sorted(answer.status_code for answer in answers[:-1]) == [201] * 40 + [402] * 60
        await drain()
        found = await check_books(store, customer.test_id)
        assert (found.balance, found.held) == (0, 0)
