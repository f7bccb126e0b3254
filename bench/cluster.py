"""Three api, three worker and two voice processes on a replicated PostgreSQL behind PgBouncer, one of each killed.

Messages are sent to all api processes in turn, each repeated under its key until it is answered. Then an api, a worker
and a voice process are killed, and the primary database; in a second run the primary's machine is cut off instead, and
takes itself for the primary still. Its standby is promoted. In the end everything that was answered with a 201 has to
be there, delivered once and charged once. Needs root, for the databases' network namespaces.

    make bench-cluster
"""

import asyncio
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

import report
from cluster_database import Replicated
from nokyc.torture.count import OUTCOMES
from nokyc.torture.ports import free_port

APIS, WORKERS, VOICES = 3, 3, 2
KILLED = ("api", "worker", "voice")
SENDERS = 24
REVOKED_WITHIN_SEC = 10.0
STEADY_SEC = float(os.environ.get("BENCH_CLUSTER_SEC", "12"))
"""Between two kills, and at either end."""
SETTLE_SEC = 90.0


class Fleet:
    """The processes, each a `nokyc` of its own."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.ports = [free_port() for _ in range(APIS)]
        self._environment = os.environ | {
            "DATABASE_URL": dsn, "DATA_DIR": str(folder), "NOKYC_SECRET_KEY": os.urandom(32).hex(),
            "NOKYC_SIP_WS_PORT": "0", "NOKYC_SIP_PORT": "0", "NOKYC_RTP_PORTS": "30000-34000",
        }  # fmt: skip
        self._commands = {f"api {port}": ["api", "--port", str(port)] for port in self.ports}
        self._commands |= {
            f"{kind} {n}": [kind] for kind, most in (("worker", WORKERS), ("voice", VOICES)) for n in range(most)
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for name in self._commands:
            self._launch(name)
        for port in self.ports:
            self.wait_for(port)

    def replace(self, name: str) -> None:
        """Kill it; systemd or Kubernetes would start the next one."""
        self._running[name].kill()
        self._running[name].wait()
        self._launch(name)

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()

    def command(self, *arguments: str) -> Any:
        """What `nokyc … --json` says."""
        program = [sys.executable, "-m", "nokyc", *arguments, "--json"]
        said = subprocess.run(program, env=self._environment, capture_output=True, text=True, check=False)
        if not said.stdout:
            sys.exit(f"nokyc {arguments[0]}: {said.stderr[-500:]}")
        return json.loads(said.stdout)

    def wait_for(self, port: int) -> None:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        sys.exit("an api process does not get ready")

    def _launch(self, name: str) -> None:
        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", "nokyc", *self._commands[name]], env=self._environment, stderr=subprocess.DEVNULL
        )


class Load:
    """Customers' programs, and what they were promised."""

    def __init__(self, ports: list[int], key: str, number: str) -> None:
        self.accepted: dict[str, float] = {}
        """By idempotency key: when."""
        self._ports = ports
        self._headers = {"Authorization": f"Bearer {key}"}
        self._number = number
        self._ending = asyncio.Event()

    def end(self) -> None:
        self._ending.set()

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session:
            await asyncio.gather(*(self._send(session, n) for n in range(SENDERS)))

    async def _send(self, session: aiohttp.ClientSession, n: int) -> None:
        while not self._ending.is_set():
            key = str(uuid.uuid4())
            body = {"from": self._number, "to": "+33612345678", "body": f"Cluster {key}"}
            while True:
                n += 1
                url = f"http://127.0.0.1:{self._ports[n % APIS]}/v1/sms"
                try:
                    async with session.post(url, json=body, headers={"Idempotency-Key": key}) as answer:
                        if answer.status == 201:
                            self.accepted[key] = time.monotonic()
                            break
                        if answer.status < 500:
                            raise AssertionError(f"{answer.status} {await answer.text()}")
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.05)

    def gap(self, begin: float, end: float) -> float:
        """The longest time without a single answer between two moments."""
        times = sorted(at for at in self.accepted.values() if begin <= at < end)
        return max(later - earlier for earlier, later in itertools.pairwise([begin, *times, end]))

    def rate(self, begin: float, end: float) -> float:
        return sum(begin <= at < end for at in self.accepted.values()) / (end - begin)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run has to tell."""

    rows: list[str]
    words: list[str]
    broken: bool


def main() -> None:
    outcomes = [suffer("killed", KILLED), suffer("cut off", ())]
    lines = ["| | accepted/s before | after | longest time without an answer |", "|---|---:|---:|---:|"]
    for part in ("rows", "words"):
        lines += [line for outcome in outcomes for line in getattr(outcome, part)]
    about = (
        f"{APIS} api, {WORKERS} worker and {VOICES} voice processes through PgBouncer (session pooling), on a primary"
        " and its synchronous standby (`remote_apply`) in network namespaces of their own, all on one machine of two"
        " shared cores: the figures are about what is lost and how long nobody is answered, not about speed. Promotion"
        " begins at once: what a cluster manager takes to notice (Patroni's `ttl` is 30 s unless set) comes on top."
    )
    report.keep("cluster", "Several processes and a failover", about, lines)
    sys.exit(any(outcome.broken for outcome in outcomes))


def suffer(fault: str, killed: Sequence[str]) -> Outcome:
    """A fresh database and fleet, of which one process of each kind in `killed` dies before the primary is `fault`."""
    folder = Path(tempfile.mkdtemp(prefix="nokyc-cluster-"))
    folder.chmod(0o711)
    database = Replicated(folder, free_port())
    fleet = Fleet(folder, database.dsn)
    try:
        database.start()
        fleet.command("migrate")
        account = fleet.command("accounts", "create", "--balance", "1000000")
        key = fleet.command("keys", "create", account["account_id"], "--rate-limit", "1000000")["secret"]
        fleet.command("inventory", "add", "+33647180001", "--country", "fr", "--type", "mobile")
        fleet.start()
        number = activate(fleet.ports[0], key)
        revoked = seconds_until_revoked(fleet, account["account_id"])
        load = Load(fleet.ports, key, number)
        marks = asyncio.run(play(fleet, database, load, fault, killed))
        counted = asyncio.run(count(database.dsn, load))
        return tell(fleet, load, marks, revoked, counted)
    finally:
        fleet.stop()
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def play(
    fleet: Fleet, database: Replicated, load: Load, fault: str, killed: Sequence[str]
) -> list[tuple[str, float]]:
    """What happened, and when."""
    marks = [("begin", time.monotonic())]
    running = asyncio.create_task(load.run())
    for kind in killed:
        await asyncio.sleep(STEADY_SEC)
        marks.append((f"{kind} killed", time.monotonic()))
        await asyncio.to_thread(fleet.replace, f"{kind} {fleet.ports[0] if kind == 'api' else 0}")
    await asyncio.sleep(STEADY_SEC)
    marks.append((f"primary {fault}", time.monotonic()))
    await asyncio.to_thread(database.kill_primary if fault == "killed" else database.cut_primary_off)
    await asyncio.to_thread(database.fail_over)
    await asyncio.sleep(STEADY_SEC)
    database.mend()
    await asyncio.sleep(STEADY_SEC)
    load.end()
    await running
    return [*marks, ("end", time.monotonic())]


async def count(dsn: str, load: Load) -> dict[str, int]:
    """Everything that is missing, or there twice, once nothing is under way any more."""
    connection = await asyncpg.connect(dsn)
    deadline = time.monotonic() + SETTLE_SEC
    under_way = "SELECT count(*) FROM sms WHERE status IN ('queued', 'sent')"
    while await connection.fetchval(under_way) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
    rows = await connection.fetch(OUTCOMES)
    await connection.close()
    bodies = Counter(row["body"] for row in rows)
    final = {row["body"] for row in rows if row["status"] not in ("queued", "sent")}
    return {
        "lost": sum(f"Cluster {key}" not in final for key in load.accepted),
        "twice": sum(n - 1 for n in bodies.values()) + sum(max(0, row["terminal_events"] - 1) for row in rows),
        "charged wrongly": sum(
            row["charged"] != (row["price_micro"] if row["status"] != "failed" else 0) for row in rows
        ),
        "not delivered": sum(row["status"] != "delivered" for row in rows),
    }


def tell(fleet: Fleet, load: Load, marks: list[tuple[str, float]], revoked: float, counted: dict[str, int]) -> Outcome:
    ledger = fleet.command("ledger", "verify")
    rows = []
    for (_, before), (name, at), (_, after) in zip(marks, marks[1:], marks[2:], strict=False):
        rates = f"{load.rate(before, at):.0f} | {load.rate(at, after):.0f}"
        rows.append(f"| {name} | {rates} | {load.gap(at, after):.2f} s |")
    held = ", ".join(f"{name}: {n}" for name, n in counted.items())
    summed = "adds up" if ledger.get("ok") else "does not add up"
    words = (
        f"{marks[-2][0].capitalize()}: {len(load.accepted)} messages were answered with 201; {held}; the ledger"
        f" {summed}; a revoked key was refused by all {APIS} api processes within {revoked:.1f} s."
    )
    broken = any(counted[name] for name in ("lost", "twice", "charged wrongly")) or not ledger.get("ok")
    return Outcome(rows, ["", words], broken)


def activate(port: int, key: str) -> str:
    found = call(port, key, "/v1/numbers/available?country=fr")["data"]
    body = {"available_id": found[0]["id"], "billing_period": "monthly"}
    return str(call(port, key, "/v1/numbers", body)["id"])


def seconds_until_revoked(fleet: Fleet, account: str) -> float:
    """Until each api process refuses a key that it has just taken."""
    made = fleet.command("keys", "create", account)
    for port in fleet.ports:
        call(port, made["secret"], "/v1/account")
    fleet.command("keys", "revoke", made["id"])
    began = time.monotonic()
    for port in fleet.ports:
        while True:
            try:
                call(port, made["secret"], "/v1/account")
            except urllib.error.HTTPError:
                break
            if time.monotonic() - began > REVOKED_WITHIN_SEC:
                sys.exit("a revoked key is still taken")
    return time.monotonic() - began


def call(port: int, key: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
