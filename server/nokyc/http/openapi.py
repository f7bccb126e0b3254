"""The API's description (OpenAPI 3.1), made from the routes and their structs."""

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, get_args, get_type_hints

import msgspec

from nokyc.http.call import Page, Route
from nokyc.http.errors import catalogue
from nokyc.http.openapi_docs import describe_fields
from nokyc.http.openapi_events import event_schemas, webhooks
from nokyc.http.openapi_examples import Examples
from nokyc.http.schema import CUSTOM_TYPES, ListQuery

Json = dict[str, Any]

ALWAYS = (
    "parameter_invalid",
    "parameter_unknown",
    "version_invalid",
    "version_sunset",
    "api_key_missing",
    "api_key_invalid",
    "secret_key_required",
    "rate_limit_exceeded",
    "internal_error",
    "service_unavailable",
)
"""Errors that every operation can answer with."""
WITH_BODY = ("body_invalid", "content_type_unsupported", "body_too_large")
WITH_KEY = ("idempotency_key_invalid", "idempotency_key_mismatch", "idempotency_key_in_use")
ERROR_TYPES = (
    "invalid_request_error",
    "authentication_error",
    "authorization_error",
    "rate_limit_error",
    "api_error",
    "resource_error",
    "upstream_error",
)
INSTANT_NAMES = ("at", "created", "now")
"""Strings of these names, and all whose name ends in `_at`, are moments."""
LICENSE = {"name": "MIT", "identifier": "MIT"}
DESCRIPTION = (
    "Phone numbers, SMS and calls. Requests over plain HTTP are answered with 301 and not executed."
    " Every answer carries `Request-Id` and `NoKYC-Version`; every one to a valid key the `X-Rate-Limit-*` headers."
)


def describe(routes: Sequence[Route], public_url: str, version: str) -> Json:
    """The description of all operations."""
    structs = {s for r in routes for s in (r.body, r.query, r.answers, r.items) if s is not None}
    ordered = sorted(structs, key=lambda struct: struct.__name__)
    components = schemas_of(ordered, "#/components/schemas/{name}")
    page = components.pop(Page.__name__, {})
    for item in {r.items for r in routes if r.items is not None}:
        if _list_name(item) in components:
            raise ValueError(f"{_list_name(item)} is the name of a list and of a struct")
        components[_list_name(item)] = _list_schema(page, item)
    components["Error"] = _error_schema()
    events = event_schemas(components)
    components |= events
    examples = Examples(components)
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, components, version, examples)
    for query in {r.query for r in routes if r.query is not None}:
        del components[query.__name__]  # it is described as parameters
    return {
        "openapi": "3.1.0",
        "info": {"title": "NoKYCNumber API", "version": version, "description": DESCRIPTION, "license": LICENSE},
        "servers": [{"url": public_url}],
        "security": [{"bearer": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tag(route) for route in routes)],
        "paths": paths,
        "webhooks": webhooks(events, examples),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "headers": {"RequestId": {"schema": {"type": "string", "pattern": "^req_[0-9a-f]{16}$"}}},
            "schemas": dict(sorted(components.items())),
        },
    }


def schemas_of(structs: Sequence[type[msgspec.Struct]], ref_template: str) -> Json:
    """The JSON Schemas of structs and of all that they contain, by name."""
    _, components = msgspec.json.schema_components(structs, schema_hook=_custom, ref_template=ref_template)
    for struct in _with_held(structs):
        describe_fields(struct, components[struct.__name__])
    for schema in components.values():
        constant = schema.get("properties", {}).get("object", {})
        values = [constant["default"]] if "default" in constant else constant.get("enum", [])
        if len(values) == 1:  # it has a default in our code only: it is in every answer
            schema["properties"]["object"] = {"const": values[0]}
            schema["required"] = list(dict.fromkeys(["object", *schema.get("required", [])]))
    plain: Json = _plain(components)
    return plain


def _with_held(structs: Sequence[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:
    """The structs and all that they contain."""
    found: set[type[msgspec.Struct]] = set()
    waiting: list[Any] = list(structs)
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in found:
                found.add(kind)
                waiting += get_type_hints(kind).values()
        else:
            waiting += get_args(kind)
    return found


def _plain(schema: Any) -> Any:
    """What msgspec describes, in the terms of our JSON: decimals are numbers in it (http/call.py), moments strings."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string" and schema.get("format") == "decimal":
        return schema | {"type": "number"}
    if isinstance(schema.get("type"), list):  # the type that the struct names says all, null too
        schema = {name: value for name, value in schema.items() if name != "anyOf"}
    plain = {name: _plain(value) for name, value in schema.items()}
    if isinstance(plain.get("description"), str):
        plain["description"] = cleandoc(plain["description"])
    properties = plain.get("properties")
    if isinstance(properties, dict):
        for name, about in properties.items():
            if name in INSTANT_NAMES or name.endswith("_at"):
                properties[name] = _instant(about)
    return plain


def _instant(schema: Json) -> Json:
    if "anyOf" in schema:
        return schema | {"anyOf": [_instant(option) for option in schema["anyOf"]]}
    return schema | {"format": "date-time"} if schema.get("type") == "string" else schema


def codes_of(route: Route) -> list[str]:
    """Every error that an operation can answer with, in the catalogue's order."""
    codes = {*ALWAYS, *route.errors}
    if route.method != "GET":  # reading needs the least of scopes
        codes.add("scope_insufficient")
    if "{id}" in route.path:
        codes.add("resource_missing")
    if route.query is not None and issubclass(route.query, ListQuery):
        codes.add("cursor_invalid")
    if _required(route.body) or _required(route.query):
        codes.add("parameter_missing")
    if route.method in ("POST", "PATCH"):
        codes |= {*WITH_BODY}
    if route.method == "POST" and route.mutates:
        codes |= {*WITH_KEY}
    if route.test_mode_only:
        codes.add("test_mode_only")
    return [code for code in catalogue() if code in codes]


def _tag(route: Route) -> str:
    return route.operation.partition(".")[0]


def _operation(route: Route, components: Json, version: str, examples: Examples) -> Json:
    operation: Json = {
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [_tag(route)],
        "parameters": [
            *_path_parameters(route),
            *_query_parameters(route, components),
            *_header_parameters(route, version),
        ],
        "responses": _responses(route, examples),
    }
    if route.body is not None:
        content = _content(route.body.__name__)
        content["application/json"]["example"] = (
            examples.of(route.body.__name__) if route.example is None else route.example
        )
        operation["requestBody"] = {"required": _required(route.body), "content": content}
    return operation


def _responses(route: Route, examples: Examples) -> Json:
    success: Json = {"description": route.summary}
    if route.items is not None:
        page = _list_name(route.items)
        success["description"] = f"{route.summary}, newest first"
        success["content"] = _content(page, examples.of(page) | {"url": route.path})
    elif route.answers is not None:
        success["content"] = _content(route.answers.__name__, examples.of(route.answers.__name__))
    responses: Json = {str(route.status): success}
    by_status: dict[int, list[str]] = {}
    for code in codes_of(route):
        by_status.setdefault(catalogue()[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": ", ".join(codes),
            "content": _content("Error"),
            "x-error-codes": codes,
        }
    for response in responses.values():
        response["headers"] = {"Request-Id": {"$ref": "#/components/headers/RequestId"}}
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
    parameters = []
    for name, about in schema["properties"].items():
        words = about.get("description") or _not_null(about).get("description")
        parameter = {"name": name, "in": "query", "required": name in required, "schema": _not_null(about)}
        parameters.append(parameter if words is None else parameter | {"description": words})
    return parameters


def _header_parameters(route: Route, version: str) -> list[Json]:
    schema = {"type": "string", "enum": [version]}  # what is described here is what this version does
    header = {"name": "NoKYC-Version", "in": "header", "required": False, "schema": schema}
    if route.method != "POST" or not route.mutates:
        return [header]
    key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
    return [header, {"name": "Idempotency-Key", "in": "header", "required": False, "schema": key}]


def _not_null(schema: Json) -> Json:
    """A query string has no null: an optional parameter is left out."""
    if "anyOf" in schema:
        kept = [option for option in schema["anyOf"] if option.get("type") != "null"]
        return kept[0] if len(kept) == 1 else {"anyOf": kept}
    if "enum" in schema:
        schema = schema | {"enum": [value for value in schema["enum"] if value is not None]}
    return {name: value for name, value in schema.items() if name != "default" or value is not None}


def _list_name(item: type[msgspec.Struct]) -> str:
    return f"{item.__name__}List"


def _list_schema(page: Json, item: type[msgspec.Struct]) -> Json:
    """A page whose data are objects of one kind, so that clients can be generated."""
    data = {"type": "array", "items": {"$ref": f"#/components/schemas/{item.__name__}"}}
    return page | {
        "title": _list_name(item),
        "properties": page["properties"] | {"data": data},
        "required": list(page["properties"]),
    }


def _required(struct: type[msgspec.Struct] | None) -> bool:
    return struct is not None and any(field.required for field in msgspec.structs.fields(struct))


def _content(name: str, example: Json | None = None) -> Json:
    content: Json = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"application/json": content if example is None else content | {"example": example}}


def _error_schema() -> Json:
    fields: Json = {
        "type": {"type": "string", "enum": list(ERROR_TYPES)},
        "code": {"type": "string", "enum": list(catalogue())},
        "message": {"type": "string"},
        "param": {"type": "string"},
        "request_id": {"type": "string", "pattern": "^req_[0-9a-f]{16}$"},
        "doc_url": {"type": "string"},
    }
    required = ["type", "code", "message", "request_id", "doc_url"]
    error = {"type": "object", "properties": fields, "required": required}
    return {
        "type": "object",
        "description": "What every refusal answers with.",
        "properties": {"error": error},
        "required": ["error"],
        "examples": [_error_example("parameter_missing")],
    }


def _error_example(code: str) -> Json:
    entry = catalogue()[code]
    error = {
        "type": entry.type,
        "code": code,
        "message": entry.meaning,
        "request_id": "req_8a4c2f1e9b3d4a7c",
        "doc_url": f"https://api.nokycnumber.com/docs/errors#{code}",
    }
    return {"error": error}


def _custom(kind: type) -> Json:
    if kind in CUSTOM_TYPES:
        schema: Json = kind.json_schema
        return schema
    raise NotImplementedError(kind)
