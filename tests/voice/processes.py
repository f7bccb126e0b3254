"""Real `nokyc voice` processes on a database of their own, with the rest of the platform in the test's process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from nokyc import main
from nokyc.http.outbound import OutboundClient
from nokyc.kit.clock import SystemClock
from nokyc.resources.carriers import actions as carriers
from nokyc.settings import read_settings
from nokyc.store.migrate import migrate
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Store
from nokyc.torture.ports import free_port
from nokyc.workers.worker import Worker
from support import Client, activate, make_customer, open_folder

PATIENCE_SEC = 40.0
AHEAD = timedelta(seconds=8)
"""How far the worker is ahead in time: it gives up on a process that is silent for 12 seconds, not 20."""


class Ahead(SystemClock):
    def now(self) -> datetime:
        return super().now() + AHEAD


@dataclass(slots=True)
class Voice:
    """One voice process."""

    name: str
    process: asyncio.subprocess.Process
    port: int

    async def end(self, how: Callable[[asyncio.subprocess.Process], None]) -> None:
        how(self.process)
        await self.process.wait()


@dataclass(slots=True)
class Company:
    """What the processes work for."""

    folder: Path
    dsn: str
    store: Store
    api: Client
    number: Any
    worker: Worker

    async def connect(self, port: int) -> None:
        """The one trunk, at a port of this machine, and the route to it."""

        async def work(unit: Any) -> None:
            config = {"host": "127.0.0.1", "port": port, "ping_sec": 0}
            await carriers.add_carrier(unit, "acme", "sip", config)
            await carriers.add_route(unit, "", "acme", sms=False, voice=True, price_micro=60_000)

        await self.store.run(work)

    async def shown(self, call: Any) -> Any:
        return (await self.api.get(f"/v1/calls/{call['id']}")).json()

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Wait until it is so, while the worker works."""
        async with asyncio.timeout(PATIENCE_SEC):
            while not await true():
                await self.worker.drain()
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def voice(self) -> AsyncIterator[Voice]:
        """One more process, once it has its trunk."""
        others, port = await self._names(), free_port()
        environment = {
            "DATABASE_URL": self.dsn, "DATA_DIR": str(self.folder), "NOKYC_SIP_PORT": str(port),
            "NOKYC_SIP_WS_PORT": "0", "NOKYC_RTP_PORTS": "30000-34000",
        }  # fmt: skip
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "nokyc", "voice", env=os.environ | environment, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(PATIENCE_SEC):
                while not (names := await self._names() - others):  # noqa: ASYNC110  # nothing tells
                    await asyncio.sleep(0.1)
            yield Voice(names.pop(), process, port)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()

    async def _names(self) -> set[str]:
        """Processes that have shown their trunks."""
        async with self.store.reading() as connection:
            return {row["worker"] for row in await connection.fetch("SELECT worker FROM links WHERE carrier = 'acme'")}


@asynccontextmanager
async def open_company() -> AsyncIterator[Company]:
    with open_folder() as folder, EmbeddedPostgres(folder, durable=False) as server:
        connection = await asyncpg.connect(server.dsn)
        await migrate(connection)
        await connection.close()
        settings = read_settings({}, data_dir=folder, limiter="local")
        store = await main.open_store(settings, server.dsn)
        ahead = await main.open_store(settings, server.dsn, clock=Ahead())
        client = OutboundClient(allow_private=True)
        worker = main.build_worker(ahead, settings, client)
        customer = await make_customer(store)
        api = Client(main.build_web(store, settings).app, customer.live_key)
        try:
            yield Company(folder, server.dsn, store, api, await activate(store, api), worker)
        finally:
            await worker.stop()
            await client.close()
            await store.close()
            await ahead.close()
