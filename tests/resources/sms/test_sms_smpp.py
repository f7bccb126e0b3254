"""Messages from the API to an SMSC and back: worker, outbox, SMPP over real sockets, receipts, money, events."""

import asyncio
from typing import Any

import pytest

from carriers.conformance import until
from carriers.smpp.peers import Smpp34FarEnd
from carriers.smpp.smsc import Smsc, receipt, texts
from nokyc.carriers.smpp.pdu import SubmitSm
from nokyc.kit.clock import ManualClock
from nokyc.resources.sms.actions import LAST_TRY_SEC
from nokyc.workers.runner import RETRY_SEC
from resources.sms.desk import HANDSET, Fleet, balance, eventually, message, new_smsc, send, state
from support import Client, events_of

PRICE = 0.012
TEN_GSM7 = ("It is 5 € {each} for à la carte, says Ærø. " * 40)[:1390]
TEN_UCS2 = ("Доставка 🚚 прибудет в 5 часов. " * 40)[:640]
DAY = 86_400


async def taken(fleet: Fleet, smsc: Smsc, count: int) -> list[str]:
    """Work until the SMSC has accepted so many segments and we know it; returns their names in that order."""

    async def enough() -> bool:
        return len(smsc.submits) >= count

    await eventually(fleet.work, enough)
    await fleet.work()
    assert len(smsc.submits) == count
    return [smsc.message_id(0x1000 + n) for n in range(count)]


async def tell(fleet: Fleet, smsc: Smsc, name: str, stat: str = "DELIVRD", *, bind: int = 0) -> None:
    """A receipt over one of the binds, acknowledged and applied."""
    answer = await smsc.receivers()[bind].ask(receipt(name, stat))
    assert answer.status == 0
    await fleet.work()


async def reports(fleet: Fleet, name: str = "") -> int:
    """How many wait to be applied, of all messages or about one."""
    async with fleet.store.reading() as connection:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM tasks WHERE queue = 'inbox' AND position($1 IN payload::text) > 0", name
        )
    return count


@pytest.mark.parametrize(
    ("body", "segments"), [("Hello", 1), ("Привет 👋", 1), (TEN_GSM7, 10), (TEN_UCS2, 10)], ids=["1", "1u", "10", "10u"]
)
async def test_there_and_back(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, body: str, segments: int
) -> None:
    before = await balance(live_api)
    sms = await send(live_api, live_number, body=body)
    assert sms["segments"] == segments
    names = await taken(fleet, acme, segments)
    assert texts(acme.submits) == [body]
    assert {(pdu.source, pdu.dest) for pdu in acme.submits} == {(live_number["number"][1:], HANDSET[1:])}
    assert await state(live_api, sms) == ("sent", None)

    for name in reversed(names):
        assert await state(live_api, sms) == ("sent", None)
        await tell(fleet, acme, name)
    shown = await message(live_api, sms)
    assert shown["status"] == "delivered"
    assert [each["status"] for each in shown["segment_status"]] == ["delivered"] * segments
    assert shown["cost_usd"] == pytest.approx(PRICE * segments)
    assert await balance(live_api) == pytest.approx(before - PRICE * segments)
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_long_messages_one_after_another_do_not_mix(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Handsets tell them apart by their reference alone."""
    for n in range(10):
        await send(live_api, live_number, body=f"{n}" * 300)
        clock.advance(0.001 if n < 5 else 1)
    await taken(fleet, acme, 20)
    assert len({pdu.short_message[3] for pdu in acme.submits}) == 10
    assert sorted(texts(acme.submits)) == sorted(f"{n}" * 300 for n in range(10))


async def test_an_smsc_that_others_wrote(fleet: Fleet, live_api: Client, live_number: Any, clock: ManualClock) -> None:
    far_end = Smpp34FarEnd()
    await far_end.return_()
    try:
        await fleet.add_smpp("peer", far_end.port, "33")
        bodies = ["Hello", "Привет 👋", TEN_GSM7, TEN_UCS2]
        sent = [await send(live_api, live_number, body=body) for body in bodies]

        async def all_there() -> bool:
            return sorted(far_end.texts()) == sorted(bodies)

        await eventually(fleet.work, all_there)
        await fleet.work()
        for n in range(1, 23):
            assert await far_end.send_receipt(f"{n:08X}", delivered=True)
        assert await far_end.send_inbound(HANDSET, live_number["number"], "Доставили 🚚")
        await fleet.work()
        assert {await state(live_api, sms) for sms in sent} == {("delivered", None)}
        received = (await live_api.get("/v1/sms", params={"direction": "inbound"})).json()["data"]
        assert [(each["from_e164"], each["body"]) for each in received] == [(HANDSET, "Доставили 🚚")]
    finally:
        await fleet.worker.stop()
        await far_end.close()


async def test_a_receipt_is_applied_before_it_is_acknowledged(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    sms = await send(live_api, live_number)
    (name,) = await taken(fleet, acme, 1)
    assert (await acme.receivers()[0].ask(receipt(name))).status == 0
    assert await state(live_api, sms) == ("delivered", None)
    assert not await reports(fleet)


async def test_a_receipt_about_nothing_waits_in_the_inbox(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    assert (await acme.receivers()[0].ask(receipt("never-heard-of"))).status == 0
    assert await reports(fleet) == 1


async def test_a_receipt_that_we_stumble_over_is_kept_and_holds_up_no_other(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Both are acknowledged: what cannot be applied is stored, and tried again by itself until it can."""
    bad, good = [await send(live_api, live_number, body=body) for body in ("bad", "good")]
    await taken(fleet, acme, 2)
    names = {text: acme.message_id(0x1000 + n) for n, text in enumerate(texts(acme.submits))}
    async with fleet.store.reading() as connection:
        await connection.execute(
            "ALTER TABLE events ADD CONSTRAINT stumble CHECK (type <> 'sms.delivered' OR position('bad' IN data) = 0)"
            " NOT VALID"
        )
        try:
            link = acme.receivers()[0]
            answers = await asyncio.gather(*(link.ask(receipt(names[body])) for body in ("bad", "good")))
            assert [answer.status for answer in answers] == [0, 0]
            await fleet.work()
            assert [await state(live_api, sms) for sms in (bad, good)] == [("sent", None), ("delivered", None)]
            assert await reports(fleet, names["bad"]) == 1
            assert not await reports(fleet, names["good"])
        finally:
            await connection.execute("ALTER TABLE events DROP CONSTRAINT stumble")
    clock.advance(RETRY_SEC[0])
    await fleet.work()
    assert await state(live_api, bad) == ("delivered", None)
    assert not await reports(fleet, names["bad"])


async def test_a_receipt_before_the_response(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    acme.receipt_first = True  # and on both binds: it comes twice
    sms = await send(live_api, live_number, body="a" * 200)
    await taken(fleet, acme, 2)

    async def delivered() -> bool:
        clock.advance(1)
        return await state(live_api, sms) == ("delivered", None)

    await eventually(fleet.work, delivered)
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_receipts_over_another_bind_twice_and_contradicting(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    lost, found = [await send(live_api, live_number, body=body) for body in ("lost", "found")]
    await taken(fleet, acme, 2)
    names = {text: acme.message_id(0x1000 + n) for n, text in enumerate(texts(acme.submits))}
    await tell(fleet, acme, names["lost"], "UNDELIV", bind=1)
    await tell(fleet, acme, names["lost"], "DELIVRD", bind=0)
    await tell(fleet, acme, names["found"], "DELIVRD", bind=1)
    for stat in ("DELIVRD", "EXPIRED", "DELIVRD"):
        await tell(fleet, acme, names["found"], stat)
    assert await state(live_api, lost) == ("undelivered", "unreachable")
    assert await state(live_api, found) == ("delivered", None)
    assert await events_of(live_api, lost["id"]) == ["sms.sent", "sms.failed"]
    assert await events_of(live_api, found["id"]) == ["sms.sent", "sms.delivered"]
    assert (await message(live_api, lost))["cost_usd"] == PRICE  # the carrier took it
    for sms, status in ((lost, "undelivered"), (found, "delivered")):
        assert [each["status"] for each in (await message(live_api, sms))["segment_status"]] == [status]


async def test_many_receipts_at_once(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    """In one commit, contradictions and strangers included."""
    sent = [await send(live_api, live_number, body=f"n {n}") for n in range(5)]
    names = await taken(fleet, acme, 5)
    for name in [*names, *names[::-1], "ffff"]:
        for bind in (0, 1):
            assert (await acme.receivers()[bind].ask(receipt(name, "UNDELIV" if bind else "DELIVRD"))).status == 0
    await fleet.work()
    for sms in sent:
        assert await state(live_api, sms) == ("delivered", None)
        assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_a_receipt_after_the_end_of_validity(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    sms = await send(live_api, live_number)
    (name,) = await taken(fleet, acme, 1)
    clock.advance(DAY)
    await fleet.work()
    assert await state(live_api, sms) == ("undelivered", "expired")
    await tell(fleet, acme, name)
    assert await state(live_api, sms) == ("undelivered", "expired")
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.failed"]


async def test_a_reference_used_again(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Early receipts included: the old message with that name does not swallow them."""
    acme.message_id = lambda n: "1"
    old = await send(live_api, live_number, body="old")
    await taken(fleet, acme, 1)
    await tell(fleet, acme, "1")
    assert await state(live_api, old) == ("delivered", None)
    clock.advance(3601)
    new = await send(live_api, live_number, body="new")
    await tell(fleet, acme, "1", "UNDELIV")  # long before we know of the submission
    clock.advance(1)
    await taken(fleet, acme, 2)
    clock.advance(1)
    await fleet.work()
    assert await state(live_api, old) == ("delivered", None)
    assert await state(live_api, new) == ("undelivered", "unreachable")


async def test_refused(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    before = await balance(live_api)
    acme.next.append(0x0B)
    sms = await send(live_api, live_number)
    assert await balance(live_api) == pytest.approx(before - PRICE)
    await fleet.work()
    assert await state(live_api, sms) == ("failed", "invalid_destination")
    assert (await message(live_api, sms))["cost_usd"] == 0
    assert await balance(live_api) == before
    assert await events_of(live_api, sms["id"]) == ["sms.failed"]


async def test_one_segment_refused(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    before = await balance(live_api)
    acme.next += [0, 0x0B, 0x58]
    sms = await send(live_api, live_number, body="a" * 459)
    await fleet.work()
    shown = await message(live_api, sms)
    assert (shown["status"], shown["failure_code"], shown["cost_usd"]) == ("failed", "invalid_destination", 0)
    assert sorted(each["status"] for each in shown["segment_status"]) == ["failed", "failed", "sent"]
    assert await balance(live_api) == before
    await tell(fleet, acme, acme.message_id(0x1000))
    assert await state(live_api, sms) == ("failed", "invalid_destination")
    assert await events_of(live_api, sms["id"]) == ["sms.failed"]


async def test_a_segment_is_lost_before_the_others_are_sent(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    acme.next += [0, 0x14]
    sms = await send(live_api, live_number, body="a" * 200)
    await fleet.work()
    await tell(fleet, acme, acme.message_id(0x1000), "UNDELIV")
    assert await state(live_api, sms) == ("queued", None)

    async def sent() -> bool:
        clock.advance(1)
        return len(acme.submits) == 2

    await eventually(fleet.work, sent)
    await fleet.work()
    assert len({pdu.short_message[3] for pdu in acme.submits}) == 1  # a second try keeps the reference
    assert await state(live_api, sms) == ("undelivered", "unreachable")
    assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.failed"]
    await tell(fleet, acme, acme.message_id(0x1001))
    statuses = sorted(each["status"] for each in (await message(live_api, sms))["segment_status"])
    assert statuses == ["delivered", "undelivered"]


async def test_throttled(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock) -> None:
    acme.next += [0x58, 0x14]
    sms = await send(live_api, live_number)
    await fleet.work()
    assert await state(live_api, sms) == ("queued", None)

    async def accepted() -> bool:
        clock.advance(1)
        return bool(acme.submits)

    await eventually(fleet.work, accepted)
    await fleet.work()
    await tell(fleet, acme, acme.message_id(0x1000))
    assert await state(live_api, sms) == ("delivered", None)
    steps = (await live_api.get(f"/v1/sms/{sms['id']}/timeline")).json()["steps"]
    verdicts = [step["detail"]["verdict"] for step in steps if step["type"] == "submission"]
    assert verdicts == ["throttled", "throttled", "accepted"]


async def test_the_link_drops_with_a_full_window(
    fleet: Fleet, smsc: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Whatever was on the way is sent once more and paid for once."""
    await fleet.add_smpp("acme", smsc.port, "33", window=6)
    before = await balance(live_api)
    smsc.next += [0, 0, "drop"]
    sent = [await send(live_api, live_number, body=f"n {n}") for n in range(6)]
    await fleet.work()
    assert {await state(live_api, sms) for sms in sent} <= {("queued", None), ("sent", None)}
    await fleet.up("acme")
    clock.advance(1)

    async def all_sent() -> bool:
        return {await state(live_api, sms) for sms in sent} == {("sent", None)}

    await eventually(fleet.work, all_sent)
    seen = texts(smsc.submits)
    assert set(seen) == {f"n {n}" for n in range(6)}
    assert len(seen) <= 6 + 5  # twice at the most what was in the window of the link that dropped
    assert await balance(live_api) == pytest.approx(before - 6 * PRICE)
    for n in range(len(seen)):
        await tell(fleet, smsc, smsc.message_id(0x1000 + n))
    for sms in sent:
        assert await state(live_api, sms) == ("delivered", None)
        assert await events_of(live_api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_no_answer_three_times(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    before = await balance(live_api)
    acme.always = "silent"
    sms = await send(live_api, live_number)
    for wait in (0, 1, LAST_TRY_SEC - 1, 1):
        clock.advance(wait)
        await fleet.up("acme")
        assert await state(live_api, sms) == ("queued", None)
        await fleet.work()
    assert await state(live_api, sms) == ("failed", "carrier_timeout")
    assert await balance(live_api) == before
    assert await events_of(live_api, sms["id"]) == ["sms.failed"]
    clock.advance(60)
    await fleet.work()
    steps = (await live_api.get(f"/v1/sms/{sms['id']}/timeline")).json()["steps"]
    assert [step["detail"]["verdict"] for step in steps if step["type"] == "submission"] == ["unknown"] * 3


async def test_a_worker_is_killed_before_it_writes_the_verdict_down(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """The next one sends once more what was on the way: it cannot know, and the window bounds it."""
    before = await balance(live_api)
    sent = [await send(live_api, live_number, body=f"n {n}") for n in range(3)]
    acme.always = "silent"
    async with fleet.killed() as victim:
        await until(lambda: submitted(acme) == 3)
    acme.always = 0
    assert {await state(live_api, sms) for sms in sent} == {("queued", None)}

    heir = fleet.worker = fleet.new_worker()
    await heir.drain()
    await fleet.up("acme")
    await heir.drain()
    assert acme.submits == []  # the lease of the dead holds
    clock.advance(61)
    await heir.drain()
    assert sorted(texts(acme.submits)) == ["n 0", "n 1", "n 2"]
    assert {await state(live_api, sms) for sms in sent} == {("sent", None)}
    assert await balance(live_api) == pytest.approx(before - 3 * PRICE)
    assert await events_of(live_api, sent[0]["id"]) == ["sms.sent"]
    clock.advance(61)
    await heir.drain()
    assert len(acme.submits) == 3
    await victim.stop()


async def test_three_workers_are_killed(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """A message that may have killed them, or arrived three times, is not sent a fourth time."""
    before = await balance(live_api)
    sms = await send(live_api, live_number)
    acme.always = "silent"
    for _ in range(3):
        async with fleet.killed() as victim:
            await until(lambda: submitted(acme) == 1)
        await victim.stop()
        fleet.worker = fleet.new_worker()
        await fleet.worker.drain()
        await fleet.up("acme")
        clock.advance(61)
    await fleet.work()
    assert await state(live_api, sms) == ("failed", "carrier_timeout")
    assert await balance(live_api) == before
    assert submitted(acme) == 0


async def test_the_smsc_is_down(
    fleet: Fleet, smsc: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Without another route a message waits, and goes as soon as the link is back."""
    await fleet.add_smpp("acme", smsc.port, "33")
    await smsc.stop()
    await until(lambda: not fleet.carriers["acme"].capacity())
    sms = await send(live_api, live_number)
    for _ in range(3):
        clock.advance(10)
        await fleet.work()
    assert await state(live_api, sms) == ("queued", None)
    await smsc.start()
    await fleet.up("acme")
    await fleet.work()
    assert await state(live_api, sms) == ("sent", None)
    assert texts(smsc.submits) == ["Hello"]


async def test_another_route_is_taken(
    fleet: Fleet, smsc: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    second = new_smsc()
    await second.start()
    try:
        await fleet.add_smpp("first", smsc.port, "33")
        await fleet.add_smpp("second", second.port, "33")
        await send(live_api, live_number, body="to the first")
        await fleet.work()
        await smsc.stop()
        await until(lambda: not fleet.carriers["first"].capacity())
        stranded = await send(live_api, live_number, body="to the second")
        await fleet.work()
        assert await state(live_api, stranded) == ("sent", None)
        assert texts(smsc.submits) == ["to the first"]
        assert texts(second.submits) == ["to the second"]

        await second.stop()
        await until(lambda: not fleet.carriers["second"].capacity())
        waiting = await send(live_api, live_number, body="to nobody")
        await fleet.work()
        assert await state(live_api, waiting) == ("queued", None)
        await fleet.remove("first")  # what waited for it finds its way
        await second.start()
        await fleet.work()
        await fleet.up("second")
        await fleet.work()
        assert await state(live_api, waiting) == ("sent", None)
        assert texts(second.submits) == ["to the second", "to nobody"]
    finally:
        await second.stop()


async def test_nobody_takes_it_within_its_validity(
    fleet: Fleet, smsc: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    await fleet.add_smpp("acme", smsc.port, "33")
    await smsc.stop()
    await until(lambda: not fleet.carriers["acme"].capacity())
    before = await balance(live_api)
    sms = await send(live_api, live_number, body="a" * 200)
    await fleet.work()
    clock.advance(DAY + 120)
    await fleet.work()
    assert await state(live_api, sms) == ("failed", "expired")
    assert await balance(live_api) == before
    assert await events_of(live_api, sms["id"]) == ["sms.failed"]
    await smsc.start()
    await fleet.up("acme")
    await fleet.work()
    assert smsc.submits == []


def submitted(smsc: Smsc) -> int:
    """How many submissions reached the SMSC, however it treated them."""
    return sum(isinstance(pdu, SubmitSm) for each in smsc.connections for pdu in each.received)
