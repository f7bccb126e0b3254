"""Examples for the API's description: made from the schemas, so that they fit them, with values that a reader knows."""

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

INSTANT = "2026-04-26T11:23:00Z"
IDS = {
    "number": "num_8a4c2f1e9b3d",
    "available_number": "navail_2k7m9p3w8x4t",
    "sms": "sms_4n2v8j1q6h7y",
    "call": "call_2k7m9p3w8x4t",
    "voicemail": "vm_5p3w8x4t9k2m",
    "webhook_endpoint": "whk_7c8a4c2f1e9b",
    "delivery": "dlv_1e9b3d4a7c8a",
    "event": "evt_3d4a7c8a4c2f",
}
"""An id for each `object` constant."""
VALUES: Mapping[str, Any] = {
    "number": "+33647189022",
    "from_e164": "+33647189022",
    "to": "+33612345678",
    "display": "+33 6 47 18 90 22",
    "country": "fr",
    "default_country": "fr",
    "number_id": IDS["number"],
    "from": IDS["number"],
    "available_id": IDS["available_number"],
    "endpoint": IDS["webhook_endpoint"],
    "event": IDS["event"],
    "event_type": "sms.received",
    "enabled_events": ["sms.received", "sms.delivered"],
    "body": "Bonjour. Your code is 482917.",
    "text": "Bonjour. Your code is 482917.",
    "url": "https://example.com/hooks",
    "webhook_url": "https://example.com/hooks",
    "request_id": "req_8a4c2f1e9b3d4a7c",
    "api_version": "2026-04-01",
    "email_hash": "9b3d4a7c8a4c2f1e",
    "date": "2026-04-26",
    "media_urls": [],
    "metadata": {"order": "1042"},
    "on_off": {"timezone": "Europe/Paris", "windows": [{"days": ["mon"], "from": "22:00", "to": "07:00"}]},
    "next_cursor": None,
    "failure_code": None,
    "disabled_reason": None,
    "error": None,
    "has_more": False,
    "cost_usd": 0.012,
    "balance_usd": 47.32,
}
"""What the API document shows, by the name of the field."""
TEXTS = ("example", "fr", "+33612345678", "0", "8a4c2f1e9b3d", "2026-04-26", "https://example.com/hooks")
"""What a string is where its name says nothing; the first that its pattern admits."""
OPTIONAL_LEFT_OUT = ("secret", "webhook_secret")
"""Fields that are in one answer only."""


class Examples:
    """Examples of components."""

    def __init__(self, components: Json) -> None:
        self._components = components

    def of(self, name: str) -> Json:
        """An example of one component, with all its fields."""
        example: Json = self._value(self._components[name], "", None)
        return example

    def _value(self, schema: Json, name: str, owner: str | None) -> Any:
        if "$ref" in schema:
            return self._value(self._components[schema["$ref"].rpartition("/")[2]], name, owner)
        if "const" in schema:
            return schema["const"]
        if name == "id" and owner in IDS:
            return IDS[owner]
        if _fits(schema, VALUES.get(name)) and name in VALUES:
            return VALUES[name]
        if "anyOf" in schema:
            return self._value(_first(schema["anyOf"]), name, owner)
        if "enum" in schema:
            return _first_value(schema["enum"])
        if "examples" in schema:
            return schema["examples"][0]
        return self._by_type(schema, name)

    def _by_type(self, schema: Json, name: str) -> Any:
        kinds = schema.get("type", "object")
        match kinds if isinstance(kinds, str) else kinds[0]:
            case "object":
                properties = schema.get("properties", {})
                owner = properties.get("object", {}).get("const")
                return {
                    field: self._value(about, field, owner)
                    for field, about in properties.items()
                    if field not in OPTIONAL_LEFT_OUT
                }
            case "array":
                items = schema.get("items", {})
                return [self._value(items, name, None)] * max(1, schema.get("minItems", 1))
            case "string":
                return INSTANT if schema.get("format") == "date-time" else schema.get("default") or _text(schema)
            case "integer":
                return schema.get("default") or max(1, schema.get("minimum", 1))
            case "number":
                return max(1.5, schema.get("minimum", 0))
            case "boolean":
                return schema.get("default", True)
        return None


def _text(schema: Json) -> str:
    """A string of its pattern. Raises ValueError if none of ours is: add one, or `examples` to the schema."""
    for text in TEXTS:
        if re.search(schema.get("pattern", ""), text):
            return text
    raise ValueError(f"no example fits {schema['pattern']}")


def _fits(schema: Json, value: Any) -> bool:
    """Whether the value that a name stands for is one of this schema, so far as its type says."""
    options = schema.get("anyOf", [schema])
    return any(_is(value, option) for option in options)


def _is(value: Any, schema: Json) -> bool:
    if "enum" in schema or "$ref" in schema:
        return value in schema.get("enum", ())
    kinds = schema.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    kind = {str: "string", dict: "object", list: "array", bool: "boolean", float: "number", type(None): "null"}[
        type(value)
    ]
    if kind == "string" and not re.search(schema.get("pattern", ""), value):
        return False
    return kind in kinds and schema.get("format") != "date-time" and "properties" not in schema


def _first(options: list[Json]) -> Json:
    return next((option for option in options if option.get("type") != "null"), options[0])


def _first_value(values: list[Any]) -> Any:
    return next((value for value in values if value is not None), None)
