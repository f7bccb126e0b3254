"""The site for one door: each page and file is made when it is first asked for, and kept."""

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nokyc.docs import machines, markdown, reference
from nokyc.docs.contract import LANGUAGES, SETUP, Contract
from nokyc.docs.doors import Door
from nokyc.docs.markdown import Rendered
from nokyc.docs.outline import Outline, Page
from nokyc.docs.sources import document
from nokyc.http.versions import Versions
from nokyc.panel.assets import Assets

HERE = Path(__file__).parent
PANEL_STATIC = HERE.parent / "panel" / "static"
SEARCH_CHARACTERS = 1_200
"""Of each section, so many go into the search."""
IMAGES = "docs/images/"


def site_assets() -> Assets:
    """The panel's base, so that both look alike; our own files; and the pictures of the documents."""
    shared = [PANEL_STATIC / "base.css", PANEL_STATIC / "icon.svg"]
    return Assets("/docs/static", [*shared, *(HERE / "static").iterdir(), *document(IMAGES).iterdir()])


class Site:
    """Pages and files by their names."""

    def __init__(self, contract: Contract, versions: Versions, door: Door, base_url: str) -> None:
        self.contract = contract
        self.outline = Outline(contract, versions)
        self._door = door
        self._base_url = base_url
        self._environment = _environment()
        self._bodies: dict[str, Rendered] = {}

    def page(self, path: str) -> str:
        """A page as HTML. Raises KeyError if there is none."""
        page = self.outline.pages[path]
        return self._render(_template(page), page)

    def missing(self) -> str:
        """What is shown where there is no page."""
        return self._render("missing.html", self.outline.pages[""])

    def _render(self, template: str, page: Page) -> str:
        path = page.path
        body = self._body(page)
        neighbours = self._neighbours(page)
        return self._environment.get_template(template).render(
            page=page,
            body=Markup(body.html),  # noqa: S704  # our own documents
            contents=body.contents,
            sections=body.sections,
            before=neighbours[0],
            after=neighbours[1],
            outline=self.outline,
            contract=self.contract,
            languages=LANGUAGES,
            setup=SETUP,
            reference=reference,
            suffix=self._door.suffix,
            to=lambda target, anchor="": self._door.page(target, path) + (f"#{anchor}" if anchor else ""),
            file=lambda name: self._door.file(name, path),
            asset=lambda name: self._door.asset(name, path),
            inline=lambda text: Markup(markdown.inline(text, self._resolver(page))),  # noqa: S704
            code=lambda text, language: Markup(markdown.code(text, language)),  # noqa: S704
            slug=markdown.slug,
        )

    def files(self) -> dict[str, Callable[[], str]]:
        """Everything that is no page: by name, what makes it."""
        made: dict[str, Callable[[], str]] = {
            "openapi.json": lambda: reference.pretty(
                self.contract.description | {"servers": [{"url": self._base_url}]}
            ),
            "postman.json": lambda: machines.postman(self.contract, self._base_url),
            "llms.txt": lambda: machines.llms(self.outline, self._door),
            "llms-full.txt": lambda: machines.llms_full(self.outline),
            "search.js": self._search,
        }
        made |= {f"{path}.md": _text_of(page) for path, page in self.outline.pages.items() if path}
        return made | {f"events/{event.type}.json": _constant(event.schema) for event in self.contract.events}

    def _search(self) -> str:
        """The index as a script, which a page from a disk can load too."""
        rows = [
            [page.path, "" if n == 0 else section.anchor, page.title, "" if n == 0 else section.title,
             " ".join(section.text.split())[:SEARCH_CHARACTERS]]
            for page in self.outline.pages.values()
            for n, section in enumerate(self._body(page).sections)
            if page.path
        ]  # fmt: skip
        return f"searchIndex({json.dumps(rows, ensure_ascii=False, separators=(',', ':'))});\n"

    def _body(self, page: Page) -> Rendered:
        if page.path not in self._bodies:
            self._bodies[page.path] = markdown.render(page.text, self._resolver(page))
        return self._bodies[page.path]

    def _resolver(self, page: Page) -> markdown.Resolve:
        def resolve(target: str) -> str | None:
            if target.startswith(("https://", "http://", "mailto:")):
                return target
            name, _, anchor = target.partition("#")
            if not name:
                return target
            found = self.outline.find(page, name)
            if found is None:
                return None
            if found.startswith(IMAGES):
                return self._door.asset(found.removeprefix(IMAGES), page.path)
            return self._door.page(found, page.path) + (f"#{anchor}" if anchor else "")

        return resolve

    @cached_property
    def _reading_order(self) -> list[Page]:
        return [page for _, pages in self.outline.groups() for page in pages]

    def _neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        order = self._reading_order
        if page not in order:
            return None, None
        place = order.index(page)
        return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)


def _template(page: Page) -> str:
    if page.chapter:
        return "chapter.html"
    return {"": "home.html", "events": "events.html"}.get(page.path, "prose.html")


def _text_of(page: Page) -> Callable[[], str]:
    return lambda: page.text


def _constant(text: str) -> Callable[[], str]:
    return lambda: text


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
