"""What the tests of the SMPP adapter share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from carriers.conformance import Store, submissions, until
from carriers.smpp.smsc import Smsc
from carriers.smpp.test_conformance import QUICK, config
from nokyc.carriers.port import Verdict
from nokyc.carriers.smpp import SmppCarrier, Timers

Start = Callable[..., Awaitable[SmppCarrier]]


@pytest.fixture
async def smsc() -> AsyncIterator[Smsc]:
    smsc = Smsc()
    await smsc.start()
    yield smsc
    await smsc.stop()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def start(smsc: Smsc, store: Store) -> AsyncIterator[Start]:
    """Starts a carrier, bound unless `bound=False`, and stops it after the test."""
    carriers: list[SmppCarrier] = []

    async def start(*, bound: bool = True, timers: Timers = QUICK, **settings: object) -> SmppCarrier:
        carrier = SmppCarrier(replace(config(smsc.port), **settings), timers=timers)  # type: ignore[arg-type]
        carriers.append(carrier)
        await carrier.start(store.sink)
        if bound:
            await until(lambda: all(link.up for link in carrier.links()))
        return carrier

    yield start
    await asyncio.gather(*(carrier.stop() for carrier in carriers))


def one(carrier: SmppCarrier, text: str = "Hello") -> asyncio.Future[Verdict]:
    """One submission under way."""
    (submission,) = submissions(carrier, text)
    return asyncio.ensure_future(carrier.submit(submission))
