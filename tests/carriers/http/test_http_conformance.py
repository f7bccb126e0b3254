"""The conformance suite over each preset, with real HTTP in both directions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from carriers.conformance import Harness, SmsCarrierConformance, Store
from carriers.http.providers import OurApi, PlainProvider, TelnyxProvider, TwilioProvider
from nokyc.carriers.http.carrier import HttpCarrier
from nokyc.http.outbound import OutboundClient


@asynccontextmanager
async def connected(provider: TwilioProvider | TelnyxProvider | PlainProvider) -> AsyncIterator[Harness]:
    store = Store()
    api = OurApi(store)
    client = OutboundClient(allow_private=True)
    await api.listener.listen()
    await provider.listener.listen()
    callback_url = f"{api.listener.url}/carriers/here"
    provider.inbound_url = f"{callback_url}/inbound"
    carrier = api.carrier = HttpCarrier(provider.config(callback_url), client, backoff_sec=(0.01,))
    await carrier.start(store.sink)
    try:
        yield Harness(carrier, provider, store)
    finally:
        await provider.close()
        await carrier.stop()
        await api.listener.close()
        await client.close()


class TestTwilioConformance(SmsCarrierConformance):
    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        async with connected(TwilioProvider()) as harness:
            yield harness


class TestTelnyxConformance(SmsCarrierConformance):
    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        async with connected(TelnyxProvider()) as harness:
            yield harness


class TestGenericConformance(SmsCarrierConformance):
    @pytest.fixture
    async def harness(self) -> AsyncIterator[Harness]:
        async with connected(PlainProvider()) as harness:
            yield harness
