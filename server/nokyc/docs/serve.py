"""The site below /docs of a server. A page is made once, away from the event loop, and kept with its gzip."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from nokyc.docs.contract import Contract
from nokyc.docs.doors import Served
from nokyc.docs.site import Site, site_assets
from nokyc.http.pipeline import GZIP_FROM_BYTES
from nokyc.http.versions import Versions
from nokyc.panel.pages import HEADERS as PANEL_HEADERS

HEADERS = PANEL_HEADERS | {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
"""Browsers keep what they have, and ask each time whether it is still so."""
TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
MISSING = "404.html"


@dataclass(frozen=True, slots=True)
class _Kept:
    plain: bytes
    packed: bytes
    tag: str
    media_type: str
    status: int = 200


class Docs:
    """The routes of the documentation."""

    def __init__(self, versions: Versions, public_url: str) -> None:
        self._versions = versions
        self._public_url = public_url
        self._assets = site_assets()
        self._site: Site | None = None
        self._kept: dict[str, _Kept] = {}
        self._making = asyncio.Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/docs/static/{name}", self._assets.serve),
            Route("/docs", self._serve),
            Route("/docs/{path:path}", self._serve),
            *(Route(f"/{name}", self._serve_file) for name in ("postman.json", "llms.txt", "llms-full.txt")),
        ]

    async def _serve(self, request: Request) -> Response:
        path: str = request.path_params.get("path", "")
        if request.url.path.endswith("/"):
            return RedirectResponse(f"/docs/{path}".rstrip("/"), 308)
        return _answer(request, await self._find(path))

    async def _serve_file(self, request: Request) -> Response:
        return _answer(request, await self._find(request.url.path[1:]))

    async def _find(self, name: str) -> _Kept:
        kept = self._kept.get(name)
        if kept is None:
            async with self._making:
                kept = await asyncio.to_thread(self._make, name)
        return kept

    def _make(self, name: str) -> _Kept:
        if name in self._kept:
            return self._kept[name]
        if self._site is None:
            self._site = Site(Contract(), self._versions, Served(self._assets), self._public_url)
        made, suffix = _source(self._site, name)
        if made is None:
            if MISSING not in self._kept:
                self._kept[MISSING] = _keep(self._site.missing(), "html", 404)
            return self._kept[MISSING]
        kept = self._kept[name] = _keep(made(), suffix, 200)
        return kept


def _source(site: Site, name: str) -> tuple[Callable[[], str] | None, str]:
    """What makes a page or file, and its kind."""
    if name in site.outline.pages:
        return lambda: site.page(name), "html"
    return site.files().get(name), name.rpartition(".")[2]


def _keep(text: str, suffix: str, status: int) -> _Kept:
    plain = text.encode()
    tag = hashlib.sha256(plain).hexdigest()[:20]
    return _Kept(plain, gzip.compress(plain, 6, mtime=0), tag, TYPES[suffix], status)


def _answer(request: Request, kept: _Kept) -> Response:
    packed = "gzip" in request.headers.get("accept-encoding", "") and len(kept.plain) >= GZIP_FROM_BYTES
    tag = f'"{kept.tag}-gzip"' if packed else f'"{kept.tag}"'
    headers = HEADERS | {"ETag": tag}
    if kept.status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(kept.packed if packed else kept.plain, kept.status, headers, kept.media_type)
