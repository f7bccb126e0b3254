"""The generator: what is committed is what it makes, and what the API will grow is taken up by making it anew."""

import ast
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from sdks.programs import PHP, SDKS, go, run

Json = dict[str, Any]

USE = """
from decimal import Decimal
from nokycnumber.events import read_event
from nokycnumber.testing import Replies

replies = Replies()
replies.add(201, {"object": "fax", "id": "fax_1", "color": "bw", "costs": [0.1]})
fax = replies.client().faxes.create(pages=1, tray={"index": 2, "fee_usd": Decimal("0.10")})
assert fax.costs == [Decimal("0.1")]
assert replies.requests[0].content == b'{"pages":1,"tray":{"index":2,"fee_usd":0.10}}'
print(fax.color, type(read_event({"type": "fax.received", "data": {"object": {}}})).__name__)
"""


def test_the_committed_files_are_what_it_makes() -> None:
    run([sys.executable, SDKS / "generator", "--check"], folder=SDKS)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The contract and the SDKs in a repository of their own, without what is installed or built."""
    leave = shutil.ignore_patterns("node_modules", "dist", "__pycache__", "vendor")
    shutil.copytree(SDKS, tmp_path / "sdks", ignore=leave)
    shutil.copytree(SDKS.parent / "contract", tmp_path / "contract")
    shutil.copy(SDKS.parent / "pyproject.toml", tmp_path)
    return tmp_path


def test_what_the_api_grows_is_taken_up(copied: Path) -> None:
    """A noun that no template knows, with a body within a body, an enumeration, and an event of its own."""
    (path,) = (copied / "contract" / "openapi").glob("*.json")
    contract = json.loads(path.read_text("utf-8"))
    _grow(contract)
    path.write_text(json.dumps(contract), "utf-8")

    run([sys.executable, copied / "sdks" / "generator"], folder=copied)

    source = copied / "sdks" / "python" / "src" / "nokycnumber"
    models = (source / "models.py").read_text("utf-8")
    assert "class Fax(Model):" in models
    assert "FaxColor = Union[" in models
    assert 'Tray = TypedDict(\n    "Tray"' in models
    for name in ("models", "resources", "async_resources", "events", "client"):
        ast.parse((source / f"{name}.py").read_text("utf-8"))
    assert "tray: Union[Union[Tray, Mapping[str, Any]], NotGiven, None]" in (source / "resources.py").read_text("utf-8")
    assert "class FaxReceivedEvent(Event[Fax]):" in (source / "events.py").read_text("utf-8")
    assert run([sys.executable, "-c", USE], folder=copied, PYTHONPATH=str(source.parent)) == "bw FaxReceivedEvent\n"
    assert "cover?: Tray | Cover | null | undefined;" in (copied / "sdks" / "node" / "src" / "models.ts").read_text(
        "utf-8"
    )
    node = copied / "sdks" / "node"
    (node / "node_modules").symlink_to(SDKS / "node" / "node_modules")
    run([node / "node_modules" / ".bin" / "tsc", "-p", "tsconfig.esm.json", "--noEmit"], folder=node)
    go("vet", "-race", ".", "./internal/conformance", folder=copied / "sdks" / "go")
    new = [*(copied / "sdks" / "php" / "src").glob("*/Fax*.php")]
    assert [path.name for path in new] == ["FaxColor.php", "Fax.php", "FaxesResource.php"]
    run([*PHP, "-r", "require 'init.php'; foreach (array_slice($argv, 1) as $file) { require $file; }", *new],
        folder=copied / "sdks" / "php")  # fmt: skip
    run(["ruby", "-Ilib", "test/signatures.rb"], folder=copied / "sdks" / "ruby")
    cases = (copied / "sdks" / "conformance" / "operations.json").read_text("utf-8")
    assert "faxes.create" in cases
    assert "client.faxes.create" in (copied / "sdks" / "python" / "README.md").read_text("utf-8")


def _grow(contract: Json) -> None:
    schemas, paths = contract["components"]["schemas"], contract["paths"]
    color = {"enum": ["gray", "bw"]}
    schemas["Tray"] = {
        "type": "object", "additionalProperties": False, "required": ["index"],
        "properties": {"index": {"type": "integer"}, "from": {"type": "string"}, "fee_usd": {"anyOf": [
            {"type": "number", "format": "decimal"}, {"type": "null"}]}},
    }  # fmt: skip
    schemas["Cover"] = {
        "type": "object", "additionalProperties": False, "required": ["text"],
        "properties": {"text": {"type": "string"}},
    }  # fmt: skip
    schemas["FaxCreate"] = {
        "type": "object", "additionalProperties": False, "required": ["pages"],
        "properties": {
            "pages": {"type": "integer"}, "color": color,
            "tray": {"anyOf": [{"$ref": "#/components/schemas/Tray"}, {"type": "null"}]},
            "cover": {"anyOf": [{"anyOf": [{"$ref": "#/components/schemas/Tray"},
                                           {"$ref": "#/components/schemas/Cover"}]}, {"type": "null"}]},
        },
    }  # fmt: skip
    schemas["Fax"] = {
        "type": "object", "description": "A page from afar.", "required": ["id", "object", "color", "sent_at"],
        "properties": {
            "id": {"type": "string"}, "object": {"const": "fax"}, "color": color,
            "sent_at": {"type": "string", "format": "date-time"},
            "costs": {"type": "array", "items": {"type": "number", "format": "decimal"}},
        },
    }  # fmt: skip
    example = {"id": "fax_1", "object": "fax", "color": "bw", "sent_at": "2026-04-26T11:23:00Z", "costs": [0.1]}
    create = json.loads(json.dumps(paths["/v1/sms"]["post"]))
    create |= {"operationId": "faxes.create", "summary": "Send a fax", "tags": ["faxes"]}
    create["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": "#/components/schemas/FaxCreate"}, "example": {"pages": 1, "tray": {"index": 2}},
    }  # fmt: skip
    create["responses"]["201"]["content"]["application/json"] = {
        "schema": {"$ref": "#/components/schemas/Fax"}, "example": example,
    }  # fmt: skip
    paths["/v1/faxes"] = {"post": create}
    event = json.loads(json.dumps(schemas["SmsReceivedEvent"]))
    event["properties"]["type"] = {"const": "fax.received"}
    event["properties"]["data"]["properties"]["object"] = {"$ref": "#/components/schemas/Fax"}
    schemas["FaxReceivedEvent"] = event
    webhook = json.loads(json.dumps(contract["webhooks"]["sms.received"]))
    webhook["post"]["requestBody"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/FaxReceivedEvent"
    }
    contract["webhooks"]["fax.received"] = webhook
