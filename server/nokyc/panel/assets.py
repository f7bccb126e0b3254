"""Style sheets and scripts: few files, held in memory with their gzip, named by their content, kept by browsers."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    packed: bytes
    media_type: str
    digest: str


class Assets:
    """Files that lie below one address, read once."""

    def __init__(self, prefix: str, paths: Iterable[Path]) -> None:
        self._prefix = prefix
        self._files = {path.name: _read(path) for path in sorted(paths) if path.suffix in TYPES}

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Names and contents."""
        return ((name, file.plain) for name, file in self._files.items())

    def url(self, name: str) -> str:
        """The address of a file; it changes when the file does."""
        return f"{self._prefix}/{name}?v={self._files[name].digest}"

    async def serve(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None:
            return PlainTextResponse("not found\n", status_code=404)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = HEADERS | {"Content-Encoding": "gzip"}
            return Response(file.packed, headers=headers, media_type=file.media_type)
        return Response(file.plain, headers=HEADERS, media_type=file.media_type)


def _read(path: Path) -> _File:
    plain = path.read_bytes()
    return _File(plain, gzip.compress(plain, 9, mtime=0), TYPES[path.suffix], hashlib.sha256(plain).hexdigest()[:10])
