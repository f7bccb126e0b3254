"""Keys: who is let in, until when, and what each scope may do (decisions F6-F11)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from wire import exchange

from nokyc import main
from nokyc.http.auth import FAILURES_PER_MINUTE, METHODS, Authenticator, new_secret, secret_hash
from nokyc.http.errors import ApiError
from nokyc.kit.clock import ManualClock
from nokyc.resources.keys import actions, queries
from nokyc.settings import Settings
from nokyc.store.store import Store, connect
from nokyc.store.watch import watch
from support import START, Client, Customer, make_customer

CHALLENGE = 'Bearer realm="nokyc"'


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ([], "api_key_missing"),
        ([b""], "api_key_missing"),
        ([b"Bearer"], "api_key_missing"),
        ([b"Bearer "], "api_key_missing"),
        ([b"Basic c2tfbGl2ZTo="], "api_key_missing"),
        ([b"sk_live_0123456789abcdef0123456789abcdef"], "api_key_missing"),
        ([b"Bearer pk_live_0123456789abcdef0123456789abcdef"], "secret_key_required"),
        ([b"Bearer sk_live_0123456789abcdef0123456789abcdef"], "api_key_invalid"),
        ([b"Bearer \xff\xfe"], "api_key_invalid"),
        ([b"Bearer " + b"x" * 5_000], "api_key_invalid"),
    ],
)
async def test_who_is_refused(web: main.Web, authorization: list[bytes], code: str) -> None:
    headers = [(b"authorization", value) for value in authorization]
    answer = await exchange(web.app, "GET", "/v1/account", headers=headers)

    assert (answer.status, answer.code) == (401, code)
    assert answer.json()["error"]["type"] == "authentication_error"
    assert answer.headers["www-authenticate"] == CHALLENGE
    assert answer.headers["nokyc-should-retry"] == "false"
    assert not [name for name in answer.headers if "rate" in name or name == "retry-after"]


async def test_only_one_header_and_only_the_header_carries_a_key(web: main.Web, customer: Customer) -> None:
    value = f"Bearer {customer.live_key}".encode()
    twice = await exchange(web.app, "GET", "/v1/account", headers=[(b"authorization", value)] * 2)
    asked = await exchange(web.app, "GET", "/v1/account", query=f"api_key={customer.live_key}".encode())

    assert (twice.status, asked.status) == (401, 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
async def test_the_scheme_is_not_case_sensitive(anonymous: Client, customer: Customer, scheme: str) -> None:
    answer = await anonymous.get("/v1/account", headers={"Authorization": f"{scheme} {customer.live_key}"})

    assert answer.status_code == 200


def test_a_key_has_128_random_bits_and_its_mode_in_its_name() -> None:
    live, test = new_secret("live"), new_secret("test")

    assert (live[:8], test[:8]) == ("sk_live_", "sk_test_")
    assert len(bytes.fromhex(live[8:])) == len(bytes.fromhex(test[8:])) == 16
    assert new_secret("live") != live


async def test_only_a_hash_of_a_key_is_stored(store: Store, customer: Customer) -> None:
    async with store.reading() as connection:
        row = await connection.fetchrow("SELECT * FROM api_keys WHERE account_id = $1", customer.live_id)

    assert row["secret_hash"] == secret_hash(customer.live_key)
    assert row["last4"] == customer.live_key[-4:]
    assert customer.live_key not in str(dict(row))


class TestRotation:
    async def test_the_old_secret_works_for_300_seconds(
        self, store: Store, anonymous: Client, customer: Customer
    ) -> None:
        key_id = await _key_id(store, customer.test_id)
        new = await _rotate(store, key_id)

        assert await _works(anonymous, customer.test_key)
        assert await _works(anonymous, new)
        await _advance(anonymous, new, 299)
        assert await _works(anonymous, customer.test_key)
        await _advance(anonymous, new, 1)
        assert not await _works(anonymous, customer.test_key)
        assert await _works(anonymous, new)

    async def test_a_live_key_follows_the_wall_clock(
        self, store: Store, anonymous: Client, customer: Customer, clock: ManualClock
    ) -> None:
        new = await _rotate(store, await _key_id(store, customer.live_id))

        clock.advance(299)
        assert await _works(anonymous, customer.live_key)
        clock.advance(1)
        assert not await _works(anonymous, customer.live_key)
        assert await _works(anonymous, new)

    async def test_of_three_secrets_only_the_newest_two_work(
        self, store: Store, anonymous: Client, customer: Customer
    ) -> None:
        key_id = await _key_id(store, customer.live_id)
        second = await _rotate(store, key_id)
        third = await _rotate(store, key_id)

        assert [await _works(anonymous, s) for s in (customer.live_key, second, third)] == [False, True, True]

    async def test_both_secrets_are_one_key(self, store: Store, anonymous: Client) -> None:
        customer = await make_customer(store, rate_limit=3)
        key_id = await _key_id(store, customer.live_id)
        new = await _rotate(store, key_id)

        used = [await anonymous.get("/v1/account", headers=bearer(s)) for s in (customer.live_key, new, new, new)]

        assert [answer.status_code for answer in used] == [200, 200, 200, 429]

    async def test_a_key_rotated_in_between_still_deduplicates(
        self, store: Store, web: main.Web, customer: Customer
    ) -> None:
        headers = {"Idempotency-Key": "same"}
        body = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
        async with Client(web.app, customer.live_key) as client:
            first = await client.post("/v1/webhook_endpoints", json=body, headers=headers)
        new = await _rotate(store, await _key_id(store, customer.live_id))
        async with Client(web.app, new) as client:
            again = await client.post("/v1/webhook_endpoints", json=body, headers=headers)

        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"

    async def test_the_last_use_of_the_old_secret_is_noted(
        self, store: Store, anonymous: Client, customer: Customer, clock: ManualClock
    ) -> None:
        key_id = await _key_id(store, customer.live_id)
        await _rotate(store, key_id)
        assert await _works(anonymous, customer.live_key)

        for _ in range(200):  # it is written beside the request
            async with store.reading() as connection:
                row = await queries.find(connection, key_id)
            if row["previous_used_at"] is not None:
                break
        assert row["previous_used_at"] == clock.now() >= START


class TestRevocation:
    async def test_it_is_immediate_here(self, store: Store, anonymous: Client, customer: Customer) -> None:
        key_id = await _key_id(store, customer.live_id)
        new = await _rotate(store, key_id)
        assert await _works(anonymous, new)

        await store.run(lambda unit: actions.revoke(unit, key_id))

        assert [await _works(anonymous, s) for s in (customer.live_key, new)] == [False, False]
        assert await _works(anonymous, customer.test_key)

    async def test_it_takes_less_than_a_second_in_another_process(
        self, store: Store, settings: Settings, postgres_dsn: str, clock: ManualClock, customer: Customer
    ) -> None:
        async with another_process(store, settings, postgres_dsn, clock) as web, Client(web.app, None) as there:
            assert await _works(there, customer.live_key)

            await store.run(lambda unit: _revoke_all(unit, customer.live_id))

            await _refused_within_a_second(there, customer.live_key)

    async def test_without_notifications_the_poll_finds_it(
        self, store: Store, settings: Settings, postgres_dsn: str, clock: ManualClock, customer: Customer
    ) -> None:
        async with another_process(store, settings, postgres_dsn, clock) as web, Client(web.app, None) as there:
            assert await _works(there, customer.live_key)

            async with store.pool.acquire() as connection, connection.transaction():  # as if the NOTIFY were lost
                await connection.execute(
                    "UPDATE api_keys SET revoked_at = now() WHERE account_id = $1", customer.live_id
                )
                await connection.execute("UPDATE revision SET n = n + 1")

            await _refused_within_a_second(there, customer.live_key)

    async def test_what_was_read_before_the_change_is_not_remembered(self, store: Store, customer: Customer) -> None:
        """A request that looks its key up while the key is revoked must not keep it alive."""
        authenticator = Authenticator(store)
        header = [f"Bearer {customer.live_key}".encode()]
        load = authenticator._load  # the moment between reading and remembering has no other handle

        async with store.pool.acquire() as blocker, blocker.transaction():
            await blocker.execute("LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE")
            reading = asyncio.create_task(load(secret_hash(customer.live_key)))
            for _ in range(50):
                await asyncio.sleep(0)
            store.changed()
        assert await reading is not None
        await store.run(lambda unit: unit.connection.execute(  # revoked, and nobody told
            "UPDATE api_keys SET revoked_at = now() WHERE account_id = $1", customer.live_id))  # fmt: skip

        with pytest.raises(ApiError, match="api_key_invalid"):
            await authenticator.authenticate(header, "127.0.0.1", store.clock.now())


@pytest.mark.parametrize("scope", ["read", "read_write", "admin"])
async def test_scopes_by_method_for_every_route(store: Store, web: main.Web, customer: Customer, scope: Any) -> None:
    """The scope decides before anything about the request or the object is looked at, so a 403 tells nothing."""

    async def work(unit: Any) -> str:
        return (await actions.create(unit, customer.test_id, scope=scope, mode="test", rate_limit=10_000))[1]

    allowed = {"read": {"GET"}, "read_write": {"GET", "POST", "PATCH"}, "admin": {"GET", "POST", "PATCH", "DELETE"}}
    assert METHODS[scope] - {"HEAD", "OPTIONS"} == allowed[scope]
    async with Client(web.app, await store.run(work)) as client:
        for route in web.routes:
            path = route.path.replace("{id}", "num_000000000000")
            answer = await client.request(route.method, path)
            forbidden = answer.status_code == 403
            assert forbidden == (route.method not in allowed[scope]), (route.operation, answer.text)
            if forbidden:
                assert answer.json()["error"]["code"] == "scope_insufficient"
                assert answer.json()["error"]["type"] == "authorization_error"
            if route.method == "GET":
                assert (await client.head(path)).status_code == answer.status_code


async def test_a_patch_cannot_release_a_number(api: Client, number: Any) -> None:
    answer = await api.patch(f"/v1/numbers/{number['id']}", json={"status": "released"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "use_delete")


class TestBruteForce:
    async def test_it_is_slowed_down_per_address_and_never_holds_up_a_valid_key(
        self, store: Store, settings: Settings, customer: Customer, clock: ManualClock
    ) -> None:
        web = main.build_web(store, settings)

        async def ask(secret: str, client: str = "198.51.100.7") -> Any:
            return await exchange(web.app, "GET", "/v1/account", key=secret, client=client, scheme="https")

        wrong = f"sk_live_{'0' * 32}"
        for n in range(FAILURES_PER_MINUTE):
            if n == FAILURES_PER_MINUTE // 2:
                clock.advance(10)
            assert (await ask(wrong)).status == 401
        refused = await ask(wrong)

        assert (refused.status, refused.code, refused.headers["retry-after"]) == (429, "rate_limit_exceeded", "50")
        assert "x-rate-limit-limit" not in refused.headers
        assert (await ask(customer.live_key)).status == 200
        assert (await ask(wrong, client="198.51.100.8")).status == 401
        for _ in range(5):
            await ask(wrong)
        clock.advance(50)  # Retry-After suffices, however impatient the client was
        assert (await ask(wrong)).status == 401

    async def test_behind_a_proxy_the_address_is_the_clients(self, store: Store, settings: Settings) -> None:
        web = main.build_web(store, replace(settings, trusted_proxies=frozenset({"10.0.0.7"})))

        async def ask(forwarded: bytes) -> int:
            headers = [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", forwarded)]
            answer = await exchange(web.app, "GET", "/v1/account", key="sk_live_x", headers=headers, client="10.0.0.7")
            return answer.status

        for n in range(FAILURES_PER_MINUTE):
            assert await ask(b"198.51.100.%d, 198.51.100.7" % (n % 250)) == 401
        assert await ask(b"198.51.100.1, 198.51.100.7") == 429
        assert await ask(b"198.51.100.7, 198.51.100.1") == 401


@asynccontextmanager
async def another_process(
    store: Store, settings: Settings, postgres_dsn: str, clock: ManualClock
) -> AsyncIterator[main.Web]:
    """A second api process on the same database: a store, caches and a watch of its own."""
    theirs = await connect(postgres_dsn, clock, store.vault, size=4)
    watching = asyncio.create_task(watch(theirs, postgres_dsn, lambda queue: None))
    try:
        await _listening(store)
        yield main.build_web(theirs, settings)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await theirs.close()


async def _listening(store: Store) -> None:
    """Wait until somebody listens: the watch connects beside us."""
    for _ in range(500):
        async with store.reading() as connection:
            if await connection.fetchval("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"):
                return
            if await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT n FROM revision%'"
            ):
                return
        await asyncio.sleep(0.005)
    raise AssertionError("the watch did not connect")


async def _works(client: Client, secret: str) -> bool:
    return (await client.get("/v1/account", headers=bearer(secret))).status_code == 200


async def _refused_within_a_second(client: Client, secret: str) -> None:
    async with asyncio.timeout(1):
        for _ in range(1_000):
            if not await _works(client, secret):
                return
            await asyncio.sleep(0.005)


async def _advance(client: Client, secret: str, seconds: int) -> None:
    answer = await client.post("/v1/test/clock/advance", json={"seconds": seconds}, headers=bearer(secret))
    assert answer.status_code == 200


async def _key_id(store: Store, account_id: int) -> int:
    async with store.reading() as connection:
        key_id: int = await connection.fetchval("SELECT id FROM api_keys WHERE account_id = $1", account_id)
    return key_id


async def _rotate(store: Store, key_id: int) -> str:
    async def work(unit: Any) -> str:
        return await actions.rotate(unit, await queries.find(unit.connection, key_id))

    return await store.run(work)


async def _revoke_all(unit: Any, account_id: int) -> None:
    connection: asyncpg.Connection[asyncpg.Record] = unit.connection
    for row in await connection.fetch("SELECT id FROM api_keys WHERE account_id = $1", account_id):
        await actions.revoke(unit, row["id"])
