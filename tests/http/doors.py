"""The doors of the API, from its own description: so that one that is new is found by the tests of walls."""

from collections.abc import Iterator
from typing import Any

from nokyc.http.openapi import describe
from nokyc.settings import API_VERSION


def body_fields(routes: list[Any]) -> set[tuple[str, str]]:
    """Every field of every body: operation, and the field's dotted path."""
    described = describe(routes, "https://api.example.com", API_VERSION)
    found = set()
    for operation in _operations(described):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            found |= {(operation["operationId"], path) for path in _paths(described, content["schema"], ())}
    return found


def query_fields(routes: list[Any]) -> set[tuple[str, str]]:
    """Every query parameter: operation and name."""
    described = describe(routes, "https://api.example.com", API_VERSION)
    return {
        (operation["operationId"], parameter["name"])
        for operation in _operations(described)
        for parameter in operation.get("parameters", ())
        if parameter.get("in") == "query"
    }


def body_with(path: str, value: Any) -> dict[str, Any]:
    """`a.b` as a body that has nothing else."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return dict(value)


def _operations(described: Any) -> Iterator[Any]:
    for methods in described["paths"].values():
        for name, operation in methods.items():
            if name in ("get", "post", "patch", "delete"):
                yield operation


def _paths(described: Any, schema: Any, above: tuple[str, ...]) -> Iterator[str]:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]:
        yield from _paths(described, choice, above)
    for name, inner in schema.get("properties", {}).items():
        yield ".".join((*above, name))
        yield from _paths(described, inner, (*above, name))
    if "items" in schema:
        yield from _paths(described, schema["items"], above)
