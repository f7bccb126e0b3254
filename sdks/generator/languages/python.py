"""Python: classes with attributes, keyword-only parameters, a blocking and an awaiting client from one template."""

import keyword
import subprocess
import sys
from pathlib import Path

from contract import Field, Method, Resource, Type
from language import Language
from names import pascal

OBJECT = "Mapping[str, Any]"
FOLDER = Path(__file__).parents[2] / "python"
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "decimal": "Decimal"}
DECODERS = {"decimal": "decimal", "instant": "instant", "object": "plain", "any": "plain", "number": "plain"}


def attribute(name: str) -> str:
    """A wire name as Python can spell it."""
    return f"{name}_" if keyword.iskeyword(name) else name


def received(kind: Type) -> str:
    """The type of an attribute."""
    match kind.kind:
        case "enum" | "model":
            text = kind.name
        case "instant":
            text = "datetime"
        case "const":
            text = "str"
        case "list":
            text = f"List[{received(_item(kind))}]"
        case "object":
            text = "Dict[str, Any]"
        case "any":
            return "Any"
        case _:
            text = PLAIN[kind.kind]
    return f"Optional[{text}]" if kind.nullable else text


def sent(field: Field) -> str:
    """The type of a parameter, NotGiven included."""
    options = [_sent(field.type)]
    if not field.required:
        options.append("NotGiven")
    if field.nullable:
        options.append("None")
    return options[0] if len(options) == 1 else f"Union[{', '.join(options)}]"


def held(field: Field) -> str:
    """The type of a field of what is sent within something else."""
    return f"Optional[{_sent(field.type)}]" if field.nullable else _sent(field.type)


def decoder(kind: Type) -> str:
    """How an attribute is read; empty for what is plain already."""
    if kind.kind == "model":
        return f"nested({kind.name})"
    if kind.kind == "list":
        inner = decoder(_item(kind))
        return f"listed({inner})" if inner else ""
    return DECODERS.get(kind.kind, "")


def answer(method: Method, prefix: str = "") -> str:
    """The type that a method gives."""
    if method.answer is None:
        return "None"
    name = "Event[Any]" if method.answer == "Event" else method.answer
    return f"{prefix}[{name}]" if method.paged else name


def resource_class(resource: Resource, prefix: str = "") -> str:
    return prefix + "".join(pascal(part) for part in resource.path) + "Resource"


def formatted(path: str, text: str) -> str:
    """ruff, with the SDK's own settings: without imports that this contract does not need."""
    if not path.endswith(".py"):
        return text
    for command in (["check", "--fix-only", "--select", "F401,I,RUF022"], ["format"]):
        line = [sys.executable, "-m", "ruff", *command, "-q", "--stdin-filename", str(FOLDER / path), "-"]
        text = subprocess.run(line, input=text, capture_output=True, text=True, check=True, cwd=FOLDER).stdout
    return text


def _item(kind: Type) -> Type:
    assert kind.item is not None
    return kind.item


def _sent(kind: Type) -> str:
    match kind.kind:
        case "enum":
            return kind.name
        case "model":
            return f"Union[{kind.name}, {OBJECT}]"
        case "instant":
            return "Union[datetime, str]"
        case "decimal":
            return "Union[Decimal, float]"
        case "list":
            return f"Sequence[{_sent(_item(kind))}]"
        case "object":
            options = [*map(_sent, kind.options), OBJECT]
            return f"Union[{', '.join(options)}]" if kind.options else OBJECT
        case "any":
            return "Any"
    return PLAIN[kind.kind]


LANGUAGE = Language(
    "python",
    files={
        "src/nokycnumber/__init__.py": "__init__.py.jinja",
        "src/nokycnumber/_kinds.py": "kinds.py.jinja",
        "src/nokycnumber/models.py": "models.py.jinja",
        "src/nokycnumber/events.py": "events.py.jinja",
        "src/nokycnumber/resources.py": "resources.py.jinja",
        "src/nokycnumber/async_resources.py": "async_resources.py.jinja",
        "src/nokycnumber/client.py": "client.py.jinja",
    },
    filters={
        "attribute": attribute,
        "received": received,
        "sent": sent,
        "held": held,
        "decoder": decoder,
        "answer": answer,
        "resource_class": resource_class,
    },
    format=formatted,
)
