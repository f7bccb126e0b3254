"""The embedded PostgreSQL in real folders, killed and started again."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from support import enterable
from nokyc.store.postgres import EmbeddedPostgres, PostgresError


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, in a path with spaces, whose database was made once and stopped."""
    folder = enterable(tmp_path_factory.mktemp("a folder with spaces")) / "data"
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it for each test, owners kept."""
    copy = enterable(tmp_path) / "my data"
    shutil.copytree(made, copy, symlinks=True)
    for original in [made, *made.rglob("*")]:
        owner = original.stat()
        os.chown(copy / original.relative_to(made), owner.st_uid, owner.st_gid)
    return copy


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder, durable=False)
    yield server
    server.stop()


async def test_it_starts_and_keeps_what_was_committed(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.start())
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    await connection.close()
    server.stop()
    assert server.pid() is None

    connection = await asyncpg.connect(server.start())
    assert await connection.fetchval("SELECT n FROM kept") == 1
    await connection.close()


async def test_it_never_runs_as_root(server: EmbeddedPostgres) -> None:
    server.start()
    pid = server.pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0


async def test_nobody_can_connect_without_the_password(server: EmbeddedPostgres) -> None:
    dsn = server.start()
    password = dsn.partition("nokyc:")[2].partition("@")[0]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn.replace(password, "guess"))


async def test_after_a_kill_it_recovers(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.start())
    await connection.execute("CREATE TABLE kept AS SELECT 2 AS n")
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    connection = await asyncpg.connect(server.start())
    assert server.pid() != pid
    assert await connection.fetchval("SELECT n FROM kept") == 2
    await connection.close()


async def test_a_server_that_outlived_its_supervisor_is_taken_over(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    pid = server.pid()
    server._drop_lock()  # what the kernel does when the supervisor is killed

    successor = EmbeddedPostgres(folder, durable=False)
    successor.start()
    assert successor.pid() == pid
    successor.stop()
    assert server.pid() is None


async def test_two_supervisors_cannot_run_one_folder(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    with pytest.raises(PostgresError, match="Another process runs the data folder"):
        EmbeddedPostgres(folder).start()


async def test_another_major_version_is_refused_with_a_cure(server: EmbeddedPostgres) -> None:
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresError, match="upgrade-db"):
        server.start()


async def test_a_broken_configuration_is_reported_in_its_own_words(server: EmbeddedPostgres) -> None:
    with (server.data / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()
