"""Messages from an SMSC to our numbers: stored once, put together, acknowledged after the commit."""

import random
from typing import Any

import pytest

from carriers.smpp.smsc import Smsc
from carriers.smpp.test_conformance import inbound
from nokyc.carriers.smpp.pdu import TLV_RECEIPTED_MESSAGE_ID, UDHI, DeliverSm
from nokyc.carriers.smpp.status import RX_T_APPN
from nokyc.kit.clock import ManualClock
from nokyc.kit.segments import split
from nokyc.resources.sms.inbound import MISSING
from nokyc.store.store import Store
from resources.sms.desk import HANDSET, Fleet, inbox, message, refused, send
from support import Client, activate, events_of

LONG_GSM7 = "It is 5 € {each} for à la carte, says Ærø. " * 12
LONG_UCS2 = "Доставка 🚚 прибудет в 5 часов. " * 8


def parts(number: Any, text: str, reference: int = 7, sender: str = HANDSET) -> list[DeliverSm]:
    """A long message as the SMSC brings it."""
    made = []
    for part in split(text, reference):
        pdu = inbound(sender, number["number"], "")
        pdu.esm_class, pdu.short_message = UDHI, part.udh + part.payload
        pdu.data_coding = 8 if part.encoding == "ucs2" else 0
        made.append(pdu)
    return made


async def bring(fleet: Fleet, smsc: Smsc, *pdus: DeliverSm, bind: int = 0) -> None:
    """Over one bind, each acknowledged; then applied."""
    for pdu in pdus:
        assert (await smsc.receivers()[bind].ask(pdu)).status == 0
    await fleet.work()


async def test_one(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    await bring(fleet, acme, inbound(HANDSET, live_number["number"], "Ça va ? 👋"))
    (sms,) = (await live_api.get("/v1/sms")).json()["data"]
    assert (sms["direction"], sms["status"], sms["body"]) == ("inbound", "delivered", "Ça va ? 👋")
    assert (sms["from"], sms["from_e164"], sms["to"]) == (None, HANDSET, live_number["number"])
    assert (sms["number_id"], sms["cost_usd"], sms["segments"]) == (live_number["id"], 0, 1)
    assert await events_of(live_api, sms["id"]) == ["sms.received"]
    steps = (await live_api.get(f"/v1/sms/{sms['id']}/timeline")).json()["steps"]
    assert [step["type"] for step in steps] == ["request", "event"]


@pytest.mark.parametrize("text", [LONG_GSM7, LONG_UCS2])
async def test_in_parts_in_any_order_over_two_binds(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, text: str
) -> None:
    pdus = parts(live_number, text)
    assert len(pdus) >= 4
    for n, pdu in enumerate(pdus[::-1]):
        assert await inbox(live_api, live_number) == []
        await bring(fleet, acme, pdu, bind=n % 2)
    assert await inbox(live_api, live_number) == [text]
    assert len(await events_of(live_api)) == 2  # the number's own, and this


async def test_parts_in_different_alphabets(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    """Some cut first and choose the alphabet after: only the part that needs UCS-2 has it."""
    pdus = parts(live_number, LONG_GSM7)
    pdus[1].data_coding = 8
    pdus[1].short_message = pdus[1].short_message[:6] + "Ещё 🚚 ".encode("utf-16-be")
    pdus[3].data_coding, pdus[3].short_message = 3, pdus[3].short_message[:6] + "voilà".encode("latin-1")
    texts = [part.text for part in split(LONG_GSM7, 7)]
    texts[1], texts[3] = "Ещё 🚚 ", "voilà"
    await bring(fleet, acme, *pdus)
    assert await inbox(live_api, live_number) == ["".join(texts)]


async def test_all_parts_at_once(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    await bring(fleet, acme, *parts(live_number, LONG_UCS2, 1), *parts(live_number, LONG_GSM7, 2))
    assert sorted(await inbox(live_api, live_number)) == sorted([LONG_GSM7, LONG_UCS2])


async def test_parts_told_twice(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Before and after the message is complete; an acknowledgement may have been lost."""
    pdus = parts(live_number, LONG_GSM7)
    await bring(fleet, acme, pdus[0], *pdus, *pdus)
    for _ in range(2):
        assert await inbox(live_api, live_number) == [LONG_GSM7]
        clock.advance(3601)
        await fleet.work()


async def test_the_reference_comes_round_again(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    other = LONG_GSM7.replace("carte", "table")
    await bring(fleet, acme, *parts(live_number, LONG_GSM7), *parts(live_number, other)[::-1])
    assert await inbox(live_api, live_number) == [LONG_GSM7, other]


async def test_the_next_message_with_the_same_reference_begins_alike(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """Alerts do, of senders that know one reference only: what is told again may be of the next one."""
    alerts = [LONG_GSM7, LONG_GSM7 + "2", LONG_GSM7 + "3"]
    first = parts(live_number, alerts[0])
    await bring(fleet, acme, *first, first[0])
    for alert in alerts[1:]:
        await bring(fleet, acme, *parts(live_number, alert))
    for _ in range(2):
        assert await inbox(live_api, live_number) == alerts
        clock.advance(3601)
        await fleet.work()


async def test_the_rest_never_comes(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    pdus = parts(live_number, LONG_GSM7)
    texts = [part.text for part in split(LONG_GSM7, 7)]
    await bring(fleet, acme, pdus[0], pdus[2])
    clock.advance(3599)
    await fleet.work()
    assert await inbox(live_api, live_number) == []
    clock.advance(1)
    await fleet.work()
    assert await inbox(live_api, live_number) == [texts[0] + MISSING + texts[2] + MISSING]


async def test_a_younger_message_with_the_reference_of_a_torso(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """The torso is stored as it is, and the patience for the younger one begins with it."""
    other = "the other one: " + LONG_GSM7[15:]
    old, new = parts(live_number, LONG_GSM7), parts(live_number, other)
    first = split(LONG_GSM7, 7)[0].text
    await bring(fleet, acme, old[0])
    clock.advance(3000)
    await bring(fleet, acme, new[0])
    assert await inbox(live_api, live_number) == [first + MISSING * (len(old) - 1)]
    clock.advance(1000)
    await bring(fleet, acme, *new[1:])
    assert await inbox(live_api, live_number) == [first + MISSING * (len(old) - 1), other]


async def test_told_twice_is_stored_once(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    pdu = inbound(HANDSET, live_number["number"], "once")
    pdu.tlvs[TLV_RECEIPTED_MESSAGE_ID] = f"in-{live_number['id']}\0".encode()
    await bring(fleet, acme, pdu)
    await bring(fleet, acme, pdu, pdu, bind=1)
    assert await inbox(live_api, live_number) == ["once"]


async def test_two_accounts_and_nobody(
    store: Store, fleet: Fleet, acme: Smsc, api: Client, live_api: Client, live_number: Any, number: Any
) -> None:
    """A sandbox's number is not on the air; a released one is nobody's."""
    gone = await activate(store, live_api)
    await live_api.delete(f"/v1/numbers/{gone['id']}")
    for to in (live_number, number, gone, {"number": "+33699999999"}):
        await bring(fleet, acme, inbound(HANDSET, to["number"], "who is there?"))
    assert await inbox(live_api, live_number) == ["who is there?"]
    assert await inbox(api, number) == []
    assert await inbox(live_api, gone) == []


async def test_a_paused_number_still_receives(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    await live_api.patch(f"/v1/numbers/{live_number['id']}", json={"status": "paused"})
    await bring(fleet, acme, inbound(HANDSET, live_number["number"], "hello?"))
    assert await inbox(live_api, live_number) == ["hello?"]


async def test_what_is_not_stored_is_not_acknowledged(
    store: Store, fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise OSError("the database is away")

    pdu = inbound(HANDSET, live_number["number"], "keep me")
    with monkeypatch.context() as patch:
        patch.setattr(store, "run", broken)
        assert (await acme.receivers()[0].ask(pdu)).status == RX_T_APPN
    await fleet.work()
    assert await inbox(live_api, live_number) == []
    await bring(fleet, acme, pdu)
    assert await inbox(live_api, live_number) == ["keep me"]


async def test_what_nobody_can_read(fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any) -> None:
    """Binary bodies and texts that no database can hold do not stop what comes after them."""
    binary = inbound(HANDSET, live_number["number"], "")
    binary.data_coding, binary.short_message = 4, b"\x00\xffMZ"
    broken = inbound("NOKYC\tINC", live_number["number"], "")
    broken.source_ton = 5
    broken.data_coding, broken.short_message = 8, "a\0b".encode("utf-16-be") + b"\xd8\x3d"
    await bring(fleet, acme, binary, broken, inbound(HANDSET, live_number["number"], "after"))
    assert await inbox(live_api, live_number) == ["\ufffdÿMZ", "a\ufffdb\ufffd", "after"]


async def test_words_of_the_carrier_that_no_database_can_hold(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any
) -> None:
    acme.message_id = lambda n: f"\x01 {live_number['id']}"
    sms = await send(live_api, live_number)
    await fleet.work()
    pdu = DeliverSm(esm_class=4, short_message=f"id:\x01 {live_number['id']} stat:UNDELIV err:\0\0".encode())
    pdu.tlvs[TLV_RECEIPTED_MESSAGE_ID] = f"\x01 {live_number['id']}\0".encode()
    await bring(fleet, acme, pdu)
    assert (await message(live_api, sms))["status"] == "undelivered"


async def test_names_that_no_index_can_hold(
    fleet: Fleet, acme: Smsc, live_api: Client, live_number: Any, clock: ManualClock
) -> None:
    """A submission with such a name was taken, and is not submitted again; a message with one is stored, once."""
    name = live_number["id"] + random.Random(7).randbytes(3_000).hex()
    acme.message_id = lambda n: name
    sms = await send(live_api, live_number)
    await fleet.work()
    pdu = DeliverSm(esm_class=4, short_message=b"stat:UNDELIV err:7")
    pdu.tlvs[TLV_RECEIPTED_MESSAGE_ID] = name.encode()
    heard = inbound(HANDSET, live_number["number"], "once")
    heard.tlvs[TLV_RECEIPTED_MESSAGE_ID] = name.encode()
    await bring(fleet, acme, pdu, heard, heard)
    clock.advance(61)
    await fleet.work()
    assert (await message(live_api, sms))["status"] == "undelivered"
    assert await inbox(live_api, live_number) == ["once"]
    assert len(acme.submits) == 1


async def test_stop_over_the_air(store: Store, fleet: Fleet, acme: Smsc, live_api: Client) -> None:
    number = await activate(store, live_api, country="us")
    await bring(fleet, acme, inbound(HANDSET, number["number"], "Stop"))
    assert await refused(live_api, number) == (422, "recipient_opted_out")
    await bring(fleet, acme, inbound(HANDSET, number["number"], "START"))
    await send(live_api, number)
    assert await inbox(live_api, number) == ["Stop", "START"]


async def test_stop_from_a_number_of_unknown_type(store: Store, fleet: Fleet, acme: Smsc, live_api: Client) -> None:
    """Many SMSCs do not say that a sender is international."""
    number = await activate(store, live_api, country="us")
    pdu = inbound(HANDSET, number["number"], "STOP")
    pdu.source_ton = pdu.source_npi = pdu.dest_ton = pdu.dest_npi = 0
    pdu.dest = f"00{pdu.dest}"
    await bring(fleet, acme, pdu)
    assert await inbox(live_api, number) == ["STOP"]
    assert await refused(live_api, number) == (422, "recipient_opted_out")
