"""What every command shares: where the store is, how a command answers, and how it says no.

A command works beside a running server: it connects to that server's database. If none runs on the data folder, the
embedded PostgreSQL is started for as long as the command takes.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from nokyc.settings import Settings, read_settings

if TYPE_CHECKING:
    import asyncpg

    from nokyc.store.store import Connection, Store

T = TypeVar("T")

START_PATIENCE_SEC = 30.0
"""How long a database that is just starting is waited for."""
POLL_SEC = 0.1

URL_NOTE = "public-url"
"""Where `nokyc serve` tells the commands beside it what it is reached at: they do not know its flags."""
TERMINATED_EXIT = 143

_as_json: ContextVar[bool] = ContextVar("as_json", default=False)


class RefusalError(Exception):
    """The command cannot be done; the message says why, in one line."""


class UsageError(Exception):
    """The command was called wrongly, in a way that its types cannot tell."""


def choose(*, data_dir: Path | None, database_url: str | None, as_json: bool) -> None:
    """Take the options of the command line; settings are read from the environment, so that is where they go."""
    if data_dir is not None:
        os.environ["DATA_DIR"] = str(data_dir)
    if database_url is not None:
        os.environ["DATABASE_URL"] = database_url
    _as_json.set(as_json)


def wants_json() -> bool:
    """Whether --json was given."""
    return _as_json.get()


def answer(content: Any, *lines: str) -> None:
    """Print `content` if JSON was asked for, else the lines for people."""
    if wants_json():
        print(json.dumps(content, default=_plain, ensure_ascii=False), flush=True)
    elif lines:
        print(*lines, sep="\n", flush=True)


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> list[str]:
    """Aligned columns; `empty` if there are no rows."""
    if not rows:
        return [empty]
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def refuse(reason: str) -> NoReturn:
    """End the command with exit code 1."""
    raise RefusalError(reason)


def reason(error: BaseException) -> str | None:
    """The reason to print for an error that is not our own bug; None if it is one."""
    if isinstance(error, BaseExceptionGroup):
        return reason(error.exceptions[0])
    if isinstance(error, RefusalError | ValueError | OverflowError):  # the last one of a port beyond all ports
        return str(error)
    if isinstance(error, OSError):
        return _os_reason(error)
    # Those are only imported by now if the error can be one of them.
    known = [
        ("nokyc.store.postgres", "PostgresError"),
        ("nokyc.store.migrate", "MigrationError"),
        ("nokyc.store.vault", "WrongKeyError"),
        ("asyncpg", "PostgresError"),
        ("asyncpg", "InterfaceError"),
    ]
    for module, name in known:
        if module in sys.modules and isinstance(error, getattr(sys.modules[module], name, ())):
            return str(error)
    return None


def public_url() -> str:
    """What links begin with: PUBLIC_URL, else what the server on this data folder said last, else the default."""
    settings = read_settings()
    if not os.environ.get("PUBLIC_URL"):
        with suppress(FileNotFoundError):
            return (settings.data_dir / URL_NOTE).read_text()
    return settings.public_url


def keep(path: Path, text: str) -> None:
    """Write a file that is ours alone to read, as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)


def end_in_order() -> None:
    """Let SIGTERM end a command as Ctrl-C does: what it started is stopped, what it wrote by half is removed."""
    with suppress(ValueError):  # in a thread, which gets no signals
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED_EXIT))


@contextmanager
def database(*, fresh: bool = False) -> Iterator[tuple[str, bool]]:
    """The DSN, and whether we started the database ourselves (it ends with the command).

    `fresh`: make one where there is none. Other commands refuse, since an empty answer would look like a good one.
    """
    from nokyc.store.postgres import EmbeddedPostgres

    end_in_order()
    settings = read_settings()
    if settings.database_url is not None:
        yield settings.database_url, False
        return
    postgres = EmbeddedPostgres(settings.data_dir)
    if postgres.pid() is not None:
        yield postgres.dsn, False
        return
    if not fresh and not (postgres.data / "PG_VERSION").exists():
        refuse(f"there is no database in {settings.data_dir}: say where it is (--data-dir, DATA_DIR or DATABASE_URL)")
    dsn = postgres.start()
    try:
        yield dsn, True
    finally:
        postgres.stop()


async def connect(dsn: str) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection; a database that is just starting is waited for."""
    import asyncpg

    from nokyc.store.store import prepare_connection

    deadline = time.monotonic() + START_PATIENCE_SEC
    while True:
        try:
            connection = await asyncpg.connect(dsn, server_settings={"application_name": "nokyc-cli"})
        except asyncpg.CannotConnectNowError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(POLL_SEC)
        else:
            await prepare_connection(connection)
            return connection


def run(work: Callable[["Store"], Awaitable[T]], *, fresh: bool = False) -> T:
    """Do `work` with the store, whose schema is brought up to date if nobody else's business runs on it. `fresh`: set
    one up where there is none."""
    with database(fresh=fresh) as (dsn, ours):
        return asyncio.run(_with_store(read_settings(), dsn, work, ours=ours, fresh=fresh))


async def has_schema(connection: "Connection") -> bool:
    """Whether this database was ever set up."""
    found: bool = await connection.fetchval("SELECT to_regclass('public.schema_migrations') IS NOT NULL")
    return found


@asynccontextmanager
async def bring_up(settings: Settings, dsn: str) -> AsyncIterator[tuple["Store", int]]:
    """The store, once its schema is at the installed version, which is told too; a database without carriers and
    routes gets a default route.

    Raises MigrationError, or WrongKeyError if the secret key is not this database's.
    """
    from nokyc.store.migrate import migrate

    connection = await connect(dsn)
    try:
        version = await migrate(connection)
    finally:
        await connection.close()
    async with _store(settings, dsn) as store:
        await _offer_default_route(store)
        yield store, version


async def _with_store(
    settings: Settings, dsn: str, work: Callable[["Store"], Awaitable[T]], *, ours: bool, fresh: bool
) -> T:
    from nokyc.store.migrate import migrate

    connection = await connect(dsn)
    try:
        new = not await has_schema(connection)
        if new and not fresh:
            refuse("this database was never set up: check where it is, or run `nokyc migrate`")
        if ours or new:
            await migrate(connection)
    finally:
        await connection.close()
    async with _store(settings, dsn) as store:
        if new:
            await _offer_default_route(store)
        return await work(store)


@asynccontextmanager
async def _store(settings: Settings, dsn: str) -> AsyncIterator["Store"]:
    from nokyc.store.opening import open_store

    store = await open_store(settings, dsn, size=2)
    try:
        yield store
    finally:
        await store.close()


async def _offer_default_route(store: "Store") -> None:
    from nokyc.resources.carriers.actions import default_route

    await store.run(default_route)


def _plain(value: Any) -> Any:
    """Money as a JSON number in its shortest form."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _os_reason(error: OSError) -> str:
    if isinstance(error, ConnectionError | TimeoutError) or error.filename is None:
        return f"cannot connect: {error or 'no answer'}"
    return f"{error.filename}: {error.strerror}"
