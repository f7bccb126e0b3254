"""A number from the search to its end, as a customer sees it."""

from datetime import datetime

from nokyc.store.store import Store
from support import Client, Drain, add_stock, events_of, fresh_number


async def test_from_search_to_release(store: Store, api: Client, drain: Drain) -> None:
    e164 = fresh_number()
    await add_stock(store, e164)

    offers = (await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164[3:]})).json()["data"]
    order = {"available_id": offers[0]["id"], "billing_period": "monthly", "metadata": {"desk": "support"}}
    number = (await api.post("/v1/numbers", json=order)).json()
    path = f"/v1/numbers/{number['id']}"
    assert (number["number"], number["status"]) == (e164, "active")

    await api.patch(path, json={"status": "paused"})
    await api.patch(path, json={"status": "active"})
    longer = (await api.post(f"{path}/renew", json={"billing_period": "quarterly"})).json()
    assert longer["renews_at"] > number["renews_at"]

    assert (await api.delete(path)).status_code == 204
    now = (await api.post("/v1/test/clock/advance", json={"seconds": 1})).json()["now"]
    rest = datetime.fromisoformat(longer["renews_at"]) - datetime.fromisoformat(now)
    await api.post("/v1/test/clock/advance", json={"seconds": int(rest.total_seconds())})
    await drain()

    assert (await api.get(path)).json()["status"] == "released"
    assert await events_of(api, number["id"]) == [
        "number.activated", "number.paused", "number.resumed", "number.renewed", "number.released",
    ]  # fmt: skip
    assert (await api.get("/v1/account")).json()["balance_usd"] == 81.5
