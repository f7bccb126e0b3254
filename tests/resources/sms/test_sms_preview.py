"""POST /v1/sms/preview says what POST /v1/sms then does."""

import random
from typing import Any

import pytest

from carriers.smpp.smsc import Smsc
from nokyc.kit import gsm0338
from nokyc.kit.segments import decode_part
from resources.sms.desk import HANDSET, Fleet, eventually, refused, send
from support import Client

GSM7 = [char for char in gsm0338.ALPHABET if char != "\x1b"] + list(gsm0338.EXTENSION.values())
FOREIGN = [*"çáêжЩ中文`„“…", "👋", "👩‍👩‍👧", "e\u0301"]
SEEDS = range(12)
"""Even ones are GSM-7."""


def text(seed: int) -> str:
    chance = random.Random(seed)
    alphabet = GSM7 + (FOREIGN * 3 if seed % 2 else [])
    length = chance.choice([1, 60, 71, 155, 161, 306, 400, 900])
    body = "".join(chance.choice(alphabet) for _ in range(length))
    return body if body.strip() else "x" + body


async def preview(api: Client, **body: Any) -> Any:
    answer = await api.post("/v1/sms/preview", json={"to": HANDSET} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_it_shows(api: Client, number: Any) -> None:
    assert await preview(api, body="à la carte: 5 €, ça va 👋", **{"from": number["id"]}) == {
        "object": "sms_preview",
        "encoding": "ucs2",
        "characters": 25,
        "segments": [{"index": 1, "text": "à la carte: 5 €, ça va 👋", "units": 25}],
        "unicode_characters": ["ç", "👋"],
        "cost_usd": 0.012,
        "verdict": {"ok": True, "code": None, "message": None},
    }


@pytest.mark.parametrize("seed", SEEDS)
async def test_it_is_what_is_then_sent(live_api: Client, fleet: Fleet, acme: Smsc, live_number: Any, seed: int) -> None:
    """Encoding, cuts and price, as the SMSC gets them."""
    body = text(seed)
    said = await preview(live_api, body=body, **{"from": live_number["id"]})
    if not said["verdict"]["ok"]:
        assert (422, said["verdict"]["code"]) == await refused(live_api, live_number, body=body)
        return
    sms = await send(live_api, live_number, body=body)
    assert (sms["cost_usd"], sms["segments"]) == (said["cost_usd"], len(said["segments"]))
    expected = len(said["segments"])

    async def taken() -> bool:
        return len(acme.submits) == expected

    await eventually(fleet.work, taken)
    acme.submits.sort(key=lambda pdu: pdu.short_message[5] if pdu.esm_class & 0x40 else 0)
    assert {pdu.data_coding for pdu in acme.submits} == {8 if said["encoding"] == "ucs2" else 0}
    payloads = [pdu.short_message[6:] if pdu.esm_class & 0x40 else pdu.short_message for pdu in acme.submits]
    assert [decode_part(said["encoding"], payload) for payload in payloads] == [
        segment["text"] for segment in said["segments"]
    ]
    assert [len(payload) // (2 if said["encoding"] == "ucs2" else 1) for payload in payloads] == [
        segment["units"] for segment in said["segments"]
    ]


async def test_its_verdict_is_that_of_sending(api: Client, live_api: Client, number: Any, live_number: Any) -> None:
    async def agrees(client: Client, sender: Any, to: str, body: str) -> str:
        said = (await preview(client, **{"from": sender["id"]}, to=to, body=body))["verdict"]
        assert not said["ok"]
        assert said["message"]
        _, code = await refused(client, sender, to, body)
        assert said["code"] == code
        return code

    assert await agrees(api, number, "+33899123456", "Hi") == "destination_forbidden"
    assert await agrees(api, number, number["number"], "Hi") == "destination_unsupported"
    assert await agrees(api, number, HANDSET, "ж" * 1600) == "too_many_segments"
    assert await agrees(api, live_number, HANDSET, "Hi") == "resource_missing"
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    assert await agrees(api, number, HANDSET, "Hi") == "number_paused"
    for body, code in ((" ", "parameter_invalid"), ("a" * 1601, "body_too_long")):
        answer = await api.post("/v1/sms/preview", json={"to": HANDSET, "body": body})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_without_a_sender(api: Client) -> None:
    assert (await preview(api, body="Hi"))["verdict"]["ok"]
    for to, body, code in (
        ("+33899123456", "Hi", "destination_forbidden"),
        ("+999123456789", "Hi", "destination_unsupported"),
        (HANDSET, "ж" * 1600, "too_many_segments"),
    ):
        said = await preview(api, to=to, body=body)
        assert (said["verdict"]["ok"], said["verdict"]["code"]) == (False, code)
    assert (await preview(api, body="ж" * 1600))["cost_usd"] == pytest.approx(24 * 0.012)


async def test_it_leaves_nothing(api: Client, number: Any) -> None:
    await preview(api, body="Hi", **{"from": number["id"]})
    assert (await api.get("/v1/sms")).json()["data"] == []
