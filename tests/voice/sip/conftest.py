"""Two user agents on a wire of their own, on a clock that only the test moves."""

from collections.abc import AsyncIterator

import pytest

from voice.sip.wires import Party, VirtualTimers, Wire


@pytest.fixture
def timers() -> VirtualTimers:
    return VirtualTimers()


@pytest.fixture
def wire(timers: VirtualTimers) -> Wire:
    return Wire(timers)


@pytest.fixture
async def caller(wire: Wire) -> AsyncIterator[Party]:
    party = Party(wire, "192.0.2.1", seed=1)
    await party.endpoint.start()
    yield party
    await wire.timers.until(party.endpoint.stop())


@pytest.fixture
async def callee(wire: Wire) -> AsyncIterator[Party]:
    party = Party(wire, "192.0.2.2", seed=2)
    await party.endpoint.start()
    yield party
    await wire.timers.until(party.endpoint.stop())
