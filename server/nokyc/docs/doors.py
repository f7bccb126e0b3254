"""Two ways to the same pages: below /docs of a server, or files that lie anywhere. Only their addresses differ."""

import posixpath
from typing import Protocol

from nokyc.panel.assets import Assets

ROOT_FILES = ("openapi.json", "postman.json", "llms.txt", "llms-full.txt")
"""Files for machines; a server has them at its root, where they are looked for."""


class Door(Protocol):
    """Addresses as one page writes them; `here` is the page's own path."""

    suffix: str
    """Ends the addresses of pages."""

    def page(self, path: str, here: str) -> str: ...

    def file(self, name: str, here: str) -> str: ...

    def asset(self, name: str, here: str) -> str: ...


class Served:
    """Absolute addresses below /docs; assets change their address with their content."""

    suffix = ""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def page(self, path: str, here: str) -> str:
        return f"/docs/{path}" if path else "/docs"

    def file(self, name: str, here: str) -> str:
        return f"/{name}" if name in ROOT_FILES else f"/docs/{name}"

    def asset(self, name: str, here: str) -> str:
        return self._assets.url(name)


class Written:
    """Relative addresses, so that the folder works anywhere, from a disk too."""

    suffix = ".html"

    def page(self, path: str, here: str) -> str:
        return _relative(file_name(path), here)

    def file(self, name: str, here: str) -> str:
        return _relative(name, here)

    def asset(self, name: str, here: str) -> str:
        return _relative(f"static/{name}", here)


def file_name(path: str) -> str:
    """Where a page lies in a folder of files."""
    return f"{path or 'index'}.html"


def _relative(target: str, here: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(here) or ".")
