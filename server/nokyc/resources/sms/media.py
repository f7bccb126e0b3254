"""Media of inbound messages, kept here: carriers forget theirs, and want their password for it (decision F111).

A file has an address that proves itself, so that whoever was told it may fetch it and nobody else can guess it.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from nokyc.kit import ids
from nokyc.store.store import Store, Unit
from nokyc.store.vault import Vault

PROOF_CHARS = 32
SHOWN_AS_THEY_ARE = ("image/", "video/", "audio/")
"""Anything else is handed out as plain bytes: a page from a stranger must not run under our name."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that was fetched from a carrier; `url` is where we offer it."""

    id: int
    url: str
    content_type: str
    body: bytes


def address(vault: Vault, public_url: str, media_id: int) -> str:
    """Where a file is offered."""
    shown = ids.show("media", media_id)
    return f"{public_url}/media/{shown}?sig={_proof(vault, shown)}"


async def keep(unit: Unit, account_id: int, sms_id: int, files: Sequence[MediaFile], at: datetime) -> None:
    """Store the files of a message."""
    await unit.connection.executemany(
        "INSERT INTO media (account_id, id, sms_id, content_type, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [(account_id, file.id, sms_id, file.content_type, file.body, at) for file in files],
    )


class MediaFiles:
    """Handler of /media/{id}."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def serve(self, request: Request) -> Response:
        """The file; 403 without its proof, before anything is looked up."""
        shown = request.path_params["id"]
        media_id = ids.read("media", shown)
        given = request.query_params.get("sig", "")
        proof = _proof(self._store.vault, shown)
        if media_id is None or not hmac.compare_digest(given.encode(), proof.encode()):
            return PlainTextResponse("forbidden\n", status_code=403)
        async with self._store.reading() as connection:
            row = await connection.fetchrow("SELECT content_type, body FROM media WHERE id = $1", media_id)
        if row is None:
            return PlainTextResponse("not found\n", status_code=404)
        content_type = row["content_type"]
        if not content_type.startswith(SHOWN_AS_THEY_ARE) or content_type.startswith("image/svg"):
            content_type = "application/octet-stream"
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        }
        return Response(row["body"], media_type=content_type, headers=headers)


def _proof(vault: Vault, shown: str) -> str:
    return vault.keyed_hash("media", shown).hex()[:PROOF_CHARS]
