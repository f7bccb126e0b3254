"""The documentation site: nothing is missing from it, and every link leads somewhere, through both doors."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from docs.site_pages import PageLinks, outside
from nokyc.docs import build
from nokyc.docs.contract import CHAPTERS, LANGUAGES, SETUP, Contract
from nokyc.docs.fields import Field
from nokyc.docs.markdown import render
from nokyc.docs.outline import Outline, versions_text
from nokyc.docs.sources import written
from nokyc.http.versions import VersionChange, Versions
from nokyc.main import VERSIONS
from support import Client

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as files."""
    path = tmp_path_factory.mktemp("site")
    assert build.build(path, VERSIONS) > 70
    return path


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


async def test_every_link_of_the_server_leads_somewhere(anonymous: Client) -> None:
    seen: dict[str, PageLinks | None] = {}
    waiting = ["/docs", "/docs/errors", "/docs/changelog"]
    wanted: set[tuple[str, str, str]] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = await anonymous.get(path)
        assert answer.status_code == 200, path
        is_page = answer.headers["content-type"].startswith("text/html")
        seen[path] = PageLinks(answer.text) if is_page else None
        for target in () if seen[path] is None else seen[path].targets:
            parts = urlsplit(urljoin(path, target))
            if not outside(target):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
                wanted.add((path, parts.path, unquote(parts.fragment)))
    assert len(seen) > 150
    for page, path, anchor in wanted:
        links = seen.get(path)
        assert not anchor or (links and anchor in links.anchors), f"{page}: {path}#{anchor}"
    assert not [path for path, links in seen.items() if links and links.repeated]


def test_every_link_of_the_files_leads_somewhere(folder: Path) -> None:
    pages = {path: PageLinks(path.read_text("utf-8")) for path in folder.rglob("*.html")}
    for page, links in pages.items():
        assert not links.repeated, page
        for target in links.targets:
            if outside(target):
                continue
            name, _, anchor = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            assert file.is_file(), f"{page.name}: {target}"
            assert not anchor or unquote(anchor) in pages[file].anchors, f"{page.name}: {target}"


async def test_pages_are_kept_by_browsers_and_packed(anonymous: Client) -> None:
    first = await anonymous.get("/docs/guides/webhooks", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert "script-src 'self'" in first.headers["content-security-policy"]
    again = await anonymous.get(
        "/docs/guides/webhooks", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    plain = await anonymous.get("/docs/guides/webhooks", headers={"Accept-Encoding": "identity"})
    assert plain.headers["etag"] != first.headers["etag"]
    assert plain.text == first.text


async def test_a_page_that_is_not_there(anonymous: Client) -> None:
    answer = await anonymous.get("/docs/guides/nothing")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert (await anonymous.get("/docs/../contract/errors.yaml")).status_code == 404
    assert (await anonymous.get("/docs/")).headers["location"] == "/docs"


def test_no_page_has_styles_or_scripts_of_its_own(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not [own for own in ("<style", " style=", "<script>", " onclick=") if own in text], path


def test_every_document_is_on_the_site() -> None:
    shown = {source.file for source in written()}
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert there <= shown


def test_a_wheel_brings_every_document_along() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    brought = {target: source for source, target in table["force-include"].items()}
    for name in {source.file for source in written()} | {"docs/reference/words.yaml"}:
        first = name if "/" not in name or name.startswith("deploy/") else name.partition("/")[0]
        assert brought[f"nokyc/documents/{first}"] == first


def test_everything_in_the_contract_has_words(contract: Contract) -> None:
    assert set(contract.words["operations"]) == set(contract.operations)
    assert set(contract.words["events"]) == {event.type for event in contract.events}
    silent = []
    for name, fields in _tables(contract):
        silent += [f"{name}.{field.name}" for field in _all(fields) if not field.words]
    assert silent == []
    assert set(contract.words["fields"]) == contract.schemas.used, "words that nothing needs"


def test_every_link_in_the_reference_is_one(folder: Path, contract: Contract) -> None:
    for page in [folder / "events.html", *(folder / "api").glob("*.html")]:
        assert not re.findall(r"<p(?: [^>]*)?>[^\n]*<span>", page.read_text("utf-8")), page


def test_every_operation_is_in_one_chapter(contract: Contract) -> None:
    shown = [operation.id for chapter in CHAPTERS for operation in contract.of(chapter)]
    assert sorted(shown) == sorted(contract.operations)


def test_every_operation_has_code_in_every_language(contract: Contract) -> None:
    assert list(contract.snippets) == list(LANGUAGES)
    for language, code in contract.snippets.items():
        assert set(code) == {SETUP, *contract.operations}, language


def test_files_for_programs(folder: Path, contract: Contract) -> None:
    collection = json.loads((folder / "postman.json").read_text("utf-8"))
    requests = [item["request"] for folder in collection["item"] for item in folder["item"]]
    assert len(requests) == len(contract.operations)
    assert {request["method"] for request in requests} == {"GET", "POST", "PATCH", "DELETE"}
    assert all(request["url"]["raw"].startswith("{{base_url}}/v1/") for request in requests)
    assert collection["auth"]["bearer"][0]["value"] == "{{api_key}}"
    index = (folder / "llms.txt").read_text("utf-8")
    for target in (line.partition("](")[2].partition(")")[0] for line in index.splitlines() if line.startswith("- [")):
        assert (folder / target).is_file(), target
    everything = (folder / "llms-full.txt").read_text("utf-8")
    assert all(operation.summary in everything for operation in contract.operations.values())
    rows = json.loads((folder / "search.js").read_text("utf-8").removeprefix("searchIndex(").removesuffix(");\n"))
    assert ["guides/webhooks", "verify-the-signature"] in [row[:2] for row in rows]


def test_the_changelog_tells_what_each_version_changed() -> None:
    change = VersionChange("2026-10-01", "`cost_usd` is a string.", frozenset({"sms"}))
    text = versions_text(Versions(["2026-04-01", "2026-10-01"], [change]))
    assert text.index("2026-10-01") < text.index("`cost_usd` is a string.") < text.index("### 2026-04-01")
    assert "Served until 2028-10-01." in text


def test_versions_and_changelog_are_one_page(contract: Contract) -> None:
    text = Outline(contract, VERSIONS).pages["changelog"].text
    assert text.startswith("# Changelog\n\n## Versions of the API")
    assert "## Unreleased" in text


def test_links_off_the_site_become_words() -> None:
    made = render("# A\n\nSee [the code](../code.py) and [b](b.md).", {"b.md": "/docs/b"}.get)
    assert made.html == '<p>See <span>the code</span> and <a href="/docs/b">b</a>.</p>\n'


def _tables(contract: Contract) -> Iterator[tuple[str, list[Field]]]:
    for operation in contract.operations.values():
        yield operation.id, operation.parameters
        yield operation.id, operation.body
        if operation.answers and not operation.answers.endswith("List"):
            yield operation.id, contract.schemas.fields(operation.answers)
    for chapter in CHAPTERS:
        for name in chapter.objects:
            yield name, contract.thing(name).fields


def _all(fields: list[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all(field.fields)
