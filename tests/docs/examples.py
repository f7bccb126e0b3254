"""Reading the documents: fenced blocks, and what they say that a call answers.

In a block of shell, a comment `# 201 {"id": "sms_…", …}` (continued on lines that begin with `#` and two spaces) tells
the answer of the call before it, and `# Name: value` below it a header. `…` stands for anything. Without such comments
every call of the block has to succeed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a document."""

    language: str
    line: int
    text: str


@dataclass(slots=True)
class Expected:
    """What a document says about one answer."""

    status: int
    content: Any = None
    headers: list[str] = field(default_factory=list)


def blocks(path: Path, language: str) -> Iterator[Block]:
    """The fenced blocks of one language."""
    lines = path.read_text("utf-8").splitlines()
    begin: int | None = None
    for number, line in enumerate(lines, start=1):
        if line.startswith("```") and begin is None:
            begin = number
        elif line == "```" and begin is not None:
            if lines[begin - 1] == f"```{language}":
                yield Block(language, begin + 1, "\n".join(lines[begin : number - 1]) + "\n")
            begin = None


def commands(text: str) -> str:
    """A block without its comments."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def expectations(text: str) -> list[Expected]:
    """What a block says about the answers of its calls, in order."""
    found: list[tuple[Expected, list[str]]] = []
    for line in text.splitlines():
        if begin := re.match(r"# ([1-5]\d\d)(?: (.*))?$", line):
            found.append((Expected(int(begin[1])), [begin[2] or ""]))
        elif found and line.startswith("#  "):
            found[-1][1].append(line[1:].strip())
        elif found and re.match(r"# [A-Za-z-]+: ", line):
            found[-1][0].headers.append(line[2:])
    for expected, content in found:
        expected.content = _pattern(" ".join(content)) if any(content) else None
    return [expected for expected, _ in found]


MORE = "…"


def fits(said: Any, documented: Any) -> bool:
    """Whether an answer is what the document shows of it."""
    match documented:
        case dict():
            names = set(documented) - {MORE}
            open_end = MORE in documented
            return (
                isinstance(said, dict)
                and (names <= set(said) if open_end else names == set(said))
                and all(fits(said[name], documented[name]) for name in names)
            )
        case list():
            items = [item for item in documented if item != MORE]
            enough = len(said) >= len(items) if MORE in documented else len(said) == len(items)
            return isinstance(said, list) and enough and all(map(fits, said, items))
        case str():
            return isinstance(said, str) and like(said, documented)
        case _:
            return (bool(said == documented) and type(said) is not bool) or said is documented


def like(said: str, documented: str) -> bool:
    """Whether a text is the documented one, in which `…` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, documented.split(MORE))), said, re.DOTALL) is not None


def _pattern(text: str) -> Any:
    """Documented JSON: `, …}` is an object with further fields, `, …]` a list with further items."""
    marked = re.sub(r"(?<=[\s,{])…(?=\s*})", f'"{MORE}": 0', text)
    marked = re.sub(r"(?<=[\s,\[])…(?=\s*])", f'"{MORE}"', marked)
    return json.loads(marked)
