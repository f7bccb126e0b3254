"""Messages with send_at: when they leave, are paid for, and can be called off (decisions F105 to F107)."""

from datetime import timedelta
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.store.store import Store
from resources.sms.desk import HANDSET, balance, message, refused, send, state
from support import Client, Drain, activate, events_of, make_customer

PRICE = 0.012
HOUR = 3600


def after(clock: ManualClock, seconds: float) -> str:
    return format_instant(clock.now() + timedelta(seconds=seconds))


async def test_it_leaves_at_its_time_and_is_paid_for_then(
    api: Client, number: Any, drain: Drain, clock: ManualClock
) -> None:
    before, at = await balance(api), after(clock, HOUR)
    sms = await send(api, number, send_at=at)
    assert (sms["status"], sms["send_at"], sms["cost_usd"]) == ("queued", at, None)
    await drain()
    clock.advance(HOUR - 2)
    await drain()
    assert await state(api, sms) == ("queued", None)
    assert (await message(api, sms))["cost_usd"] is None
    assert await balance(api) == before
    clock.advance(2)
    await drain()
    assert await state(api, sms) == ("sent", None)
    clock.advance(1)
    await drain()
    assert await state(api, sms) == ("delivered", None)
    shown = await message(api, sms)
    assert (shown["cost_usd"], shown["send_at"]) == (PRICE, at)
    assert await balance(api) == pytest.approx(before - PRICE)
    assert await events_of(api, sms["id"]) == ["sms.sent", "sms.delivered"]


async def test_how_far_ahead(api: Client, number: Any, clock: ManualClock) -> None:
    day = 86_400
    for seconds in (59, 0, -HOUR, 35 * day + 1, 400 * day):
        assert await refused(api, number, send_at=after(clock, seconds)) == (422, "send_at_invalid"), seconds
    for seconds in (61, 35 * day):
        assert (await send(api, number, send_at=after(clock, seconds)))["cost_usd"] is None
    for text in ("tomorrow", "2026-13-01T00:00:00Z", 1777202742, ""):
        assert await refused(api, number, send_at=text) == (400, "parameter_invalid"), text


async def test_the_sandbox_clock_brings_it_nearer(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    sms = await send(api, number, send_at=after(clock, 10 * HOUR))
    await api.post("/v1/test/clock/advance", json={"seconds": 10 * HOUR - 2})
    await drain()
    assert await state(api, sms) == ("queued", None)
    await api.post("/v1/test/clock/advance", json={"seconds": 2})
    await drain()
    assert await state(api, sms) == ("sent", None)


async def test_cancel(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    before = await balance(api)
    sms = await send(api, number, send_at=after(clock, HOUR))
    for _ in range(2):  # a repeat is no other than the first
        answer = await api.post(f"/v1/sms/{sms['id']}/cancel")
        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["failure_code"]) == ("failed", "canceled")
    clock.advance(HOUR)
    await drain()
    assert await state(api, sms) == ("failed", "canceled")
    assert await events_of(api, sms["id"]) == ["sms.failed"]
    assert await balance(api) == before


async def test_too_late_to_cancel(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    due = await send(api, number, send_at=after(clock, 100))
    clock.advance(100)
    await drain()
    at_once = await send(api, number)
    for sms in (due, at_once):
        answer = await api.post(f"/v1/sms/{sms['id']}/cancel")
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_cancelable")
    received = await api.post("/v1/test/sms", json={"from": HANDSET, "to": number["id"], "body": "Hi"})
    await drain()
    answer = await api.post(f"/v1/sms/{received.json()['id']}/cancel")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_cancelable")


async def test_somebody_elses(store: Store, web: main.Web, api: Client, number: Any, clock: ManualClock) -> None:
    sms = await send(api, number, send_at=after(clock, HOUR))
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as other:
        for answer in (
            await other.post(f"/v1/sms/{sms['id']}/cancel"),
            await other.get(f"/v1/sms/{sms['id']}"),
            await other.get(f"/v1/sms/{sms['id']}/timeline"),
            await other.get("/v1/sms/sms_zzzzzzzzzzzz"),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "resource_missing")
    assert await state(api, sms) == ("queued", None)


async def test_no_money_when_it_is_due(store: Store, web: main.Web, drain: Drain, clock: ManualClock) -> None:
    poor = await make_customer(store, balance=5_020_000)
    async with Client(web.app, poor.test_key) as api:
        number = await activate(store, api)
        sms = await send(api, number, body="a" * 161, send_at=after(clock, HOUR))
        left = await balance(api)
        clock.advance(HOUR)
        await drain()
        assert await state(api, sms) == ("failed", "balance_insufficient")
        assert await events_of(api, sms["id"]) == ["sms.failed"]
        assert await balance(api) == left


async def test_a_paused_or_released_number_when_it_is_due(
    store: Store, api: Client, number: Any, drain: Drain, clock: ManualClock
) -> None:
    other = await activate(store, api)
    first, second = [await send(api, each, send_at=after(clock, HOUR)) for each in (number, other)]
    before = await balance(api)
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await api.delete(f"/v1/numbers/{other['id']}")
    clock.advance(HOUR)
    await drain()
    for sms in (first, second):
        assert await state(api, sms) == ("failed", "blocked")
        assert await events_of(api, sms["id"]) == ["sms.failed"]
    assert await balance(api) == before


async def test_an_opt_out_before_it_is_due(store: Store, api: Client, drain: Drain, clock: ManualClock) -> None:
    number = await activate(store, api, country="us")
    sms = await send(api, number, send_at=after(clock, HOUR))
    await api.post("/v1/test/sms", json={"from": HANDSET, "to": number["id"], "body": "STOP"})
    clock.advance(HOUR)
    await drain()
    assert await state(api, sms) == ("failed", "blocked")
