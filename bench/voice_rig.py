"""What `voice.py` measures: a whole platform on a database of its own, and the carrier at the end of its trunk."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from nokyc import main
from nokyc.kit import ids
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.calls.settle import OPEN
from nokyc.resources.carriers import actions as carriers
from nokyc.resources.keys import actions as keys
from nokyc.settings import read_settings
from nokyc.store.migrate import migrate
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Unit
from nokyc.supervisor import listen
from nokyc.torture.ports import free_port as free_port  # what a run of any bench with calls begins with

HERE = Path(__file__).parent
ACCOUNTS = 32
BALANCE = 10**15
RATE_LIMIT = 1_000_000_000
READY_SEC = 60.0
FIRST = ["chrt", "--rr", "10"]
"""As an operator would: before everything else on the machine."""
LIKE_OTHERS = ["setpriv", "--bounding-set=-sys_nice"]
"""Not even by its own doing; without root, no process may go first anyway."""


@dataclass(frozen=True, slots=True)
class Customer:
    account_id: int
    key: str
    number_id: str
    number: str


class Process:
    """A program of ours, and what it uses."""

    def __init__(self, name: str, popen: "subprocess.Popen[bytes]") -> None:
        self.name = name
        self.popen = popen

    def cpu_sec(self) -> float:
        """Seconds of a core so far."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def status(self, name: str) -> int:
        """A number of /proc/PID/status; kB where it is memory."""
        lines = Path(f"/proc/{self.popen.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith(name + ":")))

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.popen.pid}/fd").iterdir()))

    def stop(self) -> None:
        if self.popen.poll() is None:
            self.popen.terminate()
        self.popen.wait()


class Phones:
    """`voice_phones.py`, as its owner sees it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port

    async def order(self, word: str) -> dict[str, Any]:
        """`measure`, `hush` or `tell`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(word.encode() + b"\n")
        found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    async def until(self, figure: str, least: int, *, patience_sec: float) -> None:
        """Wait until so many are `up` or `ended`. Raises TimeoutError."""
        async with asyncio.timeout(patience_sec):
            while (await self.order("tell"))[figure] < least:
                await asyncio.sleep(0.1)


@asynccontextmanager
async def open_phones(count: int, *, brief: bool = False) -> AsyncIterator[Phones]:
    """The carrier's side, going first where it may: it is the measuring stick."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *prefix(first=True), sys.executable, str(HERE / "voice_phones.py"), stdin=pipe, stdout=pipe, limit=1 << 24
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"phones": count, "brief": brief}).encode() + b"\n")
    try:
        yield Phones(process, json.loads(await process.stdout.readline())["port"])
    finally:
        process.stdin.close()
        await process.wait()


class House:
    """A database with customers in it, and the processes on it that were started."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder = folder
        self.dsn = dsn
        self.customers: list[Customer] = []
        self._processes: list[Process] = []
        self.api_port = 0

    async def prepare(self) -> None:
        """Bring the schema, and the customers."""
        connection = await asyncpg.connect(self.dsn)
        await migrate(connection)
        await connection.close()
        store = await main.open_store(read_settings(data_dir=self.folder), self.dsn)
        self.customers = [await store.run(lambda unit, n=n: _add_customer(unit, n)) for n in range(ACCOUNTS)]
        await store.close()

    async def connect(self, port: int) -> None:
        """The trunk leads to these phones, and every route to the trunk."""

        async def work(unit: Unit) -> None:
            for row in await unit.connection.fetch("SELECT name FROM carriers"):
                await carriers.remove_carrier(unit, row["name"])
            await carriers.add_carrier(unit, "bench", "sip", {"host": "127.0.0.1", "port": port, "ping_sec": 0})
            await carriers.add_route(unit, "", "bench", sms=False, voice=True, price_micro=60_000)

        store = await main.open_store(read_settings(data_dir=self.folder), self.dsn)
        await store.run(work)
        await store.close()

    def start_api(self, source: Path | None = None) -> Process:
        """The api process, on a port of its own; `source` is another checkout to run it from."""
        listener = listen("127.0.0.1", 0)
        self.api_port = listener.getsockname()[1]
        return self._start("api", ["api", f"--fd={listener.fileno()}"], _from(source), listener=listener)

    def start_voice(self, *, first: bool, port: int, source: Path | None = None, speech: bool = False) -> Process:
        """A voice process on this SIP port; `speech`: its engines are in a process of their own."""
        environment = {"NOKYC_SIP_PORT": str(port), "NOKYC_SIP_WS_PORT": "0"} | _from(source)
        more = {"NOKYC_SPEECH": "1"} if speech else {}
        return self._start("voice", ["voice"], environment | more, before=prefix(first=first))

    def start_speech(self, part: str) -> Process:
        """`serve` for live calls, or `transcribe` for voicemails."""
        return self._start(f"speech-{part}", ["speech", part], {"NOKYC_SPEECH": "1"})

    async def stop(self) -> None:
        while self._processes:
            await asyncio.to_thread(self._processes.pop().stop)

    async def fetchval(self, query: str, *values: Any) -> Any:
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchval(query, *values)
        finally:
            await connection.close()

    async def fetchrow(self, query: str) -> Any:
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchrow(query)
        finally:
            await connection.close()

    async def settled(self, *, patience_sec: float = 60.0) -> float:
        """Wait until no call is open any more; how many seconds that took. Raises TimeoutError."""
        began = time.monotonic()
        async with asyncio.timeout(patience_sec):
            while await self.fetchval("SELECT count(*) FROM calls WHERE status = ANY ($1)", OPEN):
                await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def empty(self) -> None:
        """Forget the calls, so that every measurement begins alike."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(
            "TRUNCATE calls, call_ladders, call_alerts, recordings, voicemails, events, deliveries, tasks,"
            " ledger_entries, usage_days CASCADE"
        )
        await connection.execute("UPDATE accounts SET held_micro = 0")
        await connection.execute("CHECKPOINT")
        await connection.close()

    def _start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: dict[str, str] | None = None,
        *,
        before: Sequence[str] = (),
        listener: socket.socket | None = None,
    ) -> Process:
        own = {
            "DATABASE_URL": self.dsn, "DATA_DIR": str(self.folder), "NOKYC_LIMITER": "local",
            "NOKYC_SECRET_KEY": (self.folder / "secret.key").read_text().strip(),
        }  # fmt: skip
        popen = subprocess.Popen(
            [*before, sys.executable, "-m", "nokyc", *arguments],
            env=os.environ | own | (environment or {}),
            pass_fds=() if listener is None else (listener.fileno(),),
            stderr=(self.folder / f"{name}.log").open("ab"),
        )
        if listener is not None:
            listener.close()
        process = Process(name, popen)
        self._processes.append(process)
        return process


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    """A fresh one, with fsync on."""
    with tempfile.TemporaryDirectory(prefix="nokyc-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL has a user of its own if we are root
        server = EmbeddedPostgres(Path(folder))
        try:
            house = House(Path(folder), await asyncio.to_thread(server.start))
            try:
                await house.prepare()
                yield house
            finally:
                await house.stop()
        finally:
            await asyncio.to_thread(server.stop)


def prefix(*, first: bool) -> list[str]:
    """What to run a process under; nothing for those who may not choose."""
    if os.geteuid() != 0:
        return []
    return FIRST if first else LIKE_OTHERS


async def until_answers(port: int) -> None:
    """Wait until a voice process answers its trunk's OPTIONS."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        asking.connect(("127.0.0.1", port))
        host, own = asking.getsockname()
        async with asyncio.timeout(READY_SEC):
            for n in range(1_000_000):
                message = (
                    f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{own};branch=z9hG4bKready{n}\r\n"
                    f"From: <sip:bench@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: ready{n}\r\n"
                    "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
                )
                try:
                    asking.send(message.encode())
                    async with asyncio.timeout(0.2):
                        if (await loop.sock_recv(asking, 4_096)).startswith(b"SIP/2.0 200"):
                            return
                except (TimeoutError, ConnectionError):
                    await asyncio.sleep(0.05)


async def until_ready(port: int) -> None:
    """Wait until an api process is ready."""
    async with asyncio.timeout(READY_SEC), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


def be_heard(*, first: bool) -> None:
    """Whether we, and what we start, go before other programs, where we may choose: a machine that others use is then
    nearly one of our own."""
    with suppress(PermissionError):
        policy = os.SCHED_RR if first else os.SCHED_OTHER
        os.sched_setscheduler(0, policy, os.sched_param(1 if first else 0))


async def each(count: int, at_once: int, work: Callable[[int], Awaitable[None]]) -> None:
    """Do something `count` times, `at_once` of them at the same time."""
    numbers = iter(range(count))

    async def one_after_the_other() -> None:
        for n in numbers:
            await work(n)

    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))


def _from(source: Path | None) -> dict[str, str]:
    """What makes a process run from another checkout."""
    return {} if source is None else {"PYTHONPATH": f"{source / 'server'}:{source / 'voice'}"}


async def _add_customer(unit: Unit, n: int) -> Customer:
    account_id, _ = await accounts.create(unit, email=None, balance=BALANCE, country="fr")
    _, secret = await keys.create(unit, account_id, scope="read_write", mode="live", rate_limit=RATE_LIMIT)
    number_id, number = unit.ids.new(), f"+336{47_000_000 + n}"
    await unit.connection.execute(
        "INSERT INTO numbers (account_id, id, livemode, inventory_id, e164, country, type, tier, status,"
        " billing_period, anchored_at, renews_at, auto_renew, addons, created_at)"
        " VALUES ($1, $2, true, $2, $3, 'fr', 'mobile', 'standard', 'active', 'yearly', $4, $4, false, '{}', $4)",
        account_id, number_id, number, unit.wall,
    )  # fmt: skip
    return Customer(account_id, secret, ids.show("num", number_id), number)
