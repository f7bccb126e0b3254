"""Units of work, and what a database does to them."""

from typing import Any

from nokyc.store.store import Store


async def test_a_migration_under_a_running_process(store: Store) -> None:
    """Machines are upgraded one by one: what an older process has planned gives another row by now."""

    async def work(unit: Any) -> Any:
        return await unit.connection.fetchrow("SELECT * FROM upgraded")

    async with store.reading() as connection:
        await connection.execute("CREATE TABLE upgraded AS SELECT 1 AS a")
    try:
        assert dict(await store.run(work)) == {"a": 1}
        async with store.reading() as connection:
            await connection.execute("ALTER TABLE upgraded ADD COLUMN b int DEFAULT 2")
        assert dict(await store.run(work)) == {"a": 1, "b": 2}
    finally:
        async with store.reading() as connection:
            await connection.execute("DROP TABLE upgraded")
