"""Bringing a database to the schema of this version.

`migrations/0001_name.sql`, … are history: each is applied once, in its own transaction, and never changed afterwards.
`migrations/functions/*.sql` are code: each is applied again whenever its text differs from what was applied last.
"""

import hashlib
from importlib.resources import files
from typing import Any

import asyncpg

LOCK = 0x6E6F6B7963
"""The advisory lock that keeps parallel starts apart."""


class MigrationError(Exception):
    """The database does not fit this version of the program; nothing was changed."""


async def migrate(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Apply what is missing; returns the schema's version.

    Raises:
        MigrationError: an applied migration was changed, or the database is newer than the program.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            " (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        rows = await connection.fetch("SELECT name, checksum FROM schema_migrations")
        applied = {row["name"]: row["checksum"] for row in rows}
        numbered, functions = _scripts()
        unknown = [name for name in applied if name[0].isdigit() and name not in numbered]
        if unknown:
            raise MigrationError(f"The database is newer than this program: it has {max(unknown)}. Update the program.")
        for name, text in numbered.items():
            if name not in applied:
                await _apply(connection, name, text)
            elif applied[name] != _checksum(text):
                raise MigrationError(f"The migration {name} was changed after it had been applied.")
        for name, text in functions.items():
            if applied.get(name) != _checksum(text):
                await _apply(connection, name, text)
        return len(numbered)
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", name: str, text: str) -> None:
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute(
            "INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)"
            " ON CONFLICT (name) DO UPDATE SET checksum = $2, applied_at = now()",
            name,
            _checksum(text),
        )


def _scripts() -> tuple[dict[str, str], dict[str, str]]:
    """Numbered migrations in order, and functions by path."""
    root = files("nokyc") / "migrations"
    return _sql_files(root, ""), _sql_files(root / "functions", "functions/")


def _sql_files(folder: Any, prefix: str) -> dict[str, str]:
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {prefix + name: (folder / name).read_text("utf-8") for name in names}


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
