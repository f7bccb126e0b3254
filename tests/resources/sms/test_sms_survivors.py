"""Messages of a worker that dies, and of a carrier that goes away while it may have them."""

import asyncio
from typing import Any

import pytest

from carriers.conformance import until
from carriers.smpp.smsc import Smsc, texts
from carriers.smpp.test_conformance import config, inbound
from nokyc import main
from nokyc.carriers.smpp.pdu import SubmitSm
from nokyc.kit.clock import ManualClock
from nokyc.resources.carriers.routing import queue_of
from nokyc.resources.sms.inbound import receive
from nokyc.resources.sms.inbox import QUEUE, read_report
from nokyc.settings import Settings
from nokyc.store.store import Store
from nokyc.store.tasks import CLAIM, LEASE, Task
from nokyc.workers.heart import SILENT_BEATS, Heart
from nokyc.workers.rerouter import Rerouter
from nokyc.workers.runner import Claimer, handle_each
from resources.sms.desk import HANDSET, Fleet, inbox, send, state
from support import Client


async def test_messages_of_a_dead_worker_are_sent_within_seconds(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    """By the next worker, long before the lease ends."""
    sent = [await send(live_api, live_number, body=f"n {n}") for n in range(3)]
    acme.always = "silent"
    await fleet.worker.heart.beat()
    async with fleet.killed() as victim:
        await until(lambda: _submitted(acme) == len(sent))
    acme.always = 0

    heir = fleet.worker = fleet.new_worker()
    await heir.drain()
    await fleet.up("acme")
    for _ in range(SILENT_BEATS):
        assert not await heir.heart.beat()
    await heir.drain()
    assert acme.submits == []
    assert await heir.heart.beat() == len(sent)
    await heir.drain()
    assert sorted(texts(acme.submits)) == ["n 0", "n 1", "n 2"]
    assert {await state(live_api, sms) for sms in sent} == {("sent", None)}
    await victim.stop()


async def test_a_worker_that_beats_keeps_what_it_has(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    await send(live_api, live_number)
    acme.always = "silent"
    other = Heart(fleet.store)
    await fleet.worker.heart.beat()
    async with fleet.killed() as victim:
        await until(lambda: _submitted(acme) == 1)
        for _ in range(SILENT_BEATS + 2):
            assert not await other.beat()
            await victim.heart.beat()
    await victim.stop()
    fleet.worker = fleet.new_worker()


async def test_what_was_done_for_a_worker_that_slept_is_not_done_again(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, store: Store, clock: ManualClock
) -> None:
    """A message that was received once is stored once, though two had its task."""
    sleeper = Claimer(store, QUEUE, 1)
    pdu = inbound(HANDSET, live_number["number"], "once")
    delivered = asyncio.ensure_future(acme.deliver(pdu))
    claimed: list[Task] = []
    while not claimed:
        claimed = [task for task in await sleeper.claim(CLAIM) if task.kind == "inbound"]
        await asyncio.sleep(0)
    assert await delivered == 0
    clock.advance(LEASE.total_seconds())
    await fleet.work()
    assert await inbox(live_api, live_number) == ["once"]

    await handle_each(
        store, claimed, lambda unit, task: receive(unit, task.account_id, read_report(task.kind, task.payload))
    )
    assert await inbox(live_api, live_number) == ["once"]


@pytest.mark.parametrize(("doubt_patience_sec", "moved"), [(60.0, 0), (0.0, 1)])
async def test_what_a_carrier_may_have_stays_with_it_for_a_while(
    fleet: Fleet,
    acme: Smsc,
    live_api: Client,
    live_number: Any,
    store: Store,
    settings: Settings,
    doubt_patience_sec: float,
    moved: int,
) -> None:
    """Another carrier could not know it again; what was certainly never sent moves at once."""
    acme.next.append("drop")
    doubtful = await send(live_api, live_number, body="doubtful")
    await fleet.work()
    assert await state(live_api, doubtful) == ("queued", None)
    await fleet.add("spare", "smpp", config(acme.port).to_json(), "")
    rerouter = Rerouter(
        store,
        main.open_routing(store, settings),
        lambda name: name == "spare",
        patience_sec=0.0,
        doubt_patience_sec=doubt_patience_sec,
    )
    assert await rerouter.once() == moved
    async with store.reading() as connection:
        there = await connection.fetchval("SELECT count(*) FROM tasks WHERE queue = $1", queue_of("spare"))
    assert there == moved


def _submitted(smsc: Smsc) -> int:
    """Over all links: which of them a message takes is not ours to say."""
    return sum(isinstance(pdu, SubmitSm) for each in smsc.connections for pdu in each.received)
