"""What the harness asks of a gateway, and the processes that it is made of."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gateways.load import Target

START_SEC = 60.0
STOP_SEC = 20.0
TICKS_PER_SEC = os.sysconf("SC_CLK_TCK")
WINDOW = 64
"""Unanswered submissions on the one bind: the same for all."""
SYSTEM_ID, PASSWORD = "bench", "benchpw"


class Gateway(ABC):
    """One gateway in a folder of its own, bound to the SMSC of this machine."""

    name: str
    supports: str
    """What must run besides the gateway itself."""

    def __init__(self, folder: Path, smsc_port: int, customer_port: int) -> None:
        self.folder = folder
        self.smsc_port = smsc_port
        self.customer_port = customer_port
        self.processes: list[subprocess.Popen[bytes]] = []

    @abstractmethod
    def start(self) -> Target:
        """Set it up and start it; returns where messages are posted. It may bind a moment later."""

    @abstractmethod
    def kill(self) -> None:
        """kill -9 of what is the gateway itself; stores and brokers live on."""

    @abstractmethod
    def restart(self) -> None:
        """What an init system would do at once."""

    def charged_twice(self) -> int | None:
        """Messages that were charged other than once; None: it keeps no money."""
        return None

    def stop(self) -> None:
        """End everything, within STOP_SEC."""
        for process in reversed(self.processes):
            end(process)
        self.processes.clear()

    def spawn(self, command: Sequence[str | Path], *, environment: dict[str, str] | None = None) -> None:
        """Start a program in a session of its own, its words in a file."""
        words = (self.folder / f"{Path(command[0]).name}-{len(self.processes)}.out").open("ab")
        self.processes.append(
            subprocess.Popen(
                list(map(str, command)), env=os.environ | (environment or {}), stdout=words, stderr=words,
                stdin=subprocess.DEVNULL, start_new_session=True, cwd=self.folder,
            )
        )  # fmt: skip
        words.close()

    def memory(self) -> tuple[float, float, int]:
        """RSS and PSS of all its processes in MB, and their number."""
        rss = pss = 0
        pids = [pid for process in self.processes for pid in session_of(process.pid)]
        for pid in pids:
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    rss += int(line.split()[1]) if line.startswith("Rss:") else 0
                    pss += int(line.split()[1]) if line.startswith("Pss:") else 0
        return rss / 1024, pss / 1024, len(pids)

    def pids(self) -> dict[str, int]:
        """A process of each program that it is made of, by name."""
        return {_program(pid): pid for process in self.processes for pid in session_of(process.pid)}

    def cpu_sec(self) -> Counter[str]:
        """CPU seconds so far, by program, of all that it is made of; ended children count for their parents."""
        spent: Counter[str] = Counter()
        for process in self.processes:
            for pid in session_of(process.pid):
                with contextlib.suppress(OSError, IndexError):
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    spent[_program(pid)] += sum(map(int, fields[11:15])) / TICKS_PER_SEC
        return spent


def session_of(leader: int) -> list[int]:
    """Process ids below a process, itself included: by parent, for some make sessions of their own."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = [leader] if leader in parents else []
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def _program(pid: int) -> str:
    """`api` or `worker` of ours, `postgres` for all its processes; otherwise the program's or script's name."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    if words[0].startswith("postgres:") or words[0].endswith("/postgres"):
        return "postgres"
    if "nokyc" in words:
        return words[words.index("nokyc") + 1]
    script = words[1] if "python" in words[0] and len(words) > 1 and words[1].endswith(".py") else words[0]
    return Path(script).name


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of a process and all below it."""
    for pid in session_of(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end; insist after a while."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        process.wait(STOP_SEC)
    except subprocess.TimeoutExpired:
        kill(process)


def wait_for_port(port: int) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + START_SEC
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
