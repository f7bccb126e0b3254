"""The webhook of one number (decision F82)."""

from typing import Any

from nokyc.kit import signing
from nokyc.store.store import Store
from resources.webhooks.receiver import Receiver
from support import Client, Drain, activate

DAY = 86_400


async def set_url(api: Client, number: Any, url: str | None) -> Any:
    answer = await api.patch(f"/v1/numbers/{number['id']}", json={"webhook_url": url})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def endpoints(api: Client) -> list[Any]:
    return (await api.get("/v1/webhook_endpoints")).json()["data"]


async def test_its_secret_is_shown_once(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    shown = await set_url(api, number, receiver.url)
    assert shown["webhook_url"] == receiver.url
    (endpoint,) = await endpoints(api)
    assert (endpoint["number_id"], endpoint["url"]) == (number["id"], receiver.url)
    assert endpoint["enabled_events"] == ["*"]
    assert "webhook_secret" not in (await api.get(f"/v1/numbers/{number['id']}")).json()

    again = await set_url(api, number, receiver.url)
    assert "webhook_secret" not in again, "the same URL keeps its secret"
    assert await endpoints(api) == [endpoint]

    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await drain()
    (received,) = receiver.received
    now = int(received.headers["webhook-timestamp"])
    signing.verify(received.headers["x-nokyc-signature"], received.body, [shown["webhook_secret"]], now)


async def test_another_url_has_another_secret(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    first = await set_url(api, number, f"{receiver.url}/a")
    second = await set_url(api, number, f"{receiver.url}/b")
    assert first["webhook_secret"] != second["webhook_secret"]
    assert [endpoint["url"] for endpoint in await endpoints(api)] == [f"{receiver.url}/b"]
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await drain()
    assert [received.path for received in receiver.received] == ["/b"]


async def test_null_removes_it(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    await set_url(api, number, receiver.url)
    assert (await set_url(api, number, None))["webhook_url"] is None
    assert await endpoints(api) == []
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await drain()
    assert receiver.received == []


async def test_at_activation(store: Store, api: Client, receiver: Receiver, drain: Drain) -> None:
    number = await activate(store, api, webhook_url=receiver.url)
    assert (number["webhook_url"], number["webhook_secret"][:6]) == (receiver.url, "whsec_")
    await drain()
    (event,) = receiver.events()
    secret = number.pop("webhook_secret")
    assert (event["type"], event["data"]["object"]) == ("number.activated", number)
    assert secret not in receiver.received[0].body.decode()


async def test_only_the_number_s_events(
    store: Store, api: Client, number: Any, receiver: Receiver, drain: Drain
) -> None:
    other = await activate(store, api)
    await set_url(api, number, receiver.url)
    await api.patch("/v1/account", json={"balance_low_threshold_usd": 89.999})
    for sender in (number, other):
        await api.post("/v1/sms", json={"from": sender["id"], "to": "+33612345678", "body": "Hi"})
        await api.post("/v1/test/sms", json={"from": "+33612345678", "to": sender["id"], "body": "Hi"})
    await drain()

    assert sorted(event["type"] for event in receiver.events()) == ["sms.received", "sms.sent"]
    assert {event["data"]["object"]["number_id"] for event in receiver.events()} == {number["id"]}
    everything = [event["type"] for event in (await api.get("/v1/events")).json()["data"]]
    assert "account.balance_low" in everything


async def test_an_endpoint_made_by_hand_is_not_the_number_s_own(api: Client, number: Any, receiver: Receiver) -> None:
    body = {"url": f"{receiver.url}/mine", "enabled_events": ["*"], "number_id": number["id"]}
    mine = (await api.post("/v1/webhook_endpoints", json=body)).json()
    await set_url(api, number, receiver.url)
    await set_url(api, number, None)
    assert [endpoint["id"] for endpoint in await endpoints(api)] == [mine["id"]]


async def test_what_is_done_to_the_endpoint_shows_on_the_number(api: Client, number: Any, receiver: Receiver) -> None:
    await set_url(api, number, receiver.url)
    (endpoint,) = await endpoints(api)
    path = f"/v1/webhook_endpoints/{endpoint['id']}"
    await api.patch(path, json={"url": f"{receiver.url}/new", "description": "moved"})
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["webhook_url"] == f"{receiver.url}/new"
    await api.delete(path)
    assert (await api.get(f"/v1/numbers/{number['id']}")).json()["webhook_url"] is None
    assert "webhook_secret" in await set_url(api, number, f"{receiver.url}/new")


async def test_it_hears_of_its_number_s_end(
    api: Client, number: Any, receiver: Receiver, drain: Drain, advance: Any
) -> None:
    await set_url(api, number, receiver.url)
    await api.delete(f"/v1/numbers/{number['id']}")
    await advance(32 * DAY)
    assert [event["type"] for event in receiver.events()] == ["number.released"]
