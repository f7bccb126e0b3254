"""Where the figures of a benchmark go: into a file of their day, and to whoever asked."""

from pathlib import Path

from nokyc.kit.clock import SystemClock

RESULTS = Path(__file__).parent / "results"


def keep(name: str, title: str, about: str, lines: list[str]) -> None:
    """Write `results/NAME-DAY.md`, and print it."""
    day = SystemClock().now().date().isoformat()
    text = "\n".join([f"# {title}, {day}", "", about, "", *lines])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}-{day}.md").write_text(text + "\n", "utf-8")
    print(text)
