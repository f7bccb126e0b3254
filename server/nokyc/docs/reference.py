"""The reference as Markdown: for programs that read it, for search, and for the anchors of the pages."""

import json
from collections.abc import Iterator
from typing import Any

from nokyc.docs.contract import LANGUAGES, Chapter, Contract, Happening, Operation, Thing
from nokyc.docs.fields import Field

FENCES = {"curl": "sh", "node": "js"}


def chapter_text(contract: Contract, chapter: Chapter) -> str:
    """A page of the reference."""
    parts = [f"# {chapter.title}"]
    parts += [_thing(contract.thing(name)) for name in chapter.objects]
    parts += [_operation(contract, operation) for operation in contract.of(chapter)]
    return "\n\n".join(parts) + "\n"


def thing_title(thing: Thing) -> str:
    """The heading of an object."""
    return f"The {thing.name} object"


def events_text(events: list[Happening]) -> str:
    """The catalogue of events."""
    parts = ["# Event types", EVENTS_INTRO]
    parts += [f"## {event.type}\n\n{event.words}\n\n{fence(event.example, 'json')}" for event in events]
    return "\n\n".join(parts) + "\n"


EVENTS_INTRO = (
    "Each is POSTed, signed, to the endpoints that want it ([webhooks](webhooks.md)), kept for 30 days, and the same at"
    " every attempt. `data.object` is the object as it was when it happened. The schemas are JSON Schema 2020-12."
)


def fence(content: Any, language: str) -> str:
    """A block of code; what is not text is shown as JSON."""
    text = content if isinstance(content, str) else pretty(content)
    return f"```{language}\n{text.rstrip()}\n```"


def pretty(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)


def answer_words(contract: Contract, operation: Operation) -> str:
    """What an operation answers with, in a sentence of Markdown."""
    if operation.answers is None:
        return "Nothing."
    if operation.answers.endswith("List"):
        item = operation.answers.removesuffix("List")
        return f"A page of {_objects(contract, item)}, the latest first."
    kind = contract.description["components"]["schemas"][operation.answers]["properties"].get("object", {}).get("const")
    return f"The `{kind}` object."


def _objects(contract: Contract, component: str) -> str:
    properties = contract.description["components"]["schemas"][component]["properties"]
    return f"`{properties['object']['const']}` objects"


def _thing(thing: Thing) -> str:
    parts = [f"## {thing_title(thing)}", thing.words, "\n".join(_table(thing.fields))]
    if thing.example is not None:
        parts.append(fence(thing.example, "json"))
    return "\n\n".join(part for part in parts if part)


def _operation(contract: Contract, operation: Operation) -> str:
    parts = [f"## {operation.summary}", f"`{operation.method} {operation.path}`", operation.words]
    for title, fields in (("Parameters", operation.parameters), ("Body", operation.body)):
        if fields:
            parts += [f"**{title}**", "\n".join(_table(fields))]
    parts.append(f"**Answers {operation.status}:** {answer_words(contract, operation)}")
    refusals = (f"{status} {', '.join(f'`{code}`' for code in codes)}" for status, codes in operation.errors)
    parts.append("**Errors:** " + " · ".join(refusals))
    parts += [f"{LANGUAGES[name]}:\n\n{fence(text, FENCES.get(name, name))}" for name, text in operation.code.items()]
    if operation.example is not None:
        parts.append(fence(operation.example, "json"))
    return "\n\n".join(part for part in parts if part)


def _table(fields: list[Field]) -> list[str]:
    return ["| Name | Type | |", "|---|---|---|", *_rows(fields, "")]


def _rows(fields: list[Field], prefix: str) -> Iterator[str]:
    for each in fields:
        about = f"**Required.** {each.words}" if each.required and not prefix else each.words
        if each.values:
            about += " One of " + ", ".join(f"`{value}`" for value in each.values) + "."
        if each.default is not None:
            about += f" Default `{each.default}`."
        yield f"| `{prefix}{each.name}` | {each.type} | {about} |"
        yield from _rows(each.fields, f"{prefix}{each.name}.")
