"""PHP: a class per file, named arguments, PHPStan's types in the comments."""

from typing import Any

import errors
from contract import Api, Field, Method, Model, Resource, Type
from language import Language
from names import camel, pascal

TYPES = {
    "string": "string", "const": "string", "integer": "int", "number": "float", "decimal": "Decimal",
    "boolean": "bool", "instant": "DateTimeImmutable", "object": "array", "list": "array", "any": "mixed",
}  # fmt: skip
TAKEN = TYPES | {"decimal": "Decimal|string|int|float", "instant": "DateTimeInterface|string"}
HELD = TAKEN | {"decimal": "Decimal|int|float"}
"""Within arrays, where nobody knows that a string is meant as a number."""
READERS = {"string": "string", "const": "string", "integer": "int", "number": "float", "boolean": "bool",
           "decimal": "decimal", "instant": "time", "object": "map"}  # fmt: skip

ZEROS = {"string": "''", "const": "''", "integer": "0", "number": "0.0", "boolean": "false",
         "decimal": "new Decimal('0')", "instant": "new DateTimeImmutable('@0')", "object": "[]"}  # fmt: skip


def field_type(field: Field) -> str:
    """Of a property."""
    kind = field.type
    plain = f"{kind.name}|string" if kind.kind == "enum" else kind.name if kind.kind == "model" else TYPES[kind.kind]
    return _or_null(plain, optional=field.nullable or not field.required)


def field_doc(field: Field) -> str:
    """Of a property, as PHPStan writes it; empty if PHP's own type says it all."""
    if field.type.kind not in ("list", "object"):
        return ""
    return _doc(field.type) + ("|null" if field.nullable or not field.required else "")


def read(field: Field, model: Model) -> str:
    """The expression that reads a field from `$data`; where the contract says that it is there, it is never null."""
    kind, at = field.type, f"$data['{field.name}'] ?? null"
    if model.constant == "event" and field.name == "data":
        return f"Read::object({at}, EventData::fromArray(...)) ?? EventData::fromArray([])"
    optional = field.nullable or not field.required
    match kind.kind:
        case "enum":
            plain, zero = f"Read::enum({at}, {kind.name}::class)", "''"
        case "model":
            plain, zero = f"Read::object({at}, {kind.name}::fromArray(...))", f"{kind.name}::fromArray([])"
        case "list":
            plain, zero = f"Read::list({at}, {_item(kind.item)})", "[]"
        case "any":
            return f"Json::plain({at})"
        case _:
            plain, zero = f"Read::{READERS[kind.kind]}({at})", ZEROS[kind.kind]
    return plain if optional else f"{plain} ?? {zero}"


def parameter(field: Field) -> str:
    """A parameter with its type and default: null leaves out, unless it clears; then NotGiven leaves out."""
    kind = field.type
    plain = f"{kind.name}|string" if kind.kind == "enum" else "array" if kind.kind == "model" else TAKEN[kind.kind]
    name = f"${camel(field.name)}"
    if field.required:
        return f"{_or_null(plain, optional=field.nullable)} {name}"
    if field.nullable:
        return f"{plain}|NotGiven|null {name} = NotGiven::Value"
    return f"{_or_null(plain, optional=True)} {name} = null"


def parameter_doc(field: Field, api: Api) -> str:
    """`@param` of what PHP's own type does not say; empty if there is nothing to add."""
    known = field.type.kind not in ("list", "object", "model")
    if known and not field.doc:
        return ""
    kind = parameter(field).split(" $")[0] if known else _doc(field.type, api)
    if not known and not field.required:
        kind += "|NotGiven|null" if field.nullable else "|null"
    return f"@param {kind} ${camel(field.name)} {field.doc}".rstrip()


def argument(field: Field) -> str:
    """The expression that sends a parameter."""
    name = f"${camel(field.name)}"
    if field.type.kind in ("object", "model"):
        name = f"Json::object({name})"
    if field.type.kind == "decimal":
        name = f"Json::decimal({name})"
    return name if field.required or field.nullable else f"{name} ?? NotGiven::Value"


def path(method: Method) -> str:
    """An expression for the path."""
    if not method.path_parameters:
        return f"'{method.path}'"
    pattern = method.path
    for name in method.path_parameters:
        pattern = pattern.replace(f"{{{name}}}", "%s")
    return f"Requester::path('{pattern}', {', '.join('$' + camel(name) for name in method.path_parameters)})"


def exception(error: str) -> str:
    """`APIStatusError` → `ApiStatusException`."""
    return error.replace("API", "Api").removesuffix("Error") + "Exception"


def resource_class(resource: Resource) -> str:
    """`TestClockResource`."""
    return "".join(pascal(part) for part in resource.path) + "Resource"


def imports(model: Model) -> list[str]:
    """What a model's file uses, sorted as PHP's formatters do."""
    kinds = [each for field in model.fields for each in (field.type, field.type.item) if each is not None]
    used = {"JsonSerializable", "NoKYCNumber\\Core\\Json", "NoKYCNumber\\Http\\Response"}
    if model.fields:
        used.add("NoKYCNumber\\Core\\Read")
    used |= {f"NoKYCNumber\\Enums\\{kind.name}" for kind in kinds if kind.kind == "enum"}
    if any(kind.kind == "instant" for kind in kinds):
        used.add("DateTimeImmutable")
    if any(kind.kind == "decimal" for kind in kinds):
        used.add("NoKYCNumber\\Decimal")
    return sorted(used)


def resource_imports(resource: Resource, api: Api) -> list[str]:
    """What a resource's file uses."""
    fields = [f for m in resource.methods for f in (*m.query, *(m.body.fields if m.body else ()))]
    kinds = [kind for field in fields for kind in _kinds(field.type, api)]
    used = {f"NoKYCNumber\\Enums\\{kind.name}" for kind in kinds if kind.kind == "enum"}
    used |= {f"NoKYCNumber\\Models\\{m.answer}" for m in resource.methods if m.answer}
    used |= {"NoKYCNumber\\Core\\Requester"}
    if resource.methods:
        used.add("NoKYCNumber\\RequestOptions")
    if any(kind.kind == "instant" for kind in kinds):
        used.add("DateTimeInterface")
    if any(kind.kind == "decimal" for kind in kinds):
        used.add("NoKYCNumber\\Decimal")
    if any(not field.required for field in fields):
        used.add("NoKYCNumber\\NotGiven")
    if any(m.paged for m in resource.methods):
        used.add("NoKYCNumber\\Page")
    if any(field.type.kind in ("object", "model", "decimal") for field in fields):
        used.add("NoKYCNumber\\Core\\Json")
    return sorted(used)


def text(value: str) -> str:
    """On one line, for a comment."""
    line = " ".join(value.split()).replace("*/", "* /")
    return line if line.endswith(".") else line + "."


def _kinds(kind: Type, api: Api) -> list[Type]:
    """A type with all that are within it."""
    within = (
        [field.type for field in api.model(kind.name).fields] if kind.kind == "model" else [kind.item, *kind.options]
    )
    return [kind, *(each for inner in within if inner is not None for each in _kinds(inner, api))]


def _or_null(plain: str, *, optional: bool) -> str:
    if not optional or plain == "mixed":
        return plain
    return f"{plain}|null" if "|" in plain else f"?{plain}"


def _doc(kind: Type, api: Api | None = None) -> str:
    match kind.kind:
        case "list" if kind.item is not None:
            return f"list<{_doc(kind.item, api)}>"
        case "object" if kind.options and api is not None:
            return "|".join(_doc(option, api) for option in kind.options)
        case "object":
            return "array<string, mixed>"
        case "enum":
            return f"{kind.name}|string"
        case "model" if api is not None:
            return _shape(api.model(kind.name), api)
        case "model":
            return kind.name
    return TYPES[kind.kind] if api is None else HELD[kind.kind]


def _shape(model: Model, api: Api) -> str:
    fields = (
        f"{f.name}{'' if f.required else '?'}: {_doc(f.type, api)}{'|null' if f.nullable else ''}" for f in model.fields
    )
    return "array{" + ", ".join(fields) + "}"


def _item(kind: Type | None) -> str:
    match kind:
        case Type(kind="enum"):
            return f"static fn (mixed $each) => is_string($each) ? {kind.name}::tryFrom($each) ?? $each : $each"
        case Type(kind="model"):
            return f"{kind.name}::fromArray(...)"
    return "Json::plain(...)"


def _resources(api: Api) -> dict[str, Any]:
    return {resource_class(resource): resource for resource in api.root.walk()}


LANGUAGE = Language(
    "php",
    files={
        "src/Contract.php": "contract.php.jinja",
        "src/Exception/Kinds.php": "kinds.php.jinja",
        "src/Models/EventData.php": "event_data.php.jinja",
        "src/Services.php": "services.php.jinja",
    },
    each={
        "src/Exception/{name}.php": ("exception.php.jinja", lambda _: {exception(e.name): e for e in errors.ERRORS}),
        "src/Enums/{name}.php": ("enum.php.jinja", lambda api: {enum.name: enum for enum in api.enums}),
        "src/Models/{name}.php": ("model.php.jinja", lambda api: {model.name: model for model in api.received}),
        "src/Resources/{name}.php": ("resource.php.jinja", _resources),
    },
    filters={
        "argument": argument,
        "exception": exception,
        "field_doc": field_doc,
        "field_type": field_type,
        "imports": imports,
        "parameter": parameter,
        "parameter_doc": parameter_doc,
        "path": path,
        "read": read,
        "resource_class": resource_class,
        "resource_imports": resource_imports,
        "text": text,
    },
)
