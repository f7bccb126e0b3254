"""The process tree, with real processes."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nokyc.supervisor import Child, Supervisor, listen

PATIENCE_SEC = 10.0


def child(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code], {})


async def until(condition: Callable[[], bool]) -> None:
    """Wait for another process to do something."""
    deadline = time.monotonic() + PATIENCE_SEC
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    write = f"import os, time; open({str(log)!r}, 'a').write(f'{{os.getpid()}} '); time.sleep(60)"
    supervisor = Supervisor([child("sleeper", write)])
    running = asyncio.create_task(supervisor.run())
    await until(log.exists)
    await until(lambda: len(log.read_text().split()) == 1)

    os.kill(int(log.read_text().split()[0]), signal.SIGKILL)
    await until(lambda: len(log.read_text().split()) == 2)

    supervisor.stop()
    await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.read_text().split()[1]), 0)


async def test_stop_lets_children_finish(tmp_path: Path) -> None:
    started, finished = tmp_path / "started", tmp_path / "finished"
    drain = (
        "import signal, sys, time, pathlib\n"
        "def end(*_):\n"
        f"    time.sleep(0.2); pathlib.Path({str(finished)!r}).touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(started)!r}).touch()\n"
        "time.sleep(60)"
    )
    supervisor = Supervisor([child("drainer", drain)])
    running = asyncio.create_task(supervisor.run())
    await until(started.exists)
    supervisor.stop()
    await running
    assert finished.exists()


async def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    inner = (
        "import os, time, pathlib; from nokyc.supervisor import exit_with_parent; exit_with_parent();"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    outer = (
        "import asyncio, sys; from nokyc.supervisor import Child, Supervisor;"
        f"asyncio.run(Supervisor([Child('inner', [sys.executable, '-c', {inner!r}], {{}})]).run())"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", outer)
    await until(lambda: pid_file.exists() and pid_file.read_text() != "")
    process.kill()
    await process.wait()

    pid = int(pid_file.read_text())
    await until(lambda: not _alive(pid))


def test_a_taken_port_is_waited_for_and_then_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nokyc.supervisor.BIND_PATIENCE_SEC", 0)
    holder = listen("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", holder.getsockname()[1])
    holder.close()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
