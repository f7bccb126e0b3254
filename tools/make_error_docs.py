"""Makes the table of docs/guides/errors.md from contract/errors.yaml; with --check, only tells if it is current."""

import sys
from itertools import groupby
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "contract" / "errors.yaml"
PAGE = ROOT / "docs" / "guides" / "errors.md"
BEGIN = "<!-- made by tools/make_error_docs.py from contract/errors.yaml -->"
END = "<!-- end -->"


def main() -> None:
    page = PAGE.read_text("utf-8")
    made = with_table(page, CATALOGUE.read_text("utf-8"))
    if "--check" in sys.argv[1:]:
        sys.exit(0 if made == page else f"{PAGE.relative_to(ROOT)} is not current: run tools/make_error_docs.py")
    PAGE.write_text(made, "utf-8")


def with_table(page: str, catalogue: str) -> str:
    """The page with everything between its two marks made anew."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE.name} needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table(catalogue)}\n{END}{after}"


def table(catalogue: str) -> str:
    """One table for each status, in the catalogue's order, with an anchor for each code."""
    entries = yaml.safe_load(catalogue)
    lines: list[str] = []
    for status, group in groupby(entries, key=lambda code: entries[code]["status"]):
        lines += [f"### {status}", "", "| Code | Type | Means | Do |", "|---|---|---|---|"]
        for code in group:
            entry = entries[code]
            name = f'<a id="{code}"></a>`{code}`'
            lines.append(f"| {name} | `{entry['type']}` | {entry['meaning']} | {entry['fix']} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
