"""The process tree, with real processes."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from nokyc.store.postgres import EmbeddedPostgres, PostgresError
from nokyc.supervisor import Child, Supervisor, listen
from support import open_folder

PATIENCE_SEC = 20.0
SLEEP = "import time; time.sleep(60)"


def child(name: str, code: str, *arguments: object, **more: Any) -> Child:
    return Child(name, [sys.executable, "-c", code, *map(str, arguments)], {}, **more)


def noting(path: Path, then: str = SLEEP) -> str:
    """A program that adds its process id to a file."""
    return f"import os; open({str(path)!r}, 'a').write(f'{{os.getpid()}}\\n'); {then}"


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


async def until(condition: Callable[[], bool]) -> None:
    """Wait for another process to do something."""
    async with asyncio.timeout(PATIENCE_SEC):
        while not condition():  # noqa: ASYNC110 - no event comes from there
            await asyncio.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@asynccontextmanager
async def running(supervisor: Supervisor) -> AsyncIterator[asyncio.Task[None]]:
    """A supervisor at work, and its orderly end."""
    task = asyncio.create_task(supervisor.run())
    try:
        yield task
    finally:
        supervisor.stop()
        async with asyncio.timeout(PATIENCE_SEC):
            await task


class Told:
    """What the supervisor tells."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, event: str, **fields: Any) -> None:
        self.events.append((event, fields))


class TestRestart:
    async def test_a_child_that_is_killed_is_started_again_at_once(self, tmp_path: Path) -> None:
        log, told = tmp_path / "pids", Told()
        supervisor = Supervisor([child("sleeper", noting(log))], tell=told, restart_sec=(0.0, 60.0))
        async with running(supervisor):
            await until(lambda: len(pids(log)) == 1)
            os.kill(pids(log)[0], signal.SIGKILL)
            await until(lambda: len(pids(log)) == 2)
        assert supervisor.restarts == {"sleeper": 1}
        assert told.events == [
            ("a process ended and is started again", {"name": "sleeper", "code": -signal.SIGKILL, "wait_sec": 0.0})
        ]
        assert not alive(pids(log)[1])

    async def test_one_that_keeps_dying_is_waited_for_longer_and_longer(self) -> None:
        told = Told()
        supervisor = Supervisor([child("dying", "raise SystemExit(3)")], tell=told, restart_sec=(0.0, 0.001, 0.002))
        async with running(supervisor):
            await until(lambda: supervisor.restarts["dying"] == 4)
        assert [fields["wait_sec"] for _, fields in told.events][:4] == [0.0, 0.001, 0.002, 0.002]
        assert {fields["code"] for _, fields in told.events[:4]} == {3}

    async def test_one_that_cannot_be_started_does_not_harm_the_others(self, tmp_path: Path) -> None:
        log, told = tmp_path / "pids", Told()
        missing = Child("missing", [str(tmp_path / "nothing")], {})
        supervisor = Supervisor([missing, child("sleeper", noting(log))], tell=told, restart_sec=(0.0, 0.001))
        async with running(supervisor):
            await until(lambda: supervisor.restarts["missing"] >= 2 and len(pids(log)) == 1)
        assert told.events[0][1]["code"] == "No such file or directory"
        assert supervisor.restarts["sleeper"] == 0

    async def test_what_a_dead_child_had_started_ends_too(self, tmp_path: Path) -> None:
        log = tmp_path / "pids"
        then = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {noting(log)!r}])"
        async with running(Supervisor([child("parent", noting(log, then))], tell=Told(), restart_sec=(60.0,))):
            await until(lambda: len(pids(log)) == 2)
            os.kill(pids(log)[0], signal.SIGKILL)
            await until(lambda: not alive(pids(log)[1]))

    async def test_it_tells_the_log_and_never_prints(self) -> None:
        code = (
            "import asyncio, sys\n"
            "from nokyc.supervisor import Child, Supervisor; from nokyc.logs import set_up_logging\n"
            "set_up_logging(); supervisor = Supervisor([Child('dying', [sys.executable, '-c', ''], {})])\n"
            "async def main():\n"
            "    asyncio.get_running_loop().call_later(0.1, supervisor.stop); await supervisor.run()\n"
            "asyncio.run(main())"
        )
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=pipe, stderr=pipe)
        printed, logged = await process.communicate()
        assert printed == b""
        assert json.loads(logged.splitlines()[0])["name"] == "dying"


class TestOrder:
    async def test_the_next_is_started_when_the_one_before_is_ready(self, tmp_path: Path) -> None:
        first, second, ready = tmp_path / "first", tmp_path / "second", asyncio.Event()
        children = [child("first", noting(first), ready=ready.wait), child("second", noting(second))]
        async with running(Supervisor(children)):
            await until(lambda: len(pids(first)) == 1)
            assert not second.exists()
            ready.set()
            await until(lambda: len(pids(second)) == 1)

    async def test_one_that_never_gets_ready_can_be_stopped(self, tmp_path: Path) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        children = [child("first", noting(first), ready=asyncio.Event().wait), child("second", noting(second))]
        async with running(Supervisor(children)):
            await until(lambda: len(pids(first)) == 1)
        assert not second.exists()
        assert not alive(pids(first)[0])


class TestEnd:
    async def test_children_finish_what_is_in_flight(self, tmp_path: Path) -> None:
        started, finished = tmp_path / "started", tmp_path / "finished"
        drain = (
            "import pathlib, signal, sys, time\n"
            "def end(*_):\n"
            "    time.sleep(0.1); pathlib.Path(sys.argv[2]).touch(); sys.exit()\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "pathlib.Path(sys.argv[1]).touch()\n"
            "time.sleep(60)"
        )
        async with running(Supervisor([child("drainer", drain, started, finished)])):
            await until(started.exists)
        assert finished.exists()

    async def test_who_does_not_end_in_time_is_killed(self, tmp_path: Path) -> None:
        log, told = tmp_path / "pids", Told()
        deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + noting(log)
        async with running(Supervisor([child("deaf", deaf)], tell=told, drain_sec=0.05)):
            await until(lambda: len(pids(log)) == 1)
        assert not alive(pids(log)[0])
        assert told.events == [("processes did not end in time and are killed", {"count": 1})]

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_a_signal_ends_it_in_order(self, number: signal.Signals, tmp_path: Path) -> None:
        log = tmp_path / "pids"
        async with supervising(noting(log)) as process:
            await until(lambda: len(pids(log)) == 1)
            assert os.getsid(pids(log)[0]) != os.getsid(process.pid), "Ctrl-C must reach the supervisor alone"
            process.send_signal(number)
            assert await process.wait() == 0
        assert not alive(pids(log)[0])

    async def test_nobody_can_connect_to_a_server_that_ends(self, tmp_path: Path) -> None:
        log, listener = tmp_path / "pids", listen("127.0.0.1", 0)
        address = listener.getsockname()
        async with running(Supervisor([child("sleeper", noting(log))], listeners=[listener])):
            await until(lambda: len(pids(log)) == 1)
            with socket.create_connection(address):
                pass
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)


class TestKilledSupervisor:
    async def test_its_children_end(self, tmp_path: Path) -> None:
        log = tmp_path / "pids"
        code = noting(log, f"from nokyc.supervisor import exit_with_parent; exit_with_parent(); {SLEEP}")
        async with supervising(code) as process:
            await until(lambda: len(pids(log)) == 1)
            process.kill()
            await process.wait()
            await until(lambda: not alive(pids(log)[0]))

    async def test_a_child_that_does_not_want_to_end_is_killed(self, tmp_path: Path) -> None:
        log = tmp_path / "pids"
        code = (
            "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "from nokyc.supervisor import exit_with_parent; exit_with_parent(grace_sec=0.01);"
        ) + noting(log)
        async with supervising(code) as process:
            await until(lambda: len(pids(log)) == 1)
            process.kill()
            await process.wait()
            await until(lambda: not alive(pids(log)[0]))

    async def test_a_child_that_is_born_too_late_ends_at_once(self) -> None:
        gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        await gone.wait()
        orphan = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"from nokyc.supervisor import exit_with_parent; exit_with_parent(); {SLEEP}",
            env=os.environ | {"NOKYC_PARENT": str(gone.pid)},
        )
        assert await orphan.wait() == -signal.SIGTERM

    async def test_without_a_supervisor_nothing_happens(self) -> None:
        code = "from nokyc.supervisor import exit_with_parent; exit_with_parent()"
        assert await (await asyncio.create_subprocess_exec(sys.executable, "-c", code)).wait() == 0


@asynccontextmanager
async def supervising(code: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that supervises one that runs the code."""
    outer = (
        "import asyncio, sys; from nokyc.supervisor import Child, Supervisor;"
        "asyncio.run(Supervisor([Child('inner', [sys.executable, '-c', sys.argv[1]], {})]).run())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", outer, code)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class TestListener:
    def test_a_taken_port_is_reported_in_the_end(self) -> None:
        with listen("127.0.0.1", 0) as holder, pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", holder.getsockname()[1], patience_sec=0)

    async def test_connections_wait_while_the_server_starts_again(self, tmp_path: Path) -> None:
        log = tmp_path / "pids"
        serve = (
            "import os, socket, sys; server = socket.socket(fileno=int(sys.argv[1]));\n"
            f"open({str(log)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
            "while True: connection, _ = server.accept(); connection.sendall(b'hello'); connection.close()"
        )
        with listen("127.0.0.1", 0) as listener:
            server = child("server", serve, listener.fileno(), pass_fds=(listener.fileno(),))
            supervisor = Supervisor([server], tell=Told(), restart_sec=(0.02,))
            async with running(supervisor):
                await until(lambda: len(pids(log)) == 1)
                os.kill(pids(log)[0], signal.SIGKILL)
                await until(lambda: supervisor.restarts["server"] == 1)
                answers = await asyncio.gather(*(greeting(listener.getsockname()) for _ in range(20)))
        assert answers == [b"hello"] * 20


async def greeting(address: tuple[str, int]) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    return said


class FakePostgres(EmbeddedPostgres):
    """Counts instead of running."""

    def __init__(self, *, failures: int = 0) -> None:
        super().__init__(Path("nowhere"))
        self.alive = False
        self.failures = failures
        self.calls: list[str] = []

    def running(self) -> bool:
        return self.alive

    def start(self, progress: Callable[[str], None] = lambda text: None) -> str:
        self.calls.append("start")
        if self.failures:
            self.failures -= 1
            raise PostgresError("no space left")
        self.alive = True
        return ""

    def stop(self) -> None:
        self.calls.append("stop")
        self.alive = False


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    with open_folder() as folder, EmbeddedPostgres(folder, durable=False) as server:
        yield server


class TestPostgres:
    async def test_it_is_started_again_when_it_is_killed_and_ends_last(
        self, server: EmbeddedPostgres, tmp_path: Path
    ) -> None:
        log, still_there = tmp_path / "pids", tmp_path / "still there"
        pid = server.pid()
        assert pid is not None
        last = noting(
            log,
            "import signal, sys, pathlib, time\n"
            "def end(*_):\n"
            "    up = pathlib.Path(sys.argv[1]).exists(); pathlib.Path(sys.argv[2]).write_text(str(up)); sys.exit()\n"
            "signal.signal(signal.SIGTERM, end); time.sleep(60)",
        )
        sleeper = child("sleeper", last, server.data / "postmaster.pid", still_there)
        supervisor = Supervisor([sleeper], server, tell=Told())
        async with running(supervisor):
            await until(lambda: len(pids(log)) == 1)
            os.kill(pid, signal.SIGKILL)
            await until(lambda: supervisor.restarts["postgresql"] == 1 and server.pid() not in (None, pid))
            await until(server._answers)
        assert still_there.read_text() == "True"
        assert not server.running()

    async def test_a_start_that_fails_is_tried_again(self) -> None:
        postgres, told = FakePostgres(failures=2), Told()
        async with running(Supervisor([], postgres, tell=told, restart_sec=(0.0,))):
            await until(postgres.running)
        reasons = [fields["reason"] for event, fields in told.events if event == "PostgreSQL could not be started"]
        assert reasons == ["no space left"] * 2
        assert postgres.calls[:3] == ["start"] * 3
        assert postgres.calls[-1] == "stop"
        assert not postgres.running()
