"""`nokyc torture`: load, and kill -9 of every process in turn; then count what was promised against what is there."""

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from nokyc.store.postgres import EmbeddedPostgres

SENDERS = 16
"""Requests that are on their way at a time."""
KILL_EVERY_SEC = (1.5, 3.0)
SETTLE_SEC = 120.0
"""How long the platform may take to finish what it accepted."""
START_SEC = 60.0
REQUEST_TIMEOUT_SEC = 10.0
BALANCE = "1000000.00"
RATE_LIMIT = 1_000_000
VICTIMS = ("worker", "api", "postgres")


@dataclass(slots=True)
class Result:
    """What came of it. `lost`, `duplicated` and `charged_twice` must be 0."""

    accepted: int = 0
    """Messages for which the platform answered 201."""
    delivered: int = 0
    failed: int = 0
    lost: int = 0
    """Accepted, and without a final state at the end."""
    duplicated: int = 0
    """Terminal events beyond one for each message, and second messages for one idempotency key."""
    charged_twice: int = 0
    """Messages that were not posted exactly once if delivered, or not given back if failed."""
    ledger_problems: int = 0
    kills: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not (self.lost or self.duplicated or self.charged_twice or self.ledger_problems or not self.accepted)


def torture(*, seconds: float = 1_800, seed: int | None = None) -> None:
    """Run a platform of its own under load, kill its processes, and prove that nothing was lost or charged twice.

    Args:
        seconds: How long to go on; half an hour by default.
        seed: For the same times of kills again.
    """
    folder = Path(tempfile.mkdtemp(prefix="nokyc-torture-"))
    folder.chmod(0o711)  # PostgreSQL's own user has to get in
    try:
        result = asyncio.run(_torture(folder, seconds, random.Random(seed)))  # noqa: S311 - chooses victims
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(asdict(result)))
    sys.exit(0 if result.ok else 1)


async def _torture(folder: Path, seconds: float, dice: random.Random) -> Result:
    port = _free_port()
    environment = os.environ | {"DATA_DIR": str(folder), "PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "nokyc", "serve", env=environment, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        async with asyncio.timeout(START_SEC):
            while not (await server.stdout.readline()).startswith(b"ready"):
                pass
        return await _load_and_count(folder, f"http://127.0.0.1:{port}", server.pid, seconds, dice)
    finally:
        server.terminate()
        await server.wait()


async def _load_and_count(folder: Path, url: str, server_pid: int, seconds: float, dice: random.Random) -> Result:
    postgres = EmbeddedPostgres(folder)
    account = await _command(folder, "accounts", "create", "--balance", BALANCE)
    key = (await _command(folder, "keys", "create", account["account_id"], "--rate-limit", str(RATE_LIMIT)))["secret"]
    await _command(folder, "inventory", "add", "+33647180001", "--country", "fr", "--type", "mobile")
    accepted: dict[str, str] = {}
    timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_SEC)
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(url, headers=headers, timeout=timeout) as session:
        found = await _json(session.get("/v1/numbers/available", params={"country": "fr"}))
        order = {"available_id": found["data"][0]["id"], "billing_period": "monthly"}
        number = (await _json(session.post("/v1/numbers", json=order)))["id"]
        ending = asyncio.Event()
        senders = [asyncio.create_task(_send(session, number, accepted, ending)) for _ in range(SENDERS)]
        kills = await _kill(server_pid, postgres, seconds, dice)
        ending.set()
        await asyncio.gather(*senders)
    return await _count(postgres, folder, accepted, kills)


async def _send(session: aiohttp.ClientSession, number: str, accepted: dict[str, str], ending: asyncio.Event) -> None:
    """Send messages one after the other; each is repeated under its key until it is answered."""
    while not ending.is_set():
        key = str(uuid.uuid4())
        body = {"from": number, "to": "+33612345678", "body": f"Torture {key}"}
        while True:
            try:
                async with session.post("/v1/sms", json=body, headers={"Idempotency-Key": key}) as answer:
                    if answer.status == 201:
                        accepted[key] = (await answer.json())["id"]
                        break
                    await asyncio.sleep(0.1)
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.1)


async def _kill(server_pid: int, postgres: EmbeddedPostgres, seconds: float, dice: random.Random) -> Counter[str]:
    """Kill processes in turn until the time is over."""
    kills: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        await asyncio.sleep(min(dice.uniform(*KILL_EVERY_SEC), max(0.0, end - loop.time())))
        victim = VICTIMS[sum(kills.values()) % len(VICTIMS)]
        pid = postgres.pid() if victim == "postgres" else _child(server_pid, victim)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            kills[victim] += 1
    return kills


async def _count(postgres: EmbeddedPostgres, folder: Path, accepted: dict[str, str], kills: Counter[str]) -> Result:
    """Wait until everything has a final state, then hold the rows against what was answered."""
    connection = await _connect(postgres)
    loop = asyncio.get_running_loop()
    end = loop.time() + SETTLE_SEC
    while loop.time() < end and await connection.fetchval(  # noqa: ASYNC110 - the state is in the database
        "SELECT count(*) FROM sms WHERE status IN ('queued', 'sent')"
    ):
        await asyncio.sleep(0.5)
    rows = await connection.fetch(_OUTCOMES)
    await connection.close()
    states = Counter(row["status"] for row in rows)
    bodies = Counter(row["body"] for row in rows)
    promised = {f"Torture {key}" for key in accepted}
    final = {row["body"] for row in rows if row["status"] not in ("queued", "sent")}
    audit = await _command(folder, "ledger", "verify", check=False)
    return Result(
        accepted=len(accepted),
        delivered=states["delivered"],
        failed=states["failed"] + states["undelivered"],
        lost=len(promised - final),
        duplicated=sum(n - 1 for n in bodies.values()) + sum(max(0, row["terminal_events"] - 1) for row in rows),
        charged_twice=sum(row["charged"] != (row["price_micro"] if row["status"] != "failed" else 0) for row in rows),
        ledger_problems=0 if audit.get("ok") else 1,
        kills=dict(kills),
    )


async def _connect(postgres: EmbeddedPostgres) -> "asyncpg.Connection[asyncpg.Record]":
    while True:
        try:
            return await asyncpg.connect(postgres.dsn, timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            await asyncio.sleep(0.2)


async def _command(folder: Path, *arguments: str, check: bool = True) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "nokyc", *arguments, "--data-dir", str(folder), "--json", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if check and process.returncode:
        raise RuntimeError(f"nokyc {arguments[0]} failed")
    answer: dict[str, Any] = json.loads(output or b"{}")
    return answer


async def _json(request: Any) -> Any:
    async with request as answer:
        answer.raise_for_status()
        return await answer.json()


def _child(parent: int, name: str) -> int | None:
    """The process id of a child of the supervisor by its command (`api`, `worker`)."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if name.encode() in arguments:
            return int(pid)
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_OUTCOMES = """
SELECT s.body, s.status, s.price_micro,
    (SELECT count(*) FROM events e WHERE e.account_id = s.account_id AND e.subject_id = s.id
     AND e.type IN ('sms.delivered', 'sms.failed')) AS terminal_events,
    (SELECT coalesce(sum(l.amount_micro), 0) FROM ledger_entries l WHERE l.account_id = s.account_id
     AND l.subject_id = s.id AND l.move = 'post')::bigint AS charged
FROM sms s WHERE s.direction = 'outbound'
"""
