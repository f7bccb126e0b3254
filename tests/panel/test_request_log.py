"""The log of requests: bounded, without secrets, swept; and news of events for open pages."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from nokyc import main
from nokyc.http.request_log import KEPT_PER_SEC, MAX_BODY_CHARS, RETENTION, Logged, RequestLog
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.panel.live import MAX_STREAMS_EACH, Hub
from nokyc.settings import Settings
from nokyc.store.store import Store
from nokyc.workers.sweeper import sweep
from support import Client, Customer, activate


def logged(account_id: int, *, status: int = 200, body: bytes = b"", n: int = 0) -> Logged:
    return Logged(account_id, 1, f"req_{n:016x}", "POST", "/v1/sms", "sms.create", status, 3, None, body, b"{}")


async def rows_of(store: Store, account_id: int) -> list[Any]:
    async with store.reading() as connection:
        return list(await connection.fetch("SELECT * FROM request_log WHERE account_id = $1 ORDER BY id", account_id))


async def test_a_request_is_found_by_its_id(web: main.Web, api: Client, customer: Customer, store: Store) -> None:
    refused = await api.post("/v1/sms", json={"to": "+33612345678"}, headers={"Idempotency-Key": "k"})
    await web.request_log.flush()
    (row,) = await rows_of(store, customer.test_id)
    assert row["request_id"] == refused.headers["request-id"]
    assert (row["status"], row["error_code"], row["idempotency_key"]) == (400, "parameter_missing", "k")
    assert json.loads(row["request_body"]) == {"to": "+33612345678"}


async def test_no_path_costs_the_others_their_rows(
    web: main.Web, api: Client, live_api: Client, customer: Customer, store: Store
) -> None:
    await live_api.get("/v1/numbers/none")
    await api.get("/v1/numbers/%00%ff", params={"api_key": customer.test_key})
    await web.request_log.flush()
    assert [row["path"] for row in await rows_of(store, customer.live_id)] == ["/v1/numbers/none"]
    (row,) = await rows_of(store, customer.test_id)
    assert row["path"] == "/v1/numbers/\ufffd\ufffd?api_key=sk_test_[not kept]"


async def test_of_successes_so_many_a_second_are_kept_and_all_refusals(store: Store, clock: ManualClock) -> None:
    log = RequestLog(store)
    clock.advance(1)
    assert sum(log.wants(200) for _ in range(3 * KEPT_PER_SEC)) == KEPT_PER_SEC
    assert all(log.wants(status) for status in (400, 404, 500) for _ in range(100))
    clock.advance(1)
    assert log.wants(200)


async def test_bodies_have_an_end_and_no_secrets(store: Store, customer: Customer) -> None:
    log = RequestLog(store)
    log.note(logged(customer.test_id, body=b'{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}\x00\xff', n=1))
    log.note(logged(customer.test_id, body=b"x" * 100_000, n=2))
    await log.flush()
    short, long = await rows_of(store, customer.test_id)
    assert short["request_body"] == '{"secret":"whsec_[not kept]"}\ufffd\ufffd'
    assert len(long["request_body"]) == MAX_BODY_CHARS


async def test_passwords_and_keys_are_not_kept_wherever_they_stand(
    web: main.Web, live_api: Client, store: Store, customer: Customer
) -> None:
    number = await activate(store, live_api)
    made = [
        (await live_api.post(f"/v1/numbers/{number['id']}/{what}")).json()
        for what in ("sip_credentials", "browser_sessions")
    ]
    await live_api.get(f"/v1/account?api_key={customer.live_key}")
    await live_api.get(f"/v1/{customer.live_key}")
    await web.request_log.flush()
    rows = await rows_of(store, customer.live_id)
    assert {row["operation"] for row in rows} >= {"sip_credentials.create", "browser_sessions.create", "account.get"}
    kept = "\n".join(str(dict(row)) for row in rows)
    assert not [secret for secret in (customer.live_key, *(one["password"] for one in made)) if secret in kept]


async def test_old_requests_are_swept(store: Store, customer: Customer, settings: Settings) -> None:
    log = RequestLog(store)
    for n in range(2):
        log.note(logged(customer.test_id, n=n))
    await log.flush()
    async with store.reading() as connection:
        await connection.execute(
            "UPDATE request_log SET created_at = created_at - $2::interval WHERE account_id = $1 AND request_id = $3",
            customer.test_id,
            RETENTION + timedelta(minutes=1),
            f"req_{0:016x}",
        )
    await sweep(store, main.open_files(settings))
    assert [row["request_id"] for row in await rows_of(store, customer.test_id)] == [f"req_{1:016x}"]


async def test_an_open_page_hears_what_happens_to_its_account_alone(
    store: Store, customer: Customer, api: Client
) -> None:
    hub = Hub(store)
    stream, other = hub.stream(customer.test_id), hub.stream(customer.live_id)
    assert (await anext(stream)).startswith("retry:")
    await anext(other)
    number = await activate(store, api)
    await hub.look()
    await hub.look()  # the same event is told once
    text = await anext(stream)
    assert json.loads(text.partition("data: ")[2]) == {"type": "number.activated", "id": number["id"]}
    hub.until(lambda: True)
    async with asyncio.timeout(5):
        assert [part async for part in stream] == []
        assert [part async for part in other] == []


async def test_the_pages_of_one_account_leave_room_for_others(store: Store, customer: Customer) -> None:
    hub = Hub(store)
    streams = [hub.stream(customer.test_id) for _ in range(MAX_STREAMS_EACH)]
    for stream in streams:
        assert not hub.full(customer.test_id)
        await anext(stream)
    assert (hub.full(customer.test_id), hub.full(customer.live_id)) == (True, False)
    hub.until(lambda: True)
    async with asyncio.timeout(20):
        for stream in streams:
            assert [part async for part in stream] == []
    assert not hub.full(customer.test_id)


async def test_an_open_page_hears_that_somebody_was_translated(store: Store, customer: Customer, api: Client) -> None:
    number = await activate(store, api)
    call = (await api.post("/v1/calls", json={"from": number["id"], "to": "+15005550013"})).json()
    hub = Hub(store)
    stream = hub.stream(customer.test_id)
    await anext(stream)
    await hub.look()
    for n, looks in ((0, 2), (1, 1)):
        async with store.reading() as connection:
            await connection.execute(
                "INSERT INTO call_captions (account_id, call_id, n, at, leg, language, said)"
                " VALUES ($1, $2, $3, now(), 'callee', 'fr', 'Bonjour')",
                customer.test_id, ids.read("call", call["id"]), n,
            )  # fmt: skip
        for _ in range(looks):
            await hub.look()  # what was said once is told once
    hub.until(lambda: True)
    async with asyncio.timeout(5):
        told = [json.loads(part.partition("data: ")[2]) async for part in stream if "data: " in part]
    captions = [each for each in told if each["type"] == "call.caption"]
    assert captions == [{"type": "call.caption", "id": call["id"]}] * 2
