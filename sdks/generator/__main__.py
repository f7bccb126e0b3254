"""Makes the generated part of every SDK, and the calls that the documentation shows, from the contract.

python sdks/generator            # write
python sdks/generator --check    # say what is out of date, and fail
python sdks/generator go ruby    # these languages only
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import cases
import languages
import sizes
import snippets
from contract import Api
from language import MARK, Language
from reader import read

SDKS = Path(__file__).parents[1]
CONTRACT = max((SDKS.parent / "contract" / "openapi").glob("*.json"))
"""The newest version: versions are dates, so they sort."""
METHODS = ("<!-- methods: made by sdks/generator -->", "<!-- end of methods -->")
CASES = ("<!-- cases: made by sdks/generator -->", "<!-- end of cases -->")
SIZES = ("<!-- sizes: made by sdks/generator -->", "<!-- end of sizes -->")
SKIPPED = {"__pycache__", ".mypy_cache", ".ruff_cache", "node_modules", "dist", "vendor", ".venv"}


def main() -> int:
    check = "--check" in sys.argv[1:]
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    api = read(CONTRACT)
    stale = []
    work = [
        (f"sdks/{each.name}", everything(each, api, SDKS / each.name))
        for each in found()
        if not wanted or each.name in wanted
    ]
    work += [
        ("sdks/conformance", {"operations.json": cases.operations(api)}),
        ("contract/snippets", snippets.files(api)),
    ]
    for name, made in work:
        folder = SDKS.parent / name
        old = {path for path in generated(folder) if path not in made}
        changed = {path for path, text in made.items() if _read(folder / path) != text}
        stale += [f"{name}/{path}" for path in sorted(old | changed)]
        if not check:
            for path in old:
                (folder / path).unlink()
            for path in changed:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(made[path], "utf-8")
    overview = SDKS / "README.md"
    before = overview.read_text("utf-8")
    after = with_table(before, CASES, cases.table(SDKS / "conformance", [language.name for language in found()]))
    after = with_table(after, SIZES, sizes.table())
    if before != after:
        stale.append("sdks/README.md")
        if not check:
            overview.write_text(after, "utf-8")
    if check and stale:
        print("\n".join(f"{path} is out of date: run `make sdks`" for path in stale))
    return 1 if check and stale else 0


def everything(language: Language, api: Api, folder: Path) -> dict[str, str]:
    """All generated files of one SDK, with its README."""
    readme = (folder / "README.md").read_text("utf-8")
    return language.render(api) | {"README.md": with_table(readme, METHODS, language.readme_table(api))}


def found() -> list[Language]:
    """Every module in languages/ has a LANGUAGE."""
    modules = [importlib.import_module(f"languages.{each.name}") for each in pkgutil.iter_modules(languages.__path__)]
    return [module.LANGUAGE for module in modules]


def generated(folder: Path) -> list[str]:
    """Files that bear the mark in their first lines, by their path below the folder."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not SKIPPED & set(path.relative_to(folder).parts) and MARK in _head(path)
    ]


def with_table(readme: str, marks: tuple[str, str], table: str) -> str:
    """The README with everything between two marks made anew."""
    before, begin, rest = readme.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not (begin and end):
        raise ValueError(f"the README needs the lines {marks[0]} and {marks[1]}")
    return f"{before}{begin}\n\n{table.strip()}\n\n{end}{after}"


def _head(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(400).decode("utf-8", "replace")


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
