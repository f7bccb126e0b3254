"""All pages of the site, in the order of its sidebar, with their Markdown."""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from nokyc.docs.contract import CHAPTERS, Chapter, Contract
from nokyc.docs.reference import chapter_text, events_text
from nokyc.docs.sources import BACKGROUND, GROUPS, REFERENCE, Source, document, summary_of, title_of, written
from nokyc.http.versions import Versions

HOME = """# NoKYCNumber documentation

Phone numbers, SMS and calls over one small HTTP API, on a platform that you run yourself.
"""
*_GUIDES, _OPERATING = GROUPS.values()
ORDER = (*_GUIDES, REFERENCE, _OPERATING, BACKGROUND)
WRITTEN_IN_REFERENCE = "docs/guides/README.md"
"""Where the links in the words of the reference are written from."""
EVENTS_FILE = "docs/guides/event-types.md"
"""There is no such file; the catalogue's links are written as if it were one."""


@dataclass(frozen=True)
class Page:
    """One page; its Markdown is what programs get, what search knows, and mostly what is shown."""

    path: str
    group: str
    file: str
    """Links are relative to this file of the repository."""
    read: Callable[[], str]
    chapter: Chapter | None = None
    inside: bool = False
    """Whether the sidebar leaves it to another page to list it."""

    @cached_property
    def text(self) -> str:
        return self.read()

    @cached_property
    def title(self) -> str:
        return self.chapter.title if self.chapter else title_of(self.text)

    @cached_property
    def summary(self) -> str:
        return summary_of(self.text)


class Outline:
    """The pages by their paths."""

    def __init__(self, contract: Contract, versions: Versions) -> None:
        self.pages = {page.path: page for page in _pages(contract, versions)}
        self._by_file = {page.file: page.path for page in self.pages.values() if page.chapter is None}

    def groups(self) -> list[tuple[str, list[Page]]]:
        """What the sidebar lists."""
        listed = sorted(
            (page for page in self.pages.values() if page.path and not page.inside),
            key=lambda page: ORDER.index(page.group),
        )
        return [(group, list(pages)) for group, pages in groupby(listed, key=lambda page: page.group)]

    def find(self, page: Page, target: str) -> str | None:
        """The path of the page or, with a suffix, the file that a relative link of a document leads to."""
        if not target:
            return page.path
        file = posixpath.normpath(posixpath.join(posixpath.dirname(page.file), target))
        return self._by_file.get(file, file if file.startswith("docs/images/") else None)


def versions_text(versions: Versions) -> str:
    """The dated versions and what each changed, newest first."""
    lines = ["## Versions of the API", ""]
    for version, sunset, changes in versions.history():
        lines += [f"### {version}", "", f"Served until {sunset}." if sunset else "The current version.", ""]
        lines += [f"- {change.description}" for change in changes]
        lines += [""] * bool(changes)
    return "\n".join(lines)


def _pages(contract: Contract, versions: Versions) -> Iterator[Page]:
    yield Page("", "", "docs/README.md", lambda: HOME)
    sources = written()
    yield from (_written(source, versions) for source in sources if source.group in GROUPS.values())
    for chapter in CHAPTERS:
        yield Page(chapter.path, REFERENCE, WRITTEN_IN_REFERENCE, _chapter(contract, chapter), chapter)
    yield Page("events", REFERENCE, EVENTS_FILE, lambda: events_text(contract.events))
    yield from (_written(source, versions) for source in sources if source.group not in GROUPS.values())


def _chapter(contract: Contract, chapter: Chapter) -> Callable[[], str]:
    return lambda: chapter_text(contract, chapter)


def _written(source: Source, versions: Versions) -> Page:
    def read() -> str:
        text = document(source.file).read_text("utf-8")
        if source.path != "changelog":
            return text
        title, _, rest = text.partition("\n")
        return f"{title}\n\n{versions_text(versions)}\n{rest.lstrip()}"

    return Page(source.path, source.group, source.file, read, inside=source.path.startswith("decisions/"))
