"""How much of each SDK is written by hand: lines of code, without blank ones and without those that are all comment.

python sdks/generator/sizes.py    # {"go": {"core": …, "values": …, "beside": …}, …}
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
    values: tuple[str, ...]
    """Ends of the names of files that are about what values are made of: JSON, decimals, fields of objects."""
    beside: tuple[str, ...]
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
    "go": Sources(
        ("go/*.go", "go/nokyctest/*.go"), without(SLASHES), ("/decimal.go", "/params.go"), ("/nokyctest.go",)
    ),
    "node": Sources(("node/src/*.ts",), without(SLASHES), ("/json.ts", "/decimal.ts"), ("/testing.ts",)),
    "php": Sources(
        ("php/src/**/*.php",),
        without(SLASHES),
        ("/Json.php", "/Read.php", "/Decimal.php", "/NotGiven.php"),
        ("/Replies.php", "/StreamTransport.php", "/Psr18Transport.php"),
    ),
    "python": Sources(("python/src/nokycnumber/*.py",), undocumented, ("/_json.py", "/_model.py"), ("/testing.py",)),
    "ruby": Sources(("ruby/lib/**/*.rb",), without(HASHES), ("/model.rb", "/event.rb"), ("/testing.rb",)),
}


def sizes() -> dict[str, dict[str, int]]:
    """Lines of the core, of what values are made of, and of what is beside both, by language."""
    found = {}
    for language, sources in LANGUAGES.items():
        counted = {"core": 0, "values": 0, "beside": 0}
        for path in (path for pattern in sources.files for path in SDKS.glob(pattern)):
            text = path.read_text("utf-8")
            if MARK in text[:400] or path.name.endswith("_test.go"):
                continue
            place = path.as_posix()
            part = (
                "values" if place.endswith(sources.values) else "beside" if place.endswith(sources.beside) else "core"
            )
            counted[part] += sum(1 for line in sources.plain(text).splitlines() if line.strip())
        found[language] = counted
    return found


def table() -> str:
    """The same, for the README."""
    rows = [f"| {name} | {each['core']} | {each['values']} | {each['beside']} |" for name, each in sizes().items()]
    return "\n".join(["| SDK | core | values | beside them |", "|---|---:|---:|---:|", *rows])


if __name__ == "__main__":
    print(json.dumps(sizes(), indent=2))
