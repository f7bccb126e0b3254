"""Endpoints: registering, changing, secrets, and when they are switched off."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from nokyc import main
from nokyc.kit import signing
from nokyc.resources.webhooks.actions import MAX_ENDPOINTS, MAX_SECRETS
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.webhooks.receiver import Receiver
from support import Client, Customer, Drain, make_customer

DAY = 86_400
URL = "https://example.com/hooks"


async def create(api: Client, url: str = URL, **body: Any) -> Any:
    answer = await api.post("/v1/webhook_endpoints", json={"url": url, "enabled_events": ["*"]} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def get(api: Client, endpoint: Any) -> Any:
    return (await api.get(f"/v1/webhook_endpoints/{endpoint['id']}")).json()


async def announce(api: Client, endpoint: Any) -> None:
    assert (await api.post(f"/v1/webhook_endpoints/{endpoint['id']}/test")).status_code == 200


async def test_the_secret_is_shown_once(api: Client) -> None:
    created = await create(api, enabled_events=["sms.received", "sms.received", "call.*"], description="Desk")
    secret = created.pop("secret")
    assert secret.startswith("whsec_")
    assert len(secret) == len("whsec_") + 44
    assert created.pop("id").startswith("whk_")
    assert datetime.fromisoformat(created.pop("created_at"))
    assert created == {
        "object": "webhook_endpoint", "url": URL, "enabled_events": ["sms.received", "call.*"], "description": "Desk",
        "status": "enabled", "disabled_reason": None, "api_version": "2026-04-01", "number_id": None,
    }  # fmt: skip
    listed = (await api.get("/v1/webhook_endpoints")).json()["data"]
    assert "secret" not in listed[0]
    assert "secret" not in await get(api, listed[0])


async def test_a_replay_shows_the_secret_again_and_stores_it_sealed(
    store: Store, api: Client, customer: Customer
) -> None:
    body = {"url": URL, "enabled_events": ["*"]}
    first, second = [
        await api.post("/v1/webhook_endpoints", json=body, headers={"Idempotency-Key": "whk"}) for _ in range(2)
    ]
    assert first.content == second.content
    async with store.reading() as connection:
        stored = await connection.fetchval(
            "SELECT response FROM idempotency_keys WHERE account_id = $1", customer.test_id
        )
        endpoint = await connection.fetchrow("SELECT * FROM webhook_endpoints WHERE account_id = $1", customer.test_id)
    secret = first.json()["secret"].encode()
    assert secret not in stored
    assert secret not in endpoint["secret"]


async def test_update(api: Client) -> None:
    created = await create(api)
    del created["secret"]
    path = f"/v1/webhook_endpoints/{created['id']}"
    changes = {"url": "https://example.org/", "enabled_events": ["sms.*"], "description": "New"}
    assert (await api.patch(path, json=changes)).json() == created | changes
    assert (await api.patch(path, json={"description": None})).json()["description"] is None
    assert (await api.patch(path, json={})).json() == created | changes | {"description": None}
    disabled = (await api.patch(path, json={"status": "disabled"})).json()
    assert (disabled["status"], disabled["disabled_reason"]) == ("disabled", "by hand")
    refused = await api.post(f"{path}/test")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "endpoint_disabled")
    enabled = (await api.patch(path, json={"status": "enabled"})).json()
    assert (enabled["status"], enabled["disabled_reason"]) == ("enabled", None)


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({"enabled_events": ["*"]}, 400, "parameter_missing", "url"),
        ({"url": URL}, 400, "parameter_missing", "enabled_events"),
        ({"url": URL, "enabled_events": []}, 400, "parameter_invalid", "enabled_events"),
        ({"url": URL, "enabled_events": ["*", "sms.sent"]}, 400, "parameter_invalid", "enabled_events"),
        ({"url": URL, "enabled_events": ["sms.sent", "sms.read"]}, 400, "parameter_invalid", "enabled_events[1]"),
        ({"url": URL, "enabled_events": ["sms*"]}, 400, "parameter_invalid", "enabled_events[0]"),
        ({"url": URL, "enabled_events": "*"}, 400, "parameter_invalid", "enabled_events"),
        ({"url": "example.com", "enabled_events": ["*"]}, 400, "url_invalid", "url"),
        ({"url": "https://me:secret@example.com", "enabled_events": ["*"]}, 400, "url_invalid", "url"),
        ({"url": "https://example.com/#top", "enabled_events": ["*"]}, 400, "url_invalid", "url"),
        ({"url": URL, "enabled_events": ["*"], "description": "x" * 1_001}, 400, "parameter_invalid", "description"),
        ({"url": URL, "enabled_events": ["*"], "number_id": "num_000000000000"}, 404, "resource_missing", "number_id"),
    ],
)
async def test_what_is_refused(api: Client, body: Any, status: int, code: str, param: str) -> None:
    refused = await api.post("/v1/webhook_endpoints", json=body)
    assert refused.status_code == status, refused.text
    assert (refused.json()["error"]["code"], refused.json()["error"]["param"]) == (code, param)


@pytest.fixture
async def strict_api(store: Store, settings: Settings, customer: Customer) -> Any:
    """The API as it runs in production: https and public addresses only."""
    web = main.build_web(store, replace(settings, webhook_allow_private=False))
    async with Client(web.app, customer.test_key) as client:
        yield client


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://example.com/", 400, "url_invalid"),
        ("https://127.0.0.1/", 422, "url_forbidden"),
        ("https://2130706433/", 422, "url_forbidden"),
        ("https://[::ffff:10.0.0.1]/", 422, "url_forbidden"),
        ("https://169.254.169.254/latest/meta-data", 422, "url_forbidden"),
        ("https://printer.local/", 422, "url_forbidden"),
        ("https://example.com:8443/", 422, "url_forbidden"),
    ],
)
async def test_where_we_do_not_go(strict_api: Client, number: Any, url: str, status: int, code: str) -> None:
    for path, body in (
        ("/v1/webhook_endpoints", {"url": url, "enabled_events": ["*"]}),
        (f"/v1/numbers/{number['id']}", {"webhook_url": url}),
    ):
        method = "PATCH" if "numbers" in path else "POST"
        refused = await strict_api.request(method, path, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


async def test_sixteen_at_most(api: Client, number: Any) -> None:
    body: dict[str, Any] = {"url": URL, "enabled_events": ["*"]}
    answers = await asyncio.gather(*(api.post("/v1/webhook_endpoints", json=body) for _ in range(MAX_ENDPOINTS + 3)))
    assert sorted(answer.status_code for answer in answers) == [201] * MAX_ENDPOINTS + [422] * 3
    refused = await api.post("/v1/webhook_endpoints", json=body | {"number_id": number["id"]})
    assert refused.json()["error"]["code"] == "endpoint_limit_reached"
    own = await api.patch(f"/v1/numbers/{number['id']}", json={"webhook_url": URL})
    assert own.status_code == 200, "a number's own endpoint is not counted"
    one = next(answer for answer in answers if answer.status_code == 201).json()
    await api.delete(f"/v1/webhook_endpoints/{one['id']}")
    await create(api)


async def test_list_and_delete(store: Store, web: main.Web, api: Client) -> None:
    created = [await create(api) for _ in range(4)]
    identifiers = [endpoint["id"] for endpoint in created][::-1]
    page = (await api.get("/v1/webhook_endpoints", params={"limit": 2})).json()
    assert [endpoint["id"] for endpoint in page["data"]] == identifiers[:2]
    async with Client(web.app, (await make_customer(store)).test_key) as other:
        assert (await other.delete(f"/v1/webhook_endpoints/{identifiers[1]}")).status_code == 404
    assert (await api.delete(f"/v1/webhook_endpoints/{identifiers[1]}")).status_code == 204
    assert (await api.delete(f"/v1/webhook_endpoints/{identifiers[1]}")).status_code == 404
    assert (await api.get(f"/v1/webhook_endpoints/{identifiers[1]}")).status_code == 404
    rest = await api.get("/v1/webhook_endpoints", params={"starting_after": identifiers[1]})
    assert [endpoint["id"] for endpoint in rest.json()["data"]] == identifiers[2:], "a deleted one still is a cursor"


def verified_by(received: Any, secrets: list[str]) -> list[bool]:
    now = int(received.headers["webhook-timestamp"])
    verdicts = []
    for secret in secrets:
        try:
            signing.verify(received.headers["x-nokyc-signature"], received.body, [secret], now)
            verdicts.append(True)
        except signing.SignatureError:
            verdicts.append(False)
    return verdicts


async def test_both_secrets_sign_until_the_old_one_ends(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    path = f"/v1/webhook_endpoints/{endpoint['id']}"
    rotated = (await api.post(f"{path}/rotate_secret", json={"expires_in": 3_600})).json()
    secrets = [endpoint["secret"], rotated["secret"]]
    assert secrets[0] != secrets[1]

    await announce(api, endpoint)
    await drain()
    assert verified_by(receiver.received[-1], secrets) == [True, True]
    assert receiver.received[-1].headers["x-nokyc-signature"].count("v1=") == 2
    assert receiver.received[-1].headers["webhook-signature"].count("v1,") == 2
    await advance(3_599)
    await announce(api, endpoint)
    await drain()
    assert verified_by(receiver.received[-1], secrets) == [True, True]
    await advance(1)
    await announce(api, endpoint)
    await drain()
    assert verified_by(receiver.received[-1], secrets) == [False, True]


async def test_a_leaked_secret_can_end_at_once(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    path = f"/v1/webhook_endpoints/{endpoint['id']}/rotate_secret"
    between = (await api.post(path)).json()["secret"]
    newest = (await api.post(path, json={"expires_in": 0})).json()["secret"]
    await announce(api, endpoint)
    await drain()
    assert verified_by(receiver.received[-1], [endpoint["secret"], between, newest]) == [False, False, True]


async def test_ten_secrets_at_most(api: Client, receiver: Receiver, endpoint: Any, drain: Drain) -> None:
    secrets = [endpoint["secret"]]
    for _ in range(11):
        rotated = await api.post(f"/v1/webhook_endpoints/{endpoint['id']}/rotate_secret", json={})
        secrets.append(rotated.json()["secret"])
    await announce(api, endpoint)
    await drain()
    assert verified_by(receiver.received[-1], secrets) == [False] * 2 + [True] * MAX_SECRETS


@pytest.mark.parametrize("expires_in", [-1, DAY + 1, "1", 1.5])
async def test_an_overlap_is_at_most_a_day(api: Client, endpoint: Any, expires_in: Any) -> None:
    path = f"/v1/webhook_endpoints/{endpoint['id']}/rotate_secret"
    refused = await api.post(path, json={"expires_in": expires_in})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "expires_in")


async def fail_for_a_day(api: Client, endpoint: Any, drain: Drain, advance: Any) -> None:
    """One event with all its attempts."""
    await announce(api, endpoint)
    await drain()
    await advance(DAY)


async def test_five_days_without_success_disable(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    receiver.status = 500
    await fail_for_a_day(api, endpoint, drain, advance)
    await advance(4 * DAY - 60)
    assert (await get(api, endpoint))["status"] == "enabled"
    await announce(api, endpoint)
    await drain()
    await advance(120)
    shown = await get(api, endpoint)
    assert (shown["status"], shown["disabled_reason"]) == ("disabled", "no delivery succeeded for five days")
    calls = len(receiver.received)

    receiver.status = 200
    await advance(2 * DAY)
    assert len(receiver.received) == calls, "what was pending is canceled"
    await api.patch(f"/v1/webhook_endpoints/{endpoint['id']}", json={"status": "enabled"})
    await announce(api, endpoint)
    await drain()
    assert len(receiver.received) == calls + 1
    await advance(10 * DAY)
    assert (await get(api, endpoint))["status"] == "enabled"


async def test_sporadic_failure_does_not_disable(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    for _ in range(4):
        receiver.status = 500
        await fail_for_a_day(api, endpoint, drain, advance)
        receiver.status = 200
        await announce(api, endpoint)
        await drain()
        await advance(2 * DAY)
    assert (await get(api, endpoint))["status"] == "enabled"


async def test_success_beside_the_first_failure_counts(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    """Both were under way at once, so the one that got through had not heard of the other."""
    receiver.statuses, receiver.status = [500, 200], 500
    await announce(api, endpoint)
    await announce(api, endpoint)
    await drain()
    await advance(DAY)
    assert len(receiver.received) == 7
    await advance(5 * DAY)
    assert (await get(api, endpoint))["status"] == "enabled"

    await fail_for_a_day(api, endpoint, drain, advance)
    await advance(5 * DAY)
    assert (await get(api, endpoint))["status"] == "disabled"


async def test_silence_does_not_disable(
    api: Client, receiver: Receiver, endpoint: Any, drain: Drain, advance: Any
) -> None:
    """A failed attempt long ago, then success on the next: nothing was exhausted."""
    receiver.statuses = [500]
    await announce(api, endpoint)
    await drain()
    await advance(10 * DAY)
    assert (await get(api, endpoint))["status"] == "enabled"


async def test_nothing_raised_while_disabled_is_sent_later(
    api: Client, receiver: Receiver, endpoint: Any, number: Any, drain: Drain, advance: Any
) -> None:
    await drain()
    receiver.received.clear()
    path = f"/v1/webhook_endpoints/{endpoint['id']}"
    await api.patch(path, json={"status": "disabled"})
    await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})
    await drain()
    await api.patch(path, json={"status": "enabled"})
    await advance(DAY)
    assert receiver.received == []

    missed = (await api.get("/v1/events", params={"type": "number.paused"})).json()["data"][0]
    assert (await api.post(f"/v1/events/{missed['id']}/resend")).json() == missed
    await drain()
    assert receiver.events() == [missed]
