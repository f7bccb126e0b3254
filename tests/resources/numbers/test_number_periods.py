"""Renewal, release, and what happens when a period ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import format_instant
from nokyc.kit.periods import add
from nokyc.store import ledger
from nokyc.store.store import Store
from support import Client, Drain, activate, add_stock, events_of, make_customer

DAY = 86_400


async def advance(api: Client, drain: Drain, seconds: float) -> None:
    await api.post("/v1/test/clock/advance", json={"seconds": int(seconds)})
    await drain()


async def advance_to(api: Client, drain: Drain, instant: str | datetime) -> None:
    """To an instant of the sandbox's time."""
    goal = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    now = (await api.post("/v1/test/clock/advance", json={"seconds": 1})).json()["now"]
    await advance(api, drain, (goal - datetime.fromisoformat(now)).total_seconds())


async def get(api: Client, number: Any) -> Any:
    return (await api.get(f"/v1/numbers/{number['id']}")).json()


async def balance(api: Client) -> float:
    return (await api.get("/v1/account")).json()["balance_usd"]


def renewals(number: Any, months: int) -> str:
    """When a number renews after so many months from its anchor."""
    return add(datetime.fromisoformat(number["created_at"]), months).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_renew_extends_from_the_end_of_the_period(api: Client, number: Any) -> None:
    answer = await api.post(f"/v1/numbers/{number['id']}/renew")
    assert (answer.status_code, answer.json()["renews_at"]) == (200, renewals(number, 2))
    assert await balance(api) == 90

    longer = await api.post(f"/v1/numbers/{number['id']}/renew", json={"billing_period": "quarterly"})
    assert (longer.json()["renews_at"], longer.json()["billing_period"]) == (renewals(number, 5), "quarterly")
    assert await balance(api) == 76.5
    assert await events_of(api, number["id"]) == ["number.activated", "number.renewed", "number.renewed"]


async def test_renew_at_most_24_months_ahead(store: Store, api: Client) -> None:
    number = await activate(store, api, billing_period="yearly")
    answer = await api.post(f"/v1/numbers/{number['id']}/renew", json={})
    assert answer.json()["renews_at"] == renewals(number, 24)
    refused = await api.post(f"/v1/numbers/{number['id']}/renew", json={"billing_period": "monthly"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "renewal_limit_reached")
    assert await balance(api) == 0


async def test_renew_without_money_changes_nothing(store: Store, web: main.Web) -> None:
    async with Client(web.app, (await make_customer(store, balance=9_000_000)).test_key) as api:
        number = await activate(store, api)
        refused = await api.post(f"/v1/numbers/{number['id']}/renew")
        assert (refused.status_code, refused.json()["error"]["code"]) == (402, "balance_insufficient")
        assert await get(api, number) == number
        assert await balance(api) == 4


async def test_renew_with_a_key_pays_once(api: Client, number: Any) -> None:
    for _ in range(3):
        answer = await api.post(f"/v1/numbers/{number['id']}/renew", headers={"Idempotency-Key": "renew"})
        assert answer.json()["renews_at"] == renewals(number, 2)
    assert await balance(api) == 90


async def test_a_number_renews_itself(api: Client, number: Any, drain: Drain) -> None:
    end = datetime.fromisoformat(number["renews_at"])
    await advance_to(api, drain, end - timedelta(seconds=1))
    assert await get(api, number) == number
    await advance(api, drain, 1)

    assert await get(api, number) == number | {"renews_at": renewals(number, 2)}
    assert await balance(api) == 90
    event = (await api.get("/v1/events", params={"type": "number.renewed"})).json()["data"][0]
    assert event["created"] == number["renews_at"]


async def test_several_periods_pass_at_once(api: Client, number: Any, drain: Drain) -> None:
    await advance_to(api, drain, datetime.fromisoformat(renewals(number, 7)) + timedelta(days=3))

    assert (await get(api, number))["renews_at"] == renewals(number, 8)
    assert await balance(api) == 60
    renewed = (await api.get("/v1/events", params={"type": "number.renewed"})).json()["data"]
    assert [event["created"] for event in renewed] == [renewals(number, n) for n in range(7, 0, -1)]
    usage = (await api.get("/v1/account/usage", params={"period": "last_90d"})).json()
    assert usage["numbers"]["cost_usd"] == 15, "each renewal is counted on its own day"


async def test_the_anchor_s_day_comes_back(store: Store, api: Client, drain: Drain) -> None:
    year = int((await api.get("/v1/account")).json()["created_at"][:4]) + 1
    await advance_to(api, drain, f"{year}-01-31T08:00:00Z")
    number = await activate(store, api)
    seen = [number["renews_at"]]
    for _ in range(3):
        await advance_to(api, drain, seen[-1])
        seen.append((await get(api, number))["renews_at"])
    february = "02-29" if year % 4 == 0 else "02-28"
    assert [instant[5:10] for instant in seen] == [february, "03-31", "04-30", "05-31"]


async def test_too_little_money_warns_twice_and_then_releases(store: Store, web: main.Web, drain: Drain) -> None:
    async with Client(web.app, (await make_customer(store, balance=9_000_000)).test_key) as api:
        number = await activate(store, api)
        end = datetime.fromisoformat(number["renews_at"])

        await advance_to(api, drain, end - timedelta(days=2, seconds=1))
        assert await events_of(api) == ["number.activated"]
        await advance(api, drain, 1)
        assert await events_of(api) == ["number.activated", "account.balance_low"]
        await advance(api, drain, DAY)
        assert await events_of(api) == ["number.activated", "account.balance_low", "account.balance_low"]
        await advance(api, drain, DAY)
        types = await events_of(api)
        assert types[-2:] == ["account.balance_low", "number.released"]

        released = await get(api, number)
        assert released == number | {"status": "released", "auto_renew": False}
        assert await balance(api) == 4


async def test_a_clock_that_is_moved_past_the_end_passes_by_no_warning(
    store: Store, web: main.Web, drain: Drain
) -> None:
    async with Client(web.app, (await make_customer(store, balance=9_000_000)).test_key) as api:
        number = await activate(store, api)
        end = datetime.fromisoformat(number["renews_at"])
        await advance_to(api, drain, end + timedelta(days=3))

        told = [(e["type"], e["created"]) for e in reversed((await api.get("/v1/events")).json()["data"])][1:]
        days = [format_instant(end - timedelta(days=n)) for n in (2, 1, 0)]
        assert told == [*(("account.balance_low", day) for day in days), ("number.released", days[-1])]


async def test_money_that_comes_in_time_saves_the_number(store: Store, web: main.Web, drain: Drain) -> None:
    customer = await make_customer(store, balance=9_000_000)
    async with Client(web.app, customer.test_key) as api:
        number = await activate(store, api)
        await advance_to(api, drain, datetime.fromisoformat(number["renews_at"]) - timedelta(days=1))
        await top_up(store, customer.test_id, 1_000_000)
        await advance_to(api, drain, number["renews_at"])
        assert await get(api, number) == number | {"renews_at": renewals(number, 2)}
        assert await balance(api) == 0


async def top_up(store: Store, account_id: int, amount: int) -> None:
    await store.run(lambda unit: ledger.credit(unit, account_id, amount, at=unit.wall))


async def test_without_auto_renewal_the_number_goes_at_its_end(api: Client, number: Any, drain: Drain) -> None:
    await api.patch(f"/v1/numbers/{number['id']}", json={"auto_renew": False})
    await advance_to(api, drain, number["renews_at"])
    assert (await get(api, number))["status"] == "released"
    assert await events_of(api) == ["number.activated", "number.released"]


async def test_release_is_at_once_and_final_and_idempotent(api: Client, number: Any, drain: Drain) -> None:
    for _ in range(2):
        assert (await api.delete(f"/v1/numbers/{number['id']}")).status_code == 204
    assert await get(api, number) == number | {"status": "released", "auto_renew": False}
    assert await events_of(api, number["id"]) == ["number.activated"]

    sent = await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "Hi"})
    assert (sent.status_code, sent.json()["error"]["code"]) == (422, "number_released")
    received = await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "Hi"})
    assert (received.status_code, received.json()["error"]["code"]) == (422, "number_released")
    renewed = await api.post(f"/v1/numbers/{number['id']}/renew")
    assert (renewed.status_code, renewed.json()["error"]["code"]) == (422, "number_released")
    assert await balance(api) == 95

    await advance_to(api, drain, number["renews_at"])
    assert (await api.delete(f"/v1/numbers/{number['id']}")).status_code == 204
    assert (await get(api, number))["status"] == "released"
    assert await events_of(api, number["id"]) == ["number.activated", "number.released"]
    event = (await api.get("/v1/events", params={"type": "number.released"})).json()["data"][0]
    assert event["created"] == number["renews_at"]


async def test_stock_that_is_there_is_not_added_twice(store: Store, live_api: Client, live_number: Any) -> None:
    await add_stock(store, live_number["number"])
    query = {"country": "fr", "contains": live_number["number"]}
    assert (await live_api.get("/v1/numbers/available", params=query)).json()["data"] == []


@pytest.mark.parametrize("period", ["weekly", 1])
async def test_renew_refuses_what_is_no_period(api: Client, number: Any, period: Any) -> None:
    refused = await api.post(f"/v1/numbers/{number['id']}/renew", json={"billing_period": period})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "billing_period")
