"""A receiver of webhooks, and short words for what these tests do all the time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from resources.webhooks.receiver import Receiver
from support import Client, Drain

Advance = Callable[[float], Awaitable[None]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A customer's server."""
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def endpoint(api: Client, receiver: Receiver) -> Any:
    """An endpoint of the sandbox for every event, at the receiver's /."""
    answer = await api.post("/v1/webhook_endpoints", json={"url": f"{receiver.url}/", "enabled_events": ["*"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def advance(api: Client, drain: Drain) -> Advance:
    """Move the sandbox's clock by seconds, and do what is due then."""

    async def move(seconds: float) -> None:
        answer = await api.post("/v1/test/clock/advance", json={"seconds": round(seconds)})
        assert answer.status_code == 200, answer.text
        await drain()

    return move
