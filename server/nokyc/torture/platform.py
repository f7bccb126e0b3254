"""What is tortured: `nokyc serve` with its children and PostgreSQL, and the carrier beside it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import urllib.request
from pathlib import Path
from typing import Any

from nokyc.store.postgres import EmbeddedPostgres
from nokyc.torture.ports import free_port

START_SEC = 180.0
STARTS = 3
"""In a row that may fail: one whose PostgreSQL is killed while it starts ends by itself."""
CHILDREN = ("worker", "api", "voice")
OF_INSTALLATIONS = ("NOKYC_", "DATABASE_URL", "PUBLIC_URL")
"""Settings that begin so are another's: its database, its bucket, its key, its proxies."""
MAX_SAID_BYTES = 1 << 30
"""What the carrier saw in half an hour is one long line."""


class Platform:
    """One process tree in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.postgres = EmbeddedPostgres(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "serve.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_INSTALLATIONS)}
        self._environment = kept | {
            "DATA_DIR": str(folder), "PORT": str(self.port), "NOKYC_WEBHOOK_ALLOW_PRIVATE": "1",
            "NOKYC_SIP_PORT": "0", "NOKYC_SIP_WS_PORT": "0",
        }  # fmt: skip
        self._server: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, or start it again; it is ready when this returns. Raises RuntimeError if it does not start."""
        await self._launch()
        failed = 0
        async with asyncio.timeout(START_SEC):
            while not await asyncio.to_thread(self._ready):
                if self._ended:
                    failed += 1
                    if failed == STARTS:
                        raise RuntimeError(f"the platform does not start: see {self._log}")
                    await self._launch()
                await asyncio.sleep(0.2)

    async def revive(self) -> None:
        """Start it again if the supervisor ended, as an operator's init would."""
        if self._ended:
            await self.start()

    async def stop(self) -> None:
        if self._server is not None and self._server.returncode is None:
            self._server.terminate()
            await self._server.wait()
        self.postgres.stop()

    async def kill(self, victim: str) -> bool:
        """Kill -9; False if it was dead just then. The supervisor alone has to be started again by somebody."""
        await self.revive()
        assert self._server is not None
        if victim == "supervisor":
            self._server.kill()
            await self._server.wait()
            await self.start()
            return True
        pid = self.postgres.pid() if victim == "postgres" else _child(self._server.pid, victim)
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    async def command(self, *arguments: str, check: bool = True) -> Any:
        """What `nokyc … --json` says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nokyc", *arguments, "--json", env=self._environment, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        if check and process.returncode:
            raise RuntimeError(f"nokyc {' '.join(arguments[:2])} failed")
        return json.loads(output or b"{}")

    @property
    def _ended(self) -> bool:
        return self._server is not None and self._server.returncode is not None

    async def _launch(self) -> None:
        with self._log.open("ab") as log:
            self._server = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "nokyc", "serve", env=self._environment, stdout=log, stderr=log
            )

    def _ready(self) -> bool:
        assert self._server is not None
        if _child(self._server.pid, "api") is None:
            return False  # whoever answers is left of the tree before
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - our own
                return bool(json.load(answer)["status"] == "ok")
        except (OSError, ValueError):
            return False


class Carrier:
    """The carrier from outside."""

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nokyc.torture.carrier", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, limit=MAX_SAID_BYTES,
        )  # fmt: skip
        self.ports: dict[str, int] = await self._hear()

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    def order(self, **orders: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(orders).encode() + b"\n")

    async def seen(self) -> dict[str, Any]:
        self.order(tell=True)
        seen: dict[str, Any] = await self._hear()
        return seen

    async def _hear(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(await self._process.stdout.readline())


def _child(parent: int, name: str) -> int | None:
    """The process id of a child of the supervisor by its command."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:  # it has just ended
        return None
    for pid in children:
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if name.encode() in arguments:
            return int(pid)
    return None
