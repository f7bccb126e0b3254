"""The events API: what is kept, how it is found, and how it is sent again."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.resources.webhooks.actions import RETRY_AFTER_SEC
from nokyc.store.store import Store
from resources.webhooks.receiver import Receiver
from support import Client, Drain, events_of, make_customer


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A customer's server."""
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


async def listed(api: Client, **query: Any) -> list[Any]:
    answer = await api.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def pause(api: Client, number: Any, *, paused: bool = True) -> None:
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused" if paused else "active"})


async def send(api: Client, number: Any, body: str = "Hi") -> Any:
    return (await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": body})).json()


async def test_filters(api: Client, number: Any, drain: Drain, clock: ManualClock) -> None:
    clock.advance(10)
    await send(api, number)
    await drain()
    clock.advance(10)
    await drain()
    await pause(api, number)

    assert await events_of(api) == ["number.activated", "sms.sent", "sms.delivered", "number.paused"]
    assert [e["type"] for e in await listed(api, type="sms.*")] == ["sms.delivered", "sms.sent"]
    assert [e["type"] for e in await listed(api, type="number.paused")] == ["number.paused"]
    assert await listed(api, type="call.completed") == []

    sent, delivered = (await listed(api, type="sms.*"))[::-1]
    assert [e["type"] for e in await listed(api, created_after=delivered["created"])] == [
        "number.paused",
        "sms.delivered",
    ]
    assert [e["type"] for e in await listed(api, created_before=delivered["created"])] == [
        "sms.sent",
        "number.activated",
    ]
    between = await listed(api, created_after=sent["created"], created_before=delivered["created"])
    assert [e["type"] for e in between] == ["sms.sent"], "after is inclusive and before exclusive, so ranges tile"


@pytest.mark.parametrize(
    "query",
    [
        {"type": "sms.read"}, {"type": "sms*"}, {"type": "*"}, {"type": "nothing.*"}, {"created_after": "yesterday"},
        {"created_after": "2026-04-26T10:00:00"}, {"delivery_success": "maybe"}, {"limit": 0},
        {"created_after": "2026-04-27T00:00:00Z", "created_before": "2026-04-26T00:00:00Z"},
    ],
    ids=str,
)  # fmt: skip
async def test_filters_that_are_none(api: Client, query: Any) -> None:
    refused = await api.get("/v1/events", params=query)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "parameter_invalid")


async def test_delivery_success(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    body = {"url": receiver.url, "enabled_events": ["number.*"]}
    assert (await api.post("/v1/webhook_endpoints", json=body)).status_code == 201
    receiver.statuses = [200, 500]
    await pause(api, number)
    await drain()
    await pause(api, number, paused=False)
    await drain()
    assert [e["type"] for e in await listed(api, delivery_success="false")] == ["number.resumed"]
    assert [e["type"] for e in await listed(api, delivery_success="true")] == ["number.paused", "number.activated"]


async def test_an_event_stays_as_it_was(api: Client, number: Any) -> None:
    path = f"/v1/numbers/{number['id']}"
    await api.patch(path, json={"metadata": {"v": 1}})
    await pause(api, number)
    (before,) = await listed(api, type="number.paused")
    await api.patch(path, json={"metadata": {"v": 2}, "status": "active", "addons": ["ai-pickup"]})
    await api.delete(path)

    (after,) = await listed(api, type="number.paused")
    assert after == before == (await api.get(f"/v1/events/{before['id']}")).json()
    assert after["data"]["object"]["metadata"] == {"v": 1}
    assert after["data"]["object"]["status"] == "paused"


async def test_pages_hold_every_event_once(api: Client, number: Any) -> None:
    for n in range(9):
        await pause(api, number, paused=n % 2 == 0)
    everything = [event["id"] for event in await listed(api, limit=100)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get("/v1/events", params={"limit": 3} | cursor)).json()
        seen += [event["id"] for event in page["data"]]
        await pause(api, number, paused=len(seen) % 2 == 0)  # newer ones come in while we page
        if not page["has_more"]:
            break
        cursor = {"starting_after": page["next_cursor"]}
    assert seen == everything


async def test_the_request_that_caused_it(api: Client, number: Any) -> None:
    answer = await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    (event,) = await listed(api, type="number.paused")
    assert event["request_id"] == answer.headers["Request-Id"]


async def test_nobody_else_sees_it(store: Store, web: main.Web, api: Client, live_api: Client, number: Any) -> None:
    (event,) = await listed(api)
    async with Client(web.app, (await make_customer(store)).test_key) as other:
        for client in (other, live_api):
            assert await listed(client) == []
            assert (await client.get(f"/v1/events/{event['id']}")).status_code == 404
            assert (await client.post(f"/v1/events/{event['id']}/resend")).status_code == 404
            cursor = await client.get("/v1/events", params={"starting_after": event["id"]})
            assert cursor.json()["error"]["code"] == "cursor_invalid"


async def test_a_resend_is_one_attempt(api: Client, number: Any, receiver: Receiver, drain: Drain) -> None:
    first, second = [
        (await api.post("/v1/webhook_endpoints", json={"url": receiver.url + path, "enabled_events": names})).json()
        for path, names in (("/a", ["number.*"]), ("/b", ["sms.*"]))
    ]
    (event,) = await listed(api)
    receiver.status = 500
    assert (await api.post(f"/v1/events/{event['id']}/resend")).json() == event
    await drain()
    await api.post("/v1/test/clock/advance", json={"seconds": RETRY_AFTER_SEC[-1]})
    await drain()
    assert [received.path for received in receiver.received] == ["/a"], "who wants it gets it, once"
    deliveries = (await api.get(f"/v1/webhook_endpoints/{first['id']}/deliveries")).json()["data"]
    assert [(d["status"], len(d["attempts"])) for d in deliveries] == [("failed", 1)]

    receiver.status = 200
    await api.post(f"/v1/events/{event['id']}/resend", json={"endpoint": second["id"]})
    await drain()
    assert receiver.events("/b") == [event], "the one that is named gets it in any case"
    assert [e["id"] for e in await listed(api)] == [event["id"]], "no new event"


async def test_a_resend_that_cannot_be(api: Client, number: Any, receiver: Receiver) -> None:
    (event,) = await listed(api)
    path = f"/v1/events/{event['id']}/resend"
    unknown = await api.post(path, json={"endpoint": "whk_000000000000"})
    assert (unknown.status_code, unknown.json()["error"]["param"]) == (404, "endpoint")
    body = {"url": receiver.url, "enabled_events": ["*"]}
    endpoint = (await api.post("/v1/webhook_endpoints", json=body)).json()
    await api.patch(f"/v1/webhook_endpoints/{endpoint['id']}", json={"status": "disabled"})
    disabled = await api.post(path, json={"endpoint": endpoint["id"]})
    assert (disabled.status_code, disabled.json()["error"]["code"]) == (422, "endpoint_disabled")
    await api.delete(f"/v1/webhook_endpoints/{endpoint['id']}")
    gone = await api.post(path, json={"endpoint": endpoint["id"]})
    assert (gone.status_code, gone.json()["error"]["param"]) == (404, "endpoint")
