"""Webhooks told a second by one worker, beside a bare aiohttp client that posts the same bytes and keeps nothing.

    .venv/bin/python bench/webhooks.py [--rounds 3] [--events 10000]

The worker finds its deliveries waiting in PostgreSQL, signs and posts them, and writes each attempt down. The receiver,
a process of its own, answers one in ten with 503 the first time; these are told again two minutes later, which the
database is made to believe have passed. Every event has to be told in the end, and what was taken never again.
"""

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import asyncpg
import uvloop
from msgspec import Struct

from endings import end_in_order
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.events.actions import QUEUE, Fact, emit
from nokyc.resources.webhooks import actions as webhooks
from nokyc.settings import API_VERSION, read_settings
from nokyc.store.migrate import migrate
from nokyc.store.opening import open_store
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Unit
from report import keep, row

ACCOUNTS = 8
AT_ONCE = 256
"""As many as the worker's deliverer posts at the same time."""
REFUSED_OF = 10
BATCH = 500
PATIENCE_SEC = 120.0
BODY = "Your code is 482917. It is good for ten minutes; tell it to nobody, not even to us. " * 5


class Message(Struct):
    """As large as an SMS in an event."""

    id: str
    object: str = "sms"
    body: str = BODY


class Receiver(asyncio.Protocol):
    """One connection to the customer's server, which remembers whom it refused."""

    seen: ClassVar[Counter[bytes]] = Counter()
    taken: ClassVar[Counter[bytes]] = Counter()

    def connection_made(self, transport: Any) -> None:
        self._transport, self._got = transport, b""

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, rest = self._got.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        length = int(fields.get(b"content-length", 0))
        if not end or len(rest) < length:
            return
        self._got = rest[length:]
        key = fields[b"webhook-id"]
        self.seen[key] += 1
        refused = self.seen[key] == 1 and sum(key) % REFUSED_OF == 0
        self.taken[key] += not refused
        status = b"503 Service Unavailable" if refused else b"200 OK"
        self._transport.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")


def receive(pipe: Pipe) -> None:
    """The receiver's process: says its port, then at each question what it took, how often the most, and forgets."""

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        while (question := await asyncio.to_thread(pipe.recv)) is not None:
            taken = Receiver.taken
            pipe.send((len(Receiver.seen), sum(count > 0 for count in taken.values()), max(taken.values(), default=0)))
            if question == "forget":
                Receiver.seen.clear()
                taken.clear()

    uvloop.run(run())


async def measure(folder: Path, dsn: str, rounds: int, events: int) -> list[str]:
    here, there = multiprocessing.Pipe()
    receiver = multiprocessing.get_context("spawn").Process(target=receive, args=(there,), daemon=True)
    receiver.start()
    url = f"http://127.0.0.1:{here.recv()}/"
    connection = await asyncpg.connect(dsn)
    await migrate(connection)
    store = await open_store(read_settings(data_dir=folder), dsn)
    owners = [await store.run(lambda unit: _account(unit, url)) for _ in range(ACCOUNTS)]
    ours, again, bare = [], [], []
    try:
        for n in range(rounds):
            bare.append(events / await _bare(url, events))
            _ask(here, "forget")
            for first in range(0, events, BATCH):
                await store.run(lambda unit, at=first: _emit(unit, owners, at, min(BATCH, events - at)))
            first_sec, again_sec, refused = await _told(here, connection, dsn, folder, events)
            ours.append(events / first_sec)
            again.append(refused / again_sec)
            print(
                f"round {n + 1}: bare {bare[-1]:,.0f}/s, ours {ours[-1]:,.0f}/s, again {again[-1]:,.0f}/s", flush=True
            )
            seen, taken, most = _ask(here, "forget")
            if (seen, taken, most) != (events, events, 1):
                sys.exit(f"of {events} events {taken} were told, one of them {most} times")
    finally:
        await store.close()
        await connection.close()
        here.send(None)
    ratios = [told / posted for told, posted in zip(ours, bare, strict=True)]
    about = f"Each round has {events:,} events of {ACCOUNTS} accounts, of which one in {REFUSED_OF} was refused once."
    return [
        "| | Median | Every round |",
        "|---|---:|---|",
        row("told by the worker/s", ours),
        row("told again after a refusal/s", again),
        row("posted by a bare client/s", bare),
        row("ratio", ratios, form="{:.2f}"),
        "",
        f"{about} All were told, and what was taken never again.",
    ]


async def _told(
    here: Pipe, connection: asyncpg.Connection, dsn: str, folder: Path, events: int
) -> tuple[float, float, int]:
    """Seconds from the worker's first post to its last, the same for the second tries, and how many these were."""
    environment = {"DATABASE_URL": dsn, "DATA_DIR": str(folder), "NOKYC_WEBHOOK_ALLOW_PRIVATE": "1"}
    worker = subprocess.Popen([sys.executable, "-m", "nokyc", "worker"], env=os.environ | environment)
    try:
        await _until(here, 0, 1)
        began = time.monotonic()
        await _until(here, 0, events)
        first_sec = time.monotonic() - began
        taken = _ask(here, "count")[1]
        await asyncio.sleep(1)  # the last attempts are written down
        await connection.execute("UPDATE deliveries SET next_attempt_at = now() WHERE status = 'pending'")
        await connection.execute("UPDATE tasks SET run_at = now() WHERE queue = $1 AND NOT claimed", QUEUE)
        await _until(here, 1, taken + 1)
        began = time.monotonic()
        await _until(here, 1, events)
        return first_sec, time.monotonic() - began, events - taken
    finally:
        worker.terminate()
        worker.wait()


async def _until(here: Pipe, which: int, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SEC):
        while _ask(here, "count")[which] < count:
            await asyncio.sleep(0.02)


def _ask(here: Pipe, question: str) -> tuple[int, int, int]:
    here.send(question)
    answer: tuple[int, int, int] = here.recv()
    return answer


async def _bare(url: str, events: int) -> float:
    """Seconds that a client without any care needs."""
    numbers = iter(range(events))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def post() -> None:
            for n in numbers:
                async with session.post(url, data=BODY, headers={"webhook-id": f"bare_{n}"}) as answer:
                    await answer.read()

        began = time.monotonic()
        await asyncio.gather(*(post() for _ in range(AT_ONCE)))
        return time.monotonic() - began


async def _account(unit: Unit, url: str) -> int:
    account_id, _ = await accounts.create(unit, email=None, balance=0, country="fr")
    await webhooks.create(
        unit, account_id, url=url, enabled_events=["*"], description=None, number_id=None, api_version=API_VERSION,
        at=unit.wall,
    )  # fmt: skip
    return account_id


async def _emit(unit: Unit, owners: list[int], first: int, count: int) -> None:
    def fact(n: int) -> Fact:
        owner, subject = owners[n % len(owners)], unit.ids.new()
        return Fact(owner, "sms.delivered", subject, Message(f"sms_{n}"), "req_0123456789abcdef", unit.wall)

    await emit(unit, [fact(n) for n in range(first, first + count)])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--events", type=int, default=10_000)
    chosen = options.parse_args()
    end_in_order()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="nokyc-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own if we are root
        with EmbeddedPostgres(Path(folder)) as server:
            lines = uvloop.run(measure(Path(folder), server.dsn, chosen.rounds, chosen.events))
    about = f"`make bench-api` on {os.cpu_count()} cores whose load was {load:.1f} at the start; fsync on."
    keep("webhooks", "Webhooks told a second", about, lines)


if __name__ == "__main__":
    main()
