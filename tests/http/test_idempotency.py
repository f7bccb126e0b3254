"""Idempotency keys: the eight points of semantics A1, on the hot path and on ordinary routes."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.settings import Settings
from nokyc.store import ledger
from nokyc.store.store import Store
from support import Client, Customer, activate, add_stock, fresh_number, make_customer

ENDPOINT = {"url": "https://93.184.216.34/hook", "enabled_events": ["sms.received"]}
FAR_FUTURE = "2026-05-20T10:00:00Z"


@dataclass(frozen=True, slots=True)
class Operation:
    """A POST, another body for it that is as good, and how many objects or payments it has led to."""

    path: str
    body: dict[str, Any]
    other: dict[str, Any]
    table: str

    async def count(self, store: Store, customer: Customer) -> int:
        async with store.reading() as connection:
            count: int = await connection.fetchval(
                f"SELECT count(*) FROM {self.table} WHERE account_id = $1", customer.test_id
            )
        return count


async def _sms(store: Store, api: Client) -> Operation:
    number = await activate(store, api)
    body = {"from": number["id"], "to": "+33612345678", "body": "Hello"}
    return Operation("/v1/sms", body, body | {"body": "Hello again"}, "sms")


async def _activation(store: Store, api: Client) -> Operation:
    e164 = fresh_number()
    await add_stock(store, e164)
    found = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
    body = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly"}
    return Operation("/v1/numbers", body, body | {"billing_period": "yearly"}, "numbers")


async def _renewal(store: Store, api: Client) -> Operation:
    number = await activate(store, api)
    return Operation(f"/v1/numbers/{number['id']}/renew", {}, {"billing_period": "quarterly"}, "ledger_entries")


async def _endpoint(store: Store, api: Client) -> Operation:
    return Operation("/v1/webhook_endpoints", ENDPOINT, ENDPOINT | {"description": "x"}, "webhook_endpoints")


MAKERS = {"sms": _sms, "activation": _activation, "renewal": _renewal, "endpoint": _endpoint}


@pytest.fixture(params=list(MAKERS))
async def operation(request: pytest.FixtureRequest, store: Store, api: Client) -> Operation:
    return await MAKERS[request.param](store, api)


def key(text: str) -> dict[str, str]:
    return {"Idempotency-Key": text}


async def test_a_repetition_gets_the_same_bytes_and_does_nothing(
    api: Client, store: Store, customer: Customer, operation: Operation
) -> None:
    before = await operation.count(store, customer)
    first = await api.post(operation.path, json=operation.body, headers=key("k"))
    after = await operation.count(store, customer)
    reordered = dict(reversed(operation.body.items()))
    again = await api.post(operation.path, json=reordered, headers=key("k"))

    assert first.status_code in (200, 201)
    assert "idempotent-replayed" not in first.headers
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["idempotency-original-request"] == first.headers["request-id"]
    assert again.headers["request-id"] != first.headers["request-id"]
    assert after == await operation.count(store, customer) == before + 1


async def test_another_body_or_another_endpoint_is_a_mismatch(
    api: Client, store: Store, customer: Customer, operation: Operation
) -> None:
    first = await api.post(operation.path, json=operation.body, headers=key("k"))
    count = await operation.count(store, customer)
    elsewhere = "/v1/test/clock/advance"
    answers = [
        await api.post(operation.path, json=operation.other, headers=key("k")),
        await api.post(operation.path, json={"nonsense": 1}, headers=key("k")),  # 409 comes before validation
        await api.post(elsewhere, json={"seconds": 1}, headers=key("k")),
        await api.post("/v1/sms", json={"from": "num_000000000000", "to": "x", "body": ""}, headers=key("k")),
    ]

    for answer in answers:
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (409, "idempotency_key_mismatch")
        assert (error["type"], "param" in error) == ("invalid_request_error", False)
        assert answer.headers["nokyc-should-retry"] == "false"
    assert await operation.count(store, customer) == count
    again = await api.post(operation.path, json=operation.body, headers=key("k"))
    assert again.content == first.content


async def test_of_20_parallel_duplicates_one_is_executed(
    store: Store, settings: Settings, web: main.Web, customer: Customer, operation: Operation
) -> None:
    """Through two processes' worth of application at once."""
    before = await operation.count(store, customer)
    other = main.build_web(store, settings)
    async with Client(web.app, customer.test_key) as one, Client(other.app, customer.test_key) as two:
        answers = await asyncio.gather(
            *((one, two)[n % 2].post(operation.path, json=operation.body, headers=key("k")) for n in range(20))
        )
        final = await one.post(operation.path, json=operation.body, headers=key("k"))

    assert await operation.count(store, customer) == before + 1
    executed = [a for a in answers if a.status_code < 300 and "idempotent-replayed" not in a.headers]
    assert len(executed) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["error"]["code"] == "idempotency_key_in_use"
            assert (answer.headers["retry-after"], answer.headers["nokyc-should-retry"]) == ("1", "true")
        else:
            assert answer.content == executed[0].content
    assert any(answer.status_code == 409 for answer in answers)
    assert (final.content, final.headers["idempotent-replayed"]) == (executed[0].content, "true")


async def test_a_key_that_another_process_executes_is_in_use(store: Store, api: Client, customer: Customer) -> None:
    async with store.pool.acquire() as theirs, theirs.transaction():
        await theirs.execute("SELECT pg_advisory_xact_lock(hashtextextended($2, $1))", customer.test_id, "k")
        answer = await api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_in_use")
    assert answer.headers["retry-after"] == "1"
    assert (await api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))).status_code == 201


@pytest.mark.parametrize("maker", ["sms", "activation", "renewal"])
async def test_402_then_credit_then_the_same_key_succeeds(store: Store, web: main.Web, maker: str) -> None:
    poor = await make_customer(store)
    async with Client(web.app, poor.test_key) as api:
        operation = await MAKERS[maker](store, api)
        await _set_balance(store, poor, 0)
        before = await operation.count(store, poor)

        refused = await api.post(operation.path, json=operation.body, headers=key("k"))
        assert (refused.status_code, refused.json()["error"]["code"]) == (402, "balance_insufficient")
        assert refused.json()["error"]["type"] == "resource_error"
        assert await operation.count(store, poor) == before

        await _set_balance(store, poor, 50_000_000)
        paid = await api.post(operation.path, json=operation.body, headers=key("k"))
        assert paid.status_code in (200, 201)
        assert "idempotent-replayed" not in paid.headers


async def test_refusals_are_not_stored(store: Store, api: Client, customer: Customer, number: Any) -> None:
    body = {"from": number["id"], "to": "+33612345678", "body": "Hello"}
    refused = [
        await api.post("/v1/sms", json=body | {"bdy": 1}, headers=key("k")),
        await api.post("/v1/sms", json=body | {"from": "num_000000000000"}, headers=key("k")),
        await api.post("/v1/sms", json=body | {"to": "+15551234567890"}, headers=key("k")),
        await api.post("/v1/sms", content=b"a=b", headers=key("k")),
        await api.post("/v1/nowhere", json=body, headers=key("k")),
        await api.post("/v1/webhook_endpoints", json={}, headers=key("k")),
        await api.post("/v1/sms", json=body, headers=key("k") | {"Authorization": "Bearer sk_live_x"}),
    ]
    assert [answer.status_code for answer in refused] == [400, 404, 422, 415, 404, 400, 401]
    async with store.reading() as connection:
        stored = "SELECT count(*) FROM idempotency_keys WHERE account_id = $1 AND key = 'k'"
        assert await connection.fetchval(stored, customer.test_id) == 0

    assert (await api.post("/v1/sms", json=body, headers=key("k"))).status_code == 201


async def test_a_success_is_replayed_even_if_it_would_be_refused_by_now(api: Client, number: Any) -> None:
    body = {"from": number["id"], "to": "+33612345678", "body": "Hello"}
    first = await api.post("/v1/sms", json=body, headers=key("k"))
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})

    assert (await api.post("/v1/sms", json=body)).status_code == 422
    assert (await api.post("/v1/sms", json=body, headers=key("k"))).content == first.content


async def test_a_key_lasts_24_hours(api: Client, store: Store, customer: Customer, operation: Operation) -> None:
    first = await api.post(operation.path, json=operation.body, headers=key("k"))
    await api.post("/v1/test/clock/advance", json={"seconds": 86_399})
    again = await api.post(operation.path, json=operation.body, headers=key("k"))
    await api.post("/v1/test/clock/advance", json={"seconds": 2})
    fresh = await api.post(operation.path, json=operation.body, headers=key("k"))

    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in fresh.headers
    if fresh.status_code == 201:  # a quote, for one, is used up
        assert fresh.json()["id"] != first.json()["id"]


async def test_a_live_account_counts_its_day_by_the_wall_clock(live_api: Client, clock: ManualClock) -> None:
    async def post() -> Any:
        return await live_api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))

    first = await post()
    clock.advance(86_399)
    assert (await post()).content == first.content
    clock.advance(2)
    assert (await post()).json()["id"] != first.json()["id"]


async def test_the_day_begins_again_with_the_new_request(api: Client) -> None:
    async def post() -> str:
        answer = await api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))
        return str(answer.json()["id"])

    first = await post()
    await api.post("/v1/test/clock/advance", json={"seconds": 86_401})
    second = await post()
    await api.post("/v1/test/clock/advance", json={"seconds": 80_000})

    assert first != second == await post()


@pytest.mark.parametrize("text", ["", '""', "k" * 256, '"' + "k" * 256 + '"', "clé", "a\tb"])
async def test_what_is_no_key(api: Client, text: str) -> None:
    for path, body in (("/v1/webhook_endpoints", ENDPOINT), ("/v1/sms", {})):
        answer = await api.post(path, json=body, headers={"Idempotency-Key": text.encode()})  # type: ignore[dict-item]
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize("text", ["k", "k" * 255, '"' + "k" * 255 + '"', "9b3d4a7c-8a4c-2f1e", "a b", "~!", '"'])
async def test_what_is_a_key(api: Client, text: str) -> None:
    answer = await api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key(text))

    assert answer.status_code == 201


async def test_a_quoted_key_is_the_bare_one(api: Client, operation: Operation) -> None:
    first = await api.post(operation.path, json=operation.body, headers=key('"k"'))
    again = await api.post(operation.path, json=operation.body, headers=key("k"))

    assert again.content == first.content


async def test_keys_of_other_accounts_and_of_the_other_mode_are_other_keys(
    api: Client, live_api: Client, store: Store, web: main.Web
) -> None:
    stranger = await make_customer(store)
    async with Client(web.app, stranger.test_key) as theirs:
        answers = [
            await client.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))
            for client in (api, live_api, theirs)
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 3


async def test_keys_mean_nothing_where_nothing_is_made(api: Client, number: Any) -> None:
    path, bad = f"/v1/numbers/{number['id']}", key("x" * 300)
    preview = {"to": "+33612345678", "body": "Hello"}
    await api.post("/v1/webhook_endpoints", json=ENDPOINT, headers=key("k"))

    assert (await api.patch(path, json={"auto_renew": False}, headers=key("k"))).json()["auto_renew"] is False
    assert (await api.patch(path, json={"auto_renew": True}, headers=key("k"))).json()["auto_renew"] is True
    assert (await api.get(path, headers=bad)).status_code == 200
    assert (await api.post("/v1/sms/preview", json=preview, headers=key("k"))).status_code == 200
    assert (await api.post("/v1/sms/preview", json={}, headers=key("k"))).status_code == 400
    assert (await api.delete(path, headers=bad)).status_code == 204


async def test_cancelling_twice_with_a_key(api: Client, number: Any) -> None:
    body = {"from": number["id"], "to": "+33612345678", "body": "Hello", "send_at": FAR_FUTURE}
    planned = (await api.post("/v1/sms", json=body, headers=key("send"))).json()
    path = f"/v1/sms/{planned['id']}/cancel"

    first, again = await api.post(path, headers=key("k")), await api.post(path, headers=key("k"))

    assert (first.status_code, first.json()["failure_code"]) == (200, "canceled")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    # The cancellation does not change what sending answered.
    assert (await api.post("/v1/sms", json=body, headers=key("send"))).json() == planned


async def test_secrets_come_again_and_are_stored_sealed(api: Client, store: Store, customer: Customer) -> None:
    e164 = fresh_number()
    await add_stock(store, e164)
    found = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
    order = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly", "webhook_url": ENDPOINT["url"]}

    async def twice(path: str, body: Any) -> Any:
        first, again = [await api.post(path, json=body, headers=key(path)) for _ in range(2)]
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        return first.json()

    endpoint = await twice("/v1/webhook_endpoints", ENDPOINT)
    number = await twice("/v1/numbers", order)
    rotated = await twice(f"/v1/webhook_endpoints/{endpoint['id']}/rotate_secret", {})

    secrets = [endpoint["secret"], number["webhook_secret"], rotated["secret"]]
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert len(set(secrets)) == 3
    async with store.reading() as connection:
        rows = await connection.fetch("SELECT * FROM idempotency_keys WHERE account_id = $1", customer.test_id)
    assert [row["sealed"] for row in rows] == [True] * 3
    assert not [1 for row in rows for secret in secrets if secret[6:].encode() in row["response"]]
    assert not [1 for row in rows if b"whsec" in row["response"]]


async def _set_balance(store: Store, customer: Customer, balance: int) -> None:
    """By way of the ledger, so that it still adds up."""

    async def work(unit: Any) -> None:
        have = await unit.connection.fetchval("SELECT balance_micro FROM accounts WHERE id = $1", customer.test_id)
        if have > balance:
            await ledger.charge(
                unit, customer.test_id, have - balance, category="number", subject_id=unit.ids.new(), at=unit.wall
            )
        elif balance > have:
            await ledger.credit(unit, customer.test_id, balance - have, at=unit.wall)

    await store.run(work)
