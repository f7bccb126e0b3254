"""Random lives of messages: whatever carriers answer and report, in whatever order, the books are right in the end."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from nokyc.carriers.port import (
    Accepted,
    LinkState,
    NotSent,
    Receipt,
    Refused,
    ReportSink,
    Submission,
    Throttled,
    Unknown,
    Verdict,
)
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.store.store import Store
from resources.sms.desk import HANDSET, Fleet, send
from support import BALANCE, Client, Customer, Drain

SEEDS = range(4)
STEPS = 30
DAY = 86_400
EVENTS = {
    "delivered": ["sms.sent", "sms.delivered"],
    "undelivered": ["sms.sent", "sms.failed"],
    "failed": ["sms.failed"],
}


@dataclass
class Moody:
    """A carrier that answers as chance has it, and sometimes reports before it answers."""

    name: str
    chance: random.Random
    unit: str = "segment"
    supports_media: bool = False
    up: bool = True
    accepted: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By message: the segments that it took."""
    owed: list[Receipt] = field(default_factory=list)
    serial: int = 0

    async def start(self, sink: ReportSink) -> None:
        self.sink = sink

    async def stop(self) -> None: ...

    def capacity(self) -> int:
        return self.chance.randint(1, 8) if self.up else 0

    async def submit(self, submission: Submission) -> Verdict:
        if not self.up:
            return NotSent("no link")
        match self.chance.choices(range(5), weights=(70, 5, 10, 5, 10))[0]:
            case 0:
                return await self._accept(submission)
            case 1:
                return Refused("carrier_rejected", "no")
            case 2:
                return Throttled(self.chance.choice([0.1, 3.0]), "not now")
            case 3:
                return NotSent("cut before")
            case _:
                return Unknown("cut after")

    async def _accept(self, submission: Submission) -> Verdict:
        self.serial += 1
        ref = f"{submission.id}-{self.serial}"
        message = submission.id.partition(".")[0]
        indexes = range(1, submission.total + 1) if self.unit == "message" else [submission.index]
        self.accepted[message].update(indexes)
        receipt = Receipt(ref, "delivered", raw="DELIVRD")
        if self.chance.random() < 0.25:
            receipt = Receipt(ref, "undelivered", "unreachable", raw="UNDELIV")
        if self.chance.random() < 0.2:
            await self.sink([receipt, receipt])
        elif self.chance.random() < 0.9:
            self.owed += [receipt] * self.chance.choice([1, 1, 2])
        return Accepted(ref, ref)

    async def report(self, count: int) -> None:
        """Some of what it owes, in any order, now and then contradicting itself."""
        self.chance.shuffle(self.owed)
        some, self.owed = self.owed[:count], self.owed[count:]
        if some and self.chance.random() < 0.3:
            some.append(Receipt(some[0].carrier_ref, "delivered" if self.chance.random() < 0.5 else "undelivered"))
        if some:
            await self.sink(some)

    def links(self) -> list[LinkState]:
        return [LinkState(self.name, self.up, "as it likes")]

    async def probe(self) -> LinkState:
        return self.links()[0]


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_books_are_right(
    store: Store, fleet: Fleet, live_api: Client, live_number: Any, customer: Customer, clock: ManualClock, seed: int
) -> None:
    chance = random.Random(seed)
    moody = [Moody("first", chance), Moody("second", chance, unit=chance.choice(["segment", "message"]))]
    for each in moody:
        await fleet.add_fake(each.name, each, "33")  # type: ignore[arg-type]
    await fleet.work()
    scheduled: list[str] = []
    for _ in range(STEPS):
        match chance.choices(range(6), weights=(40, 8, 5, 25, 15, 7))[0]:
            case 0:
                await send(live_api, live_number, body="a" * chance.choice([10, 200, 400]))
            case 1:
                at = format_instant(clock.now() + timedelta(seconds=chance.randint(70, 300)))
                scheduled.append((await send(live_api, live_number, send_at=at))["id"])
            case 2 if scheduled:
                assert (await live_api.post(f"/v1/sms/{chance.choice(scheduled)}/cancel")).status_code in (200, 422)
            case 3:
                await fleet.work()
            case 4:
                clock.advance(chance.choice([0.2, 1, 5, 60, 100]))
            case _:
                either = chance.choice(moody)
                either.up = not either.up
        for each in moody:
            await each.report(chance.randint(0, 3))
    await finish(fleet, moody, clock)
    await check(store, live_api, customer, moody)


async def finish(fleet: Fleet, moody: list[Moody], clock: ManualClock) -> None:
    """Half a day in which everything can be tried again, then past every validity, then the last late words."""
    for each in moody:
        each.up = True
    for seconds in (1, 2, 5, 10, 60, 60, 60, 300, DAY // 2, DAY + 200, 400, 400):
        clock.advance(seconds)
        await fleet.work()
        for each in moody:
            await each.report(5)
    for each in moody:
        await each.report(len(each.owed))
    await fleet.work()
    for _ in range(10):  # what nobody knows is looked at again, then dropped
        clock.advance(300)
        await fleet.work()


async def check(store: Store, api: Client, customer: Customer, moody: list[Moody]) -> None:
    async with store.reading() as connection:
        account = customer.live_id
        messages = await connection.fetch("SELECT * FROM sms WHERE account_id = $1", account)
        segments = await connection.fetch("SELECT * FROM segments WHERE account_id = $1", account)
        entries = await connection.fetch("SELECT * FROM ledger_entries WHERE account_id = $1", account)
        events = await connection.fetch("SELECT * FROM events WHERE account_id = $1 ORDER BY id", account)
        money = await connection.fetchrow("SELECT * FROM accounts WHERE id = $1", account)
        usage = await connection.fetchrow(
            "SELECT sum(outbound) AS sent, sum(units) AS units, sum(cost_micro) AS cost FROM usage_days"
            " WHERE account_id = $1 AND category = 'sms'",
            account,
        )
        waiting = await connection.fetch(
            "SELECT kind FROM tasks WHERE account_id = $1 AND kind LIKE 'sms.%' OR queue = 'inbox'", account
        )
        assert not await connection.fetchval("SELECT count(*) FROM dead_tasks")
    assert not waiting
    assert messages
    moves = Counter((entry["subject_id"], entry["move"]) for entry in entries if entry["category"] == "sms")
    paid = 0
    for row in messages:
        key = row["id"]
        taken = {index for each in moody for index in each.accepted.get(ids.show("sms", key), ())}
        assert [e["type"] for e in events if e["subject_id"] == key] == EVENTS[row["status"]]
        was_sent = row["status"] != "failed"
        assert was_sent == (taken == set(range(1, row["segments"] + 1))), row["status"]
        assert moves[key, "post"] == was_sent
        assert moves[key, "hold"] == moves[key, "post"] + moves[key, "void"]
        assert (row["cost_micro"] or 0) == (row["price_micro"] if was_sent else 0)
        paid += row["cost_micro"] or 0
        states = [segment["status"] for segment in segments if segment["sms_id"] == key]
        if row["status"] == "delivered":
            assert states == ["delivered"] * row["segments"]
        assert not {"queued", "submitting"} & set(states)
    spent = sum(entry["amount_micro"] for entry in entries if entry["move"] == "charge")
    assert (money["balance_micro"], money["held_micro"]) == (BALANCE - spent - paid, 0)
    sent = [row for row in messages if row["status"] != "failed"]
    assert (usage["cost"] or 0) == paid
    assert (usage["sent"] or 0, usage["units"] or 0) == (len(sent), sum(row["segments"] for row in sent))
    assert (await api.get("/v1/account")).json()["balance_usd"] == pytest.approx(money["balance_micro"] / 1e6)


async def test_the_sandbox_has_books_too(
    store: Store, api: Client, number: Any, customer: Customer, drain: Drain, clock: ManualClock
) -> None:
    """Every outcome of the simulated carrier at once."""
    for to in (HANDSET, *(f"+1500555000{n}" for n in range(1, 7))):
        for length in (10, 400):
            await send(api, number, to, "a" * length)
    for _ in range(8):
        await drain()
        clock.advance(1)
    await api.post("/v1/test/clock/advance", json={"seconds": 2 * DAY})
    await drain()
    statuses = Counter(each["status"] for each in (await api.get("/v1/sms", params={"limit": 100})).json()["data"])
    assert statuses == {"delivered": 5, "undelivered": 5, "failed": 4}
    account = (await api.get("/v1/account")).json()
    async with store.reading() as connection:
        row = await connection.fetchrow("SELECT * FROM accounts WHERE id = $1", customer.test_id)
        total = await connection.fetchval(
            "SELECT sum(CASE move WHEN 'credit' THEN amount_micro WHEN 'void' THEN amount_micro"
            " WHEN 'post' THEN 0 ELSE -amount_micro END) FROM ledger_entries WHERE account_id = $1",
            customer.test_id,
        )
    assert row is not None
    assert (row["balance_micro"], row["held_micro"]) == (total, 0)
    assert account["balance_usd"] == pytest.approx(int(total) / 1e6)
