"""Hearing of what happens: a webhook, a bad night of its server, and what was missed."""

from typing import Any

from nokyc.kit.signing import verify
from resources.webhooks.receiver import Receiver
from support import Client, Drain


async def test_a_bot_answers_to_messages(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    body = {"url": f"{receiver.url}/hooks", "enabled_events": ["sms.received"], "description": "The bot"}
    endpoint = (await api.post("/v1/webhook_endpoints", json=body)).json()

    await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "What time is it?"})
    await drain()

    (request,) = receiver.received
    verify(
        request.headers["x-nokyc-signature"], request.body, [endpoint["secret"]],
        now=int(request.headers["webhook-timestamp"]),
    )  # fmt: skip
    message = request.event["data"]["object"]
    assert message["body"] == "What time is it?"
    reply = {"from": message["number_id"], "to": message["from_e164"], "body": "Noon."}
    assert (await api.post("/v1/sms", json=reply)).status_code == 201


async def test_a_server_that_was_down_misses_nothing(
    api: Client, number: Any, receiver: Receiver, drain: Drain
) -> None:
    body = {"url": receiver.url, "enabled_events": ["sms.received"]}
    endpoint = (await api.post("/v1/webhook_endpoints", json=body)).json()
    receiver.status = 503
    await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "Hello?"})
    await drain()

    missed = (await api.get("/v1/events", params={"delivery_success": "false"})).json()["data"]
    assert [event["type"] for event in missed] == ["sms.received"]
    receiver.status = 200
    await api.post("/v1/test/clock/advance", json={"seconds": 120})
    await drain()

    assert [event["id"] for event in receiver.events()] == [missed[0]["id"]] * 2
    assert (await api.get("/v1/events", params={"delivery_success": "false"})).json()["data"] == []
    path = f"/v1/webhook_endpoints/{endpoint['id']}/deliveries"
    (delivery,) = (await api.get(path)).json()["data"]
    assert [attempt["status_code"] for attempt in delivery["attempts"]] == [503, 200]
