"""How much of each SDK is written by hand: lines of code, without blank ones and without those that are all comment.

python sdks/generator/sizes.py    # {"go": {"core": …, "beside": …}, …}
"""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from language import MARK

SDKS = Path(__file__).parents[1]
SLASHES = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*$|//[^\n]*$)", re.DOTALL | re.MULTILINE)
HASHES = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a library's files are, and what its comments look like."""

    files: tuple[str, ...]
    plain: Callable[[str], str]
    """The text without comments."""
    beside: tuple[str, ...] = ()
    """Ends of the names of files that are no core: a fake for the tests of programs, transports beside the first."""


def undocumented(text: str) -> str:
    """Python without comments and docstrings."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        for each in body if isinstance(body, list) else []:
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                lines[each.lineno - 1 : each.end_lineno] = [""] * ((each.end_lineno or each.lineno) - each.lineno + 1)
    return HASHES.sub("", "\n".join(lines))


def without(comment: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: comment.sub("", text)


LANGUAGES = {
    "go": Sources(("go/*.go", "go/nokyctest/*.go"), without(SLASHES), ("/nokyctest.go",)),
    "node": Sources(("node/src/*.ts",), without(SLASHES), ("/testing.ts",)),
    "php": Sources(
        ("php/src/**/*.php",), without(SLASHES), ("/Replies.php", "/StreamTransport.php", "/Psr18Transport.php")
    ),
    "python": Sources(("python/src/nokycnumber/*.py",), undocumented, ("/testing.py",)),
    "ruby": Sources(("ruby/lib/**/*.rb",), without(HASHES), ("/testing.rb",)),
}


def sizes() -> dict[str, dict[str, int]]:
    """Lines of the core, and of what is beside it, by language."""
    found = {}
    for language, sources in LANGUAGES.items():
        counted = {"core": 0, "beside": 0}
        for path in (path for pattern in sources.files for path in SDKS.glob(pattern)):
            text = path.read_text("utf-8")
            if MARK in text[:400] or path.name.endswith("_test.go"):
                continue
            part = "beside" if path.as_posix().endswith(sources.beside) else "core"
            counted[part] += sum(1 for line in sources.plain(text).splitlines() if line.strip())
        found[language] = counted
    return found


def table() -> str:
    """The same, for the README."""
    rows = [f"| {language} | {each['core']} | {each['beside'] or '–'} |" for language, each in sizes().items()]
    return "\n".join(["| SDK | core | beside it |", "|---|---:|---:|", *rows])


if __name__ == "__main__":
    print(json.dumps(sizes(), indent=2))
