"""Where time goes in processes of ours: functions (py-spy samples them) and statements (PostgreSQL counts them)."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import asyncpg

SAMPLES_PER_SEC = 200
TOP = 30
THREADS = "_bootstrap_inner"
"""Threads beside the loop only wait for the parent's end."""
STATEMENTS = """
SELECT query, calls, rows, total_exec_time + total_plan_time AS total
FROM pg_stat_statements WHERE calls > 0 ORDER BY total DESC LIMIT 40
"""


async def count_statements(dsn: str) -> None:
    """Have PostgreSQL count from its next start on, which costs about a tenth."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    await connection.execute("ALTER SYSTEM SET pg_stat_statements.track_planning = on")
    await connection.close()


@contextmanager
def profiled(dsn: str, pids: Mapping[str, int], folder: Path, seconds: float, into: list[str]) -> Iterator[None]:
    """Sample processes for so long, and read what was counted; what was found is appended to `into` as text."""
    py_spy = shutil.which("py-spy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if py_spy is None:
        sys.exit("The profile needs py-spy: pip install py-spy")
    files = {name: folder / f"{name}.raw" for name in pids}
    spies = [
        subprocess.Popen(
            [py_spy, "record", "--pid", str(pids[name]), "--format", "raw", "--function", "--output", str(file),
             "--rate", str(SAMPLES_PER_SEC), "--duration", str(max(1, round(seconds)))],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for name, file in files.items()
    ]  # fmt: skip
    asyncio.run(_statements(dsn))
    yield
    for spy in spies:
        spy.wait()
    into += ["", "## PostgreSQL: total ms, calls, ms a call, rows a call", "", *asyncio.run(_statements(dsn))]
    for name, file in files.items():
        into.extend(_functions(name, file))


async def _statements(dsn: str) -> list[str]:
    """What PostgreSQL did since the last time, the dearest statements first."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    rows = await connection.fetch(STATEMENTS)
    await connection.execute("SELECT pg_stat_statements_reset()")
    await connection.close()
    return [
        f"{row['total']:9.1f} {row['calls']:7} {row['total'] / row['calls']:8.3f} {row['rows'] / row['calls']:7.1f}"
        f"  {' '.join(row['query'].split())[:150]}"
        for row in rows
    ]


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
    return frame.replace(str(Path(__file__).parents[1]) + "/", "").rpartition("site-packages/")[2] or frame
