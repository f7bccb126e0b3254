"""Buying a number."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import pytest

from nokyc import main
from nokyc.store.store import Store
from support import Client, activate, add_stock, events_of, fresh_number, make_customer


async def quote(store: Store, api: Client, number: str | None = None) -> str:
    """The navail id of a number that nobody else will want."""
    e164 = number or fresh_number()
    await add_stock(store, e164)
    found = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
    return found.json()["data"][0]["id"]


async def balance(api: Client) -> float:
    return (await api.get("/v1/account")).json()["balance_usd"]


async def test_every_field_is_there(store: Store, api: Client) -> None:
    order = {
        "available_id": await quote(store, api, "+33611112222"),
        "billing_period": "quarterly",
        "addons": ["ai-trans", "ai-pickup", "ai-trans"],
        "auto_renew": False,
        "metadata": {"b": 1, "a": [1.5, "é", None]},
    }

    answer = await api.post("/v1/numbers", json=order)

    assert answer.status_code == 201
    number = answer.json()
    created = datetime.fromisoformat(number.pop("created_at"))
    renews = datetime.fromisoformat(number.pop("renews_at"))
    assert renews == created.replace(month=created.month + 3)
    assert number.pop("id").startswith("num_")
    assert number == {
        "object": "number", "number": "+33611112222", "display": "+33 6 11 11 22 22", "country": "fr",
        "type": "mobile", "tier": "premium", "tier_pattern": "double-repeat", "status": "active",
        "billing_period": "quarterly", "auto_renew": False, "addons": ["ai-pickup", "ai-trans"], "ai_enabled": True,
        "webhook_url": None, "on_off": None, "metadata": {"b": 1, "a": [1.5, "é", None]},
    }  # fmt: skip
    assert '"metadata":{"b":1,"a":[1.5,"é",null]}' in answer.text


async def test_defaults(number: Any) -> None:
    assert (number["auto_renew"], number["addons"], number["ai_enabled"], number["metadata"]) == (True, [], False, None)


async def test_one_charge_and_one_event(store: Store, api: Client) -> None:
    before = await balance(api)
    number = await activate(store, api, billing_period="quarterly")

    assert await balance(api) == pytest.approx(before - 13.5)
    assert await events_of(api, number["id"]) == ["number.activated"]
    event = (await api.get("/v1/events")).json()["data"][0]
    assert event["data"] == {"object": number}


async def test_402_names_both_amounts_and_changes_nothing(store: Store, web: main.Web) -> None:
    async with Client(web.app, (await make_customer(store, balance=4_999_999)).test_key) as poor:
        order = {"available_id": await quote(store, poor), "billing_period": "monthly"}
        refused = await poor.post("/v1/numbers", json=order)

        assert (refused.status_code, refused.json()["error"]["code"]) == (402, "balance_insufficient")
        assert "5 USD" in refused.json()["error"]["message"]
        assert "4.999999 USD" in refused.json()["error"]["message"]
        assert await balance(poor) == 4.999999
        assert (await poor.get("/v1/numbers")).json()["data"] == []
        assert await events_of(poor) == []


async def test_a_402_live_leaves_the_number_to_others(store: Store, web: main.Web, live_api: Client) -> None:
    e164 = fresh_number()
    theirs = await quote(store, live_api, e164)
    async with Client(web.app, (await make_customer(store, balance=1)).live_key) as poor:
        mine = (await poor.get("/v1/numbers/available", params={"country": "fr", "contains": e164})).json()["data"][0]
        order = {"available_id": mine["id"], "billing_period": "monthly"}
        assert (await poor.post("/v1/numbers", json=order)).status_code == 402
    bought = await live_api.post("/v1/numbers", json={"available_id": theirs, "billing_period": "monthly"})
    assert bought.status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"available_id": "navail_000000000000"}, 404, "resource_missing", "available_id"),
        ({"available_id": "nonsense"}, 404, "resource_missing", "available_id"),
        ({"available_id": None}, 400, "parameter_missing", "available_id"),
        ({"billing_period": "weekly"}, 400, "parameter_invalid", "billing_period"),
        ({"addons": ["ai-pickup", "ai-coffee"]}, 400, "parameter_invalid", "addons[1]"),
        ({"webhook_url": "ftp://example.com"}, 400, "url_invalid", "webhook_url"),
        ({"metadata": []}, 400, "parameter_invalid", "metadata"),
        ({"auto_renew": "yes"}, 400, "parameter_invalid", "auto_renew"),
        ({"webhook_ur": "https://example.com"}, 400, "parameter_unknown", "webhook_ur"),
    ],
)
async def test_refusals(store: Store, api: Client, change: dict[str, Any], status: int, code: str, param: str) -> None:
    order = {"available_id": await quote(store, api), "billing_period": "monthly"} | change
    refused = await api.post("/v1/numbers", json=order)
    assert refused.status_code == status, refused.text
    error = refused.json()["error"]
    assert (error["code"], error.get("param")) == (code, param)


async def test_a_quote_ends_after_half_an_hour(store: Store, api: Client) -> None:
    order = {"available_id": await quote(store, api), "billing_period": "monthly"}
    await api.post("/v1/test/clock/advance", json={"seconds": 30 * 60})
    refused = await api.post("/v1/numbers", json=order)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "reservation_expired")


async def test_a_quote_holds_for_half_an_hour(store: Store, api: Client) -> None:
    order = {"available_id": await quote(store, api), "billing_period": "monthly"}
    await api.post("/v1/test/clock/advance", json={"seconds": 30 * 60 - 1})
    assert (await api.post("/v1/numbers", json=order)).status_code == 201


async def test_of_twenty_buyers_one_gets_the_number(store: Store, web: main.Web) -> None:
    e164 = fresh_number()
    await add_stock(store, e164)
    buyers = [await make_customer(store) for _ in range(20)]
    async with AsyncExitStack() as stack:
        apis = [await stack.enter_async_context(Client(web.app, buyer.live_key)) for buyer in buyers]

        async def buy(api: Client) -> tuple[int, str | None]:
            found = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
            order = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly"}
            await ready.wait()
            answer = await api.post("/v1/numbers", json=order)
            return answer.status_code, answer.json().get("error", {}).get("code")

        ready = asyncio.Barrier(len(apis))
        answers = await asyncio.gather(*map(buy, apis))
        balances = [await balance(api) for api in apis]

    assert sorted(answers, key=str) == [(201, None)] + [(422, "number_unavailable")] * 19
    assert sorted(balances) == [95] + [100] * 19


async def test_one_account_buys_a_number_once(store: Store, api: Client) -> None:
    first = await quote(store, api, e164 := fresh_number())
    found = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
    again = found.json()["data"][0]["id"]
    assert (await api.post("/v1/numbers", json={"available_id": first, "billing_period": "monthly"})).is_success
    for ticket in (first, again):
        refused = await api.post("/v1/numbers", json={"available_id": ticket, "billing_period": "monthly"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "number_unavailable")
    assert await balance(api) == 95


async def test_the_same_key_buys_once(store: Store, api: Client) -> None:
    order = {"available_id": await quote(store, api), "billing_period": "monthly"}
    headers = {"Idempotency-Key": "buy-once"}
    first = await api.post("/v1/numbers", json=order, headers=headers)
    second = await api.post("/v1/numbers", json=order, headers=headers)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert await balance(api) == 95


async def test_the_sandbox_takes_nothing_from_stock(store: Store, api: Client, live_api: Client) -> None:
    e164 = fresh_number()
    await add_stock(store, e164)
    for client in (api, live_api):
        found = await client.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
        order = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly"}
        bought = await client.post("/v1/numbers", json=order)
        assert (bought.status_code, bought.json()["number"]) == (201, e164)
