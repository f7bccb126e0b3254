"""Deliveries: what arrives, how it proves itself, when it comes again, and when it stops coming."""

import asyncio
import base64
import hashlib
import hmac
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from nokyc.kit import ids, signing
from nokyc.kit.clock import ManualClock, format_instant
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.webhooks.actions import RETRY_AFTER_SEC
from nokyc.resources.webhooks.queries import get
from nokyc.resources.webhooks.schemas import show_endpoint
from nokyc.store.store import Store
from nokyc.workers import deliverer
from resources.webhooks.receiver import Receiver
from support import Client, Customer, Drain, activate

DAY = 86_400


async def announce(api: Client, endpoint: Any) -> Any:
    """Raise a test event; returns it."""
    answer = await api.post(f"/v1/webhook_endpoints/{endpoint['id']}/test")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def deliveries(api: Client, endpoint: Any) -> list[Any]:
    """Newest first."""
    return (await api.get(f"/v1/webhook_endpoints/{endpoint['id']}/deliveries")).json()["data"]


async def the_delivery(api: Client, endpoint: Any) -> Any:
    (delivery,) = await deliveries(api, endpoint)
    return delivery


async def test_an_event_arrives_as_the_api_shows_it(
    store: Store, api: Client, receiver: Receiver, endpoint: Any, drain: Drain
) -> None:
    number = await activate(store, api)
    await drain()

    (received,) = receiver.received
    listed = (await api.get("/v1/events")).json()["data"][0]
    assert received.event == listed == (await api.get(f"/v1/events/{listed['id']}")).json()
    assert set(listed) == {"id", "object", "type", "created", "livemode", "data", "request_id", "api_version"}
    assert (listed["type"], listed["livemode"], listed["api_version"]) == ("number.activated", False, "2026-04-01")
    assert listed["data"] == {"object": number}
    delivery = await the_delivery(api, endpoint)
    assert delivery["status"] == "succeeded"
    assert delivery["next_attempt_at"] is None
    assert (delivery["event"], delivery["event_type"]) == (listed["id"], "number.activated")
    (attempt,) = delivery["attempts"]
    assert (attempt["attempt"], attempt["status_code"], attempt["error"]) == (1, 200, None)
    assert attempt["response_body"] == "thanks"


async def test_headers_and_both_signatures(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, clock: ManualClock
) -> None:
    event = await announce(api, endpoint)
    await drain()

    (received,) = receiver.received
    headers = received.headers
    timestamp = int(clock.now().timestamp())
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "NoKYC-Webhooks/1"
    assert headers["nokyc-event-id"] == headers["webhook-id"] == event["id"]
    assert headers["nokyc-attempt"] == "1"
    assert headers["webhook-timestamp"] == str(timestamp)

    secret = endpoint["secret"]
    signing.verify(headers["x-nokyc-signature"], received.body, [secret], timestamp)
    ours = hmac.new(secret.encode(), f"{timestamp}.".encode() + received.body, hashlib.sha256).hexdigest()
    assert headers["x-nokyc-signature"] == f"t={timestamp},v1={ours}"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event['id']}.{timestamp}.".encode() + received.body
    theirs = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{theirs}"


async def test_one_and_five_attempts_in_a_day(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any, clock: ManualClock
) -> None:
    receiver.status = 500
    await announce(api, endpoint)
    await drain()
    first = await the_delivery(api, endpoint)
    created = datetime.fromisoformat(first["created_at"])
    now = created

    previous = 0
    for n, at in enumerate(RETRY_AFTER_SEC, start=2):
        delivery = await the_delivery(api, endpoint)
        assert (delivery["status"], len(delivery["attempts"])) == ("pending", n - 1)
        due = datetime.fromisoformat(delivery["next_attempt_at"])
        latest = created + timedelta(seconds=at)
        assert latest - timedelta(seconds=0.2 * (at - previous) + 1) <= due <= latest
        clock.advance(7)  # real time passes too; the sandbox's due times stay where they are
        now += timedelta(seconds=7)
        await advance((due - now).total_seconds() - 1)
        assert len(receiver.received) == n - 1, "not a second too early"
        await advance(2)
        now = due + timedelta(seconds=1)
        assert len(receiver.received) == n
        previous = at

    last = await the_delivery(api, endpoint)
    assert (last["status"], last["next_attempt_at"]) == ("failed", None)
    assert RETRY_AFTER_SEC[-1] == DAY
    assert format_instant(due) == format_instant(created + timedelta(days=1))
    await advance(DAY)
    assert len(receiver.received) == 6
    assert [a["attempt"] for a in last["attempts"]] == [1, 2, 3, 4, 5, 6]


async def test_attempts_differ_only_in_time_and_count(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any, clock: ManualClock
) -> None:
    receiver.statuses = [500, 302, 404]
    event = await announce(api, endpoint)
    await drain()
    for seconds in (120, 600, 2_880):
        clock.advance(1)
        await advance(seconds)

    assert len({received.body for received in receiver.received}) == 1
    assert {received.headers["webhook-id"] for received in receiver.received} == {event["id"]}
    assert [received.headers["nokyc-attempt"] for received in receiver.received] == ["1", "2", "3", "4"]
    times = [int(received.headers["webhook-timestamp"]) for received in receiver.received]
    assert times == sorted(set(times)), "each attempt is freshly signed"
    for received, timestamp in zip(receiver.received, times, strict=True):
        signing.verify(received.headers["x-nokyc-signature"], received.body, [endpoint["secret"]], timestamp)
    assert (await the_delivery(api, endpoint))["status"] == "succeeded"
    await advance(DAY)
    assert len(receiver.received) == 4, "success stops the schedule"


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_every_2xx_is_success(api: Client, receiver: Receiver, endpoint: Any, drain: Drain, status: int) -> None:
    receiver.status = status
    await announce(api, endpoint)
    await drain()
    assert (await the_delivery(api, endpoint))["status"] == "succeeded"


@pytest.mark.parametrize("status", [302, 307, 308, 400, 429, 500, 503])
async def test_everything_else_is_failure(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, status: int
) -> None:
    receiver.status = status
    receiver.headers = {"Location": f"{receiver.url}/elsewhere"}
    await announce(api, endpoint)
    await drain()
    delivery = await the_delivery(api, endpoint)
    assert (delivery["status"], delivery["attempts"][0]["status_code"]) == ("pending", status)
    assert {received.path for received in receiver.received} == {"/"}, "no redirect is followed"


async def test_an_answer_that_does_not_come_is_failure(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer, "TIMEOUT_SEC", 0.05)
    receiver.held = asyncio.Event()
    await announce(api, endpoint)
    await drain()
    receiver.held.set()
    delivery = await the_delivery(api, endpoint)
    (attempt,) = delivery["attempts"]
    assert (delivery["status"], attempt["status_code"]) == ("pending", None)
    assert attempt["error"].startswith("timeout")


async def test_a_closed_port_is_failure(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    await receiver.stop()
    await announce(api, endpoint)
    await drain()
    assert (await the_delivery(api, endpoint))["attempts"][0]["error"].startswith("connect")
    await receiver.start()


async def test_410_disables_at_once(api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any) -> None:
    receiver.statuses = [500, 410]
    await announce(api, endpoint)
    await drain()
    await announce(api, endpoint)
    await drain()

    shown = (await api.get(f"/v1/webhook_endpoints/{endpoint['id']}")).json()
    assert (shown["status"], shown["disabled_reason"]) == ("disabled", "the receiver answered 410 Gone")
    assert [d["status"] for d in await deliveries(api, endpoint)] == ["failed", "canceled"]
    await advance(DAY)
    assert len(receiver.received) == 2


async def test_a_deleted_endpoint_cancels_what_is_pending(
    store: Store, api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    receiver.status = 500
    await announce(api, endpoint)
    await drain()
    assert (await api.delete(f"/v1/webhook_endpoints/{endpoint['id']}")).status_code == 204
    await advance(DAY)
    assert len(receiver.received) == 1
    async with store.reading() as connection:
        rows = await connection.fetch(
            "SELECT status, next_attempt_at FROM deliveries WHERE endpoint_id = $1", ids.read("whk", endpoint["id"])
        )
    assert [tuple(row) for row in rows] == [("canceled", None)]


async def test_killed_between_post_and_record(
    api: Client, receiver: Receiver, endpoint: Any, worker: Any, drain: Drain, clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The worker dies after the receiver has answered: the same event comes again when the lease ends."""
    event = await announce(api, endpoint)

    async def die(outcomes: Any) -> list[None]:
        raise ConnectionError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(worker._deliverer._recorder, "_commit", die)
        await drain()
    assert (await the_delivery(api, endpoint))["attempts"] == []
    await drain()
    assert len(receiver.received) == 1, "its lease has not ended"

    clock.advance(60)
    await drain()
    assert [received.event["id"] for received in receiver.received] == [event["id"]] * 2
    assert receiver.received[0].body == receiver.received[1].body
    assert len((await the_delivery(api, endpoint))["attempts"]) == 1


async def test_a_fault_of_ours_is_tried_again_later(
    api: Client, receiver: Receiver, endpoint: Any, worker: Any, drain: Drain, clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await announce(api, endpoint)
    with monkeypatch.context() as patch:
        patch.setattr(worker._deliverer, "_body", lambda row: 1 / 0)
        await drain()
    assert receiver.received == []
    clock.advance(1)
    await drain()
    assert (await the_delivery(api, endpoint))["status"] == "succeeded"


async def test_two_endpoints_may_share_a_url(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    body = {"url": f"{receiver.url}/", "enabled_events": ["sms.*", "webhook_endpoint.test"]}
    second = (await api.post("/v1/webhook_endpoints", json=body)).json()
    await announce(api, endpoint)
    await announce(api, second)
    await drain()

    now = int(receiver.received[0].headers["webhook-timestamp"])
    assert len(receiver.received) == 2, "a test event goes to its own endpoint only"
    for received in receiver.received:
        header = received.headers["x-nokyc-signature"]
        signers = []
        for secret in (endpoint["secret"], second["secret"]):
            try:
                signing.verify(header, received.body, [secret], now)
                signers.append(secret)
            except signing.SignatureError:
                pass
        assert len(signers) == 1


async def test_only_what_was_subscribed(
    api: Client, number: Any, receiver: Receiver, drain: Drain, clock: ManualClock
) -> None:
    for path, names in (("/family", ["sms.*"]), ("/one", ["sms.delivered"]), ("/other", ["account.*"])):
        body = {"url": receiver.url + path, "enabled_events": names}
        assert (await api.post("/v1/webhook_endpoints", json=body)).status_code == 201
    await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hi"})
    await drain()
    clock.advance(1)
    await drain()
    assert sorted(e["type"] for e in receiver.events("/family")) == ["sms.delivered", "sms.sent"]
    assert [e["type"] for e in receiver.events("/one")] == ["sms.delivered"]
    assert receiver.events("/other") == []


async def test_the_answer_is_kept_short(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    receiver.text = "a\0" + "é" * 100_000
    await announce(api, endpoint)
    await drain()
    body = (await the_delivery(api, endpoint))["attempts"][0]["response_body"]
    assert body.startswith("a\ufffdé")
    assert len(body) == 2_000


async def test_deliveries_page(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    raised = [(await announce(api, endpoint))["id"] for _ in range(5)]
    await drain()
    path = f"/v1/webhook_endpoints/{endpoint['id']}/deliveries"
    first = (await api.get(path, params={"limit": 2})).json()
    assert (first["url"], first["has_more"]) == (path, True)
    second = (await api.get(path, params={"limit": 10, "starting_after": first["next_cursor"]})).json()
    assert [d["event"] for d in [*first["data"], *second["data"]]] == raised[::-1]
    assert second["next_cursor"] is None
    assert (await api.get(path, params={"starting_after": "dlv_000000000000"})).json()["error"][
        "code"
    ] == "cursor_invalid"


async def raise_many(store: Store, customer: Customer, endpoint: Any, count: int) -> None:
    """So many test events at once."""

    async def work(unit: Any) -> None:
        row = await get(unit.connection, customer.test_id, ids.read("whk", endpoint["id"]))
        content = show_endpoint(row)
        fact = Fact(customer.test_id, "webhook_endpoint.test", row["id"], content, "req_0", unit.wall)
        await emit(unit, [fact] * count)

    await store.run(work)


async def test_five_hundred_deliveries(
    store: Store, api: Client, receiver: Receiver, endpoint: Any, drain: Drain, customer: Customer, clock: ManualClock
) -> None:
    """One worker, one quick receiver: nothing may wait for anything but the network."""

    await raise_many(store, customer, endpoint, 500)
    started = time.perf_counter()
    await drain()
    while len(receiver.received) < 500:
        clock.advance(deliverer.CROWDED_RETRY.total_seconds())  # a slow machine: some found no place
        await drain()
    elapsed = time.perf_counter() - started
    assert len({received.event["id"] for received in receiver.received}) == 500
    assert elapsed < 10, f"{elapsed:.1f} s"


async def test_a_slow_receiver_does_not_hold_up_others(
    store: Store, api: Client, receiver: Receiver, endpoint: Any, drain: Drain, customer: Customer, clock: ManualClock
) -> None:
    slow = Receiver(held=asyncio.Event())
    await slow.start()
    body = {"url": slow.url, "enabled_events": ["webhook_endpoint.test"]}
    assert (await api.post("/v1/webhook_endpoints", json=body)).status_code == 201
    await raise_many(store, customer, endpoint, deliverer.MAX_PER_ENDPOINT + 20)  # for both endpoints
    working = asyncio.create_task(drain())
    async with asyncio.timeout(5):
        await receiver.arrived.wait()
        await slow.arrived.wait()
    assert not working.done()
    slow.held.set()
    await working
    for _ in range(3):
        clock.advance(deliverer.CROWDED_RETRY.total_seconds())
        await drain()
    await slow.stop()
    for one in (receiver, slow):
        assert len({received.event["id"] for received in one.received}) == deliverer.MAX_PER_ENDPOINT + 20
