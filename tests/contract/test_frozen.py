"""The frozen description: what the server gives, clean, and never changed under a client's feet."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from nokyc.resources.events.schemas import EVENT_TYPES
from nokyc.settings import API_VERSION

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from contract_diff import breaking_changes  # noqa: E402 - a tool, not a package

FILE = ROOT / "contract" / "openapi" / f"{API_VERSION}.json"
Json = dict[str, Any]
Edit = Callable[[Json], Any]


@pytest.fixture
def frozen() -> Json:
    """The committed one."""
    contract: Json = json.loads(FILE.read_text("utf-8"))
    return contract


@pytest.fixture
def choosing(frozen: Json) -> Json:
    """The same with a field that holds one of two bodies."""
    part = {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string"}}, "required": []}
    frozen["components"]["schemas"] |= {"One": part, "Other": copy.deepcopy(part)}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in ("One", "Other")]
    _schema(frozen, "SmsCreate")["properties"]["via"] = {"anyOf": [{"anyOf": refs}, {"type": "null"}]}
    return frozen


def test_what_is_sent_within_something_else_breaks_too(choosing: Json) -> None:
    changed = copy.deepcopy(choosing)
    assert breaking_changes(choosing, changed) == []
    _schema(changed, "Other")["required"].append("a")
    assert breaking_changes(choosing, changed) == ["POST /v1/sms body.via.a is required now"]
    changed = copy.deepcopy(choosing)
    _schema(changed, "SmsCreate")["properties"]["via"]["anyOf"][0]["anyOf"].pop()
    assert breaking_changes(choosing, changed) == ["POST /v1/sms body.via: it cannot be Other any more"]


def test_the_server_gives_this_description_and_breaks_nothing() -> None:
    tool = ROOT / "tools" / "make_openapi.py"
    done = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_valid_and_has_every_event(frozen: Json) -> None:
    validate(frozen)
    assert set(frozen["webhooks"]) == set(EVENT_TYPES)


def test_it_keeps_the_house_rules(tmp_path: Path, frozen: Json) -> None:
    assert _lint(FILE) == ""
    frozen["paths"]["/v1/sms"]["post"]["summary"] = ""
    frozen["paths"]["/v1/sms"]["get"]["parameters"][2]["name"] = "numberId"
    frozen["components"]["schemas"]["Sms"]["properties"]["segments"]["type"] = "boolean"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(frozen), "utf-8")
    said = _lint(broken)
    for rule in ("operation-has-summary", "snake-case-parameters", "no-invalid-media-type-examples"):
        assert rule in said


def test_the_same_description_breaks_nothing(frozen: Json) -> None:
    assert breaking_changes(frozen, copy.deepcopy(frozen)) == []
    assert breaking_changes({}, frozen) == []


def _schema(contract: Json, name: str) -> Json:
    schema: Json = contract["components"]["schemas"][name]
    return schema


def _property(contract: Json, schema: str, name: str) -> Json:
    about: Json = _schema(contract, schema)["properties"][name]
    return about


def _enum(contract: Json, schema: str, name: str) -> list[str]:
    values: list[str] = _property(contract, schema, name)["enum"]
    return values


BREAKING: dict[str, tuple[Edit, str]] = {
    "a path": (lambda c: c["paths"].pop("/v1/sms"), "POST /v1/sms is gone"),
    "a method": (lambda c: c["paths"]["/v1/numbers/{id}"].pop("patch"), "PATCH /v1/numbers/{id} is gone"),
    "another name": (
        lambda c: c["paths"]["/v1/sms"]["post"].update(operationId="sms.send"),
        "POST /v1/sms: its operationId was sms.create",
    ),
    "a field": (lambda c: _schema(c, "Sms")["properties"].pop("cost_usd"), "Sms.cost_usd is gone"),
    "a field that may be absent": (
        lambda c: _schema(c, "Sms")["required"].remove("cost_usd"),
        "Sms.cost_usd can be absent now",
    ),
    "another type": (
        lambda c: _schema(c, "Sms")["properties"].update(segments={"type": "string"}),
        "Sms.segments: it cannot be integer any more",
    ),
    "a value that can be null": (
        lambda c: _property(c, "Sms", "body").update(type=["string", "null"]),
        "Sms.body: it can be null now",
    ),
    "another format": (lambda c: _property(c, "Sms", "created_at").pop("format"), "its format was date-time"),
    "a value of an answer": (lambda c: _enum(c, "Sms", "status").remove("sent"), "Sms.status: the value sent is gone"),
    "a value of a request": (
        lambda c: _enum(c, "NumberCreate", "billing_period").remove("quarterly"),
        "POST /v1/numbers body.billing_period: the value quarterly is gone",
    ),
    "a required field": (
        lambda c: _schema(c, "SmsCreate")["required"].append("send_at"),
        "POST /v1/sms body.send_at is required now",
    ),
    "a required parameter": (
        lambda c: c["paths"]["/v1/sms"]["get"]["parameters"][0].update(required=True),
        "GET /v1/sms: the parameter limit is required now",
    ),
    "a parameter": (
        lambda c: c["paths"]["/v1/sms"]["get"]["parameters"].pop(0),
        "GET /v1/sms: the parameter limit is gone",
    ),
    "a lower limit": (
        lambda c: _property(c, "ClockAdvance", "seconds").update(maximum=60),
        "body.seconds: maximum was 316224000 and is 60",
    ),
    "null that clears": (
        lambda c: _schema(c, "NumberUpdate")["properties"].update(webhook_url={"type": "string"}),
        "PATCH /v1/numbers/{id} body.webhook_url: it cannot be null any more",
    ),
    "another answer": (
        lambda c: c["paths"]["/v1/sms"]["post"]["responses"].pop("201"),
        "POST /v1/sms: it does not answer 201 any more",
    ),
    "an event": (lambda c: c["webhooks"].pop("sms.sent"), "the event sms.sent is gone"),
}


@pytest.mark.parametrize("name", BREAKING)
def test_what_breaks_is_refused(name: str, frozen: Json) -> None:
    edit, reason = BREAKING[name]
    changed = copy.deepcopy(frozen)
    edit(changed)
    assert any(reason in found for found in breaking_changes(frozen, changed)), breaking_changes(frozen, changed)


ADDITIONS: dict[str, Edit] = {
    "a path": lambda c: c["paths"].update({"/v1/calls": c["paths"]["/v1/sms"]}),
    "a field of an answer": lambda c: _schema(c, "Sms")["properties"].update(carrier={"type": "string"}),
    "a value of an answer": lambda c: _enum(c, "Sms", "status").append("read"),
    "an optional field": lambda c: _schema(c, "SmsCreate")["properties"].update(priority={"type": "string"}),
    "an optional parameter": lambda c: c["paths"]["/v1/sms"]["get"]["parameters"].append(
        {"name": "tag", "in": "query", "required": False, "schema": {"type": "string"}}
    ),
    "a field that need not be sent any more": lambda c: _schema(c, "SmsCreate")["required"].remove("body"),
    "a higher limit": lambda c: _property(c, "ClockAdvance", "seconds").update(maximum=10**9),
    "an event": lambda c: c["webhooks"].update({"fax.received": c["webhooks"]["sms.sent"]}),
    "words": lambda c: c["paths"]["/v1/sms"]["post"].update(summary="Send a text message"),
}


@pytest.mark.parametrize("name", ADDITIONS)
def test_what_adds_is_allowed(name: str, frozen: Json) -> None:
    changed = copy.deepcopy(frozen)
    ADDITIONS[name](changed)
    assert changed != frozen
    assert breaking_changes(frozen, changed) == []


def _lint(path: Path) -> str:
    """What redocly says against it; nothing if it is clean."""
    redocly = ROOT / "sdks" / "toolchain" / "node_modules" / ".bin" / "redocly"
    config = ROOT / "contract" / "redocly.yaml"
    command = [redocly, "lint", path, "--config", config, "--format", "stylish"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
