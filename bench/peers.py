"""This platform beside Kannel and Jasmin: the same messages with receipts, one SMSC, one generator, in ratios.

    .venv/bin/python bench/peers.py [--rounds 3] [--seconds 6] [--only ours,kannel,jasmin] [--try] [--profile FILE]

Each gateway in turn gets a fresh folder. First it is posted to over 64 connections, each as soon as it has its answer,
while it submits what it has taken; then the rest may go out for as long again and more. Then it is posted to at half
of its own load: of what it bears to the end, the lower of the rates at which its messages went out and were done. A
message is done when the customer's URL was told that it is delivered.
The order of the gateways alternates from round to round. `--try` keeps no result, for measuring before and after a
change; `--profile` writes where our time went under full load, and distorts that run.
"""

import argparse
import statistics
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from endings import end_in_order
from gateways.fleet import GATEWAYS, running, settle
from gateways.gateway import Gateway
from gateways.load import Generator
from gateways.ours import Ours
from gateways.smsc import SmscProcess
from profiler import profiled
from report import describe_machine, keep

DRAIN_SEC = 30.0
QUIET_SEC = 8.0
LATE_MS = 50.0
PROFILED = ("api", "worker")
WATCHED_AFTER_SEC = 3.0
"""A profile goes on for so long after the last post: the rest goes out."""


@dataclass(frozen=True, slots=True)
class Run:
    """One gateway in one round."""

    accepted_per_sec: float
    submitted_per_sec: float
    done_per_sec: float
    """Messages whose end the customer knows, from the first post to the last such word."""
    p50_ms: float
    p99_ms: float
    half_per_sec: float
    rss_mb: float
    pss_mb: float
    processes: int
    smsc_busy: float
    """Share of a core that the SMSC took."""
    cpu_ms: dict[str, float]
    """CPU time for each message, by program."""

    @property
    def all_cpu_ms(self) -> float:
        return sum(self.cpu_ms.values())


@dataclass(frozen=True, slots=True)
class Claim:
    """A ratio of ours to a peer's that must be reached."""

    text: str
    peer: str
    figure: str
    target: float


CLAIMS = (
    Claim("accepted/s against Kannel", "kannel", "accepted_per_sec", 1.5),
    Claim("accepted/s against Jasmin", "jasmin", "accepted_per_sec", 4.0),
    Claim("MT/s with receipts against Kannel", "kannel", "submitted_per_sec", 2.0),
    Claim("MT/s with receipts against Jasmin", "jasmin", "submitted_per_sec", 15.0),
)
FIGURES = (
    ("accepted/s", "accepted_per_sec", "{:,.0f}"),
    ("MT/s at the SMSC", "submitted_per_sec", "{:,.0f}"),
    ("done/s", "done_per_sec", "{:,.0f}"),
    ("offered at half load/s", "half_per_sec", "{:,.0f}"),
    ("send to SMSC p50 ms", "p50_ms", "{:,.1f}"),
    ("send to SMSC p99 ms", "p99_ms", "{:,.1f}"),
    ("memory RSS MB", "rss_mb", "{:,.0f}"),
    ("memory PSS MB", "pss_mb", "{:,.0f}"),
    ("processes", "processes", "{:,.0f}"),
    ("SMSC, % of a core", "smsc_busy", "{:.0%}"),
    ("CPU a message, ms", "all_cpu_ms", "{:.2f}"),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=6.0, help="of posting, in each of the two parts")
    options.add_argument("--only", default="ours,kannel,jasmin", help="gateways, by comma")
    options.add_argument("--try", action="store_true", dest="trial", help="print the result and keep it nowhere")
    options.add_argument("--profile", type=Path, help="a file for where our time goes")
    chosen = options.parse_args()
    end_in_order()
    names = chosen.only.split(",")
    profile: list[str] | None = [] if chosen.profile else None
    Ours.profiled = profile is not None
    smsc, generator = SmscProcess(), Generator()
    runs: dict[str, list[Run]] = {name: [] for name in names}
    try:
        for number in range(chosen.rounds):
            for name in names if number % 2 == 0 else reversed(names):
                run = measure(name, smsc, generator, chosen.seconds, profile if name == "ours" else None)
                runs[name].append(run)
                print(f"round {number + 1}: {name:7} {run}", flush=True)
    finally:
        generator.stop()
        smsc.stop()
    if profile is not None:
        chosen.profile.write_text("\n".join([describe_machine(), *profile, ""]))
    keep("peers", "SMS gateways side by side", describe_machine(), report(runs), trial=chosen.trial)


def measure(name: str, smsc: SmscProcess, generator: Generator, seconds: float, profile: list[str] | None) -> Run:
    """Full load, then half of what it turned out to bear."""
    with running(name, smsc, generator) as (gateway, target):
        busy, began, spent = smsc.seen().busy_sec, time.monotonic(), gateway.cpu_sec()
        with nullcontext() if profile is None else watched(gateway, seconds + WATCHED_AFTER_SEC, profile):
            full = generator.run(target, seconds)
            settle(smsc, len(full.taken), DRAIN_SEC, QUIET_SEC)
        seen, spent = smsc.seen(), gateway.cpu_sec() - spent
        busy = (seen.busy_sec - busy) / (time.monotonic() - began)
        times = sorted(at for each in seen.accepted.values() for at in each)
        submitted = (len(times) - 1) / (times[-1] - times[0])
        told = sorted(seen.told_at.values())
        done = len(told) / (told[-1] - min(full.begun.values())) if told else 0.0
        own_load = min(submitted, done or submitted)
        rss, pss, processes = gateway.memory()
    with running(name, smsc, generator) as (gateway, target):
        half = generator.run(target, seconds, per_sec=own_load / 2)
        settle(smsc, len(half.taken), DRAIN_SEC, QUIET_SEC)
        seen = smsc.seen()
    waits = sorted(seen.accepted[token][0] - half.begun[token] for token in half.taken if token in seen.accepted)
    middle, late = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
    return Run(
        full.per_sec, submitted, done, middle, late, own_load / 2, rss, pss, processes, busy,
        {program: 1000 * sec / len(times) for program, sec in spent.most_common()},
    )  # fmt: skip


def watched(gateway: Gateway, seconds: float, profile: list[str]) -> AbstractContextManager[None]:
    """What api, worker and PostgreSQL of ours do for so long."""
    assert isinstance(gateway, Ours)
    pids = {name: pid for name, pid in gateway.pids().items() if name in PROFILED}
    return profiled(gateway.dsn, pids, gateway.folder, seconds, profile)


def report(runs: dict[str, list[Run]]) -> list[str]:
    """Ratios with their targets, and every figure of every round."""
    lines = [
        "What share of a core the SMSC took stands below: near 100 % it would be what is measured. Half load is half",
        "of what a gateway bears to the end, which is the lower of MT/s and done/s.",
        "",
    ]
    lines += ["| Ours against theirs | Median | Rounds | Target | |", "|---|---:|---|---:|---|"]
    for claim in CLAIMS:
        if claim.peer in runs and "ours" in runs:
            pairs = zip(runs["ours"], runs[claim.peer], strict=True)
            ratios = [getattr(ours, claim.figure) / getattr(theirs, claim.figure) for ours, theirs in pairs]
            middle = statistics.median(ratios)
            each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            word = "reached" if middle >= claim.target else "missed"
            lines.append(f"| {claim.text} | {middle:.2f} | {each} | {claim.target:.1f} | {word} |")
    if "ours" in runs:
        late = [run.p99_ms for run in runs["ours"]]
        word = "reached" if statistics.median(late) <= LATE_MS else "missed"
        each = ", ".join(f"{ms:.0f}" for ms in late)
        lines.append(
            f"| p99 send to SMSC at half load, ms | {statistics.median(late):.0f} | {each} | {LATE_MS} | {word} |"
        )
    lines += ["", "| Median (every round) | " + " | ".join(GATEWAYS[name].name for name in runs) + " |"]
    lines.append("|---|" + "---:|" * len(runs))
    for title, figure, form in FIGURES:
        cells = []
        for each_run in runs.values():
            values = [getattr(run, figure) for run in each_run]
            cells.append(f"{form.format(statistics.median(values))} ({', '.join(form.format(v) for v in values)})")
        lines.append(f"| {title} | {' | '.join(cells)} |")
    by_program = [
        ", ".join(f"{program} {statistics.median(run.cpu_ms.get(program, 0.0) for run in each_run):.2f}"
                  for program in each_run[0].cpu_ms)
        for each_run in runs.values()
    ]  # fmt: skip
    lines.append("| of which | " + " | ".join(by_program) + " |")
    lines.append("| made of | " + " | ".join(GATEWAYS[name].supports for name in runs) + " |")
    return lines


if __name__ == "__main__":
    main()
