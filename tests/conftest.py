"""What every test can ask for: a PostgreSQL of the run's own, the platform in this process, and its clock.

Work moves only by `drain`, time only by `clock.advance`: nobody sleeps. Each test has an account of its own, so the
tests of a run share one database and cannot see each other.
"""

import itertools
import os
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from nokyc import main
from nokyc.http.outbound import OutboundClient
from nokyc.kit import tiers
from nokyc.kit.clock import ManualClock
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.carriers.actions import default_route
from nokyc.resources.keys import actions as keys
from nokyc.resources.numbers import inventory
from nokyc.settings import Settings, read_settings
from nokyc.store.migrate import migrate
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import Store
from nokyc.workers.worker import Worker

START = datetime(2026, 4, 26, 10, 40, tzinfo=UTC)
BALANCE = 100_000_000

Drain = Callable[[], Awaitable[None]]


@pytest.fixture(scope="session")
def postgres_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(enterable(tmp_path_factory.mktemp("data")), durable=False)
    yield server.start()
    server.stop()


def enterable(folder: Path) -> Path:
    """The same folder, with parents that PostgreSQL's own user can pass when the tests run as root."""
    for parent in [folder, *folder.parents]:
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(parent.stat().st_mode | 0o011)
    return folder


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


@dataclass(slots=True)
class Customer:
    """An account with its sandbox and an admin key for each."""

    live_id: int
    test_id: int
    live_key: str
    test_key: str


@pytest.fixture
async def customer(store: Store) -> Customer:
    """A fresh account with 100 dollars in both modes, whose keys are practically never rate-limited."""
    return await make_customer(store)


async def make_customer(store: Store, *, balance: int = BALANCE, rate_limit: int = 1_000_000) -> Customer:
    async def work(unit: Any) -> Customer:
        live_id, test_id = await accounts.create(unit, email=None, balance=balance, country="fr")
        _, live_key = await keys.create(unit, live_id, scope="admin", mode="live", rate_limit=rate_limit)
        _, test_key = await keys.create(unit, test_id, scope="admin", mode="test", rate_limit=rate_limit)
        return Customer(live_id, test_id, live_key, test_key)

    return await store.run(work)


class Client(httpx.AsyncClient):
    """The API as a customer's program calls it."""

    def __init__(self, app: Any, key: str | None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        transport = httpx.ASGITransport(app=app)
        super().__init__(transport=transport, base_url="http://127.0.0.1:8080", headers=headers)


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


_fresh = itertools.count(random.Random(1).randrange(10_000))
"""Every test's numbers are its own."""


def fresh_number(country: str = "fr") -> str:
    """A valid mobile number of the standard tier that no other test has: French, or American."""
    while True:
        n = next(_fresh)
        number = f"+336{47_000_000 + n:08d}" if country == "fr" else f"+1202{5_550_000 + n % 10_000:07d}"
        if tiers.tier(number)[0] == "standard":
            return number


async def add_stock(store: Store, *numbers: str, country: str = "fr", carrier: str | None = None) -> None:
    """Offer numbers for sale."""
    items = [inventory.item(number, country=country, kind="mobile", carrier=carrier) for number in numbers]
    await store.run(lambda unit: inventory.add(unit, items))


async def activate(store: Store, api: Client, *, country: str = "fr", carrier: str | None = None, **body: Any) -> Any:
    """Offer a fresh number, find it, activate it: the number as the API shows it."""
    e164 = fresh_number(country)
    await add_stock(store, e164, country=country, carrier=carrier)
    found = await api.get("/v1/numbers/available", params={"country": country, "contains": e164})
    order = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly"} | body
    answer = await api.post("/v1/numbers", json=order)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
async def number(store: Store, api: Client) -> Any:
    """An active French number in the customer's sandbox."""
    return await activate(store, api)


@pytest.fixture
async def live_number(store: Store, live_api: Client) -> Any:
    """An active French number on the customer's live account."""
    return await activate(store, live_api)


async def events_of(api: Client, subject: str | None = None) -> list[str]:
    """The types of the account's events, oldest first; of one object if its id is given."""
    events = (await api.get("/v1/events", params={"limit": 100})).json()["data"]
    return [e["type"] for e in reversed(events) if subject is None or e["data"]["object"].get("id") == subject]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The source tree."""
    return Path(__file__).parents[1]
