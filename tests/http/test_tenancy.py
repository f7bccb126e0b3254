"""Another account's object answers byte for byte like one that does not exist (decisions F12, F33)."""

import re
from typing import Any

import pytest

from nokyc import main
from nokyc.store.store import Store
from support import Client, Drain, activate, make_customer

BODIES: dict[str, Any] = {
    "numbers.update": {"auto_renew": False},
    "webhook_endpoints.update": {"description": "mine now"},
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
