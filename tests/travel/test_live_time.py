"""What months do to live accounts."""

from datetime import datetime
from typing import Any

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.resources.events.queries import RETENTION
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store
from nokyc.workers.sweeper import sweep
from resources.webhooks.receiver import Receiver
from support import Client, Drain, activate, make_customer

DAY = 86_400


async def test_a_late_worker_does_not_make_all_attempts_at_once(
    store: Store, live_api: Client, receiver: Receiver, drain: Drain, clock: ManualClock
) -> None:
    """We were down for two days when the event was young: the receiver still gets a day to come back."""
    receiver.status = 500
    body = {"url": f"{receiver.url}/", "enabled_events": ["*"]}
    endpoint = (await live_api.post("/v1/webhook_endpoints", json=body)).json()
    await live_api.post(f"/v1/webhook_endpoints/{endpoint['id']}/test")
    clock.advance(2 * DAY)
    await drain()
    assert len(receiver.received) == 1
    for n, gap in enumerate((120, 600, 2_880, 14_400, 68_400), start=2):
        clock.advance(gap)
        await drain()
        assert len(receiver.received) == n
    (delivery,) = (await live_api.get(f"/v1/webhook_endpoints/{endpoint['id']}/deliveries")).json()["data"]
    assert delivery["status"] == "failed"


async def test_events_are_kept_for_thirty_days(
    store: Store, settings: Settings, live_api: Client, receiver: Receiver, drain: Drain, clock: ManualClock
) -> None:
    body = {"url": receiver.url, "enabled_events": ["*"]}
    endpoint = (await live_api.post("/v1/webhook_endpoints", json=body)).json()
    number = await activate(store, live_api)
    await live_api.patch(f"/v1/numbers/{number['id']}", json={"auto_renew": False})
    old = (await live_api.get("/v1/events")).json()["data"][0]
    await drain()
    clock.advance(5)
    await live_api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await drain()
    page = (await live_api.get("/v1/events", params={"limit": 1})).json()
    deliveries = f"/v1/webhook_endpoints/{endpoint['id']}/deliveries"
    assert len((await live_api.get(deliveries)).json()["data"]) == 2

    clock.advance(RETENTION.total_seconds() - 2)
    await sweep(store, open_files(settings))
    assert (await live_api.get(f"/v1/events/{old['id']}")).status_code == 404
    assert [e["type"] for e in (await live_api.get("/v1/events")).json()["data"]] == ["number.paused"]
    assert len((await live_api.get(deliveries)).json()["data"]) == 1

    clock.advance(10)
    await sweep(store, open_files(settings))
    assert (await live_api.get("/v1/events")).json()["data"] == []
    rest = await live_api.get("/v1/events", params={"starting_after": page["next_cursor"]})
    assert (rest.status_code, rest.json()["data"]) == (200, []), "a page that began before can be continued"
    refused = await live_api.get("/v1/events", params={"starting_after": number["id"]})
    assert refused.json()["error"]["code"] == "cursor_invalid"


async def test_a_released_number_is_for_sale_again_when_its_period_ends(
    store: Store, web: main.Web, live_api: Client, live_number: Any, drain: Drain, clock: Any
) -> None:
    query = {"country": "fr", "contains": live_number["number"]}
    await live_api.delete(f"/v1/numbers/{live_number['id']}")
    assert (await live_api.get("/v1/numbers/available", params=query)).json()["data"] == []

    ahead = datetime.fromisoformat(live_number["renews_at"]) - clock.now()
    clock.advance(ahead.total_seconds() + 1)
    await drain()

    async with Client(web.app, (await make_customer(store)).live_key) as other:
        offer = (await other.get("/v1/numbers/available", params=query)).json()["data"][0]
        bought = await other.post("/v1/numbers", json={"available_id": offer["id"], "billing_period": "monthly"})
        assert bought.status_code == 201
        assert bought.json()["id"] != live_number["id"]
        assert (await live_api.get(f"/v1/numbers/{live_number['id']}")).json()["status"] == "released"
        assert (await other.get(f"/v1/numbers/{live_number['id']}")).status_code == 404
