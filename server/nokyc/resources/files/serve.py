"""Handing out recordings and voicemails: byte ranges (RFC 9110, section 14), no envelope, no key but the address."""

import re
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from nokyc.resources.files.links import Links, read_name
from nokyc.store.files import Files, FilesAwayError
from nokyc.store.store import LOST, Store

TYPES = {".mp3": "audio/mpeg", ".wav": "audio/wav"}
TABLES = {
    "rec": "SELECT r.file, a.clock_offset_sec, r.expires_at FROM recordings r JOIN accounts a ON a.id = r.account_id"
    " WHERE r.id = $1",
    "vm": "SELECT v.file, a.clock_offset_sec, NULL::timestamptz AS expires_at FROM voicemails v"
    " JOIN accounts a ON a.id = v.account_id WHERE v.id = $1 AND v.deleted_at IS NULL",
}
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class FileServer:
    """Handler of /files/{kind}/{name}."""

    def __init__(self, store: Store, files: Files, links: Links) -> None:
        self._store = store
        self._files = files
        self._links = links

    async def serve(self, request: Request) -> Response:
        """The file, or the part that was asked for; 403 for an address that is forged or has ended; 503 while the
        files, or what we know of them, cannot be reached."""
        try:
            return await self._serve(request)
        except (*LOST, TimeoutError, FilesAwayError):
            return PlainTextResponse("not now\n", status_code=503, headers={"Retry-After": "1"})

    async def _serve(self, request: Request) -> Response:
        kind, name = request.path_params["kind"], request.path_params["name"]
        expires, sig = request.query_params.get("expires", ""), request.query_params.get("sig", "")
        known = read_name(kind, name)
        if known is None or not self._links.proves(kind, name, expires, sig):
            return PlainTextResponse("forbidden\n", status_code=403)
        row = await self._find(kind, known[0])
        if row is None or row["file"] is None:
            return PlainTextResponse("not found\n", status_code=404)
        now = self._store.clock.now() + timedelta(seconds=row["clock_offset_sec"])
        if now.timestamp() >= int(expires):
            return PlainTextResponse("forbidden\n", status_code=403)
        size = await self._files.size(row["file"])
        if size is None or (row["expires_at"] is not None and row["expires_at"] <= now):
            return PlainTextResponse("not found\n", status_code=404)
        return self._answer(request, row["file"], TYPES[known[1]], size)

    async def _find(self, kind: str, object_id: int) -> Any:
        async with self._store.reading() as connection:
            return await connection.fetchrow(TABLES[kind], object_id)

    def _answer(self, request: Request, file: str, content_type: str, size: int) -> Response:
        headers = {
            "Accept-Ranges": "bytes",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        }
        part = part_of(request.headers.get("range"), size)
        if part is None:
            return PlainTextResponse(
                "range not satisfiable\n", status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"}
            )
        start, end, whole = part
        if not whole:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        headers["Content-Length"] = str(end - start)
        status = 200 if whole else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers, media_type=content_type)
        content = self._files.read(file, start, end)
        return StreamingResponse(content, status_code=status, headers=headers, media_type=content_type)


def part_of(header: str | None, size: int) -> tuple[int, int, bool] | None:
    """Start, end and whether that is everything; None for a range that the file does not have.

    Several ranges at once, and units other than bytes, are answered with everything, as RFC 9110 allows.
    """
    match = RANGE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or match[0] == "bytes=-":
        return 0, size, True
    first, last = match[1], match[2]
    if not first:
        count = min(int(last), size)
        return (size - count, size, False) if count else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    if last and int(last) < start:
        return 0, size, True
    return (start, end, False) if start < size else None
