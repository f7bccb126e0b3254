"""Fixtures of the tests of calls."""

from collections.abc import AsyncIterator

import pytest

from nokyc.kit.clock import ManualClock
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.calls.engine import Exchange, trunk


@pytest.fixture
async def exchange(store: Store, settings: Settings, clock: ManualClock) -> AsyncIterator[Exchange]:
    """A voice process with a trunk that takes every live call."""
    async with trunk(store):
        yield Exchange(store, settings, clock)
