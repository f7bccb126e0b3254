"""Test mode: what the simulated carrier does with a message (decisions S3, S4), seen through the API."""

from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.store.store import Store
from resources.sms.desk import balance, inbox, message, send, state
from support import Client, Drain, activate, events_of, make_customer

PRICE = 0.012


@pytest.mark.parametrize(
    ("to", "status", "code", "paid", "events"),
    [
        ("+33612345678", "delivered", None, True, ["sms.sent", "sms.delivered"]),
        ("+15005550001", "failed", "invalid_destination", False, ["sms.failed"]),
        ("+15005550002", "undelivered", "unreachable", True, ["sms.sent", "sms.failed"]),
        ("+15005550003", "failed", "blocked", False, ["sms.failed"]),
    ],
)
async def test_outcomes(
    api: Client, number: Any, drain: Drain, clock: ManualClock, to: str, status: str, code: str | None, paid: bool,
    events: list[str],
) -> None:  # fmt: skip
    before = await balance(api)
    sms = await send(api, number, to)
    await drain()
    clock.advance(1)
    await drain()

    assert await state(api, sms) == (status, code)
    assert (await message(api, sms))["cost_usd"] == (PRICE if paid else 0)
    assert await balance(api) == pytest.approx(before - (PRICE if paid else 0))
    assert await events_of(api, sms["id"]) == events


async def test_throttled_then_delivered(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    sms = await send(api, number, "+15005550004")
    await drain()
    assert await state(api, sms) == ("queued", None)
    clock.advance(0.3)
    await drain()
    assert await state(api, sms) == ("sent", None)
    clock.advance(0.2)
    await drain()
    assert await state(api, sms) == ("delivered", None)
    steps = (await api.get(f"/v1/sms/{sms['id']}/timeline")).json()["steps"]
    assert [s["detail"]["verdict"] for s in steps if s["type"] == "submission"] == ["throttled", "accepted"]


async def test_without_a_receipt_it_expires_by_the_sandbox_clock(api: Client, number: Any, drain: Drain) -> None:
    sms = await send(api, number, "+15005550005")
    await drain()
    await api.post("/v1/test/clock/advance", json={"seconds": 86_399})
    await drain()
    assert await state(api, sms) == ("sent", None)
    await api.post("/v1/test/clock/advance", json={"seconds": 1})
    await drain()
    assert await state(api, sms) == ("undelivered", "expired")
    assert await events_of(api, sms["id"]) == ["sms.sent", "sms.failed"]
    assert [each["failure_code"] for each in (await message(api, sms))["segment_status"]] == ["expired"]


async def test_the_second_segment_is_lost(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    sms = await send(api, number, "+15005550006", "a" * 400)
    await drain()
    clock.advance(1)
    await drain()
    shown = await message(api, sms)
    assert (shown["status"], shown["failure_code"]) == ("undelivered", "unreachable")
    assert [each["index"] for each in shown["segment_status"]] == [1, 2, 3]
    assert [each["status"] for each in shown["segment_status"]] == ["delivered", "undelivered", "delivered"]
    assert [each["failure_code"] for each in shown["segment_status"]] == [None, "unreachable", None]
    assert shown["segment_status"][0]["delivered_at"]
    assert await events_of(api, sms["id"]) == ["sms.sent", "sms.failed"]


async def test_numbers_of_one_sandbox_reach_each_other(
    store: Store, api: Client, number: Any, drain: Drain, clock: ManualClock
) -> None:
    other = await activate(store, api)
    long = "Доставка 🚚 " * 20
    for text in ("Ça va ?", long):
        await send(api, number, other["number"], text)
    await drain()
    clock.advance(1)
    await drain()
    assert sorted(await inbox(api, other)) == sorted(["Ça va ?", long])
    assert await inbox(api, number) == []


async def test_sandboxes_and_modes_do_not_hear_each_other(
    store: Store, web: main.Web, api: Client, live_api: Client, number: Any, live_number: Any, drain: Drain,
    clock: ManualClock,
) -> None:  # fmt: skip
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as other_api, Client(web.app, stranger.live_key) as other_live:
        other, other_live_number = await activate(store, other_api), await activate(store, other_live)
        for to in (other["number"], live_number["number"], other_live_number["number"]):
            await send(api, number, to, "from a sandbox")
        await send(live_api, live_number, number["number"], "from live mode")
        await send(live_api, live_number, other_live_number["number"], "from account to account")
        await drain()
        clock.advance(1)
        await drain()
        assert await inbox(other_api, other) == []
        assert await inbox(live_api, live_number) == []
        assert await inbox(api, number) == []
        assert await inbox(other_live, other_live_number) == ["from account to account"]


@pytest.mark.parametrize("by", ["id", "number"])
async def test_the_outside_world_writes(api: Client, number: Any, drain: Drain, by: str) -> None:
    said = {"from": "+33612345678", "to": number[by], "body": "Salut 👋", "media_urls": ["https://example.org/a.jpg"]}
    answer = await api.post("/v1/test/sms", json=said)
    assert answer.status_code == 202
    await drain()
    shown = await message(api, answer.json())
    assert {name: shown[name] for name in answer.json()} == answer.json()
    assert (shown["direction"], shown["status"], shown["from"]) == ("inbound", "delivered", None)
    assert (shown["from_e164"], shown["to"], shown["number_id"]) == ("+33612345678", number["number"], number["id"])
    assert (shown["segments"], shown["cost_usd"], shown["media_urls"]) == (1, 0, ["https://example.org/a.jpg"])
    assert shown["delivered_at"] == shown["created_at"]
    assert await events_of(api, shown["id"]) == ["sms.received"]


async def test_the_outside_world_is_refused(
    store: Store, web: main.Web, api: Client, live_api: Client, live_number: Any, number: Any
) -> None:
    good = {"from": "+33612345678", "to": number["id"], "body": "Hi"}
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as other_api:
        foreign = await activate(store, other_api)
    for wrong, status, code in (
        ({"to": live_number["id"]}, 404, "resource_missing"),
        ({"to": foreign["id"]}, 404, "resource_missing"),
        ({"to": foreign["number"]}, 404, "resource_missing"),
        ({"to": "nobody"}, 404, "resource_missing"),
        ({"body": "  "}, 400, "parameter_invalid"),
        ({"from": "12"}, 400, "phone_number_invalid"),
        ({"media_urls": ["ftp://example.org/"]}, 400, "url_invalid"),
        ({"media_urls": ["https://example.org/"] * 6}, 400, "parameter_invalid"),
    ):
        answer = await api.post("/v1/test/sms", json=good | wrong)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), wrong
    live = await live_api.post("/v1/test/sms", json=good | {"to": live_number["id"]})
    assert (live.status_code, live.json()["error"]["code"]) == (422, "test_mode_only")
