"""What every test can ask for: a PostgreSQL of the run's own, the platform in this process, and its clock.

Work moves only by `drain`, time only by `clock.advance`: nobody sleeps. Each test has an account of its own, so the
tests of a run share one database and cannot see each other.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from nokyc import main
from nokyc.http.outbound import OutboundClient
from nokyc.kit.clock import ManualClock
from nokyc.resources.carriers.actions import default_route
from nokyc.settings import Settings, read_settings
from nokyc.store.migrate import migrate
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Store
from nokyc.workers.worker import Worker
from support import START, Client, Customer, Drain, activate, make_customer, open_folder

pytest_plugins = ["contract.recorder"]


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    with open_folder() as folder, EmbeddedPostgres(folder, durable=False) as server:
        yield server.dsn


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(scope="session")
async def store(postgres_dsn: str, clock: ManualClock, settings: Settings) -> AsyncIterator[Store]:
    connection = await asyncpg.connect(postgres_dsn)
    await migrate(connection)
    await connection.close()
    store = await main.open_store(settings, postgres_dsn, clock=clock, size=30)
    await store.run(default_route)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    environment = {"NOKYC_WEBHOOK_ALLOW_PRIVATE": "1", "PUBLIC_URL": "http://127.0.0.1:8080"}
    return read_settings(environment, data_dir=tmp_path_factory.mktemp("settings"), limiter="local")


@pytest.fixture(scope="session")
async def web(store: Store, settings: Settings) -> main.Web:
    return main.build_web(store, settings)


@pytest.fixture(scope="session")
async def worker(store: Store, settings: Settings) -> AsyncIterator[Worker]:
    client = OutboundClient(allow_private=True)
    worker = main.build_worker(store, settings, client)
    yield worker
    await worker.stop()
    await client.close()


@pytest.fixture(scope="session")
def drain(worker: Worker) -> Drain:
    """Do all work that is due by the clock."""
    return worker.drain


@pytest.fixture
async def customer(store: Store) -> Customer:
    """A fresh account with 100 dollars in both modes, whose keys are practically never rate-limited."""
    return await make_customer(store)


@pytest.fixture
async def api(web: main.Web, customer: Customer) -> AsyncIterator[Client]:
    """The API with the customer's admin test key."""
    async with Client(web.app, customer.test_key) as client:
        yield client


@pytest.fixture
async def live_api(web: main.Web, customer: Customer) -> AsyncIterator[Client]:
    """The API with the customer's admin live key."""
    async with Client(web.app, customer.live_key) as client:
        yield client


@pytest.fixture
async def anonymous(web: main.Web) -> AsyncIterator[Client]:
    """The API without a key."""
    async with Client(web.app, None) as client:
        yield client


@pytest.fixture
async def number(store: Store, api: Client) -> Any:
    """An active French number in the customer's sandbox."""
    return await activate(store, api)


@pytest.fixture
async def live_number(store: Store, live_api: Client) -> Any:
    """An active French number on the customer's live account."""
    return await activate(store, live_api)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The source tree."""
    return Path(__file__).parents[1]
