"""Fixtures of the SMS tests."""

from collections.abc import AsyncIterator

import pytest

from carriers.smpp.smsc import Smsc
from nokyc.http.outbound import OutboundClient
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.sms.desk import Fleet, new_smsc


@pytest.fixture
async def fleet(store: Store, settings: Settings) -> AsyncIterator[Fleet]:
    """Real carriers for one test, and a worker for them; afterwards everything is simulated again."""
    client = OutboundClient(allow_private=True)
    fleet = Fleet(store, settings, client)
    yield fleet
    await fleet.close()
    await client.close()


@pytest.fixture
async def smsc() -> AsyncIterator[Smsc]:
    """A scripted SMSC."""
    smsc = new_smsc()
    await smsc.start()
    yield smsc
    await smsc.stop()


@pytest.fixture
async def acme(fleet: Fleet, smsc: Smsc) -> Smsc:
    """The same, connected with two binds and routed to for every French number."""
    await fleet.add_smpp("acme", smsc.port, "33", binds=2)
    return smsc
