"""Opening the store of a process: its database, and the key that the secrets in it are under."""

import asyncpg

from nokyc.kit.clock import Clock, SystemClock
from nokyc.settings import Settings
from nokyc.store.migrate import check_schema
from nokyc.store.store import Store, connect
from nokyc.store.vault import Vault, check_key, read_key


async def open_store(
    settings: Settings, dsn: str, *, clock: Clock | None = None, size: int = 4, plan_once: bool = False
) -> Store:
    """`size`: connections at most.

    Raises:
        MigrationError: the database's schema is older or newer than this program.
        WrongKeyError: the secret key is not this database's.
    """
    connection = await asyncpg.connect(dsn)  # before a pool, whose beginning needs the schema
    try:
        await check_schema(connection)
    finally:
        await connection.close()
    vault = Vault(read_key(settings.data_dir, settings.secret_key))
    store = await connect(dsn, clock or SystemClock(), vault, size=size, plan_once=plan_once)
    try:
        async with store.reading() as connection:
            await check_key(connection, vault)
    except BaseException:
        await store.close()
        raise
    return store
