"""Events in the API's description: a schema for each type, and the section `webhooks` that says what we POST."""

from typing import Any

from nokyc.http.openapi_examples import Examples
from nokyc.kit.signing import HEADER

Json = dict[str, Any]

EVENT = "Event"
"""The component of the envelope; its `type` lists all types."""
SUBJECTS = {"ai": "call"}
"""Families of events that are about an object of another name (decision F127)."""


def event_schemas(components: Json) -> Json:
    """A schema for each type of event by its name, such as `SmsReceivedEvent`.

    `data.object` is the component whose `object` constant is the event's family; any object where there is none.
    """
    envelope = components.get(EVENT)
    if envelope is None:
        return {}
    found = {}
    for kind in envelope["properties"]["type"]["enum"]:
        family = kind.partition(".")[0]
        name = "".join(part.capitalize() for part in kind.replace(".", "_").split("_")) + EVENT
        content = {"type": "object", "properties": {"object": _subject(components, family)}, "required": ["object"]}
        properties = envelope["properties"] | {"type": {"const": kind}, "data": content}
        found[name] = envelope | {"title": name, "description": f"The event `{kind}`.", "properties": properties}
    return found


def webhooks(events: Json, examples: Examples) -> Json:
    """What is POSTed to endpoints, by the event's type."""
    described = {}
    for name, schema in events.items():
        kind = schema["properties"]["type"]["const"]
        content = {"schema": {"$ref": f"#/components/schemas/{name}"}, "example": examples.of(name)}
        described[kind] = {
            "post": {
                "operationId": f"on.{kind}",
                "summary": schema["description"],
                "tags": ["webhook_endpoints"],
                "security": [],
                "parameters": [_SIGNATURE],
                "requestBody": {"required": True, "content": {"application/json": content}},
                "responses": {
                    "2XX": {"description": "The event was taken."},
                    "4XX": {"description": "It was not: we POST it again."},
                },
            }
        }
    return described


def _subject(components: Json, family: str) -> Json:
    wanted = SUBJECTS.get(family, family)
    names = [name for name, schema in components.items() if _constant(schema) == wanted]
    if not names:
        return {"type": "object"}
    return {"$ref": f"#/components/schemas/{min(names, key=len)}"}  # Sms, not SmsDetail


def _constant(schema: Json) -> str | None:
    constant: str | None = schema.get("properties", {}).get("object", {}).get("const")
    return constant


_SIGNATURE: Json = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "`t=<Unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<raw body>` under the endpoint's secret.",
    "schema": {"type": "string"},
}
