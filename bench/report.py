"""Where the figures of a benchmark go, and on what they were measured."""

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nokyc.kit.clock import SystemClock
from nokyc.store.postgres import binaries

RESULTS = Path(__file__).parent / "results"


def row(name: str, values: Sequence[float], *more: str, form: str = "{:,.0f}") -> str:
    """A line of a table: the median of the rounds, every round, and what else there is to say."""
    each = ", ".join(form.format(value) for value in values)
    return f"| {' | '.join((name, form.format(statistics.median(values)), each, *more))} |"


def keep(name: str, title: str, about: str, lines: list[str], *, suffix: str = "", trial: bool = False) -> None:
    """Print a result, and write `results/NAME-DAYSUFFIX.md` unless it was only tried."""
    day = SystemClock().now().date().isoformat()
    text = "\n".join([f"# {title}, {day}", "", about, "", *lines])
    print(text)
    if not trial:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}-{day}{suffix}.md").write_text(text + "\n", "utf-8")


def describe_machine() -> str:
    """On what, so that rates can be read, and how busy it was."""
    processor = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    postgres = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{processor.split(':')[1].strip()}, {os.cpu_count()} cores shared by all; {memory} GiB; "
        f"Linux {platform.release()}; {postgres.strip()}, fsync on; Python {platform.python_version()}; "
        f"load average at the end {load}."
    )
