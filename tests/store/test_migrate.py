"""Migrations: applied once and in order, never changed, never from the future."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from nokyc.store.migrate import SCRIPTS, MigrationError, Status, migrate, status
from nokyc.store.store import Connection

FIRST = "CREATE TABLE pets (name text); CREATE TABLE toys (name text);"
SECOND = "ALTER TABLE pets ADD COLUMN age int;"
SOUND = "CREATE OR REPLACE FUNCTION sound() RETURNS text LANGUAGE sql AS $$ SELECT '{}' $$;"


@pytest.fixture
async def database(postgres_dsn: str, worker_id: str) -> AsyncIterator[str]:
    """The name of an empty database."""
    name = f"migrated_{worker_id}"
    administration = await asyncpg.connect(postgres_dsn)
    await administration.execute(f"DROP DATABASE IF EXISTS {name}")
    await administration.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield name
    await administration.close()


@pytest.fixture
async def connection(postgres_dsn: str, database: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(postgres_dsn, database=database)
    yield connection
    await connection.close()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Two migrations and a function."""
    (tmp_path / "functions").mkdir()
    (tmp_path / "0001_pets.sql").write_text(FIRST)
    (tmp_path / "0002_ages.sql").write_text(SECOND)
    (tmp_path / "functions" / "sound.sql").write_text(SOUND.format("woof"))
    return tmp_path


async def _rows(connection: Connection) -> list[asyncpg.Record]:
    return await connection.fetch("SELECT * FROM schema_migrations ORDER BY name")


async def test_our_own_schema_is_applied_once(connection: Connection) -> None:
    version = await migrate(connection)
    before = await _rows(connection)
    assert await migrate(connection) == version
    assert await _rows(connection) == before


def test_our_own_migrations_are_numbered_without_gaps() -> None:
    """A gap or a number used twice is a merge that went wrong."""
    names = sorted(entry.name for entry in SCRIPTS.iterdir() if entry.name.endswith(".sql"))
    assert [re.split("_", name)[0] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]


async def test_they_are_applied_in_order(connection: Connection, scripts: Path) -> None:
    assert await migrate(connection, scripts) == 2
    await connection.execute("INSERT INTO pets (name, age) VALUES ('Rex', 3)")
    assert await connection.fetchval("SELECT sound()") == "woof"


async def test_status_tells_what_is_missing_and_changes_nothing(connection: Connection, scripts: Path) -> None:
    names = ["0001_pets.sql", "0002_ages.sql", "functions/sound.sql"]
    assert await status(connection, scripts) == Status(0, names)
    assert await status(connection, scripts) == Status(0, names)
    await migrate(connection, scripts)
    assert await status(connection, scripts) == Status(2, [])


async def test_an_older_database_gets_only_what_it_lacks(connection: Connection, scripts: Path) -> None:
    await migrate(connection, scripts)
    (scripts / "0003_vets.sql").write_text("CREATE TABLE vets (name text);")
    assert await status(connection, scripts) == Status(2, ["0003_vets.sql"])
    assert await migrate(connection, scripts) == 3


async def test_a_changed_migration_is_refused(connection: Connection, scripts: Path) -> None:
    await migrate(connection, scripts)
    (scripts / "0002_ages.sql").write_text(SECOND + " ")
    (scripts / "0003_vets.sql").write_text("CREATE TABLE vets (name text);")
    with pytest.raises(MigrationError, match=r"0002_ages\.sql was changed"):
        await migrate(connection, scripts)
    assert await connection.fetchval("SELECT to_regclass('vets')") is None


async def test_a_newer_database_is_refused(connection: Connection, scripts: Path) -> None:
    await migrate(connection, scripts)
    (scripts / "0002_ages.sql").unlink()
    (scripts / "functions" / "sound.sql").write_text(SOUND.format("meow"))
    with pytest.raises(MigrationError, match=r"newer than this program.*0002_ages\.sql"):
        await migrate(connection, scripts)
    assert await connection.fetchval("SELECT sound()") == "woof"


async def test_a_migration_that_fails_leaves_nothing_behind(connection: Connection, scripts: Path) -> None:
    (scripts / "0002_ages.sql").write_text("CREATE TABLE half (n int); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match=r"0002_ages\.sql failed: division by zero"):
        await migrate(connection, scripts)
    assert await connection.fetchval("SELECT to_regclass('half')") is None
    assert (await status(connection, scripts)).version == 1

    (scripts / "0002_ages.sql").write_text(SECOND)
    assert await migrate(connection, scripts) == 2


async def test_a_changed_function_is_applied_again(connection: Connection, scripts: Path) -> None:
    await migrate(connection, scripts)
    (scripts / "functions" / "sound.sql").write_text(SOUND.format("meow"))
    assert await migrate(connection, scripts) == 2
    assert await connection.fetchval("SELECT sound()") == "meow"


async def test_parallel_starts_apply_each_once(postgres_dsn: str, database: str, scripts: Path) -> None:
    connections = [await asyncpg.connect(postgres_dsn, database=database) for _ in range(4)]
    assert await asyncio.gather(*(migrate(connection, scripts) for connection in connections)) == [2, 2, 2, 2]
    for connection in connections:
        await connection.close()
