"""Templates become answers here, with the headers that every page has."""

import gzip
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from nokyc.http.pipeline import GZIP_FROM_BYTES
from nokyc.panel import charts, words
from nokyc.panel.assets import Assets
from nokyc.resources.files.serve import part_of

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; media-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

ASSETS = Assets("/panel/static", (HERE / "static").iterdir())


def environment(templates: Path) -> Environment:
    """HTML templates of a folder; a name that they do not know is an error."""
    return Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


_TEMPLATES = environment(HERE / "templates")
_TEMPLATES.filters |= words.FILTERS
_TEMPLATES.globals |= {
    "asset": ASSETS.url,
    "area": charts.area,
    "bars": charts.bars,
    "once": lambda: secrets.token_hex(8),
}


def page(template: str, status: int = 200, /, *, gzipped: bool = False, **data: Any) -> HTMLResponse:
    """A page or a part of one; values are escaped. `gzipped` if the browser takes that."""
    body = _TEMPLATES.get_template(template).render(**data).encode()
    headers: Mapping[str, str] = HEADERS
    if gzipped and len(body) >= GZIP_FROM_BYTES:
        body = gzip.compress(body, 4, mtime=0)
        headers = HEADERS | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return HTMLResponse(body, status, dict(headers))


def sound(wav: bytes, asked: str | None) -> Response:
    """A WAV file, or the range of it that a player asked for."""
    headers = HEADERS | {"Accept-Ranges": "bytes"}
    part = part_of(asked, len(wav))
    if part is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(wav)}"})
    start, end, whole = part
    if not whole:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(wav)}"
    return Response(wav[start:end], 200 if whole else 206, headers, "audio/wav")
