"""Conformance: the cases that follow from the contract, and the table of all cases by language."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contract import Api, Field, Method

INSTANT = "2026-04-26T11:23:00Z"
PATH_VALUE = "obj_8a4c2f1e9b3d"

Json = dict[str, Any]


def operations(api: Api) -> str:
    """The text of sdks/conformance/operations.json."""
    about = "Every operation, its parameters and its answer. Made by sdks/generator from the contract's examples."
    cases = [_case(api, method) for _, method in api.methods]
    suite = {"suite": "operations", "about": about, "cases": cases}
    return json.dumps(suite, indent=2, ensure_ascii=False) + "\n"


def table(folder: Path, languages: Sequence[str]) -> str:
    """How many cases of each suite a language plays. Its tests fail unless it plays and passes all (tests/sdks)."""
    suites = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    lines = [f"| Suite | What it is about | {' | '.join(languages)} |", "|---|---|" + "---:|" * len(languages)]
    for name, suite in suites.items():
        about = suite["about"].partition(". ")[0].removesuffix(".")
        lines.append(f"| `{name}` | {about} |" + f" {len(suite['cases'])} |" * len(languages))
    total = sum(len(suite["cases"]) for suite in suites.values())
    return "\n".join([*lines, "| **all** | |" + f" **{total}** |" * len(languages)])


def _case(api: Api, method: Method) -> Json:
    query = {f.name: _value(api, f) for f in method.query if f.name != "starting_after"}
    call: Json = {"operation": method.operation}
    path = method.path
    if method.path_parameters:
        call["path"] = [PATH_VALUE] * len(method.path_parameters)
        for name in method.path_parameters:
            path = path.replace(f"{{{name}}}", PATH_VALUE)
    if method.body is not None:
        call["body"] = method.example
    if query:
        call["query"] = query
    request: Json = {"method": method.http, "path": path, "query": [[name, _text(v)] for name, v in query.items()]}
    if method.body is not None:
        request["json"] = method.example
    reply: Json = {"status": method.status}
    expect: Json = {"requests": [request], "response": {"status": method.status}}
    if method.answer is None:
        expect = {"requests": [request], "no_result": True}
    else:
        reply["json"] = method.answer_example
        expect["result"] = method.answer_example
    return {"name": method.operation, "call": call, "replies": [reply], "expect": expect}


def _value(api: Api, parameter: Field) -> Any:
    match parameter.type.kind:
        case "enum":
            return next(enum.values[0] for enum in api.enums if enum.name == parameter.type.name)
        case "instant":
            return INSTANT
        case "integer":
            return 2
        case "boolean":
            return True
    return "fr" if parameter.name == "country" else "example"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
