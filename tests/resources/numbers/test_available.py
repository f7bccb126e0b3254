"""What is for sale: filters, quotes, pages. Each test sells in a country of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.resources.numbers import inventory
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store
from nokyc.workers.sweeper import sweep
from support import Client, Customer, activate, add_stock, make_customer


async def offer(store: Store, country: str, *numbers: tuple[str, str]) -> None:
    """Offer (number, type) pairs."""
    items = [inventory.item(number, country=country, kind=kind) for number, kind in numbers]
    await store.run(lambda unit: inventory.add(unit, items))


async def found(api: Client, **query: Any) -> list[str]:
    answer = await api.get("/v1/numbers/available", params=query)
    assert answer.status_code == 200, answer.text
    return [number["number"] for number in answer.json()["data"]]


async def test_filters(store: Store, api: Client) -> None:
    mobile, landline, pretty = "+4915128374601", "+493028374691", "+4915111112222"
    await offer(store, "de", (mobile, "mobile"), (landline, "landline"), (pretty, "mobile"))

    assert await found(api, country="de") == [pretty, landline, mobile]
    assert await found(api, country="DE", type="landline") == [landline]
    assert await found(api, country="de", tier="premium") == [pretty]
    assert await found(api, country="de", tier_pattern="double-repeat") == [pretty]
    assert await found(api, country="de", tier_pattern="no-such-pattern") == []
    assert await found(api, country="de", contains="283746") == [landline, mobile]
    assert await found(api, country="de", contains="+49151") == [pretty, mobile]


async def test_an_item_has_prices_for_every_period_and_ends_in_half_an_hour(store: Store, api: Client) -> None:
    await offer(store, "es", ("+34612538470", "mobile"))
    now = (await api.post("/v1/test/clock/advance", json={"seconds": 1})).json()["now"]

    item = (await api.get("/v1/numbers/available", params={"country": "es"})).json()["data"][0]

    assert item.pop("id").startswith("navail_")
    assert datetime.fromisoformat(item.pop("expires_at")) - datetime.fromisoformat(now) == timedelta(minutes=30)
    assert item == {
        "object": "available_number", "number": "+34612538470", "display": "+34 612 53 84 70", "country": "es",
        "type": "mobile", "tier": "standard", "tier_pattern": None,
        "prices": {"monthly": 5, "quarterly": 13.5, "yearly": 50},
    }  # fmt: skip


async def test_the_most_specific_error(api: Client) -> None:
    refused = await api.get("/v1/numbers/available", params={"country": "aq"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "country_unsupported")
    assert refused.json()["error"]["param"] == "country"

    missing = await api.get("/v1/numbers/available")
    assert (missing.status_code, missing.json()["error"]["code"]) == (400, "parameter_missing")

    for query in ({"country": "xx"}, {"country": "fr", "type": "satellite"}, {"country": "fr", "contains": "12a"}):
        wrong = await api.get("/v1/numbers/available", params=query)
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "parameter_invalid"), query


async def test_pages_hold_every_number_once(store: Store, api: Client) -> None:
    numbers = [f"+3519123456{n:02d}" for n in range(7)]
    await offer(store, "pt", *((number, "mobile") for number in numbers))

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get("/v1/numbers/available", params={"country": "pt", "limit": 3} | cursor)).json()
        seen += [item["number"] for item in page["data"]]
        if not page["has_more"]:
            break
        assert page["next_cursor"] == page["data"][-1]["id"]
        cursor = {"starting_after": page["next_cursor"]}
        await offer(store, "pt", (f"+35191234570{len(seen)}", "mobile"))  # newer than every page to come

    assert seen == numbers[::-1]
    assert page["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["navail_000000000000", "num_2k7m9p3w8x4t", "x"])
async def test_a_cursor_that_is_none(store: Store, api: Client, cursor: str) -> None:
    await add_stock(store, "+33647999999")
    refused = await api.get("/v1/numbers/available", params={"country": "fr", "starting_after": cursor})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "cursor_invalid")


async def test_another_account_s_quote_is_no_cursor_and_no_ticket(store: Store, web: main.Web, api: Client) -> None:
    await offer(store, "nl", ("+31612345678", "mobile"))
    theirs = (await api.get("/v1/numbers/available", params={"country": "nl"})).json()["data"][0]["id"]
    async with Client(web.app, (await make_customer(store)).test_key) as other:
        query = {"country": "nl", "starting_after": theirs}
        assert (await other.get("/v1/numbers/available", params=query)).json()["error"]["code"] == "cursor_invalid"
        order = {"available_id": theirs, "billing_period": "monthly"}
        refused = await other.post("/v1/numbers", json=order)
        assert (refused.status_code, refused.json()["error"]["param"]) == (404, "available_id")


async def test_what_one_mode_takes_the_other_still_offers(store: Store, api: Client, live_api: Client) -> None:
    await offer(store, "it", ("+393123456789", "mobile"))
    quote = (await api.get("/v1/numbers/available", params={"country": "it"})).json()["data"][0]
    await api.post("/v1/numbers", json={"available_id": quote["id"], "billing_period": "monthly"})

    assert await found(api, country="it") == []
    assert await found(live_api, country="it") == ["+393123456789"]


async def test_quotes_and_keys_go_by_the_sandbox_s_clock_however_far_it_is_ahead(
    store: Store, settings: Settings, customer: Customer, api: Client, clock: ManualClock
) -> None:
    async def left(table: str) -> int:
        await sweep(store, open_files(settings))
        count: int = await store.pool.fetchval(f"SELECT count(*) FROM {table} WHERE account_id = $1", customer.test_id)
        return count

    await api.post("/v1/test/clock/advance", json={"seconds": 3 * 366 * 86_400})
    number = await activate(store, api)
    await api.post(f"/v1/numbers/{number['id']}/renew", headers={"Idempotency-Key": "once"})
    clock.advance(86_400 + 1_790)
    assert await left("quotes") == 1
    clock.advance(20)
    assert await left("quotes") == 0
    assert await left("idempotency_keys") == 1
    clock.advance(86_400)
    assert await left("idempotency_keys") == 0
