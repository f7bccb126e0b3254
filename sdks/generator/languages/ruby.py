"""Ruby: frozen structs, keyword arguments, signatures in RBS."""

import re

from contract import Field, Method, Model, Resource, Type
from language import Language
from names import pascal

RBS = {
    "string": "String", "const": "String", "integer": "Integer", "number": "Float", "decimal": "BigDecimal",
    "boolean": "bool", "instant": "Time", "object": "Hash[String, untyped]", "any": "untyped",
}  # fmt: skip
TAKEN = RBS | {"decimal": "BigDecimal | Numeric", "instant": "Time | String", "object": "Hash[untyped, untyped]"}
READ = {"string": ":string", "const": ":string", "integer": ":integer", "number": ":number", "decimal": ":decimal",
        "boolean": ":boolean", "instant": ":time", "enum": ":string", "object": ":any", "any": ":any"}  # fmt: skip


def constant(value: str) -> str:
    """`ai-pickup` → `AI_PICKUP`."""
    return re.sub(r"\W", "_", value).upper()


def model_type(field: Field, model: Model) -> str:
    """How Model.define is told a field's type."""
    if model.constant == "event" and field.name == "data":
        return "EventData"
    return _read(field.type)


def rbs_type(field: Field, model: Model) -> str:
    """Of an attribute."""
    if model.constant == "event" and field.name == "data":
        return "EventData"
    return _optional(_rbs(field.type), optional=field.nullable or not field.required)


def rbs_parameter(field: Field) -> str:
    """Of a keyword argument, in a method's signature; OMIT is an Omitted."""
    plain = _taken(field.type)
    if field.required:
        return f"{field.name}: {_optional(plain, optional=field.nullable)}"
    return f"?{field.name}: {plain}" + (" | nil" if field.nullable else "") + " | Omitted"


def yard_type(field: Field) -> str:
    """Of a keyword argument, for YARD: `[String, nil]`."""
    kinds = [re.sub(r"\[(.*)\]", r"<\1>", part) for part in _taken(field.type).split(" | ")]
    if field.type.kind in ("list", "object", "model"):
        kinds = ["Array" if field.type.kind == "list" else "Hash"]
    return ", ".join([*kinds, *(["nil"] if field.nullable else [])]).replace("bool", "Boolean")


def keyword(field: Field) -> str:
    """A keyword argument with its default."""
    return f"{field.name}:" if field.required else f"{field.name}: OMIT"


def fields(method: Method) -> tuple[Field, ...]:
    """What a method takes by keyword; required ones first, as in both of its parts."""
    both = method.query + (method.body.fields if method.body is not None else ())
    return tuple(sorted(both, key=lambda field: not field.required))


def given(some: tuple[Field, ...]) -> str:
    """A hash of keyword arguments by their wire names."""
    return "{ " + ", ".join(f"{field.name}: {field.name}" for field in some) + " }" if some else "{}"


def path(method: Method) -> str:
    """An expression for the path."""
    if not method.path_parameters:
        return f'"{method.path}"'
    pattern = re.sub(r"\{\w+\}", "%s", method.path)
    return f'Requester.path("{pattern}", {", ".join(method.path_parameters)})'


def resource_class(resource: Resource) -> str:
    """`TestClockResource`."""
    return "".join(pascal(part) for part in resource.path) + "Resource"


def text(value: str) -> str:
    """On one line, with a full stop."""
    line = " ".join(value.split())
    return line if line.endswith(".") else line + "."


def _read(kind: Type) -> str:
    if kind.kind == "list" and kind.item is not None:
        return f"[:list, {_read(kind.item)}]"
    return kind.name if kind.kind == "model" else READ[kind.kind]


def _rbs(kind: Type) -> str:
    if kind.kind == "list" and kind.item is not None:
        return f"Array[{_rbs(kind.item)}]"
    return {"model": kind.name, "enum": "String"}.get(kind.kind) or RBS[kind.kind]


def _taken(kind: Type) -> str:
    if kind.kind == "list" and kind.item is not None:
        return f"Array[{_taken(kind.item)}]"
    # RBS 2 has no records with keys that may be missing.
    return {"model": "Hash[Symbol | String, untyped]", "enum": "String | Symbol"}.get(kind.kind) or TAKEN[kind.kind]


def _optional(plain: str, *, optional: bool) -> str:
    if not optional or plain == "untyped":
        return plain
    return f"({plain})?" if "|" in plain else f"{plain}?"


LANGUAGE = Language(
    "ruby",
    files={
        "lib/nokycnumber/contract.rb": "contract.rb.jinja",
        "lib/nokycnumber/kinds.rb": "kinds.rb.jinja",
        "lib/nokycnumber/models.rb": "models.rb.jinja",
        "lib/nokycnumber/resources.rb": "resources.rb.jinja",
        "sig/generated.rbs": "generated.rbs.jinja",
    },
    filters={
        "constant": constant,
        "fields": fields,
        "given": given,
        "keyword": keyword,
        "model_type": model_type,
        "path": path,
        "rbs_parameter": rbs_parameter,
        "rbs_type": rbs_type,
        "resource_class": resource_class,
        "text": text,
        "yard_type": yard_type,
    },
)
