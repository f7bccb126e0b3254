"""What is measured: one database with customers in it, and an api process on it as `nokyc serve` starts it."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from load import RESPONSE, TEXT
from nokyc import main
from nokyc.kit import ids
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.carriers.actions import default_route
from nokyc.resources.keys import actions as keys
from nokyc.settings import Settings
from nokyc.store.migrate import migrate
from nokyc.store.store import Unit
from nokyc.supervisor import listen

SENDERS = 64
BALANCE = 10**15
RATE_LIMIT = 1_000_000_000
SQL = Path(__file__).parent / "sql"
READY_SEC = 20
KEPT_KEYS = 0.1
"""Share of the stored messages that still have an idempotency key."""


@dataclass(frozen=True, slots=True)
class Sender:
    """An account with a key and a number."""

    account_id: int
    key: str
    number_id: int


class Platform:
    """A database of the embedded PostgreSQL, and its api process."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self.settings = settings
        self.dsn = dsn
        self.senders: list[Sender] = []
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def all_senders(self) -> Path:
        """For wrk: every sender; `one_sender` has the first alone."""
        return self._file("all", self.senders)

    @property
    def one_sender(self) -> Path:
        return self._file("one", self.senders[:1])

    async def prepare(self, messages: int) -> None:
        """Bring the schema, the senders, the function for pgbench, and messages of yesterday."""
        connection = await asyncpg.connect(self.dsn)
        await migrate(connection)
        store = await main.open_store(self.settings, self.dsn)
        await store.run(default_route)
        before = store.ids.new()
        self.senders = [await store.run(lambda unit, n=n: _add_sender(unit, n)) for n in range(SENDERS)]
        for name in ("send_one.sql", "fill.sql"):
            await connection.execute((SQL / name).read_text())
        await connection.execute(
            "INSERT INTO bench_senders SELECT row_number() OVER (ORDER BY id) - 1, account_id, id, e164 FROM numbers"
        )
        await connection.execute(f"SELECT setval('bench_ids', {store.ids.new()})")
        if messages:
            await _fill(connection, before, messages)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        await store.close()

    def start(self) -> None:
        """Start the api process and wait until it is ready."""
        listener = listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        environment = {"DATABASE_URL": self.dsn, "DATA_DIR": str(self.settings.data_dir), "NOKYC_LIMITER": "local"}
        self._process = subprocess.Popen(
            [*_profiler(), sys.executable, "-m", "nokyc", "api", f"--fd={listener.fileno()}"],
            env=os.environ | environment,
            pass_fds=(listener.fileno(),),
        )
        listener.close()
        until_ready(self.port, self._process, READY_SEC)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    async def add_senders(self, count: int) -> Path:
        """More accounts, for wrk."""
        store = await main.open_store(self.settings, self.dsn)
        more = [await store.run(lambda unit, n=n: _add_sender(unit, n)) for n in range(SENDERS, SENDERS + count)]
        await store.close()
        return self._file("more", more)

    @property
    def pid(self) -> int:
        """Of the api process."""
        assert self._process is not None
        return self._process.pid

    def pss_mb(self) -> float:
        """Memory of the api process, its share of what it has in common with others included."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024

    def empty(self) -> None:
        """Forget the messages, so that every run starts from the same state."""
        asyncio.run(self._execute("TRUNCATE sms, ledger_entries, idempotency_keys, tasks", "CHECKPOINT"))

    def settle(self) -> None:
        """Drop the work that no worker does here, and begin with a fresh checkpoint."""
        asyncio.run(self._execute("TRUNCATE tasks", "CHECKPOINT"))

    def page_after(self, skipped: int) -> str:
        """The path of the page that follows `skipped` messages of the first sender."""
        if not skipped:
            return "/v1/sms"
        query = f"SELECT id FROM sms WHERE account_id = $1 ORDER BY id DESC OFFSET {skipped - 1} LIMIT 1"
        last = asyncio.run(self._fetchval(query, self.senders[0].account_id))
        return f"/v1/sms?starting_after={ids.show('sms', last)}"

    def count(self) -> int:
        """Messages that are stored."""
        return int(asyncio.run(self._fetchval("SELECT count(*) FROM sms")))

    def _file(self, name: str, senders: list[Sender]) -> Path:
        path = self.settings.data_dir / f"{name}-{self.port}.txt"
        path.write_text("".join(f"{sender.key} {ids.show('num', sender.number_id)}\n" for sender in senders))
        return path

    async def _execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.dsn)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    async def _fetchval(self, query: str, *values: Any) -> Any:
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchval(query, *values)
        finally:
            await connection.close()


def until_ready(port: int, process: "subprocess.Popen[bytes]", within_sec: float) -> None:
    """Wait for an api process; ends the program if it dies or takes too long."""
    deadline = time.monotonic() + within_sec
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                sys.exit("the platform does not get ready")
            time.sleep(0.05)


async def _add_sender(unit: Unit, n: int) -> Sender:
    account_id, _ = await accounts.create(unit, email=None, balance=BALANCE, country="fr")
    _, secret = await keys.create(unit, account_id, scope="read_write", mode="live", rate_limit=RATE_LIMIT)
    number_id = unit.ids.new()
    await unit.connection.execute(
        "INSERT INTO numbers (account_id, id, livemode, inventory_id, e164, country, type, tier, status,"
        " billing_period, anchored_at, renews_at, auto_renew, addons, created_at)"
        " VALUES ($1, $2, true, $2, $3, 'fr', 'mobile', 'standard', 'active', 'yearly', $4, $4, false, '{}', $4)",
        account_id, number_id, f"+336{47_000_000 + n}", unit.wall,
    )  # fmt: skip
    return Sender(account_id, secret, number_id)


async def _fill(connection: Any, before: int, messages: int) -> None:
    # Their ids lie before everything else, as older ones do.
    first_id = before - (messages + 1 << 16)
    await connection.execute(
        "SELECT bench_fill($1, $2, $3, $4, $5)",
        messages, int(messages * KEPT_KEYS), first_id, TEXT, RESPONSE,
        timeout=None,
    )  # fmt: skip


def _profiler() -> list[str]:
    """A program to run the api process under, such as `py-spy record -o profile.svg --`."""
    return os.environ.get("BENCH_API_UNDER", "").split()
