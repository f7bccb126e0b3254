"""The main job, as a new customer does it."""

from typing import Any

from nokyc.kit.clock import ManualClock
from support import Client, Drain, events_of


async def test_a_message_is_sent_and_delivered(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    sent = await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Your code is 482917."})
    assert sent.status_code == 201
    assert (sent.json()["status"], sent.json()["segments"], sent.json()["cost_usd"]) == ("queued", 1, 0.012)

    await drain()
    clock.advance(1)
    await drain()

    message = (await api.get(f"/v1/sms/{sent.json()['id']}")).json()
    assert message["status"] == "delivered"
    assert [segment["status"] for segment in message["segment_status"]] == ["delivered"]
    assert await events_of(api, message["id"]) == ["sms.sent", "sms.delivered"]
    assert (await api.get("/v1/account")).json()["balance_usd"] == 94.988


async def test_a_reply_arrives(api: Client, number: Any, drain: Drain) -> None:
    body = {"from": "+33612345678", "to": number["id"], "body": "Merci !"}
    received = await api.post("/v1/test/sms", json=body)
    assert received.status_code == 202

    await drain()

    message = (await api.get(f"/v1/sms/{received.json()['id']}")).json()
    assert (message["direction"], message["body"], message["from"]) == ("inbound", "Merci !", None)
    assert await events_of(api, message["id"]) == ["sms.received"]
