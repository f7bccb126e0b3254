"""Schemas in words: what a reader wants to know of each parameter and field."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GENERIC = {"US dollars.", "RFC 3339 with a zone."}
"""Descriptions that the type says already."""
DETAIL = "Detail"
"""Ends the names of components that have the fields of another one and some more."""
REF = "#/components/schemas/"


@dataclass(slots=True)
class Field:
    """One line of a table of parameters or fields."""

    name: str
    type: str
    required: bool = False
    words: str = ""
    """Markdown, inline."""
    values: list[str] = field(default_factory=list)
    """All that an enumeration admits."""
    default: str | None = None
    fields: list["Field"] = field(default_factory=list)
    variants: bool = False
    """Whether `fields` are alternatives rather than parts."""


class Schemas:
    """The components of the description, with the words that the docs add."""

    def __init__(self, components: Json, words: dict[str, str]) -> None:
        self._components = components
        self._words = words
        self.used: set[str] = set()
        """The words that were needed."""

    def title(self, schema: Json) -> str:
        """The name of the component that a schema refers to."""
        return str(schema["$ref"]).removeprefix(REF)

    def describe(self, name: str) -> str:
        return str(self._components[name].get("description", ""))

    def fields(self, name: str) -> list[Field]:
        """The fields of a component."""
        schema = self._components[name]
        required = schema.get("required", [])
        return [self.field(key, about, key in required, name) for key, about in schema.get("properties", {}).items()]

    def field(self, name: str, schema: Json, required: bool, owner: str) -> Field:
        """One parameter or field; `owner` is the component that has it, or the operation."""
        kind, nullable = _without_null(schema)
        found = Field(name, self._type(kind), required, self._said(name, owner, schema, kind))
        if nullable:
            found.type += " or null"
        found.values = [str(value) for value in _items(kind).get("enum", [])]
        default = schema.get("default", kind.get("default"))
        found.default = None if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        found.fields, found.variants = self._inside(kind)
        return found

    def _inside(self, schema: Json) -> tuple[list[Field], bool]:
        schema = _items(schema)
        if "anyOf" in schema:
            names = [self.title(option) for option in schema["anyOf"] if "$ref" in option]
            return [self._variant(name) for name in names], True
        if "$ref" in schema:
            return self.fields(self.title(schema)), False
        held = schema.get("additionalProperties")
        if isinstance(held, dict) and "$ref" in held:
            return self.fields(self.title(held)), False
        if "properties" in schema:
            required = schema.get("required", [])
            return [self.field(k, about, k in required, "") for k, about in schema["properties"].items()], False
        return [], False

    def _variant(self, name: str) -> Field:
        (kind,) = self._components[name]["properties"]["type"]["enum"]
        fields = [part for part in self.fields(name) if part.name != "type"]
        return Field(f'"type": "{kind}"', "object", words=self.describe(name), fields=fields)

    def _said(self, name: str, owner: str, schema: Json, kind: Json) -> str:
        known = str(schema.get("description") or kind.get("description") or "")
        for key in (f"{owner}.{name}", f"{owner.removesuffix(DETAIL)}.{name}", name):
            if key in self._words and (key != name or not known or known in GENERIC):
                self.used.add(key)
                return self._words[key]
        if not known and "$ref" in kind:
            return self.describe(self.title(kind))
        return known

    def _type(self, schema: Json) -> str:
        if "const" in schema:
            return f'"{schema["const"]}"'
        if schema.get("type") == "array":
            return f"array of {_plural(self._type(schema['items']))}{_limits(schema)}"
        if "$ref" in schema or "anyOf" in schema or isinstance(schema.get("type"), list):
            return "object"
        if "enum" in schema:
            return "enum"
        if schema.get("format") == "date-time":
            return "timestamp"
        if schema.get("format") == "decimal":
            return f"decimal{_limits(schema)}"
        return f"{schema.get('type', 'any')}{_limits(schema)}"


def _plural(kind: str) -> str:
    return {"enum": "strings", "any": "values"}.get(kind, f"{kind}s")


def _limits(schema: Json) -> str:
    low = schema.get("minLength", schema.get("minimum"))
    high = schema.get("maxLength", schema.get("maximum"))
    unit = " characters" if "maxLength" in schema else ""
    if "maxItems" in schema:
        return f", up to {schema['maxItems']:,}"
    if high is None:
        return ""
    return f", {low:,} to {high:,}{unit}" if low is not None else f", up to {high:,}{unit}"


def _items(schema: Json) -> Json:
    items: Json = schema["items"] if schema.get("type") == "array" else schema
    return items


def _without_null(schema: Json) -> tuple[Json, bool]:
    """The schema of what is not null, and whether null is admitted."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return schema | {"type": next(kind for kind in kinds if kind != "null")}, "null" in kinds
    if "anyOf" not in schema:
        return schema, False
    kept = [option for option in schema["anyOf"] if option.get("type") != "null"]
    return (kept[0] if len(kept) == 1 else {"anyOf": kept}), len(kept) < len(schema["anyOf"])
