"""Another account's object answers byte for byte like one that does not exist (decisions F12, F33)."""

import re
from typing import Any

import pytest
from doors import body_fields, body_with, query_fields

from nokyc import main
from nokyc.store.store import Store
from support import Client, Drain, activate, add_stock, fresh_number, make_customer

BODIES: dict[str, Any] = {
    "numbers.update": {"auto_renew": False},
    "webhook_endpoints.update": {"description": "mine now"},
    "voicemail_greeting.set": {"text": "Mine now."},
}
ENDPOINT = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}
WRONG = ["000000000000", "zzzzzzzzzzzz", "0", "0" * 13, "00000000000é", "ABCDEFGHIJKL", "0" * 240, "%00", "..."]


@pytest.fixture
async def theirs(store: Store, web: main.Web, drain: Drain) -> Any:
    """A stranger's client, and one id of each kind by the route's first word."""
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as client:
        endpoint = (await client.post("/v1/webhook_endpoints", json=ENDPOINT)).json()
        number = await activate(store, client)
        body = {"from": number["id"], "to": "+33612345678", "body": "Hello", "send_at": "2026-05-20T10:00:00Z"}
        sms = (await client.post("/v1/sms", json=body)).json()
        await client.post("/v1/test/calls", json={"from": "+33612345678", "to": number["id"], "voicemail": True})
        await drain()
        await client.post("/v1/test/clock/advance", json={"seconds": 30})
        await drain()
        call = (await client.get("/v1/calls")).json()["data"][0]
        voicemail = (await client.get("/v1/voicemails")).json()["data"][0]
        await client.post(f"/v1/numbers/{number['id']}/sip_credentials")
        event = (await client.get("/v1/events")).json()["data"][0]
        yield client, {
            "numbers": number["id"], "sms": sms["id"], "events": event["id"], "webhook_endpoints": endpoint["id"],
            "calls": call["id"], "voicemails": voicemail["id"],
        }  # fmt: skip


async def test_nothing_tells_a_strangers_object_from_none(web: main.Web, api: Client, theirs: Any) -> None:
    client, ids = theirs
    before = await _state(client, ids)
    walked = 0
    for route in web.routes:
        if "{id}" not in route.path:
            continue
        their_id = ids[route.path.split("/")[2]]
        prefix = their_id.partition("_")[0]
        answers = set()
        for object_id in (their_id, *(f"{prefix}_{wrong}" for wrong in WRONG), prefix, "x", their_id.upper()):
            body = {"json": BODIES[route.operation]} if route.operation in BODIES else {}
            answer = await api.request(route.method, route.path.replace("{id}", object_id), **body)
            assert answer.status_code == 404, (route.operation, object_id, answer.text)
            assert answer.json()["error"]["code"] == "resource_missing"
            headers = sorted((n, v) for n, v in answer.headers.items() if n not in _OWN)
            answers.add((re.sub(rb"req_[0-9a-f]{16}", b"req_", answer.content), str(headers)))
        assert len(answers) == 1, route.operation
        walked += 1

    assert walked >= 12
    assert await _state(client, ids) == before


REFERENCES = {
    ("calls.create", "from"): "numbers",
    ("calls.create", "callerid_mask"): "e164",
    ("numbers.create", "available_id"): "available",
    ("sms.create", "from"): "numbers",
    ("sms.preview", "from"): "numbers",
    ("test.calls.create", "to"): "numbers",
    ("test.sms.create", "to"): "numbers",
    ("webhook_endpoints.create", "number_id"): "numbers",
}
"""Fields of bodies that name something of an account's."""
PLAIN = {
    "calls.create": {"to": "+33612345678"},
    "numbers.create": {"billing_period": "monthly"},
    "sms.create": {"to": "+33612345678", "body": "Hello"},
    "sms.preview": {"to": "+33612345678", "body": "Hello"},
    "test.calls.create": {"from": "+33612345678"},
    "test.sms.create": {"from": "+33612345678", "body": "Hello"},
    "webhook_endpoints.create": ENDPOINT,
}


async def test_no_body_reaches_a_strangers_object(web: main.Web, store: Store, api: Client, theirs: Any) -> None:
    client, ids = theirs
    mine = await activate(store, api)
    e164 = (await client.get(f"/v1/numbers/{ids['numbers']}")).json()["number"]
    before = await _state(client, ids)
    named = {door for door in body_fields(web.routes) if door[1].endswith("_id") or door[1] == "from"}
    assert named <= REFERENCES.keys() | {("test.calls.create", "from"), ("test.sms.create", "from")}
    routes = {route.operation: route for route in web.routes}
    for (operation, field), kind in REFERENCES.items():
        own = {"from": mine["id"]} if operation == "calls.create" and field != "from" else {}
        theirs_or_none = {"numbers": [ids["numbers"], "num_000000000000"], "e164": [e164, "+33612345679"]}
        # A quote is an account's own: another one's is none.
        theirs_or_none["available"] = [await _quote(store, client), "navail_000000000000"]
        answers = set()
        for value in theirs_or_none[kind]:
            body = PLAIN[operation] | own | body_with(field, value)
            answer = await api.request(routes[operation].method, routes[operation].path, json=body)
            verdict = answer.json().get("error") or answer.json()["verdict"]
            assert verdict["code"] in ("resource_missing", "callerid_not_owned"), (operation, answer.text)
            answers.add(re.sub(r"req_[0-9a-f]{16}", "req_", answer.text))
        assert len(answers) == 1, (operation, field, answers)
    assert await _state(client, ids) == before


async def test_no_query_tells_a_strangers_object_from_none(web: main.Web, api: Client, theirs: Any) -> None:
    client, ids = theirs
    e164 = (await client.get(f"/v1/numbers/{ids['numbers']}")).json()["number"]
    routes = {route.operation: route for route in web.routes}
    asked = sorted(door for door in query_fields(web.routes) if door[1] in ("starting_after", "number"))
    assert len(asked) >= 11
    for operation, name in asked:
        path = routes[operation].path
        if "{id}" in path:
            continue  # the list itself is not theirs to see
        kind = path.split("/")[2]
        their_id = ids.get(kind, ids["numbers"]) if name == "starting_after" else ids["numbers"]
        none = f"{their_id.partition('_')[0]}_000000000000"
        required = {"country": "fr"} if operation == "numbers.available" else {}
        texts = set()
        for value in [their_id, none, *([e164, "+33612345679"] if name == "number" else [])]:
            answer = await api.get(path, params={name: value} | required)
            texts.add((answer.status_code, re.sub(r"req_[0-9a-f]{16}", "req_", answer.text)))
        assert len(texts) == 1, (operation, name, texts)


async def _quote(store: Store, client: Client) -> str:
    await add_stock(store, fresh_number())
    found = (await client.get("/v1/numbers/available", params={"country": "fr"})).json()["data"]
    return str(found[0]["id"])


async def test_a_live_key_does_not_see_test_objects(web: main.Web, store: Store) -> None:
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as test, Client(web.app, customer.live_key) as live:
        number = await activate(store, test)
        assert (await live.get(f"/v1/numbers/{number['id']}")).status_code == 404
        assert (await live.get("/v1/numbers")).json()["data"] == []


async def test_references_in_bodies_are_missing_too(api: Client, theirs: Any) -> None:
    _, ids = theirs
    for their_id in (ids["numbers"], "num_000000000000", "nonsense"):
        sent = await api.post("/v1/sms", json={"from": their_id, "to": "+33612345678", "body": "Hello"})
        made = await api.post("/v1/webhook_endpoints", json=ENDPOINT | {"number_id": their_id})
        called = await api.post("/v1/calls", json={"from": their_id, "to": "+33612345678"})
        for answer, param in ((sent, "from"), (called, "from"), (made, "number_id")):
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], error["param"]) == (404, "resource_missing", param)


async def _state(client: Client, ids: dict[str, str]) -> list[Any]:
    return [(await client.get(f"/v1/{noun}/{object_id}")).json() for noun, object_id in ids.items()]


_OWN = ("request-id", "x-rate-limit-remaining", "ratelimit", "x-rate-limit-reset")
