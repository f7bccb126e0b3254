"""GET /v1/sms/{id}/timeline: everything that happened, causes before effects, under one request id."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nokyc.kit.clock import ManualClock
from resources.sms.desk import HANDSET, message, send
from resources.webhooks.receiver import Receiver
from support import Client, Drain


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


async def listen(api: Client, receiver: Receiver) -> str:
    answer = await api.post("/v1/webhook_endpoints", json={"url": f"{receiver.url}/", "enabled_events": ["*"]})
    assert answer.status_code == 201, answer.text
    endpoint: str = answer.json()["id"]
    return endpoint


async def timeline(api: Client, sms: Any) -> Any:
    answer = await api.get(f"/v1/sms/{sms['id']}/timeline")
    assert answer.status_code == 200, answer.text
    return answer.json()


ABOUT = ("move", "segment", "verdict", "status", "type", "status_code")


def words(steps: list[Any]) -> list[str]:
    """Each step as its type and what it is about."""
    about = [" ".join(str(step["detail"][name]) for name in ABOUT if name in step["detail"]) for step in steps]
    return [f"{step['type']}: {what}" if what else step["type"] for step, what in zip(steps, about, strict=True)]


@pytest.mark.parametrize("clock_ahead", [0, 86_400])
async def test_outbound(
    api: Client, number: Any, receiver: Receiver, drain: Drain, clock: ManualClock, clock_ahead: int
) -> None:
    """Also when every step has the same instant, and in a sandbox whose clock runs ahead."""
    if clock_ahead:
        await api.post("/v1/test/clock/advance", json={"seconds": clock_ahead})
    endpoint = await listen(api, receiver)
    order = {"from": number["id"], "to": "+15005550004", "body": "a" * 200}
    answer = await api.post("/v1/sms", json=order, headers={"Idempotency-Key": number["id"]})
    sms = answer.json()
    await drain()
    for seconds in (1, 0, 1):
        clock.advance(seconds)
        await drain()

    told = await timeline(api, sms)
    assert (told["object"], told["sms"], told["request_id"]) == ("timeline", sms["id"], answer.headers["Request-Id"])
    steps = told["steps"]
    assert words(steps) == [
        "request",
        "idempotency",
        "ledger: hold",
        "submission: 1 throttled",
        "submission: 2 throttled",
        "submission: 1 accepted",
        "submission: 2 accepted",
        "ledger: post",
        "event: sms.sent",
        "webhook_attempt: sms.sent 200",
        "receipt: 1 delivered",
        "receipt: 2 delivered",
        "event: sms.delivered",
        "webhook_attempt: sms.delivered 200",
    ]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    detail = [step["detail"] for step in steps]
    assert detail[1] == {"decision": "executed", "key": number["id"], "request_id": told["request_id"]}
    assert detail[2] == {"move": "hold", "amount_usd": "0.024"}
    assert detail[5] == {
        "segment": 1, "carrier": "simulated", "carrier_ref": f"sim-{sms['id']}.1", "verdict": "accepted",
        "raw_status": "simulated",
    }  # fmt: skip
    assert (detail[10]["carrier_ref"], detail[10]["raw_status"]) == (f"sim-{sms['id']}.1", "simulated DELIVRD")
    assert (detail[9]["endpoint"], detail[9]["attempt"], detail[9]["event"]) == (endpoint, 1, detail[8]["id"])
    event = (await api.get(f"/v1/events/{detail[12]['id']}")).json()
    assert event["request_id"] == told["request_id"]


async def test_refused(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    sms = await send(api, number, "+15005550001")
    await drain()
    assert words((await timeline(api, sms))["steps"]) == [
        "request",
        "ledger: hold",
        "submission: 1 refused",
        "ledger: void",
        "event: sms.failed",
    ]


async def test_undelivered_after_attempts_that_failed(
    api: Client, number: Any, receiver: Receiver, drain: Drain, clock: ManualClock
) -> None:
    receiver.statuses = [500]
    await listen(api, receiver)
    sms = await send(api, number, "+15005550002")
    await drain()
    clock.advance(1)
    await drain()
    assert words((await timeline(api, sms))["steps"]) == [
        "request",
        "ledger: hold",
        "submission: 1 accepted",
        "ledger: post",
        "event: sms.sent",
        "webhook_attempt: sms.sent 500",
        "receipt: 1 undelivered",
        "event: sms.failed",
        "webhook_attempt: sms.failed 200",
    ]


async def test_inbound(api: Client, number: Any, receiver: Receiver, drain: Drain, clock: ManualClock) -> None:
    await listen(api, receiver)
    answer = await api.post("/v1/test/sms", json={"from": HANDSET, "to": number["id"], "body": "Hi"})
    clock.advance(1)
    await drain()
    told = await timeline(api, answer.json())
    assert told["request_id"] == answer.headers["Request-Id"]
    assert words(told["steps"]) == ["request", "event: sms.received", "webhook_attempt: sms.received 200"]
    assert told["steps"][0]["detail"]["direction"] == "inbound"
    assert (await message(api, answer.json()))["direction"] == "inbound"
