"""The account: its figures, its settings, and the guards that it can set for itself."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.resources.accounts import actions as accounts
from nokyc.store import ledger
from nokyc.store.store import Store
from resources.accounts.books import check_books
from support import Client, Customer, Drain, activate, events_of, make_customer

DAY = 86_400
PRICE = 0.012


async def patch(api: Client, **changes: Any) -> Any:
    answer = await api.patch("/v1/account", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def send(api: Client, number: Any, to: str = "+33612345678", body: str = "Hi", **more: Any) -> Any:
    return await api.post("/v1/sms", json={"from": number["id"], "to": to, "body": body} | more)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_new_account(api: Client) -> None:
    account = (await api.get("/v1/account")).json()
    assert datetime.fromisoformat(account.pop("created_at"))
    assert account == {
        "object": "account", "email_hash": None, "balance_usd": 100, "default_country": "fr",
        "balance_low_threshold_usd": None, "daily_spend_cap_usd": None, "allowed_countries": None,
        "destination_velocity_per_hour": None, "opt_out_everywhere": False, "max_segments": 10, "active_numbers": 0,
        "monthly_call_minutes": 0, "monthly_sms_segments": 0,
    }  # fmt: skip


async def test_every_setting_can_be_set_and_cleared(api: Client) -> None:
    before = (await api.get("/v1/account")).json()
    changes = {
        "balance_low_threshold_usd": 0.000001, "default_country": "us", "daily_spend_cap_usd": 12.34,
        "allowed_countries": ["de", "fr"], "destination_velocity_per_hour": 5, "opt_out_everywhere": True,
        "max_segments": 3,
    }  # fmt: skip
    assert await patch(api, **changes) == before | changes
    assert await patch(api) == before | changes
    cleared = await patch(
        api, balance_low_threshold_usd=None, default_country=None, daily_spend_cap_usd=None, allowed_countries=None,
        destination_velocity_per_hour=None, opt_out_everywhere=False, max_segments=10,
    )  # fmt: skip
    assert cleared == before | {"default_country": None} == (await api.get("/v1/account")).json()
    assert (await patch(api, allowed_countries=["US", "us", "CA"]))["allowed_countries"] == ["ca", "us"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"balance_low_threshold_usd": -1}, "balance_low_threshold_usd"),
        ({"balance_low_threshold_usd": 0.0000001}, "balance_low_threshold_usd"),
        ({"balance_low_threshold_usd": "5"}, "balance_low_threshold_usd"),
        ({"daily_spend_cap_usd": 1e7}, "daily_spend_cap_usd"),
        ({"default_country": "xx"}, "default_country"),
        ({"allowed_countries": ["fr", "xx"]}, "allowed_countries[1]"),
        ({"allowed_countries": "fr"}, "allowed_countries"),
        ({"destination_velocity_per_hour": 0}, "destination_velocity_per_hour"),
        ({"opt_out_everywhere": None}, "opt_out_everywhere"),
        ({"max_segments": 11}, "max_segments"),
        ({"max_segments": None}, "max_segments"),
        ({"balance_usd": 1_000_000}, "balance_usd"),
    ],
)
async def test_settings_that_are_refused(api: Client, changes: Any, param: str) -> None:
    refused = await api.patch("/v1/account", json=changes)
    assert refused.status_code == 400, refused.text
    assert refused.json()["error"]["param"] == param


@pytest.mark.parametrize(
    ("micro", "shown"), [(0, "0"), (1, "0.000001"), (47_320_000, "47.32"), (10**15 - 1, "999999999.999999")]
)
async def test_amounts_are_exact(store: Store, web: main.Web, micro: int, shown: str) -> None:
    customer = await make_customer(store, balance=micro)
    async with Client(web.app, customer.test_key) as api:
        assert f'"balance_usd":{shown},' in (await api.get("/v1/account")).text


async def test_the_two_modes_have_their_own_money_and_settings(api: Client, live_api: Client, number: Any) -> None:
    await patch(api, max_segments=1)
    assert (await api.get("/v1/account")).json()["balance_usd"] == 95
    live = (await live_api.get("/v1/account")).json()
    assert (live["balance_usd"], live["max_segments"]) == (100, 10)


# Guards -----------------------------------------------------------------------------------------------------


async def test_only_to_allowed_countries(api: Client, number: Any) -> None:
    assert (await send(api, number, "+4915128374601")).status_code == 201
    await patch(api, allowed_countries=["fr"])
    assert code(await send(api, number, "+4915128374601")) == (422, "destination_forbidden")
    assert (await send(api, number)).status_code == 201
    await patch(api, allowed_countries=[])
    assert code(await send(api, number)) == (422, "destination_forbidden")
    await patch(api, allowed_countries=None)
    assert (await send(api, number, "+4915128374601")).status_code == 201


async def test_segments_up_to_the_account_s_limit(api: Client, number: Any) -> None:
    await patch(api, max_segments=1)
    assert code(await send(api, number, body="x" * 161)) == (422, "too_many_segments")
    assert (await send(api, number, body="x" * 160)).status_code == 201


async def test_opt_out_everywhere(api: Client, number: Any, drain: Drain) -> None:
    async def stop(peer: str) -> Any:
        await api.post("/v1/test/sms", json={"from": peer, "to": number["id"], "body": "STOP"})
        await drain()
        return await send(api, number, peer)

    assert (await stop("+33612345601")).status_code == 201
    await patch(api, opt_out_everywhere=True)
    assert code(await stop("+33612345602")) == (422, "recipient_opted_out")


async def test_the_daily_cap_counts_what_is_held_and_what_was_paid(
    store: Store, api: Client, customer: Customer, number: Any, drain: Drain, clock: ManualClock
) -> None:
    await patch(api, daily_spend_cap_usd=5.03)  # the number cost 5 today
    assert (await send(api, number)).status_code == 201
    assert (await send(api, number)).status_code == 201
    assert code(await send(api, number)) == (402, "spend_cap_reached")
    await drain()
    clock.advance(1)
    await drain()
    assert code(await send(api, number)) == (402, "spend_cap_reached"), "paid now, and no longer held"
    assert (await check_books(store, customer.test_id)).spent == 5_024_000

    await api.post("/v1/test/clock/advance", json={"seconds": DAY})
    assert (await send(api, number)).status_code == 201, "a new day"


async def test_a_batch_cannot_pass_the_cap(api: Client, number: Any) -> None:
    await patch(api, daily_spend_cap_usd=5 + 10 * PRICE)
    answers = await asyncio.gather(*(send(api, number) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [402] * 40
    assert {code(answer)[1] for answer in answers if answer.status_code == 402} == {"spend_cap_reached"}


async def test_the_cap_holds_for_numbers_and_not_for_renewals_agreed_to(
    store: Store, api: Client, number: Any, drain: Drain
) -> None:
    await patch(api, daily_spend_cap_usd=9.99)
    refused = await api.post(f"/v1/numbers/{number['id']}/renew")
    assert code(refused) == (402, "spend_cap_reached")
    assert "4.99 USD" in refused.json()["error"]["message"]
    with pytest.raises(AssertionError, match="spend_cap_reached"):
        await activate(store, api)
    assert (await api.get("/v1/account")).json()["balance_usd"] == 95

    await patch(api, daily_spend_cap_usd=0)
    await api.post("/v1/test/clock/advance", json={"seconds": 32 * DAY})
    await drain()
    assert (await api.get("/v1/account")).json()["balance_usd"] == 90
    assert await events_of(api, number["id"]) == ["number.activated", "number.renewed"]


async def test_a_scheduled_message_meets_the_cap_when_it_is_due(api: Client, number: Any, drain: Drain) -> None:
    now = datetime.fromisoformat((await api.post("/v1/test/clock/advance", json={"seconds": 1})).json()["now"])
    later = (now + timedelta(hours=1)).isoformat()
    sms = (await send(api, number, send_at=later)).json()
    await patch(api, daily_spend_cap_usd=0)
    await api.post("/v1/test/clock/advance", json={"seconds": 3_600})
    await drain()
    shown = (await api.get(f"/v1/sms/{sms['id']}")).json()
    assert (shown["status"], shown["failure_code"]) == ("failed", "balance_insufficient")


async def test_velocity_is_counted_per_prefix_and_hour(api: Client, number: Any) -> None:
    await patch(api, destination_velocity_per_hour=3)
    near = [f"+3361234{n:04d}" for n in range(10)]
    answers = await asyncio.gather(*(send(api, number, to) for to in near))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [422] * 7
    refused = await send(api, number, near[0])
    assert (code(refused), refused.json()["error"]["param"]) == ((422, "destination_velocity"), "to")
    assert (await send(api, number, "+33699345678")).status_code == 201, "another prefix"

    await api.post("/v1/test/clock/advance", json={"seconds": 3_599})
    assert code(await send(api, number, near[0])) == (422, "destination_velocity")
    await api.post("/v1/test/clock/advance", json={"seconds": 1})
    assert (await send(api, number, near[0])).status_code == 201


async def test_a_refused_message_takes_nothing(store: Store, api: Client, customer: Customer, number: Any) -> None:
    await patch(api, destination_velocity_per_hour=1, daily_spend_cap_usd=100)
    await send(api, number)
    before = await check_books(store, customer.test_id)
    for _ in range(3):
        assert (await send(api, number, metadata={})).status_code == 422
    assert await check_books(store, customer.test_id) == before
    assert len((await api.get("/v1/sms")).json()["data"]) == 1


async def test_a_sandbox_s_clock_has_an_end(api: Client) -> None:
    ten_years = {"seconds": 10 * 366 * DAY}
    for _ in range(10):
        last = await api.post("/v1/test/clock/advance", json=ten_years)
        assert last.status_code == 200, last.text
    refused = await api.post("/v1/test/clock/advance", json={"seconds": 1})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "seconds")
    assert last.json()["advanced_seconds"] == 100 * 366 * DAY


# Figures and usage ------------------------------------------------------------------------------------------


async def test_figures_are_of_the_calendar_month_and_usage_of_its_period(
    store: Store, api: Client, drain: Drain, clock: ManualClock
) -> None:
    async def days(n: float) -> datetime:
        answer = await api.post("/v1/test/clock/advance", json={"seconds": int(n * DAY)})
        await drain()
        return datetime.fromisoformat(answer.json()["now"])

    now = await days(1)
    month_end = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=12, minute=0, second=0)
    await days((month_end - now).total_seconds() / DAY - 1)  # noon of the last day of a month
    number = await activate(store, api, billing_period="yearly")
    await send(api, number, body="x" * 161)
    await api.post("/v1/test/sms", json={"from": "+33612345678", "to": number["id"], "body": "Hi"})
    await drain()
    clock.advance(1)
    await drain()
    assert (await api.get("/v1/account")).json()["monthly_sms_segments"] == 2
    await days(1)
    account = (await api.get("/v1/account")).json()
    assert (account["monthly_sms_segments"], account["active_numbers"]) == (0, 1)

    current = (await api.get("/v1/account/usage")).json()
    assert (current["period"], current["total_cost_usd"], len(current["daily"])) == ("current", 0, 1)
    recent = (await api.get("/v1/account/usage", params={"period": "last_30d"})).json()
    assert recent["object"] == "usage"
    assert len(recent["daily"]) == 30
    assert recent["numbers"] == {"active": 1, "cost_usd": 50}
    assert recent["sms"] == {"count": 2, "inbound": 1, "outbound": 1, "segments": 2, "cost_usd": 0.024}
    assert recent["calls"] == {"count": 0, "inbound": 0, "outbound": 0, "minutes": 0, "cost_usd": 0}
    assert (recent["addons"], recent["total_cost_usd"]) == ({"cost_usd": 0}, 50.024)
    yesterday = recent["daily"][-2]
    assert yesterday == {
        "date": (month_end - timedelta(days=1)).date().isoformat(),
        "calls": 0, "minutes": 0, "sms": 2, "segments": 2, "cost_usd": 50.024,
    }  # fmt: skip
    assert recent["starts_at"].endswith("T00:00:00Z")
    assert [day["date"] for day in recent["daily"]] == sorted(day["date"] for day in recent["daily"])

    await days(29)
    assert (await api.get("/v1/account/usage", params={"period": "last_30d"})).json()["total_cost_usd"] == 0
    longest = (await api.get("/v1/account/usage", params={"period": "last_90d"})).json()
    assert (longest["total_cost_usd"], len(longest["daily"])) == (50.024, 90)
    assert sum(Decimal(str(day["cost_usd"])) for day in longest["daily"]) == Decimal("50.024")


async def test_an_unknown_period(api: Client) -> None:
    assert code(await api.get("/v1/account/usage", params={"period": "last_year"})) == (400, "parameter_invalid")


# The warning ------------------------------------------------------------------------------------------------


async def test_one_warning_for_each_crossing(
    store: Store, api: Client, customer: Customer, number: Any, drain: Drain
) -> None:
    await patch(api, balance_low_threshold_usd=94.98)
    for _ in range(4):  # 94.988, 94.976 (below), 94.964, 94.952
        await send(api, number)
        await drain()
    assert (await events_of(api)).count("account.balance_low") == 1
    event = (await api.get("/v1/events", params={"type": "account.balance_low"})).json()["data"][0]
    assert event["data"]["object"]["object"] == "account"
    assert event["data"]["object"]["balance_usd"] == 94.976

    await store.run(lambda unit: ledger.credit(unit, customer.test_id, 1_000_000, at=unit.wall))
    for amount in (980_000, 1, 1):
        await store.run(
            lambda unit, amount=amount: ledger.charge(
                unit, customer.test_id, amount, category="addon", subject_id=1, at=unit.wall
            )
        )
    await drain()
    assert (await events_of(api)).count("account.balance_low") == 2


async def test_a_threshold_above_the_balance_waits_for_the_next_crossing(
    store: Store, api: Client, customer: Customer, number: Any, drain: Drain
) -> None:
    await patch(api, balance_low_threshold_usd=200)
    await send(api, number)
    await drain()
    assert "account.balance_low" not in await events_of(api)
    await patch(api, balance_low_threshold_usd=94.988)
    await send(api, number)
    await drain()
    assert (await events_of(api)).count("account.balance_low") == 1


async def test_an_email_is_kept_as_a_hash_that_cannot_be_guessed(store: Store) -> None:
    async def hash_of(email: str) -> str:
        live_id, _ = await store.run(lambda unit: accounts.create(unit, email=email, balance=0, country=None))
        async with store.reading() as connection:
            found: str = await connection.fetchval("SELECT email_hash FROM accounts WHERE id = $1", live_id)
        return found

    first = await hash_of("marc@example.com")
    assert await hash_of("  Marc@Example.COM ") == first != await hash_of("marc@example.org")
    assert len(first) == 16
    assert int(first, 16) >= 0
    assert first != hashlib.sha256(b"marc@example.com").hexdigest()[:16]
