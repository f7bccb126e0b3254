"""Fixtures of the SMS tests."""

from collections.abc import AsyncIterator

import pytest

from nokyc.http.outbound import OutboundClient
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.sms.desk import Fleet


@pytest.fixture
async def fleet(store: Store, settings: Settings) -> AsyncIterator[Fleet]:
    """Real carriers for one test, and a worker for them; afterwards everything is simulated again."""
    client = OutboundClient(allow_private=True)
    fleet = Fleet(store, settings, client)
    yield fleet
    await fleet.close()
    await client.close()
