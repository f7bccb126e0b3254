"""Where the time of a gateway goes: CPU by program; of ours functions (py-spy) and statements (PostgreSQL)."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateways.gateway import Gateway, session_of
from gateways.ours import Ours

SAMPLES_PER_SEC = 200
TOP = 30
TICKS_PER_SEC = os.sysconf("SC_CLK_TCK")
OURS = ("api", "worker")
THREADS = "_bootstrap_inner"
"""Threads beside the loop only wait for the parent's end."""


def cpu_sec(gateway: Gateway) -> Counter[str]:
    """CPU seconds so far, by program, of all that a gateway is made of; ended children count for their parents."""
    spent: Counter[str] = Counter()
    for process in gateway.processes:
        for pid in session_of(process.pid):
            with contextlib.suppress(OSError, IndexError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                spent[_program(pid)] += sum(map(int, fields[11:15])) / TICKS_PER_SEC
    return spent


@contextmanager
def profiled(gateway: Gateway, seconds: float, into: list[str]) -> Iterator[None]:
    """Sample api and worker for so long, and count statements; what they did is appended to `into` as text."""
    assert isinstance(gateway, Ours)
    py_spy = shutil.which("py-spy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if py_spy is None:
        sys.exit("The profile needs py-spy: pip install py-spy")
    pids = {_program(pid): pid for process in gateway.processes for pid in session_of(process.pid)}
    files = {name: gateway.folder / f"{name}.raw" for name in OURS}
    spies = [
        subprocess.Popen(
            [py_spy, "record", "--pid", str(pids[name]), "--format", "raw", "--function", "--output", str(file),
             "--rate", str(SAMPLES_PER_SEC), "--duration", str(max(1, round(seconds)))],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for name, file in files.items()
    ]  # fmt: skip
    asyncio.run(gateway.statements())
    yield
    for spy in spies:
        spy.wait()
    into += ["", "## PostgreSQL: total ms, calls, ms a call, rows a call", "", *asyncio.run(gateway.statements())]
    for name, file in files.items():
        into.extend(_functions(name, file))


def _functions(name: str, file: Path) -> list[str]:
    own: Counter[str] = Counter()
    with_below: Counter[str] = Counter()
    for line in file.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [_frame(frame) for frame in stack.split(";")]
        if not any(THREADS in frame for frame in frames):
            own[frames[-1]] += int(count)
            for frame in set(frames):
                with_below[frame] += int(count)
    total = sum(own.values()) or 1
    lines = ["", f"## {name}: {total} samples", "", "own time"]
    lines += [f"{count / total:7.1%}  {frame}" for frame, count in own.most_common(TOP)]
    lines += ["", "with what it calls"]
    lines += [f"{count / total:7.1%}  {frame}" for frame, count in with_below.most_common(2 * TOP)]
    return lines


def _frame(frame: str) -> str:
    """Without where the environment lies."""
    return frame.replace(str(Path(__file__).parents[2]) + "/", "").rpartition("site-packages/")[2] or frame


def _program(pid: int) -> str:
    """`api` or `worker` of ours, `postgres` for all its processes; otherwise the program's or script's name."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    if words[0].startswith("postgres:") or words[0].endswith("/postgres"):
        return "postgres"
    if "nokyc" in words:
        return words[words.index("nokyc") + 1]
    script = words[1] if "python" in words[0] and len(words) > 1 and words[1].endswith(".py") else words[0]
    return Path(script).name
