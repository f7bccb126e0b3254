"""Calls as a customer's program makes and takes them."""

from typing import Any
from urllib.parse import urlsplit

from resources.webhooks.receiver import Receiver
from support import Client, Drain


async def pass_time(api: Client, drain: Drain, seconds: int) -> None:
    await drain()
    await api.post("/v1/test/clock/advance", json={"seconds": seconds})
    await drain()


async def test_a_reminder_is_spoken_recorded_and_billed(
    api: Client, number: Any, receiver: Receiver, drain: Drain, anonymous: Client
) -> None:
    await api.post("/v1/webhook_endpoints", json={"url": receiver.url, "enabled_events": ["call.*"]})
    say = {"type": "say", "text": "Your order is at the door.", "voice": "warm_en"}
    body = {"from": number["id"], "to": "+33612345678", "connect": say, "recording_enabled": True}
    placed = await api.post("/v1/calls", json=body)
    assert placed.status_code == 201

    await pass_time(api, drain, 12)

    told = [event["type"] for event in receiver.events()]
    assert sorted(told) == ["call.answered", "call.completed", "call.initiated", "call.recorded"]
    call = (await api.get(f"/v1/calls/{placed.json()['id']}")).json()
    assert (call["status"], call["duration_sec"], call["cost_usd"]) == ("completed", 10, 0.003334)
    url = urlsplit(call["recording_url"])
    sound = await anonymous.get(f"{url.path}?{url.query}")
    assert (sound.status_code, sound.headers["content-type"]) == (200, "audio/mpeg")


async def test_a_caller_leaves_a_message(
    api: Client, number: Any, receiver: Receiver, drain: Drain, anonymous: Client
) -> None:
    await api.post("/v1/webhook_endpoints", json={"url": receiver.url, "enabled_events": ["voicemail.created"]})
    greeting = {"text": "We are closed. Leave a message.", "voice": "neutral_en"}
    await api.post(f"/v1/numbers/{number['id']}/voicemail_greeting", json=greeting)
    call = {"from": "+33612345678", "to": number["number"], "say": "Call me back, please.", "language": "en"}
    assert (await api.post("/v1/test/calls", json=call)).status_code == 202

    await pass_time(api, drain, 30)

    (event,) = receiver.events()
    left = event["data"]["object"]
    assert (left["from_e164"], left["number_id"]) == ("+33612345678", number["id"])
    url = urlsplit(left["audio_url"])
    assert (await anonymous.get(f"{url.path}?{url.query}", headers={"Range": "bytes=0-99"})).status_code == 206
    assert (await api.delete(f"/v1/voicemails/{left['id']}")).status_code == 204
    assert (await anonymous.get(f"{url.path}?{url.query}")).status_code == 404
