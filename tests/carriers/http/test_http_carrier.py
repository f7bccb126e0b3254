"""What all presets have in common: configuration, window, rests, verdicts when there is no answer, the end."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from carriers.conformance import Store, submissions, until
from carriers.http.providers import Listener
from nokyc.carriers.http import carrier as carrier_module
from nokyc.carriers.http.carrier import HttpCarrier
from nokyc.carriers.http.config import HttpConfig, Template
from nokyc.carriers.http.presets import open_preset
from nokyc.carriers.port import Accepted, NotSent, Refused, Throttled, Unknown
from nokyc.http.outbound import OutboundClient


class Gateway:
    """Answers what it is told, when it is let."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.seen = 0
        self.listener = Listener(self._handle)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        self.seen += 1
        seen = self.seen
        await self.gate.wait()
        return web.json_response({"id": seen}, status=self.status, headers=self.headers)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    await made.listener.listen()
    yield made
    made.gate.set()
    await made.listener.close()


@pytest.fixture
async def client() -> AsyncIterator[OutboundClient]:
    made = OutboundClient(allow_private=True)
    yield made
    await made.close()


def config(gateway: Gateway) -> HttpConfig:
    template = Template(url=gateway.listener.url + "/send", json={"text": "{text}"}, proof="none")
    return HttpConfig("gw", "generic", template=template, timeout_sec=5)


async def started(config: HttpConfig, client: OutboundClient, backoff_sec: tuple[float, ...] = (0.01,)) -> HttpCarrier:
    made = HttpCarrier(config, client, backoff_sec=backoff_sec)
    await made.start(Store().sink)
    return made


async def test_the_window_bounds_what_is_under_way(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(replace(config(gateway), window=3), client)
    gateway.gate.clear()
    first = [asyncio.create_task(carrier.submit(*submissions(carrier, "x"))) for _ in range(3)]
    await until(lambda: gateway.seen == 3)

    assert carrier.capacity() == 0
    assert carrier.links()[0].detail.endswith("window 3/3")
    assert isinstance(await carrier.submit(*submissions(carrier, "x")), Throttled)
    gateway.gate.set()
    assert all(isinstance(verdict, Accepted) for verdict in await asyncio.gather(*first))
    assert carrier.capacity() == 3
    assert gateway.seen == 3


async def test_the_window_is_no_wider_than_the_connections(gateway: Gateway) -> None:
    client = OutboundClient(allow_private=True, per_host=2)
    carrier = await started(replace(config(gateway), window=50), client)

    assert carrier.capacity() == 2
    await client.close()


async def test_the_contract_s_rate_is_kept(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(replace(config(gateway), window=50, tps=4), client)

    assert carrier.capacity() == 2  # half a second of it
    verdicts = [asyncio.create_task(carrier.submit(*submissions(carrier, "x"))) for _ in range(8)]
    await asyncio.sleep(0.01)
    throttled = [task for task in verdicts if task.done() and isinstance(task.result(), Throttled)]
    assert len(throttled) == 5
    assert gateway.seen <= 1
    for task in verdicts:
        task.cancel()


async def test_a_throttled_carrier_is_left_alone_for_as_long_as_it_said(
    gateway: Gateway, client: OutboundClient
) -> None:
    carrier = await started(config(gateway), client)
    gateway.status, gateway.headers = 429, {"Retry-After": "30"}
    assert await carrier.submit(*submissions(carrier, "x")) == Throttled(30.0, "HTTP 429")

    again = await carrier.submit(*submissions(carrier, "x"))

    assert isinstance(again, Throttled)
    assert 29 < again.retry_after_sec <= 30
    assert (carrier.capacity(), gateway.seen) == (0, 1)
    assert carrier.links()[0].up
    assert "resting 30 s" in carrier.links()[0].detail


async def test_a_carrier_that_does_not_know_us_is_down_until_it_does(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(config(gateway), client, backoff_sec=(0.01, 30.0))
    gateway.status = 401
    assert await carrier.submit(*submissions(carrier, "x")) == NotSent("HTTP 401")
    await until(carrier.capacity)
    assert await carrier.submit(*submissions(carrier, "x")) == NotSent("HTTP 401")

    assert not carrier.links()[0].up
    assert carrier.capacity() == 0  # the second rest is the longer one
    assert isinstance(await carrier.submit(*submissions(carrier, "x")), NotSent)
    assert gateway.seen == 2
    gateway.status = 200
    assert (await carrier.probe()).up
    assert isinstance(await carrier.submit(*submissions(carrier, "x")), Accepted)
    assert carrier.links()[0].counters == {"accepted": 1, "refused": 0, "throttled": 0, "not_sent": 3, "unknown": 0}


@pytest.mark.parametrize(("status", "kind"), [(500, Unknown), (422, Refused), (307, NotSent), (204, Unknown)])
async def test_statuses(gateway: Gateway, client: OutboundClient, status: int, kind: type) -> None:
    carrier = await started(config(gateway), client)
    gateway.status, gateway.headers = status, {"Location": "/elsewhere"}

    assert isinstance(await carrier.submit(*submissions(carrier, "x")), kind)
    assert gateway.seen == 1


async def test_no_answer_in_time_is_unknown(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(replace(config(gateway), timeout_sec=0.05), client)
    gateway.gate.clear()

    assert await carrier.submit(*submissions(carrier, "x")) == Unknown("timeout: no complete answer in time")


async def test_stop_waits_for_what_is_under_way(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(config(gateway), client)
    gateway.gate.clear()
    pending = asyncio.create_task(carrier.submit(*submissions(carrier, "x")))
    await until(lambda: gateway.seen == 1)
    stopping = asyncio.create_task(carrier.stop())
    await asyncio.sleep(0)
    gateway.gate.set()
    await stopping

    assert isinstance(await pending, Accepted)
    assert isinstance(await carrier.submit(*submissions(carrier, "x")), NotSent)


async def test_stop_does_not_wait_for_ever(
    gateway: Gateway, client: OutboundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier_module, "DRAIN_SEC", 0.01)
    carrier = await started(config(gateway), client)
    gateway.gate.clear()
    pending = asyncio.create_task(carrier.submit(*submissions(carrier, "x")))
    await until(lambda: gateway.seen == 1)
    await carrier.stop()

    assert await pending == Unknown("stopped before the answer came")


async def test_media_goes_only_to_who_takes_it(gateway: Gateway, client: OutboundClient) -> None:
    carrier = await started(config(gateway), client)
    (plain,) = submissions(carrier, "x")

    assert not carrier.supports_media
    assert isinstance(await carrier.submit(replace(plain, media_urls=("https://m/1",))), Refused)
    assert gateway.seen == 0


def test_a_configuration_survives_json() -> None:
    template = Template(
        url="https://gw.example/{id}", json={"a": ["{text}"]}, delivered=("1",), errors={"9": "blocked"}
    )
    given = HttpConfig("g", "generic", password="s3cret", signing_key="k3y", tps=1.5, template=template)
    stored = json.loads(json.dumps(given.to_json()))

    assert HttpConfig.from_json(stored) == given
    assert HttpConfig.from_json({"name": "x", "preset": "twilio"}) == HttpConfig("x", "twilio")
    assert "s3cret" not in repr(given)
    assert "k3y" not in repr(given)


@pytest.mark.parametrize(
    "stored",
    [
        {"preset": "twilio"},
        {"name": "x", "preset": "other"},
        {"name": "x", "preset": "twilio", "colour": "red"},
        {"name": "x", "preset": "generic", "template": {"colour": "red"}},
        {"name": "x", "preset": "generic", "template": {"errors": {"1": "nonsense"}}},
        {"name": "x", "preset": "twilio", "window": 0},
        {"name": "x", "preset": "twilio", "tps": 0},
        {"name": "x", "preset": "twilio", "timeout_sec": 0},
        {"name": "x", "preset": "twilio", "base_url": "ftp://x"},
        {"name": "x", "preset": "twilio", "callback_url": "nowhere"},
    ],
)
def test_configurations_that_cannot_be(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        HttpConfig.from_json(stored)


def test_the_api_process_needs_no_client_to_read_reports() -> None:
    preset = open_preset(HttpConfig("tw", "twilio", account="AC1", password="t"))

    assert preset.acknowledgement()[0] == "text/xml"
