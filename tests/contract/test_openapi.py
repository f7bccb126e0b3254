"""The served description is valid, says what really comes, and nothing else comes (schemathesis tries)."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import uvicorn
from openapi_spec_validator import validate

from nokyc import main
from nokyc.http.call import Page
from nokyc.http.errors import catalogue
from nokyc.http.openapi import codes_of
from nokyc.settings import API_VERSION
from nokyc.store.store import Store
from support import Client, Customer, Drain, activate, add_stock, fresh_number

FUZZED = "5"
COVERAGE = """
[phases.coverage]
unexpected-methods = ["put"]
"""
CONFIG = """
[[operations]]
include-path-regex = "^/v1/{noun}/.id."
parameters = {{ "path.id" = "{id}" }}
"""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method,allow_header_conformance"
)
WHEN = "2026-05-20T10:00:00Z"
ENDPOINT = {"url": "https://93.184.216.34/", "enabled_events": ["*"]}


@pytest.fixture
async def description(anonymous: Client) -> Any:
    return (await anonymous.get("/openapi.json")).json()


def test_the_description_is_valid_openapi(description: Any) -> None:
    validate(description)
    assert description["openapi"] == "3.1.0"
    assert description["info"]["version"] == API_VERSION


def test_every_route_is_an_operation_of_its_own(web: main.Web, description: Any) -> None:
    described = {
        (method.upper(), path): operation["operationId"]
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }
    assert described == {(route.method, route.path): route.operation for route in web.routes}
    assert len(set(described.values())) == len(described)
    for route in web.routes:
        assert (route.answers is Page) == (route.items is not None), f"{route.operation} does not say what it lists"


def test_errors_are_declared_by_status_with_their_codes(web: main.Web, description: Any) -> None:
    for route in web.routes:
        responses = description["paths"][route.path][route.method.lower()]["responses"]
        statuses = {str(catalogue()[code].status) for code in codes_of(route)}
        assert set(responses) == statuses | {str(route.status)}
        for code in codes_of(route):
            assert code in responses[str(catalogue()[code].status)]["description"]


def test_every_reference_leads_somewhere_and_every_schema_is_used(description: Any) -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(description)))

    queries = {name for name, schema in description["components"]["schemas"].items() if name.endswith(("Query", "List"))
               and "object" not in schema["properties"]}  # fmt: skip
    assert references <= set(description["components"]["schemas"])
    assert set(description["components"]["schemas"]) - references <= queries


async def test_what_every_operation_answers_fits_its_schema(
    web: main.Web, api: Client, store: Store, drain: Drain, description: Any
) -> None:
    answers = await _one_of_each(api, store, drain)

    assert set(answers) == {route.operation for route in web.routes}
    for route in web.routes:
        answer = answers[route.operation]
        assert answer.status_code == route.status, (route.operation, answer.text)
        success = description["paths"][route.path][route.method.lower()]["responses"][str(route.status)]
        if route.status == 204:
            assert "content" not in success
            continue
        schema = success["content"]["application/json"]["schema"]
        _validator(description, schema).validate(answer.json())
        for shown in answer.json().get("data", [answer.json()]) if route.items else [answer.json()]:
            name = (route.items or route.answers).__name__  # type: ignore[union-attr]
            known = description["components"]["schemas"][name]["properties"]
            assert set(shown) <= set(known), route.operation
        if route.items:
            assert answer.json()["data"], f"{route.operation} lists nothing, so nothing was shown"


def test_the_examples_fit_their_schemas(web: main.Web, description: Any) -> None:
    shown = 0
    for route in web.routes:
        body = description["paths"][route.path][route.method.lower()].get("requestBody")
        if body is not None and "example" in body["content"]["application/json"]:
            content = body["content"]["application/json"]
            _validator(description, content["schema"]).validate(content["example"])
            shown += 1
    assert shown >= 3
    error = description["components"]["schemas"]["Error"]
    _validator(description, error).validate(error["examples"][0])


@pytest.fixture
async def server(web: main.Web) -> AsyncIterator[str]:
    """The application on a loopback port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(web.app, lifespan="off", log_config=None, access_log=False, ws="none", http="httptools")
    running = uvicorn.Server(config)
    serving = asyncio.create_task(running.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    await serving
    listener.close()


async def test_schemathesis_finds_nothing(
    server: str, web: main.Web, customer: Customer, api: Client, store: Store, drain: Drain, tmp_path: Path
) -> None:
    """Bounded and the same every time; it knows an object of each kind, so that it gets past the 404s."""
    number = (await activate(store, api))["id"]
    message = {"from": number, "to": "+33612345678", "body": "Hello", "send_at": WHEN}
    known = {
        "numbers": number,
        "calls": (await api.post("/v1/calls", json={"from": number, "to": "+33612345678"})).json()["id"],
        "voicemails": (await voicemail(api, drain, number))["id"],
        "sms": (await api.post("/v1/sms", json=message)).json()["id"],
        "events": (await api.get("/v1/events")).json()["data"][0]["id"],
        "webhook_endpoints": (await api.post("/v1/webhook_endpoints", json=ENDPOINT)).json()["id"],
    }
    config = tmp_path / "schemathesis.toml"
    config.write_text(COVERAGE + "".join(CONFIG.format(noun=noun, id=object_id) for noun, object_id in known.items()))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
        *("run", f"{server}/openapi.json", "--url", server, "--checks", CHECKS, "--no-color", "--workers", "2"),
        *("--max-examples", FUZZED, "--generation-deterministic", "--phases", "examples,coverage,fuzzing"),
        *("--header", f"Authorization: Bearer {customer.test_key}"),
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output = (await process.communicate())[0].decode()

    assert process.returncode == 0, output[-20_000:]
    assert f"Tested: {len(web.routes)}" in output


async def voicemail(api: Client, drain: Drain, number: str) -> Any:
    """A message that somebody left."""
    await api.post("/v1/test/calls", json={"from": "+33612345678", "to": number, "voicemail": True})
    await drain()
    await api.post("/v1/test/clock/advance", json={"seconds": 30})
    await drain()
    return (await api.get("/v1/voicemails")).json()["data"][0]


def _validator(description: Any, schema: Any) -> Any:
    return jsonschema_rs.Draft202012Validator(schema | {"components": description["components"]})


async def _one_of_each(api: Client, store: Store, drain: Drain) -> dict[str, Any]:
    """A success of every operation."""
    endpoint = await api.post("/v1/webhook_endpoints", json=ENDPOINT)
    whk = f"/v1/webhook_endpoints/{endpoint.json()['id']}"
    spare = (await activate(store, api, webhook_url=ENDPOINT["url"]))["id"]
    e164 = fresh_number()
    await add_stock(store, e164)
    available = await api.get("/v1/numbers/available", params={"country": "fr", "contains": e164})
    order = {"available_id": available.json()["data"][0]["id"], "billing_period": "yearly", "metadata": {"a": [1.5]}}
    number = await api.post("/v1/numbers", json=order)
    num = number.json()["id"]
    message = {"from": num, "to": "+33612345678", "body": "Hello"}
    sms = await api.post("/v1/sms", json=message)
    await drain()
    planned = await api.post("/v1/sms", json=message | {"send_at": WHEN})
    event = (await api.get("/v1/events")).json()["data"][0]["id"]
    call = await api.post("/v1/calls", json={"from": num, "to": "+33612345678", "metadata": {"a": 1}})
    received = await api.post("/v1/test/calls", json={"from": "+33612345678", "to": num})
    call_path, credentials = f"/v1/calls/{call.json()['id']}", f"/v1/numbers/{num}/sip_credentials"
    greeting = f"/v1/numbers/{num}/voicemail_greeting"
    left = f"/v1/voicemails/{(await voicemail(api, drain, num))['id']}"
    windows = {"timezone": "Europe/Paris", "windows": [{"days": ["mon"], "from": "22:00", "to": "07:00"}]}
    return {
        "numbers.available": available,
        "numbers.create": number,
        "numbers.list": await api.get("/v1/numbers"),
        "numbers.get": await api.get(f"/v1/numbers/{num}"),
        "numbers.update": await api.patch(f"/v1/numbers/{num}", json={"on_off": windows, "addons": ["ai-pickup"]}),
        "numbers.renew": await api.post(f"/v1/numbers/{spare}/renew"),
        "numbers.delete": await api.delete(f"/v1/numbers/{spare}"),
        "sip_credentials.create": await api.post(credentials),
        "sip_credentials.get": await api.get(credentials),
        "sip_credentials.delete": await api.delete(credentials),
        "calls.create": call,
        "calls.list": await api.get("/v1/calls"),
        "calls.get": await api.get(call_path),
        "calls.timeline": await api.get(f"{call_path}/timeline"),
        "calls.hangup": await api.post(f"{call_path}/hangup"),
        "test.calls.create": received,
        "voicemails.list": await api.get("/v1/voicemails"),
        "voicemails.get": await api.get(left),
        "voicemails.delete": await api.delete(left),
        "voicemail_greeting.set": await api.post(greeting, json={"text": "Leave a message.", "voice": "warm_en"}),
        "voicemail_greeting.get": await api.get(greeting),
        "voicemail_greeting.delete": await api.delete(greeting),
        "ai.get": await api.get(f"/v1/numbers/{num}/ai"),
        "ai.update": await api.patch(f"/v1/numbers/{num}/ai", json={"auto_pickup": {"after_rings": 3}}),
        "sms.create": sms,
        "sms.list": await api.get("/v1/sms"),
        "sms.preview": await api.post("/v1/sms/preview", json={"to": "+33612345678", "body": "Привет"}),
        "sms.get": await api.get(f"/v1/sms/{sms.json()['id']}"),
        "sms.timeline": await api.get(f"/v1/sms/{sms.json()['id']}/timeline"),
        "sms.cancel": await api.post(f"/v1/sms/{planned.json()['id']}/cancel"),
        "test.sms.create": await api.post("/v1/test/sms", json={"from": "+33612345678", "to": num, "body": "Hi"}),
        "account.get": await api.get("/v1/account"),
        "account.update": await api.patch("/v1/account", json={"balance_low_threshold_usd": 2.5}),
        "account.usage": await api.get("/v1/account/usage", params={"period": "last_30d"}),
        "webhook_endpoints.create": endpoint,
        "webhook_endpoints.list": await api.get("/v1/webhook_endpoints"),
        "webhook_endpoints.get": await api.get(whk),
        "webhook_endpoints.update": await api.patch(whk, json={"description": "mine"}),
        "webhook_endpoints.rotate_secret": await api.post(f"{whk}/rotate_secret", json={"expires_in": 60}),
        "webhook_endpoints.test": await api.post(f"{whk}/test"),
        "webhook_endpoints.deliveries": await api.get(f"{whk}/deliveries"),
        "events.list": await api.get("/v1/events"),
        "events.get": await api.get(f"/v1/events/{event}"),
        "events.resend": await api.post(f"/v1/events/{event}/resend"),
        "webhook_endpoints.delete": await api.delete(whk),
        "test.clock.advance": await api.post("/v1/test/clock/advance", json={"seconds": 1}),
    }
