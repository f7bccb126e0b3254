"""POST /v1/sms beside the most that its PostgreSQL can do, in ratios; and what depth, size and other endpoints cost.

    .venv/bin/python bench/api.py [--rounds 5] [--seconds 4] [--rows 1000000] [--profile FILE]

pgbench calls a function that checks and writes for one message what POST /v1/sms does (sql/send_one.sql): one call
is one transaction and one fsync. It also sends the same statements one by one (sql/in_steps.pgbench). Both sides have
128 clients, the same PostgreSQL and the same machine, and take turns. A ratio is taken within each round, of two
measurements that follow one another, and the median of the rounds counts: so what the machine is worth, and who else is
busy on it, cancels out. The ratios of the last result with as many rows stand beside them. `--profile` only writes
where the time of POST /v1/sms goes. Needs wrk.
"""

import argparse
import asyncio
import re
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

import endpoints
import load
from endings import end_in_order
from load import Load
from nokyc.settings import read_settings
from nokyc.store.postgres import EmbeddedPostgres
from profiler import count_statements, profiled
from report import RESULTS, describe_machine, keep, row
from rig import SENDERS, Platform

PAGE = 25
DEEP_PAGE = 400
READERS = 8
"""Connections that read pages."""
ACCOUNTS = 1_000
WORSE = 0.9
"""Of the last ratio: less than that is no noise."""

Runs = dict[str, list[Load]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A ratio of two rates that must be reached."""

    text: str
    ours: str
    limit: str
    target: float


CLAIMS = (
    Claim("POST /v1/sms against pgbench", "post", "pgbench", 1.2),
    Claim("POST /v1/sms against the same statements, one by one", "post", "pgbench, in steps", 2.2),
    Claim("the same, all on one account", "post, one account", "pgbench, one account", 6.0),
    Claim(f"page {DEEP_PAGE} of GET /v1/sms against page 1", f"page {DEEP_PAGE}", "page 1", 1 / 1.2),
    Claim("POST /v1/sms on a full table against an empty one", "post, full table", "post", 0.9),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=4, help="of every measurement")
    options.add_argument("--rows", type=int, default=1_000_000, help="messages in the full table")
    options.add_argument("--profile", type=Path, help="a file for where the time goes")
    chosen = options.parse_args()
    end_in_order()
    if chosen.profile:
        profile(chosen.profile, chosen.seconds)
        return
    least = SENDERS * PAGE * (DEEP_PAGE + 1)
    if chosen.rows < least:
        options.error(f"--rows must be at least {least}, for every sender to have {DEEP_PAGE} pages")
    with tempfile.TemporaryDirectory(prefix="nokyc-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own if we are root
        server = EmbeddedPostgres(Path(folder))
        dsn = server.start()
        empty = full = None
        try:
            asyncio.run(_create_database(dsn, "filled"))
            settings = read_settings(data_dir=Path(folder), limiter="local")
            empty, full = Platform(settings, dsn), Platform(settings, dsn.replace("/nokyc?", "/filled?"))
            asyncio.run(empty.prepare(0))
            asyncio.run(full.prepare(chosen.rows))
            empty.start()
            full.start()
            runs = measure(empty, full, chosen.rounds, chosen.seconds)
            others = endpoints.measure(full, READERS)
            memory_mb = asyncio.run(memory_of_accounts(empty, chosen.seconds))
        finally:
            for platform_ in filter(None, (empty, full)):
                platform_.stop()
            server.stop()
    before = ratios_in(max(RESULTS.glob(f"api-*-{chosen.rows}-rows.md"), default=None))
    about = (
        f"{describe_machine()}\n{load.CLIENTS} clients, {SENDERS} accounts; the full table has {chosen.rows:,}"
        " messages before the first run."
    )
    memory = f"{ACCOUNTS:,} further accounts in use take {memory_mb:.1f} MB of the api process."
    lines = [*table_of_claims(runs, before), "", *table_of_runs(runs), "", *others, "", memory]
    keep("api", "POST /v1/sms", about, lines, suffix=f"-{chosen.rows}-rows")


def profile(into: Path, seconds: int) -> None:
    """Write what the api process and PostgreSQL do while messages are posted."""
    with tempfile.TemporaryDirectory(prefix="nokyc-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder)) as server:
            asyncio.run(count_statements(server.dsn))
        with EmbeddedPostgres(Path(folder)) as server:
            platform_ = Platform(read_settings(data_dir=Path(folder), limiter="local"), server.dsn)
            asyncio.run(platform_.prepare(0))
            platform_.start()
            lines: list[str] = []
            try:
                load.post_sms(platform_.port, platform_.all_senders, 1)
                with profiled(server.dsn, {"api": platform_.pid}, Path(folder), seconds, lines):
                    done = load.post_sms(platform_.port, platform_.all_senders, seconds)
            finally:
                platform_.stop()
    about = f"POST /v1/sms, {done.per_sec:,.0f} a second while it was sampled and statements were counted."
    into.write_text("\n".join([about, describe_machine(), *lines, ""]))


def measure(empty: Platform, full: Platform, rounds: int, seconds: int) -> Runs:
    """Every measurement, once a round, in turns."""
    first, deep = full.page_after(0), full.page_after(PAGE * (DEEP_PAGE - 1))
    reader = full.senders[0].key
    steps: list[tuple[str, Callable[[], None], Callable[[], Load]]] = [
        ("pgbench", empty.empty, lambda: load.pgbench(empty.dsn, SENDERS, seconds)),
        ("post", empty.empty, lambda: load.post_sms(empty.port, empty.all_senders, seconds)),
        ("pgbench, in steps", empty.empty, lambda: load.pgbench(empty.dsn, SENDERS, seconds, "in_steps")),
        ("post, full table", full.settle, lambda: load.post_sms(full.port, full.all_senders, seconds)),
        ("pgbench, full table", full.settle, lambda: load.pgbench(full.dsn, SENDERS, seconds)),
        ("post, one account", empty.empty, lambda: load.post_sms(empty.port, empty.one_sender, seconds)),
        ("pgbench, one account", empty.empty, lambda: load.pgbench(empty.dsn, 1, seconds)),
        ("page 1", full.settle, lambda: load.ask(full.port, reader, first, seconds, READERS)),
        (f"page {DEEP_PAGE}", full.settle, lambda: load.ask(full.port, reader, deep, seconds, READERS)),
    ]
    runs: Runs = defaultdict(list)
    for n in range(rounds):
        for name, prepare, run in steps:
            prepare()
            result = run()
            runs[name].append(result)
            print(f"round {n + 1}: {name:22} {result.per_sec:10,.0f}/s", flush=True)
            if prepare == empty.empty:
                assert empty.count() >= result.done, "something was acknowledged that is not there"
    return runs


async def memory_of_accounts(platform_: Platform, seconds: int) -> float:
    """What so many accounts more cost the api process in MB, once each has sent."""
    before = platform_.pss_mb()
    load.post_sms(platform_.port, await platform_.add_senders(ACCOUNTS), seconds)
    return platform_.pss_mb() - before


def ratios_in(result: Path | None) -> dict[str, float]:
    """The medians of an earlier result, by the text of their claim."""
    rows = [] if result is None else re.findall(r"^\| ([^|]+) \| ([\d.]+) \|", result.read_text(), re.MULTILINE)
    return {text: float(ratio) for text, ratio in rows}


def table_of_claims(runs: Runs, before: dict[str, float]) -> list[str]:
    """What must be reached, what was, and what was last time."""
    lines = ["| Ratio of rates | Median | Rounds | Target | | Last result |", "|---|---:|---|---:|---|---|"]
    for claim in CLAIMS:
        pairs = zip(runs[claim.ours], runs[claim.limit], strict=True)
        ratios = [ours.per_sec / limit.per_sec for ours, limit in pairs]
        middle = statistics.median(ratios)
        verdict = "reached" if middle >= claim.target else "missed"
        last = before.get(claim.text)
        change = "" if last is None else f"{last:.2f}{', so it got worse' if middle < WORSE * last else ''}"
        lines.append(row(claim.text, ratios, f"{claim.target:.2f}", verdict, change, form="{:.2f}"))
    return lines


def table_of_runs(runs: Runs) -> list[str]:
    """Every rate behind the ratios."""
    lines = ["| | Median/s | Every round | p50 ms | p99 ms |", "|---|---:|---|---:|---:|"]
    for name, results in runs.items():
        p50 = statistics.median(result.p50_ms for result in results)
        p99 = statistics.median(result.p99_ms for result in results)
        lines.append(row(name, [result.per_sec for result in results], f"{p50:.1f}", f"{p99:.1f}"))
    return lines


async def _create_database(dsn: str, name: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


if __name__ == "__main__":
    main()
