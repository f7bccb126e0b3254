"""A worker's real loops: started, told of changes, and stopped with work in flight."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from carriers.conformance import until
from carriers.smpp.smsc import Smsc, receipt, texts
from carriers.smpp.test_conformance import config, inbound
from nokyc.carriers.smpp.pdu import SubmitSm, SubmitSmResp
from nokyc.kit.clock import ManualClock
from nokyc.store.store import Store
from nokyc.store.tasks import LEASE
from nokyc.store.watch import watch
from nokyc.workers.runner import Runner
from resources.sms.desk import HANDSET, Fleet, eventually, inbox, send, state
from support import Client, Customer, events_of


@asynccontextmanager
async def running(fleet: Fleet, dsn: str) -> AsyncIterator[asyncio.Task[None]]:
    """The fleet's worker runs as its process would run it; at the end it is stopped as by SIGTERM."""
    worker = fleet.worker
    watching = asyncio.create_task(watch(fleet.store, dsn, worker.wake))
    run = asyncio.create_task(worker.run())
    try:
        yield run
    finally:
        for task in (run, watching):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def becomes(api: Client, sms: Any, status: str) -> None:
    async def now() -> bool:
        return (await state(api, sms))[0] == status

    await eventually(lambda: asyncio.sleep(0), now)


def pending(smsc: Smsc) -> list[tuple[Any, SubmitSm]]:
    """What was submitted over the links that are up."""
    return [(each, pdu) for each in smsc.connections for pdu in each.received if isinstance(pdu, SubmitSm)]


async def test_by_itself(fleet: Fleet, smsc: Smsc, postgres_dsn: str, live_api: Client, live_number: Any) -> None:
    """Carriers come and go while it runs; messages, receipts and inbound find their way without being asked for."""
    async with running(fleet, postgres_dsn):
        await fleet.add("acme", "smpp", config(smsc.port).to_json(), "33")
        await until(smsc.receivers)
        sms = await send(live_api, live_number)
        await becomes(live_api, sms, "sent")
        assert await smsc.deliver(receipt(smsc.message_id(0x1000))) == 0
        await becomes(live_api, sms, "delivered")
        assert await smsc.deliver(inbound(HANDSET, live_number["number"], "Hi")) == 0

        async def received() -> bool:
            return await inbox(live_api, live_number) == ["Hi"]

        await eventually(lambda: asyncio.sleep(0), received)
        await fleet.remove("acme")
        await until(lambda: not smsc.connections)
        await fleet.add("acme2", "smpp", config(smsc.port).to_json(), "33")
        again = await send(live_api, live_number)
        await becomes(live_api, again, "sent")
    assert not smsc.connections
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_what_is_in_flight_is_finished(
    fleet: Fleet, smsc: Smsc, postgres_dsn: str, live_api: Client, live_number: Any
) -> None:
    await fleet.add("acme", "smpp", config(smsc.port).to_json(), "33")
    smsc.always = "silent"
    async with running(fleet, postgres_dsn) as run:
        sms = await send(live_api, live_number)
        await until(lambda: pending(smsc))
        run.cancel()
        await asyncio.sleep(0.01)
        assert not run.done()
        ((connection, pdu),) = pending(smsc)
        connection.send(SubmitSmResp(sequence=pdu.sequence, message_id="abc"))
        with suppress(asyncio.CancelledError):
            await run
    assert await state(live_api, sms) == ("sent", None)


async def test_what_waits_goes_back_to_the_queue(
    store: Store, fleet: Fleet, smsc: Smsc, postgres_dsn: str, customer: Customer, live_api: Client, live_number: Any
) -> None:
    """Before the gate nothing has left us: no lease and no doubt holds it up."""
    await fleet.add("acme", "smpp", config(smsc.port, window=1).to_json(), "33")
    smsc.always = "silent"
    async with running(fleet, postgres_dsn):
        sent = [await send(live_api, live_number, body="a" * 400) for _ in range(3)]
        await until(lambda: pending(smsc))
    assert {await state(live_api, sms) for sms in sent} == {("queued", None)}
    async with store.reading() as connection:
        segments = await connection.fetch("SELECT * FROM segments WHERE account_id = $1", customer.live_id)
        assert {each["status"] for each in segments} <= {"queued"}
        assert sum(each["unknowns"] for each in segments) == 1
        assert not await connection.fetchval("SELECT count(*) FROM tasks WHERE queue = 'sms.acme' AND claimed")

    smsc.always = 0
    fleet.worker = fleet.new_worker()
    await fleet.work()
    await fleet.up("acme")

    async def all_sent() -> bool:
        fleet.store.clock.advance(0.5)  # type: ignore[attr-defined]
        return {await state(live_api, sms) for sms in sent} == {("sent", None)}

    await eventually(fleet.work, all_sent)
    assert texts(smsc.submits) == ["a" * 400] * 3


async def test_a_worker_that_nobody_wakes_looks_by_itself(
    fleet: Fleet, smsc: Smsc, live_api: Client, live_number: Any
) -> None:
    """Notifications are an optimisation."""
    await fleet.add("acme", "smpp", config(smsc.port).to_json(), "33")
    run = asyncio.create_task(fleet.worker.run())
    sms = await send(live_api, live_number)
    await becomes(live_api, sms, "sent")
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


async def test_the_database_goes_away_between_answer_and_record(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdict is kept until it can be written down: nothing is sent twice."""
    lost = 0
    really = fleet.store.run

    async def flaky(work: Any) -> Any:
        nonlocal lost
        if lost < 1 and acme.submits:
            lost += 1
            raise ConnectionResetError
        return await really(work)

    monkeypatch.setattr("nokyc.workers.submitter.RECORD_AGAIN_SEC", 0.01)
    monkeypatch.setattr(fleet.store, "run", flaky)
    sms = await send(live_api, live_number)
    await fleet.work()
    assert lost == 1
    assert await state(live_api, sms) == ("sent", None)
    assert len(acme.submits) == 1


async def test_the_database_goes_away_between_a_claim_and_its_answer(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether that was committed we do not know: what was claimed is given back, and waits for no lease."""
    lost = 0
    really = fleet.store.run

    async def cut_off(work: Any) -> Any:
        nonlocal lost
        done = await really(work)
        if done and not lost:
            lost += 1
            raise ConnectionResetError
        return done

    sms = await send(live_api, live_number)
    monkeypatch.setattr(fleet.store, "run", cut_off)
    with pytest.raises(ConnectionResetError):
        await fleet.work()
    await fleet.work()
    assert await state(live_api, sms) == ("sent", None)
    assert len(acme.submits) == 1


async def test_the_database_is_away_for_longer_than_a_lease(
    fleet: Fleet, smsc: Smsc, postgres_dsn: str, live_api: Client, live_number: Any, clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """When it is back, the verdict is written down before the lapsed task is claimed again: nothing is sent twice."""
    losses = 0
    really = fleet.store.run

    async def flaky(work: Any) -> Any:
        nonlocal losses
        if smsc.submits and losses < 40:
            losses += 1
            raise ConnectionResetError
        return await really(work)

    monkeypatch.setattr("nokyc.workers.runner.PAUSE_SEC", 0.001)
    monkeypatch.setattr("nokyc.workers.submitter.RECORD_AGAIN_SEC", 0.05)
    monkeypatch.setattr(fleet.store, "run", flaky)
    async with running(fleet, postgres_dsn):
        await fleet.add("acme", "smpp", config(smsc.port).to_json(), "33")
        await until(smsc.receivers)
        sms = await send(live_api, live_number)
        await until(lambda: losses)
        clock.advance(2 * LEASE.total_seconds())
        await becomes(live_api, sms, "sent")
    assert len(smsc.submits) == 1


@pytest.mark.parametrize("ticks", range(6))
async def test_a_wake_does_not_swallow_the_end(ticks: int) -> None:
    """In whichever turn of the loop the two meet (asyncio.wait_for before Python 3.12 loses one)."""
    turns = 0

    async def once() -> int:
        nonlocal turns
        turns += 1
        return 0

    runner = Runner("test", once)
    run = asyncio.create_task(runner.run())
    await until(lambda: turns)
    runner.wake()
    for _ in range(ticks):
        await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(1):
            await run
