"""The API's description (OpenAPI 3.1), made from the routes and their structs."""

from collections.abc import Sequence
from typing import Any

import msgspec

from nokyc.http.call import Page, Route
from nokyc.http.errors import catalogue
from nokyc.http.schema import CUSTOM_TYPES

Json = dict[str, Any]

ALWAYS = ("api_key_invalid", "rate_limit_exceeded", "version_invalid", "internal_error", "service_unavailable")
"""Errors that every operation can answer with."""


def describe(routes: Sequence[Route], public_url: str, version: str) -> Json:
    """The description of all operations."""
    structs = {s for route in routes for s in (route.body, route.query, route.answers) if s is not None}
    ordered = sorted(structs, key=lambda struct: struct.__name__)
    _, components = msgspec.json.schema_components(
        ordered, schema_hook=_custom, ref_template="#/components/schemas/{name}"
    )
    components["Error"] = _error_schema()
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "NoKYCNumber API", "version": version, "description": "Phone numbers, SMS and calls."},
        "servers": [{"url": public_url}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
            "responses": {"Error": {"description": "An error", "content": _content("Error")}},
        },
    }


def _operation(route: Route, components: Json) -> Json:
    operation: Json = {
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [route.operation.partition(".")[0]],
        "parameters": [*_path_parameters(route), *_query_parameters(route, components), *_header_parameters(route)],
        "responses": _responses(route),
    }
    if route.body is not None:
        content = _content(route.body.__name__)
        if route.example is not None:
            content["application/json"]["example"] = route.example
        operation["requestBody"] = {
            "required": bool(components[route.body.__name__].get("required")),
            "content": content,
        }
    return operation


def _responses(route: Route) -> Json:
    success: Json = {"description": route.summary}
    if route.answers is not None:
        success["content"] = _content(route.answers.__name__)
    if route.answers is Page:
        success["description"] += ", newest first"
    responses: Json = {str(route.status): success}
    codes = {*ALWAYS, *route.errors, "scope_insufficient"}
    if route.query is not None or route.body is not None or route.method in ("POST", "PATCH", "GET"):
        codes |= {"parameter_invalid"}
    if "{" in route.path or route.method == "POST":
        codes |= {"resource_missing"}
    if route.method in ("POST", "PATCH"):
        codes |= {"content_type_unsupported", "body_too_large"}
    if route.method == "POST":
        codes |= {"idempotency_key_in_use"}
    for status in sorted({catalogue()[code].status for code in codes}):
        responses[str(status)] = {"$ref": "#/components/responses/Error"}
    return responses


def _path_parameters(route: Route) -> list[Json]:
    if "{id}" not in route.path:
        return []
    return [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 255}}]


def _query_parameters(route: Route, components: Json) -> list[Json]:
    if route.query is None:
        return []
    schema = components[route.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _not_null(about)}
        for name, about in schema["properties"].items()
    ]


def _header_parameters(route: Route) -> list[Json]:
    version = {"name": "NoKYC-Version", "in": "header", "required": False, "schema": {"type": "string"}}
    if route.method != "POST":
        return [version]
    key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
    return [version, {"name": "Idempotency-Key", "in": "header", "required": False, "schema": key}]


def _not_null(schema: Json) -> Json:
    """A query string has no null: an optional parameter is left out."""
    if "anyOf" in schema:
        kept = [option for option in schema["anyOf"] if option.get("type") != "null"]
        return kept[0] if len(kept) == 1 else {"anyOf": kept}
    return {name: value for name, value in schema.items() if name != "default" or value is not None}


def _content(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _error_schema() -> Json:
    fields: Json = {
        "type": {"type": "string", "enum": sorted({entry.type for entry in catalogue().values()})},
        "code": {"type": "string", "enum": list(catalogue())},
        "message": {"type": "string"},
        "param": {"type": "string"},
        "request_id": {"type": "string", "pattern": "^req_[0-9a-f]{16}$"},
        "doc_url": {"type": "string"},
    }
    required = ["type", "code", "message", "request_id"]
    error = {"type": "object", "properties": fields, "required": required}
    return {"type": "object", "properties": {"error": error}, "required": ["error"]}


def _custom(kind: type) -> Json:
    if kind in CUSTOM_TYPES:
        schema: Json = kind.json_schema
        return schema
    raise NotImplementedError(kind)
