"""Secrets at rest: AES-256-GCM under the installation's key (NIST SP 800-38D)."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nokyc.store.postgres_programs import sync

NONCE_BYTES = 12
KEY_BYTES = 32


class WrongKeyError(Exception):
    """The store was written under another secret key."""


class Vault:
    """Seals and opens secrets, and derives keyed hashes."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)
        self._key = key

    def seal(self, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """Raises WrongKeyError if it was sealed under another key or was tampered with."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except InvalidTag:
            raise WrongKeyError("a stored secret does not open with this secret key") from None

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """HMAC-SHA256 under a key of its own for each purpose: stable, and not guessable from the text."""
        purpose_key = hmac.digest(self._key, purpose.encode(), hashlib.sha256)
        return hmac.digest(purpose_key, text.encode(), hashlib.sha256)


def read_key(data_dir: Path, key: bytes | None) -> bytes:
    """The key given by the operator, else the one in the data folder, made at the first start.

    Raises:
        ValueError: the file holds no key.
    """
    if key is not None:
        return key
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make_key(path)
    try:
        key = bytes.fromhex(path.read_text())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} does not hold {2 * KEY_BYTES} hexadecimal digits: bring it back from its backup")
    return key


def _make_key(path: Path) -> None:
    """Durable before anything is sealed with it: after a power failure nobody could open that again."""
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.unlink(missing_ok=True)  # of one with our number, whose disk was full
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)  # the first of several processes wins
    finally:
        temporary.unlink()
    sync(path.parent)


async def check_key(connection: "asyncpg.Connection[asyncpg.Record]", vault: Vault) -> None:
    """Raises WrongKeyError if this database's secrets were sealed under another key."""
    fingerprint = vault.keyed_hash("fingerprint", "nokyc")[:8]
    await connection.execute("UPDATE installation SET key_fingerprint = $1 WHERE key_fingerprint IS NULL", fingerprint)
    if await connection.fetchval("SELECT key_fingerprint FROM installation") != fingerprint:
        raise WrongKeyError(
            "This database was set up with another secret key. Set NOKYC_SECRET_KEY to that installation's key,"
            " or use the data folder whose secret.key belongs to it."
        )
