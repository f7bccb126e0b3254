"""Calls through a whole voice process: many recorded ones at once, and how many begin and end in a second.

    python bench/voice.py [--calls 200] [--seconds 30] [--rounds 1] [--only hold,inbound,core,outbound] [--both]

The voice process, the api process and PostgreSQL (fsync on) are real; the carrier on the other side of the trunk is
another process (`voice_phones.py`), or Debian's SIPp. The voice process goes first (SCHED_RR, as the systemd unit has
it), and with `--both` also like any other process. Trust the ratios of rates; gaps are those at the far end.
"""

import argparse
import asyncio
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from endings import end_in_order
from report import describe_machine, keep
from voice_rig import (
    ACCOUNTS,
    HERE,
    House,
    Process,
    be_heard,
    each,
    free_port,
    open_house,
    open_phones,
    prefix,
    until_answers,
    until_ready,
)

TARGET_GAP_MS, TARGET_DELAY_MS, TARGET_PER_SEC = 60, 60, 60
RATES = (60, 90, 120, 160, 200, 250, 300)
"""Calls a second that SIPp begins; one after the other until it is too much."""
SECONDS = 8
"""Of calls that begin and end."""
ENDING_SEC = 8
"""How long the others are listened to while recordings of half the calls are encoded."""
SETTLED_SEC = 2.0
"""A rate is borne if so long after the last call everything about it is written down."""
CALLERS = 32
"""Clients that place calls at the same time."""

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Setup:
    """One way to run the voice process."""

    name: str
    first: bool
    source: Path | None = None


PARTS = "hold,inbound,core,outbound"
SETUPS = [Setup("goes first", True), Setup("like the others", False)]


async def hold(house: House, setup: Setup, calls: int, seconds: float) -> Figures:
    """Bridged and recorded calls, all up for `seconds`; then half of them end at once, then the others."""
    await house.empty()
    port = free_port()
    async with open_phones(2 * calls) as phones:
        await house.connect(phones.port)
        voice = house.start_voice(first=setup.first, port=port, source=setup.source)
        house.start_api(setup.source)
        await until_ready(house.api_port)
        await until_answers(port)
        began = time.monotonic()
        placed = await place(house, calls, 8, bridged=True)
        await phones.until("up", 2 * calls, patience_sec=120)
        ramp_sec = time.monotonic() - began
        await phones.order("measure")
        cpu, began = voice.cpu_sec(), time.monotonic()
        await asyncio.sleep(seconds)
        used = (voice.cpu_sec() - cpu) / (time.monotonic() - began)
        held = await phones.order("tell")
        even, odd = ([call for call in placed if call[0] % 2 == rest] for rest in (0, 1))
        await phones.order("hush-even")  # what they still said while their calls end would count as lost
        await asyncio.sleep(0.5)
        await phones.order("measure")
        await hang_up(house, even)
        await asyncio.sleep(ENDING_SEC)
        ending = await phones.order("tell")
        await phones.order("hush-odd")
        await asyncio.sleep(0.5)
        memory_kb = voice.status("VmHWM")
        await hang_up(house, odd)
        await house.settled()
        async with asyncio.timeout(60):  # who hangs up by the API does not wait for the figures
            while await house.fetchval("SELECT count(*) FROM calls WHERE quality IS NULL"):
                await asyncio.sleep(0.1)
        told = await phones.order("tell")
        heard, missed = await house.fetchrow(
            "SELECT sum((leg.value ->> 'packets_received')::bigint), sum((leg.value ->> 'packets_lost')::bigint)"
            " FROM calls, jsonb_each(quality) AS leg"
        )
        await house.stop()
    return {
        "set-up of all, calls/s": calls / ramp_sec,
        "CPU, % of a core": 100 * used,
        "CPU, % of a core per call": 100 * used / calls,
        "packets from far ends": told["sent"],
        "of them lost": float(missed),
        "of them before the answer was read": told["sent"] - float(heard) - float(missed),
        "packets to far ends": told["received"],
        "lost on the way": told["lost"],
        "worst gap, ms": held["gaps_ms"][-1],
        "median of calls' worst gaps, ms": statistics.median(held["gaps_ms"]),
        "delay, median ms": statistics.median(held["delays_ms"]),
        "delay, 99 % ms": held["delays_ms"][len(held["delays_ms"]) * 99 // 100],
        "delay, longest ms": held["delays_ms"][-1],
        "worst gap while half of them end, ms": ending["gaps_ms"][-1],
        "far ends' own lateness, ms": held["late_ms"],
        "memory, MB": memory_kb / 1_024,
    }


async def climb(house: House | None, setup: Setup, accounts: int) -> Figures:
    """Calls from the trunk (INVITE, 200, ACK, BYE): the best rate that is borne. Without a house there is nobody behind
    the engine: what SIP and audio alone can do."""
    borne: Figures = {"calls/s": 0}
    for rate in RATES:
        figures = await _calls_at(house, setup, accounts, rate, SECONDS)
        print(f"    {rate}/s: {figures}", flush=True)
        if figures["failed"] or figures["settled after s"] > SETTLED_SEC or figures["calls/s"] < 0.93 * rate:
            break
        borne = figures
    return borne


async def _calls_at(house: House | None, setup: Setup, accounts: int, rate: int, seconds: int) -> Figures:
    port, count = free_port(), rate * seconds
    if house is None:
        command = [*prefix(first=setup.first), sys.executable, str(HERE / "voice_core.py"), str(port)]
        voice = Process("core", subprocess.Popen(command))
        numbers = ["+33600000000"]
    else:
        await house.empty()
        await house.connect(free_port())
        voice = house.start_voice(first=setup.first, port=port, source=setup.source)
        numbers = [customer.number for customer in house.customers[:accounts]]
    try:
        await until_answers(port)
        cpu, began = voice.cpu_sec(), time.monotonic()
        done, failed, longest_ms = await _sipp(port, numbers, rate, count)
        took = time.monotonic() - began
        settled_sec = 0.0 if house is None else await house.settled()
        used = voice.cpu_sec() - cpu
        if house is not None:
            failed += count - await house.fetchval("SELECT count(*) FROM calls WHERE status = 'completed'")
    finally:
        voice.stop()
    return {
        "calls/s": done / took,
        "failed": failed,
        "longest until 200, ms": longest_ms,
        "settled after s": settled_sec,
        "CPU, ms per call": 1_000 * used / max(1, done),
    }


async def _sipp(port: int, numbers: list[str], rate: int, count: int) -> tuple[int, int, float]:
    """Calls that went well, calls that did not, and the longest time until an answer in ms."""
    with tempfile.TemporaryDirectory() as folder:
        file, statistic = Path(folder, "numbers.csv"), Path(folder, "statistic.csv")
        file.write_text("SEQUENTIAL\n" + "".join(f"{number}\n" for number in numbers))
        process = await asyncio.create_subprocess_exec(
            *prefix(first=True), "sipp", f"127.0.0.1:{port}", "-sf", str(HERE / "sipp" / "uac.xml"),
            "-inf", str(file), "-i", "127.0.0.1", "-r", str(rate), "-m", str(count), "-l", "4000", "-nostdin",
            "-timeout", "120s", "-buff_size", "4194304", "-trace_stat", "-stf", str(statistic), "-fd", "1",
            "-trace_rtt", "-rtt_freq", "1",
            cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await process.wait()
        last = list(csv.DictReader(statistic.open(), delimiter=";"))[-1]
        times = [float(line.split(";")[1]) for path in Path(folder).glob("*_rtt.csv") for line in path.open()
                 if line[0].isdigit()]  # fmt: skip
        return int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]), max(times, default=0.0)


async def outbound(house: House, setup: Setup, accounts: int) -> Figures:
    """POST /v1/calls from as many clients as there are; the far end answers, and hangs up at once."""
    await house.empty()
    port = free_port()
    async with open_phones(2, brief=True) as phones:
        await house.connect(phones.port)
        voice = house.start_voice(first=setup.first, port=port, source=setup.source)
        house.start_api(setup.source)
        await until_ready(house.api_port)
        await until_answers(port)
        await place(house, 1, 1)  # routes and plans are read
        await phones.until("ended", 1, patience_sec=30)
        cpu, began = voice.cpu_sec(), time.monotonic()
        placed = await place(house, 1 << 30, CALLERS, accounts=accounts, until=began + SECONDS)
        posted_sec = time.monotonic() - began
        await house.settled()
        took = time.monotonic() - began
        used = voice.cpu_sec() - cpu
        good = await house.fetchval("SELECT count(*) FROM calls WHERE status = 'completed'")
        await house.stop()
    return {
        "POST/s": len(placed) / posted_sec,
        "calls/s to their end": good / took,
        "failed": len(placed) + 1 - good,
        "CPU, ms per call": 1_000 * used / max(1, good),
    }


async def place(
    house: House, count: int, clients: int, *, bridged: bool = False, accounts: int = ACCOUNTS, until: float = 1e18
) -> list[tuple[int, str]]:
    """Place calls by the API; returns each one's number and id. A customer has every `accounts`th of them."""
    placed: list[tuple[int, str]] = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.api_port}", timeout=60) as api:

        async def post(n: int) -> None:
            if time.monotonic() > until:
                return
            customer = house.customers[n % accounts]
            body: dict[str, Any] = {"from": customer.number_id, "to": _phone(2 * n)}
            if bridged:
                body |= {"recording_enabled": True, "connect": {"type": "number", "to": _phone(2 * n + 1)}}
            answer = await api.post("/v1/calls", json=body, headers={"Authorization": f"Bearer {customer.key}"})
            assert answer.status_code == 201, answer.text
            placed.append((n, answer.json()["id"]))

        if until < 1e18:

            async def client(first: int) -> None:
                for n in range(first, count, clients):
                    if time.monotonic() > until:
                        return
                    await post(n)

            await asyncio.gather(*map(client, range(clients)))
        else:
            await each(count, clients, post)
    return placed


async def hang_up(house: House, placed: list[tuple[int, str]]) -> None:
    """End calls by the API."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.api_port}", timeout=60) as api:

        async def end(n: int) -> None:
            number, call = placed[n]
            key = house.customers[number % ACCOUNTS].key
            answer = await api.post(f"/v1/calls/{call}/hangup", headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 200, answer.text

        await each(len(placed), 16, end)


def _phone(n: int) -> str:
    return f"+33612{n % 100_000:06d}"


async def measure(chosen: argparse.Namespace) -> dict[str, list[Figures]]:
    """Everything that was asked for, once a round."""
    found: dict[str, list[Figures]] = {}
    setups = [setup for setup in SETUPS if setup.first or chosen.both]
    if chosen.against is not None:
        setups.insert(0, Setup("before", True, chosen.against))
    for n in range(chosen.rounds):
        for setup in setups:
            be_heard(first=setup.first)
            async with open_house() as house:
                for name, run in _runs(house, setup, chosen):
                    print(f"round {n + 1}, {setup.name}: {name}", flush=True)
                    figures = await run()
                    found.setdefault(f"{name}, {setup.name}", []).append(figures)
                    for figure, value in figures.items():
                        print(f"    {figure:40} {value:,.1f}", flush=True)
    be_heard(first=False)
    return found


def _runs(house: House, setup: Setup, chosen: argparse.Namespace) -> list[tuple[str, Callable[[], Awaitable[Figures]]]]:
    only = chosen.only.split(",")
    runs: list[tuple[str, Callable[[], Awaitable[Figures]]]] = []
    if "hold" in only:
        runs.append((f"{chosen.calls} calls", lambda: hold(house, setup, chosen.calls, chosen.seconds)))
    if "inbound" in only:
        runs.append((f"inbound, {ACCOUNTS} accounts", lambda: climb(house, setup, ACCOUNTS)))
        runs.append(("inbound, one account", lambda: climb(house, setup, 1)))
    if "core" in only:
        runs.append(("inbound, without a store", lambda: climb(None, setup, 1)))
    if "outbound" in only:
        runs.append((f"outbound, {ACCOUNTS} accounts", lambda: outbound(house, setup, ACCOUNTS)))
        runs.append(("outbound, one account", lambda: outbound(house, setup, 1)))
    return runs


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--calls", type=int, default=200)
    options.add_argument("--seconds", type=float, default=30, help="that they are held")
    options.add_argument("--rounds", type=int, default=1, help="of six minutes each; three give medians worth keeping")
    options.add_argument("--only", default=PARTS)
    options.add_argument("--leaks", type=int, metavar="CALLS", help="only: what so many short calls leave behind")
    options.add_argument("--both", action="store_true", help="also with the voice process at the usual priority")
    options.add_argument("--against", type=Path, help="another checkout, whose processes are measured too")
    chosen = options.parse_args()
    end_in_order()
    if chosen.leaks:
        tests = HERE.parent / "tests"
        command = [sys.executable, "-m", "voice.leaks", "--calls", str(chosen.leaks)]
        sys.exit(subprocess.run(command, env=os.environ | {"PYTHONPATH": str(tests)}, check=False).returncode)
    if shutil.which("sipp") is None:
        sys.exit("The callers are Debian's SIPp, which is not installed: apt-get install sip-tester")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    found = asyncio.run(measure(chosen))
    targets = (
        f"Targets: nothing lost, gaps to {TARGET_GAP_MS} ms, delays to {TARGET_DELAY_MS} ms, {TARGET_PER_SEC} calls/s."
    )
    some = set(chosen.only.split(",")) != set(PARTS.split(","))
    keep("voice", "Calls through a voice process", f"{describe_machine()}\n{targets}", table(found), trial=some)


def table(found: dict[str, list[Figures]]) -> list[str]:
    """Medians of all rounds."""
    lines = []
    for name, rounds in found.items():
        lines += [f"| {name} | median of {len(rounds)} |", "|---|---:|"]
        for figure in rounds[0]:
            lines.append(f"| {figure} | {statistics.median(each.get(figure, 0.0) for each in rounds):,.1f} |")
        lines.append("")
    return lines


if __name__ == "__main__":
    main()
