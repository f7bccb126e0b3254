"""The adapter against SMSCs that others wrote, and our scripted SMSC against a client that others wrote."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

from carriers.conformance import Harness, SmsCarrierConformance, Store, until
from carriers.smpp.peers import NodeFarEnd, Smpp34FarEnd
from carriers.smpp.smsc import PASSWORD, SYSTEM_ID, Smsc, texts
from carriers.smpp.test_conformance import QUICK, config
from nokyc.carriers.smpp import SmppCarrier
from nokyc.carriers.smpp.pdu import DeliverSm

PATIENT = replace(QUICK, response_sec=1.0)
"""A process of its own may not get its turn for a while on a busy machine."""


async def bound(port: int, store: Store) -> SmppCarrier:
    carrier = SmppCarrier(config(port), timers=PATIENT)
    await carrier.start(store.sink)
    await until(lambda: all(link.up for link in carrier.links()))
    return carrier


class TestAgainstSmpp34(SmsCarrierConformance):
    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        store, far_end = Store(), Smpp34FarEnd()
        await far_end.return_()
        far_end.carrier = await bound(far_end.port, store)
        await until(lambda: far_end.sessions)
        yield Harness(far_end.carrier, far_end, store)
        await far_end.carrier.stop()
        await far_end.close()


class TestAgainstNode(SmsCarrierConformance):
    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        store, far_end = Store(), NodeFarEnd()
        await far_end.start()
        far_end.carrier = await bound(far_end.port, store)
        yield Harness(far_end.carrier, far_end, store)
        await far_end.carrier.stop()
        await far_end.close()


async def test_node_refuses_a_wrong_password() -> None:
    far_end = NodeFarEnd()
    await far_end.start()
    stranger = SmppCarrier(replace(config(far_end.port), password="wrong"), timers=PATIENT)
    assert (await stranger.probe()).detail == "refused: ESME_RINVPASWD"
    await far_end.close()


async def test_smpplib_speaks_with_the_scripted_smsc() -> None:
    """The judge is judged: a foreign ESME binds, submits ten segments, and acknowledges."""
    smsc = Smsc()
    await smsc.start()
    text = "It is 5 € for à la carte. " * 50
    asked: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def when_submitted() -> None:
        task = asyncio.ensure_future(smsc.deliver(DeliverSm(source="33612345678", short_message=b"Hi")))
        task.add_done_callback(lambda done: asked.set_result(done.result()))

    loop = asyncio.get_running_loop()
    ids, inbound = await asyncio.to_thread(
        talk_as_smpplib, smsc.port, text, lambda: loop.call_soon_threadsafe(when_submitted)
    )
    assert texts(smsc.submits) == [text]
    assert ids == [f"{0x1000 + n:x}".encode() for n in range(len(smsc.submits))]
    assert inbound == [b"Hi"]
    assert await asked == 0
    await smsc.stop()


def talk_as_smpplib(port: int, text: str, submitted: Callable[[], object]) -> tuple[list[bytes], list[bytes]]:
    ids: list[bytes] = []
    inbound: list[bytes] = []
    client = smpplib.client.Client("127.0.0.1", port, allow_unknown_opt_params=True)
    client.set_message_sent_handler(lambda pdu: ids.append(pdu.message_id))
    client.set_message_received_handler(lambda pdu: inbound.append(pdu.short_message))
    client.connect()
    with pytest.raises(smpplib.exceptions.PDUError, match="Invalid Password"):
        client.bind_transceiver(system_id=SYSTEM_ID, password="wrong")
    client.bind_transceiver(system_id=SYSTEM_ID, password=PASSWORD)
    parts, coding, esm_class = smpplib.gsm.make_parts(text)
    for part in parts:
        client.send_message(
            source_addr="33644630001",
            destination_addr="33612345678",
            short_message=part,
            data_coding=coding,
            esm_class=esm_class,
        )
    while len(ids) < len(parts):
        client.read_once()
    submitted()
    while not inbound:
        client.read_once()
    client.unbind()
    client.disconnect()
    return ids, inbound
