"""New deliveries go straight to the worker whose transaction made them; their rows stand in case it dies."""

from collections.abc import Sequence
from typing import Any

import pytest

from nokyc.http.outbound import OutboundClient
from nokyc.kit.clock import ManualClock
from nokyc.main import VERSIONS
from nokyc.resources.events.actions import QUEUE
from nokyc.store.store import Store
from nokyc.store.tasks import LEASE
from nokyc.workers.deliverer import Deliverer
from resources.webhooks.receiver import Receiver
from support import Client, Customer, Drain, activate


class Lost:
    """A worker with room for one, that dies with it in its hands."""

    holder = None

    def room(self) -> int:
        return 1

    def take(self, handed: Sequence[Any]) -> None:
        assert len(handed) == 1


async def deliveries(api: Client, endpoint: Any) -> list[Any]:
    data: list[Any] = (await api.get(f"/v1/webhook_endpoints/{endpoint['id']}/deliveries")).json()["data"]
    return data


async def left(store: Store, customer: Customer) -> int:
    async with store.reading() as connection:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM tasks WHERE queue = $1 AND account_id = $2", QUEUE, customer.test_id
        )
    return count


async def test_they_are_made_without_being_looked_for(
    store: Store, customer: Customer, api: Client, receiver: Receiver, endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = OutboundClient(allow_private=True)
    deliverer = Deliverer(store, client, VERSIONS)
    monkeypatch.setitem(store.takers, QUEUE, deliverer)
    await activate(store, api)
    await deliverer.settle()
    await client.close()

    (received,) = receiver.received
    assert received.event == (await api.get("/v1/events")).json()["data"][0]
    (delivery,) = await deliveries(api, endpoint)
    assert (delivery["status"], len(delivery["attempts"])) == ("succeeded", 1)
    assert not await left(store, customer)


async def test_what_a_dead_worker_took_comes_back(
    store: Store,
    api: Client,
    receiver: Receiver,
    endpoint: Any,
    drain: Drain,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = await api.post("/v1/webhook_endpoints", json={"url": f"{receiver.url}/2", "enabled_events": ["*"]})
    assert other.status_code == 201
    monkeypatch.setitem(store.takers, QUEUE, Lost())
    await activate(store, api)
    monkeypatch.delitem(store.takers, QUEUE)
    await drain()
    assert [received.path for received in receiver.received] == ["/2"]

    clock.advance(LEASE.total_seconds())
    await drain()
    assert [received.path for received in receiver.received] == ["/2", "/"]
