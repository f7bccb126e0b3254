"""Addresses of recordings and voicemails: whoever was given one may fetch the file, for an hour (decisions F97, F119).

An address is a path, the second at which it ends in the account's time, and an HMAC over both.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Literal

from nokyc.kit import ids
from nokyc.store.vault import Vault

LIFETIME = timedelta(hours=1)
PROOF_CHARS = 32

Kind = Literal["rec", "vm"]
PREFIXES: dict[Kind, str] = {"rec": "call", "vm": "vm"}
"""The prefix of the id that a kind's address holds: a recording goes by its call's."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses, and checks them."""

    vault: Vault
    public_url: str

    def sign(self, kind: Kind, object_id: int, file: str, now: datetime) -> str:
        """The address of a file (its key tells the format) that is good until an hour after `now`, account time."""
        name = ids.show(PREFIXES[kind], object_id).partition("_")[2] + PurePosixPath(file).suffix
        expires = int((now + LIFETIME).timestamp())
        return f"{self.public_url}/files/{kind}/{name}?expires={expires}&sig={self._proof(kind, name, str(expires))}"

    def proves(self, kind: str, name: str, expires: str, sig: str) -> bool:
        """Whether we made this address, be it still good or not."""
        return hmac.compare_digest(sig.encode(), self._proof(kind, name, expires).encode())

    def _proof(self, kind: str, name: str, expires: str) -> str:
        return self.vault.keyed_hash("files", f"/files/{kind}/{name}\n{expires}").hex()[:PROOF_CHARS]


def read_name(kind: str, name: str) -> tuple[int, str] | None:
    """The id behind a file's name and its suffix; None if it is no such name."""
    if kind not in PREFIXES:
        return None
    path = PurePosixPath(name)
    object_id = ids.read(PREFIXES[kind], f"{PREFIXES[kind]}_{path.stem}")
    return None if object_id is None else (object_id, path.suffix)
