"""Tests in which real time passes for days and months: on a platform that has a clock of its own.

The clock of the other tests must not run away from them, and a sandbox's clock moves nothing but the sandbox.
"""

from collections.abc import AsyncIterator

import pytest

from nokyc import main
from nokyc.http.outbound import OutboundClient
from nokyc.kit.clock import ManualClock
from nokyc.settings import Settings
from nokyc.store.store import Store
from nokyc.workers.worker import Worker
from resources.webhooks.receiver import Receiver
from support import START, Drain

CONNECTIONS = 10


@pytest.fixture(scope="session")
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(scope="session")
async def store(store: Store, postgres_dsn: str, clock: ManualClock, settings: Settings) -> AsyncIterator[Store]:
    own = await main.open_store(settings, postgres_dsn, clock=clock, size=CONNECTIONS)
    yield own
    await own.close()


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
    return worker.drain


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()
