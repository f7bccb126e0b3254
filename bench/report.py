"""Where the figures of a benchmark go: into a file of their day, and to whoever asked."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from nokyc.kit.clock import SystemClock

RESULTS = Path(__file__).parent / "results"


def row(name: str, values: Sequence[float], *more: str, form: str = "{:,.0f}") -> str:
    """A line of a table: the median of the rounds, every round, and what else there is to say."""
    each = ", ".join(form.format(value) for value in values)
    return f"| {' | '.join((name, form.format(statistics.median(values)), each, *more))} |"


def keep(name: str, title: str, about: str, lines: list[str]) -> None:
    """Write `results/NAME-DAY.md`, and print it."""
    day = SystemClock().now().date().isoformat()
    text = "\n".join([f"# {title}, {day}", "", about, "", *lines])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}-{day}.md").write_text(text + "\n", "utf-8")
    print(text)
