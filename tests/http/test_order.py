"""Which of several faults is told (decision F14): every pair of checks, and the earlier one wins."""

import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from wire import Reply, exchange

from nokyc import main
from nokyc.http.auth import Caller
from nokyc.http.call import Answer, Call, Route
from nokyc.http.operations import Operations
from nokyc.http.request import MAX_BODY_BYTES
from nokyc.resources.keys import actions as keys
from nokyc.store.store import Store, Unit
from support import Client, Customer, activate, make_customer


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a request, and what it is told."""

    code: str
    status: int
    change: dict[str, Any] = field(default_factory=dict)
    """What of the request it sets; where two faults set the same, they cannot meet."""
    marks: frozenset[str] = frozenset()
    """What is wrong with the key: these do meet."""


TRANSPORT = [
    Fault("https_required", 301, {"client": "203.0.113.9"}),
    Fault("body_too_large", 413, {"body": b"{" + b" " * MAX_BODY_BYTES}),
    Fault("api_key_invalid", 401, marks=frozenset({"unknown"})),
    Fault("rate_limit_exceeded", 429, marks=frozenset({"spent"})),
    Fault("route_not_found", 404, {"path": "/v1/nowhere"}),
    Fault("scope_insufficient", 403, marks=frozenset({"read"})),
    Fault("content_type_unsupported", 415, {"content_type": b"text/plain"}),
    Fault("body_invalid", 400, {"body": b"{"}),
    Fault("version_invalid", 400, {"version": b"2099-01-01"}),
    Fault("idempotency_key_mismatch", 409, {"idempotency_key": b"used"}),
]
RENEWAL = [
    Fault("parameter_invalid", 400, {"body": b'{"billing_period": "weekly"}'}),
    Fault("resource_missing", 404, {"path": "/v1/numbers/num_000000000000/renew"}),
    Fault("number_released", 422, {"path": "released"}),
    Fault("balance_insufficient", 402),  # the account has nothing: this is what the sound request is told
]
SMS = [
    Fault("parameter_missing", 400, {"text": None}),
    Fault("resource_missing", 404, {"from": "num_000000000000"}),
    Fault("destination_forbidden", 422, {"to": "+33899123456"}),
    Fault("number_paused", 422, {"from": "paused"}),
    Fault("balance_insufficient", 402),
]


NOBODY = {"from": "num_000000000000", "to": "+33612345678"}


def pairs(faults: list[Fault]) -> list[tuple[Fault, Fault]]:
    """Every two faults that one request can have, the one that is checked first in front."""
    return [
        (first, second)
        for first, second in itertools.combinations(faults, 2)
        if not set(first.change) & set(second.change)
    ]


@dataclass(slots=True)
class Scene:
    """An account without money, its numbers, and keys with every combination of faults."""

    web: main.Web
    secrets: dict[frozenset[str], str]
    number: str
    released: str
    paused: str

    async def renew(self, *faults: Fault) -> Reply:
        request = self._merge(faults)
        path = request.get("path", self.number)
        if not path.startswith("/"):
            path = f"/v1/numbers/{self.released if path == 'released' else path}/renew"
        return await self._send(path, request.get("body", b"{}"), request, faults)

    async def send(self, *faults: Fault) -> Reply:
        request = self._merge(faults)
        sender = request.get("from", self.number)
        body = {"from": self.paused if sender == "paused" else sender, "to": request.get("to", "+33612345678")}
        if "text" not in request:
            body["body"] = "Hello"
        return await self._send("/v1/sms", json.dumps(body).encode(), request, faults)

    @staticmethod
    def _merge(faults: tuple[Fault, ...]) -> dict[str, Any]:
        return {name: value for fault in faults for name, value in fault.change.items()}

    async def _send(self, path: str, body: bytes, request: dict[str, Any], faults: tuple[Fault, ...]) -> Reply:
        headers = [(b"content-type", request.get("content_type", b"application/json"))]
        if "version" in request:
            headers.append((b"nokyc-version", request["version"]))
        if "idempotency_key" in request:
            headers.append((b"idempotency-key", request["idempotency_key"]))
        marks = frozenset().union(*(fault.marks for fault in faults))
        secret = "sk_live_x" if "unknown" in marks else self.secrets[marks]
        if "spent" in marks:  # whatever the clock did since: this takes the only token, or there is none
            await exchange(self.web.app, "GET", "/v1/account", key=secret)
        client = request.get("client", "127.0.0.1")
        return await exchange(self.web.app, "POST", path, key=secret, headers=headers, body=body, client=client)


@pytest.fixture
async def scene(store: Store, web: main.Web) -> Scene:
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as api:
        number, released, paused = [(await activate(store, api))["id"] for _ in range(3)]
        await api.delete(f"/v1/numbers/{released}")
        await api.patch(f"/v1/numbers/{paused}", json={"status": "paused"})
        endpoint = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
        await api.post("/v1/webhook_endpoints", json=endpoint, headers={"Idempotency-Key": "used"})
    async with store.reading() as connection:
        await connection.execute("UPDATE accounts SET balance_micro = 0 WHERE id = $1", customer.test_id)
    secrets = {}
    for marks in (set(), {"read"}, {"spent"}, {"read", "spent"}):
        secrets[frozenset(marks)] = await _key(store, customer, marks)
    return Scene(web, secrets, number, released, paused)


async def _key(store: Store, customer: Customer, marks: set[str]) -> str:
    async def work(unit: Any) -> str:
        limit = 1 if "spent" in marks else 100_000
        scope: Any = "read" if "read" in marks else "admin"
        return (await keys.create(unit, customer.test_id, scope=scope, mode="test", rate_limit=limit))[1]

    return await store.run(work)


async def test_renewing(scene: Scene) -> None:
    await _earlier_wins(scene.renew, [*TRANSPORT, *RENEWAL])


async def test_sending(scene: Scene) -> None:
    await _earlier_wins(scene.send, [*TRANSPORT[-2:], *SMS])


async def _earlier_wins(ask: Callable[..., Awaitable[Reply]], faults: list[Fault]) -> None:
    for fault in faults:
        alone = await ask(fault)
        assert (alone.status, alone.code) == (fault.status, fault.code)
    for first, second in pairs(faults):
        both = await ask(first, second)
        assert (both.status, both.code) == (first.status, first.code), (first.code, second.code)


@pytest.mark.parametrize(
    ("method", "path", "body", "param"),
    [
        ("PATCH", "/v1/numbers/num_000000000000", {"webhook_url": "ftp://x"}, "webhook_url"),
        ("PATCH", "/v1/webhook_endpoints/whk_000000000000", {"url": "ftp://x"}, "url"),
        ("POST", "/v1/webhook_endpoints", {"url": "ftp://x", "enabled_events": []}, "url"),
        ("POST", "/v1/webhook_endpoints", {"url": "ftp://x", "enabled_events": ["*"], "number_id": "num_0"}, "url"),
        ("POST", "/v1/sms", {**NOBODY, "body": "x", "media_urls": ["ftp://x"]}, "media_urls[0]"),
        (
            "POST",
            "/v1/test/sms",
            {"from": "+33612345678", "to": "x", "body": "x", "media_urls": ["x"]},
            "media_urls[0]",
        ),
        ("POST", "/v1/numbers/num_000000000000/voicemail_greeting", {"audio_base64": "x"}, "audio_base64"),
        ("POST", "/v1/calls", {**NOBODY, "callerid_mask": "x"}, "callerid_mask"),
        ("POST", "/v1/calls", {**NOBODY, "connect": {"type": "stream", "url": "https://x"}}, "connect.url"),
    ],
)
async def test_what_is_malformed_comes_before_what_is_not_there(
    api: Client, method: str, path: str, body: Any, param: str
) -> None:
    answer = await api.request(method, path, json=body)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


async def test_a_wrong_method_comes_before_the_scope(web: main.Web, scene: Scene) -> None:
    secret = scene.secrets[frozenset({"read"})]
    answer = await exchange(web.app, "PUT", "/v1/account", key=secret)

    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, PATCH"


async def test_an_invalid_idempotency_key_comes_before_validation(web: main.Web, scene: Scene) -> None:
    headers = [(b"idempotency-key", b"x" * 256)]
    answer = await exchange(
        web.app, "POST", "/v1/sms", key=scene.secrets[frozenset()], headers=headers, body=b'{"a": 1}'
    )

    assert answer.code == "idempotency_key_invalid"


async def test_what_takes_long_is_asked_before_anything_is_held(store: Store, customer: Customer) -> None:
    """A name server that dawdles holds no connection to the database, and no row that other customers wait for."""
    held = []

    async def ahead(call: Call) -> None:
        held.append(store.pool.get_size() - store.pool.get_idle_size())

    async def handler(call: Call, unit: Unit) -> Answer:
        held.append(store.pool.get_size() - store.pool.get_idle_size())
        return Answer(204)

    wall = store.clock.now()
    caller = Caller(1, customer.test_id, False, "admin", 100, "2026-04-01", timedelta(0), 10, False)
    route = Route("POST", "/v1/slow", "slow", "Ask somebody slow", handler, ahead=ahead)
    call = Call("req_1", caller, wall, "", {}, store, lambda text: text, idempotency_key="k", fingerprint=b"f")
    assert (await Operations([route], store).run(route, call, lambda: None)).status == 204
    assert held == [0, 1]


def test_whoever_takes_a_url_or_a_sound_asks_ahead(web: main.Web) -> None:
    assert {route.operation for route in web.routes if route.ahead is not None} == {
        "webhook_endpoints.create", "webhook_endpoints.update", "numbers.create", "numbers.update", "calls.create",
        "voicemail_greeting.set",
    }  # fmt: skip
