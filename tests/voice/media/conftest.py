"""Each test has a ticker of its own, driven by hand, and a range of ports that no other test process uses."""

import os
from collections.abc import AsyncIterator

import pytest

from voice.media.rig import Network, Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    made = Rig(range(20_000 + 1_000 * worker, 21_000 + 1_000 * worker))
    yield made
    made.audio.close()


@pytest.fixture
async def network(rig: Rig) -> AsyncIterator[Network]:
    made = Network(rig.ticker)
    yield made
    made.close()
