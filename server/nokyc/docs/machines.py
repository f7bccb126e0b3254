"""The documentation for programs: llms.txt, and a Postman collection (format 2.1) of the contract."""

import json
import uuid
from typing import Any

from nokyc.docs.contract import CHAPTERS, Contract, Operation
from nokyc.docs.doors import Door
from nokyc.docs.fields import Field
from nokyc.docs.outline import Outline

Json = dict[str, Any]

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
INTRO = """# NoKYCNumber

> A self-hosted phone-number platform: find and activate numbers, send and receive SMS, place and take calls over one
> HTTP API with idempotency, signed webhooks, dated versions and a test mode with its own clock.

The base URL is that of the installation, with /v1 behind it. Keys go into `Authorization: Bearer sk_…`; those that
begin with sk_test_ never reach a carrier and have a clock that you move. Every page below is Markdown.
"""


def llms(outline: Outline, door: Door) -> str:
    """The pages, with a sentence each (llmstxt.org)."""
    lines = [INTRO]
    for group, pages in outline.groups():
        lines += [f"## {group}", ""]
        lines += [
            f"- [{page.title}]({door.file(f'{page.path}.md', '')}): {page.summary}".rstrip(": ") for page in pages
        ]
        lines.append("")
    lines += ["## Machine-readable", "", f"- [OpenAPI 3.1]({door.file('openapi.json', '')})"]
    lines += [f"- [Everything in one file]({door.file('llms-full.txt', '')})"]
    return "\n".join(lines) + "\n"


def llms_full(outline: Outline) -> str:
    """All pages, one after the other."""
    pages = (page for page in outline.pages.values() if page.path and not page.inside)
    return "\n\n".join([INTRO, *(page.text.strip() for page in pages)]) + "\n"


def postman(contract: Contract, base_url: str) -> str:
    """Every operation, in the folders of the reference; base URL and key are variables."""
    collection = {
        "info": {
            "name": "NoKYCNumber API",
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, SCHEMA + contract.description["info"]["version"])),
            "description": contract.description["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{api_key}}", "type": "string"}]},
        "variable": [
            {"key": "base_url", "value": base_url, "type": "string"},
            {"key": "api_key", "value": "sk_test_your_key", "type": "string"},
        ],
        "item": [
            {"name": chapter.title, "item": [_request(contract, each) for each in contract.of(chapter)]}
            for chapter in CHAPTERS
        ],
    }
    return json.dumps(collection, indent=1, ensure_ascii=False) + "\n"


def _request(contract: Contract, operation: Operation) -> Json:
    about = contract.description["paths"][operation.path][operation.method.lower()]
    parts = [":id" if part == "{id}" else part for part in operation.path.strip("/").split("/")]
    queries = [each for each in operation.parameters if each.name != "id"]
    url: Json = {"raw": "{{base_url}}/" + "/".join(parts), "host": ["{{base_url}}"], "path": parts}
    if ":id" in parts:
        url["variable"] = [{"key": "id", "value": "", "description": "The object's id."}]
    if queries:
        url["query"] = [_query(each) for each in queries]
    request: Json = {"method": operation.method, "header": [], "url": url, "description": operation.words}
    if any(parameter["name"] == "Idempotency-Key" for parameter in about["parameters"]):
        request["header"].append({"key": "Idempotency-Key", "value": "{{$guid}}"})
    content = about.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None:
        text = json.dumps(content["example"], indent=2, ensure_ascii=False)
        request["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    return {"name": operation.summary, "request": request, "response": []}


def _query(field: Field) -> Json:
    """Optional parameters are there to be switched on."""
    value = (field.values or [field.default or ("fr" if field.name == "country" else "")])[0]
    return {"key": field.name, "value": value, "description": field.words, "disabled": not field.required}
