"""What the strings below the fields of our structs say, for the API's description."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from inspect import cleandoc, getsource
from typing import Any

import msgspec

Json = dict[str, Any]
Words = dict[str, dict[str, str]]
"""By class and field."""


def describe_fields(struct: type[msgspec.Struct], schema: Json) -> None:
    """Add to a struct's schema the words of its fields, inherited ones too."""
    words = _words_of(struct)
    for field in msgspec.structs.fields(struct):
        about = schema["properties"].get(field.encode_name)
        if about is not None and field.name in words:
            about.setdefault("description", words[field.name])


def _words_of(struct: type[msgspec.Struct]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in reversed(struct.__mro__):
        if issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct:
            found |= _words_in(kind.__module__).get(kind.__name__, {})
    return found


@cache
def _words_in(module: str) -> Words:
    tree = ast.parse(getsource(sys.modules[module]))
    return {node.name: dict(_pairs(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _pairs(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, after in zip(node.body, node.body[1:], strict=False):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                yield name, " ".join(cleandoc(words).split())
