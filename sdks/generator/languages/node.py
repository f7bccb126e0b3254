"""Node: interfaces with the names of the wire, methods in camelCase, money as Decimal."""

import json

from contract import Api, Field, Model, Resource, Type
from language import Language
from names import pascal

PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "any": "unknown"}


def received(kind: Type) -> str:
    """The type of a property."""
    match kind.kind:
        case "enum" | "model":
            text = kind.name
        case "const":
            text = json.dumps(kind.value)
        case "instant":
            text = "string"
        case "decimal":
            text = "Decimal"
        case "list":
            text = _list(received(_item(kind)))
        case "object":
            text = "Record<string, unknown>"
        case _:
            text = PLAIN[kind.kind]
    return f"{text} | null" if kind.nullable else text


def sent(kind: Type) -> str:
    """The type of a parameter."""
    match kind.kind:
        case "instant":
            text = "string | Date"
        case "decimal":
            text = "Decimal | number"
        case "list":
            text = f"readonly {_list(sent(_item(kind)))}"
        case "object":
            text = " | ".join(map(sent, kind.options)) or "Record<string, unknown>"
        case _:
            return received(kind)
    return f"{text} | null" if kind.nullable else text


def shapes(api: Api) -> dict[str, dict[str, str]]:
    """Which fields of which models are or hold money; `*sms` is the model whose `object` is sms."""
    found: dict[str, dict[str, str]] = {}
    for model in api.received:  # what a model holds comes before it
        shape = {f.name: kind for f in model.fields if (kind := _shape(f, found))}
        if model.constant == "event":
            shape = {"data": "EventData"}
        if shape:
            found[model.name] = shape
            if model.constant and model.base is None:
                found[f"*{model.constant}"] = shape
    return found | {"EventData": {"object": "*"}}


def _shape(field: Field, known: dict[str, dict[str, str]]) -> str:
    kind = _item(field.type) if field.type.kind == "list" else field.type
    if kind.kind == "decimal":
        return "decimal"
    return kind.name if kind.kind == "model" and kind.name in known else ""


def resource_class(resource: Resource) -> str:
    return "".join(pascal(part) for part in resource.path) + "Resource"


def params_name(resource: Resource, method: str) -> str:
    return "".join(pascal(part) for part in resource.path) + pascal(method) + "Params"


def answer(name: str) -> str:
    return "AnyEvent" if name == "Event" else name


def property_name(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name)


def base(model: Model) -> str:
    return f" extends {model.base}" if model.base else ""


def _list(item: str) -> str:
    return f"({item})[]" if " " in item else f"{item}[]"


def _item(kind: Type) -> Type:
    assert kind.item is not None
    return kind.item


LANGUAGE = Language(
    "node",
    files={
        "src/kinds.ts": "kinds.ts.jinja",
        "src/models.ts": "models.ts.jinja",
        "src/shapes.ts": "shapes.ts.jinja",
        "src/events.ts": "events.ts.jinja",
        "src/resources.ts": "resources.ts.jinja",
        "src/client.ts": "client.ts.jinja",
    },
    filters={
        "received": received,
        "sent": sent,
        "shapes": shapes,
        "resource_class": resource_class,
        "params_name": params_name,
        "answer": answer,
        "property_name": property_name,
        "extends": base,
    },
)
