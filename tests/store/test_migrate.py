"""Migrations: applied once, never changed, never from the future."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from nokyc.store.migrate import MigrationError, migrate


@pytest.fixture
async def connection(postgres_dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to an empty database."""
    administration = await asyncpg.connect(postgres_dsn)
    await administration.execute("DROP DATABASE IF EXISTS migrated")
    await administration.execute("CREATE DATABASE migrated")
    connection = await asyncpg.connect(postgres_dsn, database="migrated")
    yield connection
    await connection.close()
    await administration.close()


async def test_a_second_run_changes_nothing(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    version = await migrate(connection)
    before = await connection.fetch("SELECT * FROM schema_migrations ORDER BY name")
    assert await migrate(connection) == version
    assert await connection.fetch("SELECT * FROM schema_migrations ORDER BY name") == before


async def test_a_changed_migration_is_refused(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await migrate(connection)
    await connection.execute("UPDATE schema_migrations SET checksum = 'other' WHERE name LIKE '0001%'")
    with pytest.raises(MigrationError, match="was changed"):
        await migrate(connection)


async def test_a_newer_database_is_refused(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await migrate(connection)
    await connection.execute("INSERT INTO schema_migrations (name, checksum) VALUES ('9999_future.sql', 'x')")
    with pytest.raises(MigrationError, match="newer than this program"):
        await migrate(connection)


async def test_a_changed_function_is_applied_again(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await migrate(connection)
    await connection.execute("UPDATE schema_migrations SET checksum = 'old' WHERE name LIKE 'functions/%'")
    await connection.execute("DROP FUNCTION rate_limit_hits")
    await migrate(connection)
    assert await connection.fetchval("SELECT count(*) FROM pg_proc WHERE proname = 'rate_limit_hits'") == 1
