"""The whole platform in this process, on the machine's own clock and a database of its own, with SIP on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg

from nokyc import main
from nokyc.http.outbound import OutboundClient
from nokyc.resources.carriers import actions as carriers
from nokyc.settings import Settings, read_settings
from nokyc.store.migrate import migrate
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Store
from nokyc.voice import SPOOL, build_engine, open_engines, run_voice
from nokyc.workers.salvage import Salvage, Spoolfolder
from nokyc.workers.worker import Worker
from nokyc_voice.call.engine import Engine
from support import BALANCE, Client, activate, make_customer, open_folder

PATIENCE_SEC = 20.0


@dataclass(slots=True)
class House:
    """What a test needs of it."""

    settings: Settings
    store: Store
    web: main.Web
    worker: Worker
    engine: Engine
    server: EmbeddedPostgres

    def uri(self, user: str) -> str:
        port = next(each.port for each in self.engine.endpoint.listening if each.transport == "udp")
        return f"sip:{user}@127.0.0.1:{port}"

    async def connect(self, name: str, port: int) -> None:
        """A trunk to a phone, and the route to it; all others go."""
        trunk = f"{name}{port}"

        async def work(unit: Any) -> None:
            for row in await unit.connection.fetch("SELECT name FROM carriers"):
                await carriers.remove_carrier(unit, row["name"])
            await carriers.add_carrier(unit, trunk, "sip", {"host": "127.0.0.1", "port": port, "ping_sec": 0})
            await carriers.add_route(unit, "", trunk, sms=False, voice=True, price_micro=60_000)

        await self.store.run(work)

        async def taken_up() -> bool:
            return [state.name for state in self.engine.states()] == [trunk]

        await self.until(taken_up)

    async def stop_database(self) -> None:
        await asyncio.to_thread(self.server.stop)

    async def start_database(self) -> None:
        await asyncio.to_thread(self.server.start)

    async def customer(self, *, balance: int = BALANCE) -> "Guest":
        """A customer with a live key, and a number."""
        made = await make_customer(self.store, balance=balance)
        api = Client(self.web.app, made.live_key)
        return Guest(api, await activate(self.store, api), made.live_id)

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Wait for what will be so in a moment, working on what is due."""
        async with asyncio.timeout(PATIENCE_SEC):
            while not await true():
                await self.worker.drain()
                await asyncio.sleep(0.05)


@dataclass(slots=True)
class Guest:
    """A customer in the house."""

    api: Client
    number: Any
    account_id: int

    async def get(self, path: str) -> Any:
        answer = await self.api.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def open_house(**changes: str) -> AsyncIterator[House]:
    """`changes` to its environment."""
    with open_folder() as folder, EmbeddedPostgres(folder, durable=False) as server:
        connection = await asyncpg.connect(server.dsn)
        await migrate(connection)
        await connection.close()
        environment = {
            "NOKYC_WEBHOOK_ALLOW_PRIVATE": "1", "PUBLIC_URL": "http://127.0.0.1:8080", "NOKYC_SIP_PORT": "0",
            "NOKYC_SIP_WS_PORT": "0",
        }  # fmt: skip
        settings = read_settings(environment | changes, data_dir=folder, limiter="local")
        store = await main.open_store(settings, server.dsn, size=30)
        client = OutboundClient(allow_private=True)
        switchboard = main.build_switchboard(store, settings)
        spool = Spoolfolder(folder / SPOOL, switchboard.name)
        engine = build_engine(store, settings, switchboard, client, await open_engines(settings), spool.path)
        salvage = Salvage(store, switchboard.reports, folder / SPOOL)
        serving = asyncio.create_task(run_voice(switchboard, engine, salvage))
        await engine.started.wait()
        worker = main.build_worker(store, settings, client)
        try:
            yield House(settings, store, main.build_web(store, settings), worker, engine, server)
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            switchboard.reports.close()
            spool.close()
            await worker.stop()
            await client.close()
            await store.close()
