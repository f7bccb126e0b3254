"""How a call with its arguments is written in each language, on one line or on several."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contract import Api, Field, Method, Resource, Type
from languages import go as go_sdk
from languages.python import attribute
from names import camel

WIDTH = 88
GO_POINTERS = {"string": "nokyc.String", "integer": "nokyc.Int", "boolean": "nokyc.Bool"}


@dataclass(frozen=True, slots=True)
class Style:
    """What literals look like."""

    words: Mapping[bool | None, str]
    pair: str
    """A key and a value of a map."""
    map: tuple[str, str]
    quote: str = '"'
    bare: bool = False
    """Keys are not quoted."""
    indent: str = "    "
    comma: str = ","
    """After the last argument, where each has its line."""

    def literal(self, value: Any) -> str:
        """On one line."""
        if value is None or isinstance(value, bool):
            return self.words[value]
        if isinstance(value, Mapping):
            pairs = (self.pair.format(key=self._key(key), value=self.literal(each)) for key, each in value.items())
            return self.map[0] + ", ".join(pairs) + self.map[1]
        if isinstance(value, list):
            return f"[{', '.join(map(self.literal, value))}]"
        return self._text(value) if isinstance(value, str) else str(value)

    def call(self, head: str, arguments: Sequence[str], opening: str = "(", closing: str = ")") -> str:
        """Arguments share the call's line if it stays short, or have one each."""
        inner = " " if len(opening) > 1 and arguments else ""
        line = f"{head}{opening}{inner}{', '.join(arguments)}{inner}{closing}"
        if len(line) <= WIDTH:
            return line
        lines = "".join(f"{self.indent}{argument},\n" for argument in arguments)
        return f"{head}{opening}\n{lines.removesuffix(',' + chr(10))}{self.comma}\n{closing}"

    def _key(self, key: str) -> str:
        return key if self.bare and key.isidentifier() else self._text(key)

    def _text(self, value: str) -> str:
        escaped = json.dumps(value, ensure_ascii=False)
        return escaped if self.quote == '"' else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@dataclass(frozen=True, slots=True)
class Example:
    """A call that makes sense with the ids of the contract's examples."""

    resource: Resource
    method: Method
    ids: tuple[str, ...]
    given: Mapping[str, Any]
    """Fields of the body or the query by their names on the wire."""

    @property
    def fields(self) -> list[tuple[Field, Any]]:
        """What is given, in its order."""
        body = self.method.body.fields if self.method.body is not None else ()
        known = {each.name: each for each in (*self.method.query, *body)}
        return [(known[name], value) for name, value in self.given.items()]


PYTHON = Style({True: "True", False: "False", None: "None"}, "{key}: {value}", ("{", "}"))
NODE = Style({True: "true", False: "false", None: "null"}, "{key}: {value}", ("{ ", " }"), bare=True, indent="  ")
PHP = Style({True: "true", False: "false", None: "null"}, "{key} => {value}", ("[", "]"), quote="'")
RUBY = Style(
    {True: "true", False: "false", None: "nil"}, "{key}: {value}", ("{ ", " }"), bare=True, indent="  ", comma=""
)


def curl(api: Api, example: Example) -> str:
    method = example.method
    path = method.path
    for name, value in zip(method.path_parameters, example.ids, strict=True):
        path = path.replace(f"{{{name}}}", value)
    query = f"?{urlencode(example.given)}" if method.query and example.given else ""
    parts = [f'"$NOKYC_BASE_URL{path}{query}"', '-H "Authorization: Bearer $NOKYC_API_KEY"']
    if method.body is not None:
        body = json.dumps(example.given, ensure_ascii=False).replace("'", "'\\''")
        parts += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    implied = "POST" if method.body is not None else "GET"
    verb = "" if method.http == implied else f"-X {method.http} "
    return f"curl {verb}" + " \\\n  ".join(parts)


def python(api: Api, example: Example) -> str:
    head = f"client.{'.'.join(example.resource.path)}.{attribute(example.method.name)}"
    named = (f"{attribute(field.name)}={PYTHON.literal(value)}" for field, value in example.fields)
    return PYTHON.call(head, [*map(PYTHON.literal, example.ids), *named])


def node(api: Api, example: Example) -> str:
    head = f"client.{'.'.join(map(camel, example.resource.path))}.{camel(example.method.name)}"
    ids = [NODE.literal(each) for each in example.ids]
    if not example.fields:
        return NODE.call(head, ids)
    named = [f"{field.name}: {NODE.literal(value)}" for field, value in example.fields]
    return NODE.call(head, named, "(" + "".join(f"{each}, " for each in ids) + "{", "})")


def php(api: Api, example: Example) -> str:
    head = f"$client->{'->'.join(map(camel, example.resource.path))}->{camel(example.method.name)}"
    named = (f"{camel(field.name)}: {PHP.literal(value)}" for field, value in example.fields)
    return PHP.call(head, [*map(PHP.literal, example.ids), *named])


def ruby(api: Api, example: Example) -> str:
    head = f"client.{'.'.join(example.resource.path)}.{example.method.name}"
    named = (f"{field.name}: {_symbol(field, value)}" for field, value in example.fields)
    arguments = [*map(RUBY.literal, example.ids), *named]
    return RUBY.call(head, arguments) if arguments else head


def go(api: Api, example: Example) -> str:
    method = example.method
    head = f"client.{'.'.join(map(go_sdk.name, example.resource.path))}.{go_sdk.name(method.name)}"
    arguments = ["ctx", *map(json.dumps, example.ids)]
    if example.fields:
        arguments.append(_go_struct(api, go_sdk.params(method), example.fields))
    elif go_sdk.params(method):
        arguments.append("nil")
    return f"{head}({', '.join(arguments)})"


def _symbol(field: Field, value: Any) -> str:
    return f":{value}" if field.type.kind == "enum" and str(value).isidentifier() else RUBY.literal(value)


def _go_struct(api: Api, name: str, fields: Iterable[tuple[Field, Any]]) -> str:
    lines = [f"{go_sdk.name(field.name)}: {_go_field(api, field, value)}" for field, value in fields]
    if len(lines) == 1:
        return f"&nokyc.{name}{{{lines[0]}}}"
    return f"&nokyc.{name}{{\n" + "".join(f"{line},\n" for line in lines) + "}"


def _go_field(api: Api, field: Field, value: Any) -> str:
    plain = _go_value(api, field.type, value)
    if field.required or field.type.kind in (*go_sdk.NILABLE, "model"):
        return plain
    return f"{GO_POINTERS.get(field.type.kind, 'nokyc.Ptr')}({plain})"


def _go_value(api: Api, kind: Type, value: Any) -> str:
    match kind.kind:
        case "enum":
            return f"nokyc.{go_sdk.name(kind.name)}{go_sdk.name(value)}"
        case "decimal":
            return f'nokyc.Decimal("{value}")'
        case "model":
            fields = [(each, value[each.name]) for each in api.model(kind.name).fields if each.name in value]
            return _go_struct(api, go_sdk.name(kind.name), fields)
        case "list" if kind.item is not None:
            prefix = "nokyc." if kind.item.kind in ("enum", "model") else ""
            items = ", ".join(_go_value(api, kind.item, each) for each in value)
            return f"[]{prefix}{go_sdk.plain_type(kind.item)}{{{items}}}"
        case "object":
            return "map[string]any{" + ", ".join(f'"{key}": {json.dumps(each)}' for key, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
