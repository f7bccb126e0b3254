"""Bringing a database to the schema of this version.

`migrations/0001_name.sql`, … are history: each is applied once, in its own transaction, and never changed afterwards.

`migrations/functions/*.sql` are code, not history: each is applied again, after the numbered ones, whenever its text
differs from what was applied last. So a function has one file whose diff can be read, not a copy in every migration
that touched it. Such a file must be repeatable (`CREATE OR REPLACE FUNCTION`); if the arguments or the result of a
function change, `DROP FUNCTION IF EXISTS` of the old one comes first.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import asyncpg

from nokyc.store.store import Connection

LOCK = 0x6E6F6B7963
"""The advisory lock that keeps parallel starts apart."""
NUMBERED = re.compile(r"(\d{4})_\w+\.sql")
FUNCTIONS = "functions/"
SCRIPTS = files("nokyc") / "migrations"


class MigrationError(Exception):
    """The database does not fit this version of the program, or a script failed; that script changed nothing."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `migrate` would find."""

    version: int
    """The newest numbered migration that is applied; 0 in an empty database."""
    pending: list[str]
    """Scripts that `migrate` would apply, in order."""


async def migrate(connection: Connection, scripts: Traversable = SCRIPTS) -> int:
    """Apply what is missing; returns the schema's version.

    Raises:
        MigrationError: an applied migration was changed, the database is newer than the program, or a script failed.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        texts = _read(scripts)
        for name in _pending(texts, await _applied(connection)):
            await _apply(connection, name, texts[name])
        return _version(texts)
    finally:
        if not connection.is_closed():  # a broken connection has lost the lock, and its own error tells more
            await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def status(connection: Connection, scripts: Traversable = SCRIPTS) -> Status:
    """How far the database is; changes nothing. Raises MigrationError as `migrate` does."""
    exists = await connection.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL")
    applied = await _applied(connection) if exists else {}
    return Status(_version(applied), _pending(_read(scripts), applied))


async def check_schema(connection: Connection) -> None:
    """Raises MigrationError unless the database is at this program's schema. A function that differs is no reason:
    while machines are upgraded one by one, the newer ones' functions serve the older ones, too."""
    found = await status(connection)
    missing = [name for name in found.pending if NUMBERED.fullmatch(name)]
    if missing:
        what = "is older than this program" if found.version else "was never set up"
        raise MigrationError(f"The database {what}: {len(missing)} migrations are missing. Run `nokyc migrate`.")


async def _applied(connection: Connection) -> dict[str, str]:
    """Checksums by name."""
    rows = await connection.fetch("SELECT name, checksum FROM schema_migrations")
    return {row["name"]: row["checksum"] for row in rows}


def _read(scripts: Traversable) -> dict[str, str]:
    """Texts by name: numbered migrations in order, then functions."""
    numbered = sorted(entry.name for entry in scripts.iterdir() if NUMBERED.fullmatch(entry.name))
    functions = scripts / FUNCTIONS
    names = sorted(entry.name for entry in functions.iterdir()) if functions.is_dir() else []
    return {name: (scripts / name).read_text("utf-8") for name in numbered} | {
        FUNCTIONS + name: (functions / name).read_text("utf-8") for name in names if name.endswith(".sql")
    }


def _pending(texts: dict[str, str], applied: dict[str, str]) -> list[str]:
    """What is to be applied; everything is checked before anything is."""
    for name, checksum in applied.items():
        if not NUMBERED.fullmatch(name):
            continue
        if name not in texts:
            raise MigrationError(f"The database is newer than this program: it has {name}. Update the program.")
        if checksum != _checksum(texts[name]):
            raise MigrationError(
                f"The migration {name} was changed after it had been applied to this database. Install the version of"
                " the program that made the database; a change of the schema is a new migration."
            )
    return [name for name, text in texts.items() if applied.get(name) != _checksum(text)]


async def _apply(connection: Connection, name: str, text: str) -> None:
    try:
        async with connection.transaction():
            await connection.execute(text)
            await connection.execute(
                "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)"
                " ON CONFLICT (name) DO UPDATE SET checksum = $2, applied_at = now()",
                name,
                _checksum(text),
            )
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{name} failed: {error}") from error


def _version(names: dict[str, str]) -> int:
    return max((int(match[1]) for name in names if (match := NUMBERED.fullmatch(name))), default=0)


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
