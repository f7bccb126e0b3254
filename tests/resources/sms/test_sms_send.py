"""POST /v1/sms: what is accepted, for how much, and every refusal (decisions F98 to F112, M2, M3)."""

from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.store.store import Store
from resources.sms.desk import HANDSET, balance, message, refused, send, state
from support import Client, Drain, activate, events_of, make_customer

PRICE = 0.012


async def test_the_answer_has_every_field_of_the_schema(api: Client, number: Any) -> None:
    sms = await send(api, number, body="Bonjour. Your code is 482917.", metadata={"order": 7, "tags": ["a"]})
    assert list(sms) == [
        "id", "object", "from", "from_e164", "to", "number_id", "body", "media_urls", "direction", "segments",
        "status", "failure_code", "created_at", "send_at", "delivered_at", "cost_usd", "metadata",
    ]  # fmt: skip
    assert sms["id"].startswith("sms_")
    assert (sms["from"], sms["number_id"], sms["from_e164"]) == (number["id"], number["id"], number["number"])
    assert (sms["direction"], sms["status"], sms["segments"], sms["cost_usd"]) == ("outbound", "queued", 1, PRICE)
    assert (sms["media_urls"], sms["failure_code"], sms["send_at"], sms["delivered_at"]) == ([], None, None, None)
    assert sms["metadata"] == {"order": 7, "tags": ["a"]}
    shown = await message(api, sms)
    assert [shown["segment_status"], {name: shown[name] for name in sms}] == [
        [{"index": 1, "status": "queued", "delivered_at": None, "failure_code": None}],
        sms,
    ]


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 153 * 2, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 153, 3),  # the cut does not fall inside the escape sequence
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 670, 10),
        ("👋" * 35, 1),
        ("a" * 66 + "👋" * 2, 1),
        ("ж" * 66 + "👋" + "ж" * 67, 3),  # nor between two surrogates
        ("a" * 1530, 10),
        ("a" * 1531, 11),  # documented as 10 x 160 (F101)
        ("a" * 1600, 11),
        ("ç", 1),
    ],
)
async def test_segments_and_price(api: Client, number: Any, body: str, segments: int) -> None:
    sms = await send(api, number, body=body)
    assert (sms["segments"], sms["cost_usd"], sms["body"]) == (segments, pytest.approx(segments * PRICE), body)
    assert len((await message(api, sms))["segment_status"]) == segments


async def test_too_long(api: Client, number: Any) -> None:
    for body in ("a" * 1601, "👋" * 801):
        assert await refused(api, number, body=body) == (400, "body_too_long")
    for body, needed in (("ж" * 1600, 24), ("ж" * 671, 11), ("€" * 801, 11), ("👋" * 800, 25)):
        answer = await api.post("/v1/sms", json={"from": number["id"], "to": HANDSET, "body": body})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_many_segments")
        assert f" {needed} segments" in answer.json()["error"]["message"]
    assert (await send(api, number, body="€" * 800))["segments"] == 11  # 1,600 septets


async def test_the_account_may_allow_fewer(store: Store, customer: Any, api: Client, number: Any) -> None:
    async def limit(unit: Any) -> None:
        await unit.connection.execute("UPDATE accounts SET max_segments = 2 WHERE id = $1", customer.test_id)
        await unit.touch()

    await store.run(limit)
    assert (await send(api, number, body="a" * 306))["segments"] == 2
    assert await refused(api, number, body="a" * 307) == (422, "too_many_segments")
    assert await refused(api, number, body="a" * 1600) == (422, "too_many_segments")


@pytest.mark.parametrize("body", ["", " ", " \n\t", "\u00a0"])
async def test_an_empty_body(api: Client, number: Any, body: str) -> None:
    assert await refused(api, number, body=body) == (400, "parameter_invalid")


async def test_lone_surrogates(api: Client, number: Any) -> None:
    json = f'{{"from": "{number["id"]}", "to": "{HANDSET}", "body": "a\\ud83d"}}'
    answer = await api.post("/v1/sms", content=json, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


async def test_unicode_is_kept(api: Client, number: Any, drain: Drain) -> None:
    body = "e\u0301 \u00e9 \u200d👩‍👩‍👧 \u202eabc"
    sms = await send(api, number, body=body)
    await drain()
    assert (await message(api, sms))["body"] == body


@pytest.mark.parametrize(
    ("to", "status", "code"),
    [
        ("0612345678", 400, "phone_number_invalid"),
        ("+33 6 12 34 56 78", 400, "phone_number_invalid"),
        ("+12", 400, "phone_number_invalid"),
        ("+33012345678", 422, "destination_unsupported"),
        ("+999123456789", 422, "destination_unsupported"),
        ("+33899123456", 422, "destination_forbidden"),
        ("+19005551234", 422, "destination_forbidden"),
        ("+44999", 400, "phone_number_invalid"),
    ],
)
async def test_destinations(api: Client, number: Any, to: str, status: int, code: str) -> None:
    assert await refused(api, number, to) == (status, code)


async def test_it_cannot_write_to_itself(api: Client, number: Any) -> None:
    assert await refused(api, number, number["number"]) == (422, "destination_unsupported")


async def test_senders(
    store: Store, web: main.Web, api: Client, live_api: Client, number: Any, live_number: Any
) -> None:
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as other_api:
        foreign = await activate(store, other_api)
    answers = []
    for sender in (foreign["id"], live_number["id"], "num_zzzzzzzzzzzz", "num_", number["number"], "sms_" + "0" * 12):
        answer = await api.post("/v1/sms", json={"from": sender, "to": HANDSET, "body": "Hi"})
        error = answer.json()["error"]
        answers.append((answer.status_code, error["code"], error["param"], error["message"]))
    assert {answer[:3] for answer in answers} == {(404, "resource_missing", "from")}
    assert len(set(answers)) == 1  # somebody else's number looks like none

    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    assert await refused(api, number) == (422, "number_paused")
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "active"})
    assert (await send(api, number))["status"] == "queued"
    await api.delete(f"/v1/numbers/{number['id']}")
    assert await refused(api, number) == (422, "number_released")


async def test_the_balance(store: Store, web: main.Web) -> None:
    poor = await make_customer(store, balance=5_020_000)  # a month of a number, and one segment
    async with Client(web.app, poor.test_key) as api:
        number = await activate(store, api)
        left = await balance(api)
        assert PRICE <= left < 2 * PRICE
        assert await refused(api, number, body="a" * 161) == (402, "balance_insufficient")
        assert await balance(api) == left
        sms = await send(api, number)
        assert await refused(api, number) == (402, "balance_insufficient")
        assert await balance(api) == pytest.approx(left - PRICE)
        assert await events_of(api, sms["id"]) == []


async def test_a_refusal_leaves_nothing_behind(store: Store, api: Client, customer: Any, number: Any) -> None:
    for to, body in (("+33899123456", "Hi"), (HANDSET, "ж" * 1600), (HANDSET, " ")):
        await refused(api, number, to, body)
    async with store.reading() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM sms WHERE account_id = $1", customer.test_id)


async def test_stop_and_start(store: Store, api: Client, drain: Drain) -> None:
    """On by default for US numbers; the words themselves are stored and announced like any message."""
    number = await activate(store, api, country="us")

    async def hear(word: str, sender: str = HANDSET) -> Any:
        answer = await api.post("/v1/test/sms", json={"from": sender, "to": number["id"], "body": word})
        await drain()
        return answer.json()

    for stop, start in (
        ("STOP", "start"), (" Stop. ", "UNSTOP"), ("unsubscribe", "START"), ("arrêt", "yes"),
        ("Stop !", "Start !"), ('"STOP"', "“start”"), ("« Arrêt. »", "start …"), ("arre\u0302t", "START\r\n"),
        ("Opt out", "start"), ("opt-out", "start"), ("STOP ALL", "start"),
    ):  # fmt: skip
        sms = await hear(stop)
        assert await state(api, sms) == ("delivered", None)
        assert await events_of(api, sms["id"]) == ["sms.received"]
        assert await refused(api, number) == (422, "recipient_opted_out")
        assert (await send(api, number, "+33612345679"))["status"] == "queued"  # the pair, not the number
        await hear(start)
        assert (await send(api, number))["status"] == "queued"
    await hear("please stop calling me")
    await send(api, number)


async def test_stop_is_a_setting_elsewhere(store: Store, customer: Any, api: Client, number: Any, drain: Drain) -> None:
    said = {"from": HANDSET, "to": number["id"], "body": "STOP"}
    await api.post("/v1/test/sms", json=said)
    await drain()
    await send(api, number)
    async with store.reading() as connection:
        await connection.execute("UPDATE accounts SET opt_out_everywhere = true WHERE id = $1", customer.test_id)
    await api.post("/v1/test/sms", json=said)
    await drain()
    assert await refused(api, number) == (422, "recipient_opted_out")


async def test_media(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    media = ["https://example.org/cat.jpg", "https://example.org/dog.jpg"]
    sms = await send(api, number, "+12025550123", "ж" * 200, media_urls=media)
    assert (sms["media_urls"], sms["segments"], sms["cost_usd"]) == (media, 1, PRICE)  # one, whatever its text (F111)
    await drain()
    clock.advance(1)
    await drain()
    assert await state(api, sms) == ("delivered", None)
    assert (await send(api, number, media_urls=[]))["media_urls"] == []
    for to, urls, expected in (
        (HANDSET, media, (422, "mms_unsupported")),
        ("+12025550123", ["https://example.org/"] * 6, (400, "parameter_invalid")),
        ("+12025550123", ["example.org/cat.jpg"], (400, "url_invalid")),
        ("+12025550123", ["https://u:p@example.org/"], (400, "url_invalid")),
    ):
        assert await refused(api, number, to, media_urls=urls) == expected
    assert await refused(api, number, "+12025550123", " ", media_urls=media) == (400, "parameter_invalid")


async def test_a_route_for_nothing(store: Store, api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    """A price of 0 is a price: shown, and not a scheduled message's null."""

    async def route(unit: Any) -> None:
        from nokyc.resources.carriers.actions import add_route

        await add_route(unit, "336123", "simulated", sms=True, voice=False, price_micro=0)

    await store.run(route)
    try:
        sms = await send(api, number)
        assert sms["cost_usd"] == (await message(api, sms))["cost_usd"] == 0
        assert (await api.post(f"/v1/sms/{sms['id']}/cancel")).json()["error"]["code"] == "not_cancelable"
        await drain()
        clock.advance(1)
        await drain()
        assert await state(api, sms) == ("delivered", None)
        assert (await message(api, sms))["cost_usd"] == 0
    finally:

        async def remove(unit: Any) -> None:
            await unit.connection.execute("DELETE FROM routes WHERE prefix = '336123'")
            await unit.touch()

        await store.run(remove)
