"""The adapter where SMPP is peculiar: windows, timers, drops, garbage, receipts in any order."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import uvloop

from carriers.conformance import Store, until
from carriers.smpp.conftest import Start, one
from carriers.smpp.smsc import Connection, Smsc, receipt
from carriers.smpp.test_conformance import QUICK, config
from nokyc.carriers.port import Accepted, Inbound, NotSent, Receipt, Refused, Report, Throttled, Unknown
from nokyc.carriers.smpp import SmppCarrier
from nokyc.carriers.smpp.pdu import (
    RESPONSE_BIT,
    AlertNotification,
    BindTransceiver,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)

# --- submitting


async def test_window(start: Start, smsc: Smsc) -> None:
    smsc.always = "silent"
    carrier = await start(window=3, binds=2)
    assert carrier.capacity() == 6
    waiting = [one(carrier) for _ in range(7)]
    await until(lambda: waiting[6].done())
    assert isinstance(waiting[6].result(), Throttled)
    assert carrier.capacity() == 0
    assert [link.detail for link in carrier.links()] == ["bound as transceiver, window 3/3"] * 2
    assert [each.result() for each in (await asyncio.wait(waiting[:6]))[0]] == [Unknown("no answer in time")] * 6


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (0x58, Throttled(1.0, "ESME_RTHROTTLED")),
        (0x14, Throttled(1.0, "ESME_RMSGQFUL")),
        (0x64, Throttled(5.0, "ESME_RX_T_APPN")),
        (0x04, NotSent("ESME_RINVBNDSTS")),
        (0x0B, Refused("invalid_destination", "ESME_RINVDSTADR")),
        (0x45, Refused("carrier_rejected", "ESME_RSUBMITFAIL")),
        (0x410, Refused("balance_insufficient", "0x00000410")),
        (0x411, Refused("carrier_rejected", "0x00000411")),
    ],
)
async def test_statuses(start: Start, smsc: Smsc, status: int, verdict: object) -> None:
    carrier = await start(failure_codes={0x410: "balance_insufficient"})
    smsc.next.append(status)
    assert await one(carrier) == verdict


@pytest.mark.parametrize("which", [0, 1])
async def test_a_full_window_beside_a_link_that_is_down(start: Start, smsc: Smsc, which: int) -> None:
    """It is full, and not without a link: that would send the message to another carrier."""
    smsc.always = "silent"
    carrier = await start(window=1, binds=2)
    smsc.answers_binds = False
    smsc.connections[which].transport.abort()
    await until(lambda: [link.up for link in carrier.links()].count(False))
    _, second = one(carrier), one(carrier)
    assert await second == Throttled(0.2, "window full")


async def test_an_smsc_that_forgot_our_bind_is_bound_to_again(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    smsc.always = 0x04
    assert await one(carrier) == NotSent("ESME_RINVBNDSTS")
    smsc.always = 0
    await until(lambda: carrier.links()[0].counters["binds"] == 2)
    assert isinstance(await one(carrier), Accepted)


async def test_complaints_slow_us_down(start: Start, smsc: Smsc) -> None:
    carrier = await start(window=100)
    assert carrier.capacity() == 100
    smsc.next.append(0x58)
    assert isinstance(await one(carrier), Throttled)
    assert carrier.capacity() == 1


async def test_tps_paces(start: Start, smsc: Smsc) -> None:
    carrier = await start(window=100, tps=200.0)
    began = asyncio.get_running_loop().time()
    assert all(isinstance(each, Accepted) for each in await asyncio.gather(*(one(carrier) for _ in range(9))))
    assert asyncio.get_running_loop().time() - began >= 8 / 200 - 0.001  # the carrier counts whole milliseconds


async def test_a_segment_that_smpp_cannot_say(start: Start) -> None:
    carrier = await start(default_alphabet="latin1")
    assert await one(carrier, "Δ" * 160) == Refused("carrier_rejected", "a segment of 320 octets")


async def test_drop_in_the_window(start: Start, smsc: Smsc) -> None:
    """What was written may have been taken; what had not left is certain not to have been."""
    smsc.next.extend([0, "silent", "drop"])
    carrier = await start()
    taken, silent, dropped = one(carrier), one(carrier), one(carrier)
    await until(lambda: carrier._links[0].session is None or not carrier._links[0].session.is_open)
    late = one(carrier)
    assert isinstance(await taken, Accepted)
    assert isinstance(await silent, Unknown)
    assert isinstance(await dropped, Unknown)
    assert isinstance(await late, NotSent)
    await until(carrier.capacity)
    assert isinstance(await one(carrier), Accepted)


async def test_not_yet_flushed_is_not_sent(start: Start) -> None:
    carrier = await start()
    session = carrier._links[0].session
    assert session
    under_way = one(carrier)
    await asyncio.sleep(0)  # the submission has been made; the write is due at the next turn of the loop
    session._transport.abort()  # type: ignore[union-attr]
    session.close("cut")
    assert await under_way == NotSent("cut")


async def test_generic_nack_and_strange_answers(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    smsc.always = "silent"
    for answer, verdict in (
        (GenericNack(status=0x03), Refused("carrier_rejected", "ESME_RINVCMDID")),
        (GenericNack(status=0x58), Throttled(1.0, "ESME_RTHROTTLED")),
        (EnquireLinkResp(), Unknown("the answer is not a submit_sm_resp")),
        (SubmitSmResp(message_id=""), Accepted("", "")),
    ):
        under_way = one(carrier)
        (connection,) = smsc.connections
        await until(lambda: isinstance(connection.received[-1], SubmitSm))  # noqa: B023
        answer.sequence = connection.received.pop().sequence
        connection.send(answer)
        connection.send(answer)  # twice: the second belongs to nothing
        assert await under_way == verdict
        carrier._rate = type(carrier._rate)(None)
    await until(lambda: carrier.links()[0].counters["late_answers"] == 4)


# --- what the SMSC does of its own accord


async def ask(smsc: Smsc, pdu: Pdu) -> Pdu:
    return await smsc.receivers()[0].ask(pdu)


async def test_requests_of_the_smsc(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    assert isinstance(await ask(smsc, EnquireLink()), EnquireLinkResp)
    smsc.connections[0].send(AlertNotification())
    assert (await ask(smsc, SubmitSm())) == GenericNack(sequence=2, status=0x03)
    first = smsc.connections[0]
    assert isinstance(await ask(smsc, Unbind()), UnbindResp)
    await first.closed.wait()
    await until(carrier.capacity)
    assert carrier.links()[0].counters["binds"] == 2


async def test_answers_on_their_way_when_the_smsc_unbinds(start: Start, smsc: Smsc) -> None:
    """They still count: a submission without its answer would go out twice."""
    carrier = await start()
    smsc.always = "silent"
    under_way = one(carrier)
    (first,) = smsc.connections
    await until(lambda: len(first.received) == 2)
    unbound = asyncio.ensure_future(first.ask(Unbind()))
    await until(lambda: not carrier.capacity())
    assert isinstance(await one(carrier), Throttled), "nothing new is begun"
    first.send(SubmitSmResp(sequence=first.received[1].sequence, message_id="7"))
    assert await under_way == Accepted("7", "7")
    assert isinstance(await unbound, UnbindResp)
    await first.closed.wait()
    await until(carrier.capacity)


async def test_an_smsc_that_unbinds_and_owes_an_answer(
    start: Start, smsc: Smsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nokyc.carriers.smpp.session.UNBIND_WAIT_SEC", 0.01)
    carrier = await start()
    smsc.always = "silent"
    under_way = one(carrier)
    (first,) = smsc.connections
    await until(lambda: len(first.received) == 2)
    assert isinstance(await first.ask(Unbind()), UnbindResp)
    assert await under_way == Unknown("unbound by the SMSC")


@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(64), b"\0\0\0\x0f" + bytes(20), b"\xff" * 16],
)
async def test_garbage_closes_the_link(start: Start, smsc: Smsc, garbage: bytes) -> None:
    carrier = await start()
    first = smsc.connections[0]
    first.transport.write(garbage)
    await asyncio.wait_for(first.closed.wait(), 1)
    await until(carrier.capacity)
    assert carrier.links()[0].counters["malformed"] == 1


async def test_malformed_pdus_do_not(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    smsc.always = "silent"
    (connection,) = smsc.connections
    unknown = bytes.fromhex("00000010 000000ff 00000000 00000005")
    truncated = bytes.fromhex("00000014 00000005 00000000 00000006 41420000")
    connection.transport.write(unknown + truncated)
    await until(lambda: len(connection.received) == 3)
    assert connection.received[1:] == [
        GenericNack(sequence=5, status=0x03),
        GenericNack(sequence=6, status=0x02),
    ]
    under_way = one(carrier)
    await until(lambda: len(connection.received) == 4)
    sequence = connection.received[3].sequence.to_bytes(4, "big")
    connection.transport.write(bytes.fromhex("00000018 80000004 00000000") + sequence + b"a\0\0\1\0\7\0\0")
    assert isinstance(await under_way, Unknown)
    assert carrier.capacity()


async def test_half_open_link_is_noticed(start: Start, smsc: Smsc) -> None:
    timers = replace(QUICK, idle_sec=0.03, response_sec=0.03)
    carrier = await start(timers=timers)
    await until(lambda: any(isinstance(each, EnquireLink) for each in smsc.connections[0].received))
    assert carrier.links()[0].up
    smsc.answers_enquire_link = False
    await until(lambda: carrier.links()[0].counters.get("drops"))
    smsc.answers_enquire_link = True
    await until(carrier.capacity)


async def test_silence_after_a_submission_is_looked_into(start: Start, smsc: Smsc) -> None:
    """A dead peer under load is found by the response timer, long before the idle one."""
    smsc.always, smsc.answers_enquire_link = "silent", False
    carrier = await start(timers=replace(QUICK, idle_sec=60.0, response_sec=0.03))
    assert isinstance(await one(carrier), Unknown)
    await until(lambda: carrier.links()[0].counters.get("drops"))


# --- reports


async def test_receipt_before_its_answer_and_on_another_bind(start: Start, smsc: Smsc, store: Store) -> None:
    smsc.receipt_first = True
    carrier = await start(binds=2)
    verdict = await one(carrier)
    assert isinstance(verdict, Accepted)
    await until(lambda: len(store.reports) == 2)
    assert {each.carrier_ref for each in store.reports if isinstance(each, Receipt)} == {verdict.carrier_ref}


async def test_intermediate_receipts_are_acknowledged_only(start: Start, smsc: Smsc, store: Store) -> None:
    await start()
    for stat in ("ENROUTE", "ACCEPTD"):
        assert await smsc.deliver(receipt("1000", stat)) == 0
    assert store.reports == []


async def test_multipart_inbound(start: Start, smsc: Smsc, store: Store) -> None:
    await start()
    parts = [bytes((5, 0, 3, 9, 2, n)) + b"part" for n in (2, 1)]
    for part in parts:
        assert await smsc.deliver(DeliverSm(esm_class=0x40, short_message=part)) == 0
    sar = {0x020C: b"\0\x09", 0x020E: b"\2", 0x020F: b"\1", 0x0424: b"part"}
    assert await smsc.deliver(DeliverSm(tlvs=sar)) == 0
    places = [each.fragment and (each.fragment.index, each.fragment.total, each.fragment.data)
              for each in store.reports if isinstance(each, Inbound)]  # fmt: skip
    assert places == [(2, 2, b"part"), (1, 2, b"part"), (1, 2, b"part")]


class SlowSink:
    """Holds every batch until it is let go."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.gate = asyncio.Event()

    async def __call__(self, reports: Sequence[Report]) -> None:
        self.batches.append(len(reports))
        await self.gate.wait()


async def test_reports_that_wait_go_together(smsc: Smsc) -> None:
    sink = SlowSink()
    carrier = SmppCarrier(config(smsc.port), timers=QUICK)
    await carrier.start(sink)
    await until(smsc.receivers)
    asked = [asyncio.ensure_future(smsc.deliver(receipt(f"{n}"))) for n in range(200)]
    await until(lambda: sink.batches)
    await asyncio.sleep(0.01)
    assert not any(each.done() for each in asked)
    sink.gate.set()
    assert set(await asyncio.gather(*asked)) == {0}
    assert len(sink.batches) <= 4
    assert sum(sink.batches) == 200
    await carrier.stop()


async def test_too_many_waiting_reports_are_turned_away(smsc: Smsc) -> None:
    sink = SlowSink()
    carrier = SmppCarrier(config(smsc.port), timers=replace(QUICK, drain_sec=0.01))
    await carrier.start(sink)
    await until(smsc.receivers)
    asked = [asyncio.ensure_future(smsc.deliver(receipt(f"{n}"))) for n in range(1_300)]
    await until(lambda: any(each.done() for each in asked))
    assert next(each.result() for each in asked if each.done()) == 0x64
    await carrier.stop()
    await asyncio.wait(asked)


# --- the end


async def test_stop_finishes_what_is_in_flight(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    smsc.always = "silent"
    under_way = one(carrier)
    (connection,) = smsc.connections
    await until(lambda: isinstance(connection.received[-1], SubmitSm))
    stopping = asyncio.ensure_future(carrier.stop())
    await asyncio.sleep(0)
    connection.send(SubmitSmResp(sequence=connection.received[-1].sequence, message_id="ab"))
    assert await under_way == Accepted("ab", "ab")
    await stopping
    assert isinstance(connection.received[-1], Unbind)


async def test_a_link_that_would_come_back_while_the_carrier_stops(start: Start, smsc: Smsc) -> None:
    """Another one is still being waited for meanwhile."""
    smsc.always = "silent"
    carrier = await start(binds=2, timers=replace(QUICK, drain_sec=0.2, backoff_max_sec=0.001))
    under_way = one(carrier)
    await until(lambda: any(len(each.received) == 2 for each in smsc.connections))
    (other,) = (each for each in smsc.connections if len(each.received) == 1)
    other.transport.abort()
    await other.closed.wait()
    await carrier.stop()
    assert isinstance(await under_way, Unknown)
    await until(lambda: not smsc.connections)


async def test_stop_does_not_wait_for_ever(start: Start, smsc: Smsc) -> None:
    smsc.always = "silent"
    carrier = await start(timers=replace(QUICK, response_sec=5.0, drain_sec=0.01))
    under_way = one(carrier)
    await asyncio.sleep(0.01)
    await carrier.stop()
    assert await under_way == Unknown("unbound")


async def test_probe_before_the_start(smsc: Smsc) -> None:
    carrier = SmppCarrier(config(smsc.port), timers=QUICK)
    probe = await carrier.probe()
    assert probe.up
    assert probe.detail.startswith("bound, enquire_link answered in ")
    await until(lambda: not smsc.connections)


def kinds(connection: Connection) -> list[type[Pdu]]:
    return [type(each) for each in connection.received if not each.command & RESPONSE_BIT]


async def test_nothing_superfluous_is_said(start: Start, smsc: Smsc) -> None:
    carrier = await start()
    (connection,) = smsc.connections
    await one(carrier)
    assert await smsc.deliver(receipt("1")) == 0
    await carrier.stop()
    assert kinds(connection) == [BindTransceiver, SubmitSm, Unbind]
    assert sum(isinstance(each, DeliverSmResp) for each in connection.received) == 1


def test_under_uvloop_too(store: Store) -> None:
    """Production runs on uvloop, whose transports behave a little differently."""

    async def talk() -> None:
        smsc = Smsc()
        await smsc.start()
        carrier = SmppCarrier(config(smsc.port), timers=QUICK)
        await carrier.start(store.sink)
        await until(carrier.capacity)
        assert isinstance(await one(carrier), Accepted)
        assert await smsc.deliver(receipt("1")) == 0
        smsc.next.extend(["silent", "drop"])
        cut = await asyncio.gather(one(carrier), one(carrier))
        assert all(isinstance(each, Unknown) for each in cut)
        await until(carrier.capacity)
        smsc.connections[0].transport.write(bytes(64))
        await until(lambda: carrier.links()[0].counters.get("drops") == 2)
        await until(carrier.capacity)
        await carrier.stop()
        await smsc.stop()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(uvloop.run, talk()).result()
