"""POST /v1/calls: what is accepted, shown and refused; lists; hanging up."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from nokyc import main
from nokyc.http.errors import ApiError
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.calls.intake import Intake, Order
from nokyc.resources.calls.schemas import ToStream
from nokyc.resources.carriers import actions as carriers
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.calls.desk import HANDSET, balance, key, later, place, refused, ring_in, shown
from resources.calls.engine import Exchange
from support import Client, Customer, Drain, activate, events_of, make_customer


async def test_what_cannot_be_called(store: Store, api: Client, number: Any) -> None:
    assert await refused(api, {"id": "num_000000000000"}) == (404, "resource_missing", "from")
    assert await refused(api, {"id": "nonsense"}) == (404, "resource_missing", "from")
    assert await refused(api, number, "0612345678") == (400, "phone_number_invalid", "to")
    assert await refused(api, number, "+33199999999999") == (422, "destination_unsupported", "to")
    assert await refused(api, number, "+33899123456") == (422, "destination_forbidden", "to")
    assert await refused(api, number, number["number"]) == (422, "destination_unsupported", "to")
    path = f"/v1/numbers/{number['id']}"
    await api.patch(path, json={"status": "paused"})
    assert await refused(api, number) == (422, "number_paused", "from")
    await api.delete(path)
    assert await refused(api, number) == (422, "number_released", "from")


async def test_the_accounts_own_guards(api: Client, number: Any, drain: Drain) -> None:
    await api.patch("/v1/account", json={"allowed_countries": ["fr"]})
    assert await refused(api, number, "+4915123456789") == (422, "destination_forbidden", "to")
    second = {"type": "number", "to": "+4915123456789"}
    assert await refused(api, number, connect=second) == (422, "destination_forbidden", "connect.to")
    await api.patch("/v1/account", json={"destination_velocity_per_hour": 2})
    for _ in range(2):
        await place(api, number)
    assert await refused(api, number, "+33612349999") == (422, "destination_velocity", "to")
    assert await refused(api, number, "+33698765432", connect={"type": "number", "to": "+33612340000"}) == (
        422, "destination_velocity", "connect.to",
    )  # fmt: skip
    await later(api, drain, 3_601)
    await place(api, number)


async def test_a_call_that_cannot_be_paid_for(store: Store, api: Client, number: Any, customer: Customer) -> None:
    await api.patch("/v1/account", json={"daily_spend_cap_usd": 5.03})  # the number cost 5
    before = await balance(api)
    call = await place(api, number)
    assert before - await balance(api) == pytest.approx(0.03), "90 s fit below the cap"
    assert (await api.post(f"/v1/calls/{call['id']}/hangup")).json()["cost_usd"] == 0
    await api.patch("/v1/account", json={"daily_spend_cap_usd": 5.019})
    assert await refused(api, number) == (402, "spend_cap_reached", None)
    await api.patch("/v1/account", json={"daily_spend_cap_usd": None})
    async with store.reading() as connection:
        await connection.execute("UPDATE accounts SET balance_micro = 19999 WHERE id = $1", customer.test_id)
    answer = await api.post("/v1/calls", json={"from": number["id"], "to": HANDSET}, headers={"Idempotency-Key": "a"})
    assert answer.json()["error"]["code"] == "balance_insufficient"
    assert "0.02 USD" in answer.json()["error"]["message"]
    assert "0.019999 USD" in answer.json()["error"]["message"]
    async with store.reading() as connection:
        await connection.execute("UPDATE accounts SET balance_micro = 20000 WHERE id = $1", customer.test_id)
    again = await api.post("/v1/calls", json={"from": number["id"], "to": HANDSET}, headers={"Idempotency-Key": "a"})
    assert again.status_code == 201
    assert await balance(api) == 0


async def test_an_idempotency_key_places_one_call(api: Client, number: Any) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"from": number["id"], "to": HANDSET}
    first = await api.post("/v1/calls", json=body, headers=headers)
    again = await api.post("/v1/calls", json=body, headers=headers)
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    assert len((await api.get("/v1/calls")).json()["data"]) == 1
    steps = (await api.get(f"/v1/calls/{first.json()['id']}/timeline")).json()["steps"]
    assert [step["type"] for step in steps][:3] == ["request", "idempotency", "ledger"]


async def test_only_own_numbers_are_shown(store: Store, api: Client, live_api: Client, number: Any) -> None:
    other = await activate(store, api)
    american = await activate(store, api, country="us")
    strange = await activate(store, live_api)
    assert (await place(api, number))["callerid"] == number["number"]
    assert (await place(api, number, callerid_mask="hide"))["callerid"] == "hidden"
    assert (await place(api, number, callerid_mask=other["number"]))["callerid"] == other["number"]
    assert (await place(api, number, callerid_mask="rotate"))["callerid"] == other["number"]
    assert (await place(api, american, callerid_mask="rotate"))["callerid"] in (number["number"], other["number"])
    assert await refused(api, number, callerid_mask=strange["number"]) == (422, "callerid_not_owned", "callerid_mask")
    assert await refused(api, number, callerid_mask="+33699999999") == (422, "callerid_not_owned", "callerid_mask")
    for nonsense in ("Police", "112", "+0"):
        assert await refused(api, number, callerid_mask=nonsense) == (400, "parameter_invalid", "callerid_mask")
    await api.delete(f"/v1/numbers/{other['id']}")
    assert await refused(api, number, callerid_mask=other["number"]) == (422, "callerid_not_owned", "callerid_mask")
    assert (await place(api, number, callerid_mask="rotate"))["callerid"] == american["number"]
    await api.patch(f"/v1/numbers/{american['id']}", json={"status": "paused"})
    assert (await place(api, number, callerid_mask="rotate"))["callerid"] == number["number"], "it is alone"


@pytest.mark.parametrize(
    ("connect", "answer"),
    [
        ({"type": "softphone"}, {"type": "softphone"}),
        ({"type": "say", "text": "Hello"}, {"type": "say", "text": "Hello", "voice": "neutral_en"}),
        ({"type": "say", "text": "Hello", "voice": "warm_fr"}, None),
        ({"type": "number", "to": "+33698765432"}, None),
        ({"type": "stream", "url": "wss://93.184.216.34/in"}, None),
        ({"type": "stream", "url": "ws://127.0.0.1:9/in", "parameters": {"a": "b"}}, None),
    ],
)
async def test_what_the_callee_can_be_joined_with(api: Client, number: Any, connect: Any, answer: Any) -> None:
    call = await place(api, number, connect=connect)
    assert call["connect"] == (answer or connect)


async def test_the_default_is_what_the_number_has(store: Store, api: Client, customer: Customer) -> None:
    number = await activate(store, api, addons=["ai-pickup"])
    assert (await place(api, number))["connect"] == {"type": "agent"}
    assert (await place(api, number, connect={"type": "agent"}))["connect"] == {"type": "agent"}
    async with store.reading() as connection:
        await connection.execute(
            "INSERT INTO registrations VALUES ($1, $2, 'sip:a@b', 'Baresip', 'tls', '2100-01-01')",
            customer.test_id,
            ids.read("num", number["id"]),
        )
    assert (await place(api, number))["connect"] == {"type": "softphone"}


async def test_what_the_callee_cannot_be_joined_with(
    store: Store, api: Client, number: Any, settings: Settings, customer: Customer
) -> None:
    async def refusal(**connect: Any) -> Any:
        return await refused(api, number, connect=connect)

    assert await refusal(type="agent") == (422, "addon_required", "connect")
    assert await refusal(type="fax") == (400, "parameter_invalid", "connect.type")
    assert await refusal() == (400, "parameter_missing", "connect.type")
    assert await refusal(type="softphone", text="Hi") == (400, "parameter_unknown", "connect.text")
    assert await refusal(type="say") == (400, "parameter_missing", "connect.text")
    assert await refusal(type="say", text="Hi", voice="loud") == (400, "voice_invalid", "connect.voice")
    assert await refusal(type="number", to="112") == (400, "phone_number_invalid", "connect.to")
    assert await refusal(type="number", to=HANDSET) == (422, "destination_unsupported", "connect.to")
    for url in ("https://example.com/", "nonsense", "wss://"):
        assert await refusal(type="stream", url=url) == (400, "url_invalid", "connect.url")
    strict = Intake(main.open_routing(store, settings), replace(settings, webhook_allow_private=False))
    order = Order(customer.test_id, False, ids.read("num", number["id"]), HANDSET, "req_0", store.clock.now())
    for url, code in (("wss://127.0.0.1/", "url_forbidden"), ("ws://93.184.216.34/", "url_invalid")):
        with pytest.raises(ApiError) as error:
            await store.run(lambda unit, u=url: strict.place(unit, replace(order, connect=ToStream(url=u))))
        assert error.value.code == code


async def test_as_many_at_once_as_an_account_may_have(
    store: Store, api: Client, number: Any, settings: Settings, customer: Customer
) -> None:
    intake = Intake(main.open_routing(store, settings), replace(settings, max_calls=2))
    order = Order(customer.test_id, False, ids.read("num", number["id"]), HANDSET, "req_0", store.clock.now())
    before = await balance(api)
    calls = [await place(api, number) for _ in range(2)]
    held = before - await balance(api)
    with pytest.raises(ApiError) as error:
        await store.run(lambda unit: intake.place(unit, order))
    assert (error.value.status, error.value.code) == (429, "rate_limit_exceeded")
    assert error.value.headers == {"Retry-After": "5"}
    assert before - await balance(api) == held
    await api.post(f"/v1/calls/{calls[0]['id']}/hangup")
    assert (await store.run(lambda unit: intake.place(unit, order)))["status"] == "queued"


async def test_a_bridge_costs_both_legs(api: Client, number: Any, drain: Drain) -> None:
    call = await place(api, number, connect={"type": "number", "to": "+33698765432"})
    await later(api, drain, 12)
    assert (await shown(api, call))["cost_usd"] == 0.006667


async def test_lists_have_filters(store: Store, api: Client, number: Any, drain: Drain) -> None:
    other = await activate(store, api)
    await api.post("/v1/test/clock/advance", json={"seconds": 5})
    first = await place(api, number)
    await later(api, drain, 20)
    second = await place(api, other, "+15005550010")
    await later(api, drain, 20)
    third = await ring_in(api, number)

    async def found(**query: Any) -> list[str]:
        answer = await api.get("/v1/calls", params=query)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["data"]]

    all_of_them = [third["id"], second["id"], first["id"]]
    assert await found() == all_of_them
    assert await found(number=number["id"]) == [third["id"], first["id"]]
    assert await found(number=other["number"]) == [second["id"]]
    assert await found(number="+33699999999") == []
    assert await found(direction="inbound") == [third["id"]]
    assert await found(status="busy") == [second["id"]]
    assert await found(created_after=second["started_at"]) == [third["id"], second["id"]]
    assert await found(created_before=second["started_at"]) == [first["id"]]
    page = (await api.get("/v1/calls", params={"limit": 2})).json()
    assert (page["has_more"], page["next_cursor"]) == (True, second["id"])
    assert await found(starting_after=page["next_cursor"]) == [first["id"]]
    for wrong in ({"status": "lost"}, {"direction": "up"}, {"starting_after": number["id"]}, {"to": HANDSET}):
        assert (await api.get("/v1/calls", params=wrong)).status_code == 400


@pytest.mark.parametrize("year", ["0001", "1969", "2095", "2200", "9999"])
async def test_lists_end_where_time_does(live_api: Client, year: str) -> None:
    for path in ("/v1/calls", "/v1/voicemails", "/v1/sms", "/v1/events"):
        for name in ("created_after", "created_before"):
            answer = await live_api.get(path, params={name: f"{year}-12-30T00:00:00Z"})
            assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("seconds", [0, 1, 5, 60])
async def test_hanging_up_ends_a_call_once(api: Client, number: Any, drain: Drain, seconds: int) -> None:
    call = await place(api, number, "+15005550013")
    await later(api, drain, seconds or 1) if seconds else None
    answer = (await api.post(f"/v1/calls/{call['id']}/hangup")).json()
    answered = seconds >= 2
    assert (answer["status"], answer["end_reason"]) == ("completed", "api_hangup" if answered else "canceled")
    assert (answer["answered_at"] is not None, answer["cost_usd"] > 0) == (answered, answered)
    await later(api, drain, 3_600)
    assert (await api.post(f"/v1/calls/{call['id']}/hangup")).json() == answer
    events = await events_of(api, call["id"])
    assert events == ["call.initiated", *["call.answered"] * answered, "call.completed"]
    assert (await api.post("/v1/calls/call_000000000000/hangup")).status_code == 404


async def test_the_price_is_the_routes(
    live_api: Client, live_number: Any, exchange: Exchange, clock: ManualClock, store: Store
) -> None:
    await store.run(lambda unit: carriers.add_route(unit, "336", "trunk", sms=False, voice=True, price_micro=600_000))
    before = await balance(live_api)
    call = await place(live_api, live_number)
    assert before - await balance(live_api) == pytest.approx(6)
    await exchange.take(call)
    await exchange.answered(key(call))
    clock.advance(1.001)
    await exchange.ended(key(call))
    assert (await shown(live_api, call))["cost_usd"] == 0.02


async def test_a_free_route_holds_nothing(live_api: Client, live_number: Any, exchange: Exchange, store: Store) -> None:
    await store.run(lambda unit: carriers.add_route(unit, "3361", "trunk", sms=False, voice=True, price_micro=0))
    before = await balance(live_api)
    plan = await exchange.take(await place(live_api, live_number))
    assert plan.allowed_sec == plan.max_sec
    assert await balance(live_api) == before


async def test_no_trunk_no_call(live_api: Client, live_number: Any, store: Store, exchange: Exchange) -> None:
    async with store.reading() as connection:
        await connection.execute("DELETE FROM routes WHERE voice")
    store.changed()
    assert await refused(live_api, live_number) == (422, "destination_unsupported", "to")


async def test_calls_placed_at_once_do_not_wait_for_each_others_connections(
    store: Store, settings: Settings, postgres_dsn: str, clock: ManualClock
) -> None:
    """More of them than the process has connections, and none of them knows the routes yet."""
    customer = await make_customer(store)
    small = await main.open_store(settings, postgres_dsn, clock=clock, size=2)
    try:
        api = Client(main.build_web(small, settings).app, customer.test_key)
        number = await activate(store, api)
        small.changed()
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*(place(api, number) for _ in range(6)))
    finally:
        await small.close()
    assert len({answer["id"] for answer in answers}) == 6
