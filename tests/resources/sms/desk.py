"""What the SMS tests share: sending, looking, and real carriers that live as long as one test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from carriers.conformance import until
from carriers.smpp.smsc import Smsc
from carriers.smpp.test_conformance import QUICK, config
from nokyc import main
from nokyc.carriers.http.carrier import HttpCarrier
from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.port import SmsCarrier
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.smpp import SmppCarrier, SmppConfig
from nokyc.http.outbound import OutboundClient
from nokyc.resources.carriers import actions as carriers
from nokyc.settings import Settings
from nokyc.store.files import open_files
from nokyc.store.store import Store, Unit
from nokyc.workers.worker import Worker
from support import Client

HANDSET = "+33612345678"


_series = count(1)


def new_smsc() -> Smsc:
    """Its names for submissions are its own, as those of any SMSC."""
    series = next(_series)
    return Smsc(message_id=lambda n: f"{series:x}{n:x}")


async def send(api: Client, number: Any, to: str = HANDSET, body: str = "Hello", **more: Any) -> Any:
    """POST /v1/sms that succeeds."""
    answer = await api.post("/v1/sms", json={"from": number["id"], "to": to, "body": body} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(api: Client, number: Any, to: str = HANDSET, body: str = "Hello", **more: Any) -> tuple[int, str]:
    """POST /v1/sms that is refused: status and code."""
    answer = await api.post("/v1/sms", json={"from": number["id"], "to": to, "body": body} | more)
    assert answer.status_code >= 400, answer.text
    return answer.status_code, answer.json()["error"]["code"]


async def message(api: Client, sms: Any) -> Any:
    """The message as it is now."""
    answer = await api.get(f"/v1/sms/{sms if isinstance(sms, str) else sms['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def state(api: Client, sms: Any) -> tuple[str, str | None]:
    """Status and failure code."""
    shown = await message(api, sms)
    return shown["status"], shown["failure_code"]


async def inbox(api: Client, number: Any) -> list[str]:
    """The bodies that a number has received, oldest first."""
    query = {"number": number["id"], "direction": "inbound", "limit": 100}
    return [each["body"] for each in reversed((await api.get("/v1/sms", params=query)).json()["data"])]


async def balance(api: Client) -> float:
    figure: float = (await api.get("/v1/account")).json()["balance_usd"]
    return figure


class Fleet:
    """Real carriers and the worker that runs them; it moves by `work` only."""

    def __init__(self, store: Store, settings: Settings, client: OutboundClient) -> None:
        self.store = store
        self.carriers: dict[str, SmsCarrier] = {}
        self.fakes: dict[str, SmsCarrier] = {}
        """Adapters that a test wrote, by the carrier's name; their kind is `fake`."""
        self._client = client
        self._settings = settings
        self._added: list[str] = []
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        """Another worker of the same database."""
        routing = main.open_routing(self.store, self._settings)
        files = open_files(self._settings)
        return Worker(
            self.store, routing, self._client, main.VERSIONS, self._make, files=files, settings=self._settings,
            reroute_after_sec=0,
        )  # fmt: skip

    async def add(self, name: str, kind: str, settings: dict[str, Any], *prefixes: str) -> None:
        """Connect a carrier and route prefixes to it."""

        async def work(unit: Unit) -> None:
            await carriers.add_carrier(unit, name, kind, settings)
            for prefix in prefixes:
                await carriers.add_route(unit, prefix, name, sms=True, voice=True, price_micro=None)

        await self.store.run(work)
        self._added.append(name)

    async def add_smpp(self, name: str, port: int, *prefixes: str, **settings: Any) -> None:
        """An SMSC on loopback, bound when this returns."""
        await self.add(name, "smpp", config(port, **settings).to_json(), *prefixes)
        await self.worker.drain()
        await self.up(name)

    async def add_fake(self, name: str, carrier: SmsCarrier, *prefixes: str) -> None:
        self.fakes[name] = carrier
        await self.add(name, "fake", {}, *prefixes)

    async def remove(self, name: str) -> None:
        self._added.remove(name)
        await self.store.run(lambda unit: carriers.remove_carrier(unit, name))

    async def up(self, name: str) -> None:
        """All links of a carrier are bound."""
        await until(lambda: all(link.up for link in self.carriers[name].links()))

    async def work(self) -> None:
        """Do everything that is due."""
        await self.worker.drain()

    @asynccontextmanager
    async def killed(self) -> AsyncIterator[Worker]:
        """The worker works during this block, and dies at its end: nothing of what it has in flight is recorded."""
        working = asyncio.create_task(self.worker.drain())
        yield self.worker
        working.cancel()
        for each in self.worker._carriers.values():
            for flight in list(each.submitter._in_flight):
                flight.cancel()
        await asyncio.wait([working])

    async def close(self) -> None:
        await self.worker.stop()
        for name in list(self._added):
            await self.remove(name)

        async def work(unit: Unit) -> None:
            await unit.connection.execute("DELETE FROM routes")
            # What this test left behind is no other's work.
            await unit.connection.execute(
                "DELETE FROM tasks WHERE starts_with(queue, 'sms.') AND queue <> 'sms.simulated'"
            )
            await carriers.add_route(unit, "", SIMULATED, sms=True, voice=True, price_micro=None)
            await unit.touch()

        await self.store.run(work)

    def _make(self, kind: str, name: str, settings: dict[str, Any]) -> SmsCarrier | None:
        match kind:
            case "smpp":
                made: SmsCarrier = SmppCarrier(SmppConfig.from_json(settings), timers=QUICK, clock=self.store.clock)
            case "http":
                made = HttpCarrier(HttpConfig.from_json(settings), self._client, backoff_sec=(0.01,))
            case "fake":
                made = self.fakes[name]
            case _:
                return None
        self.carriers[name] = made
        return made


async def eventually(work: Callable[[], Awaitable[None]], condition: Callable[[], Awaitable[object]]) -> None:
    """Work until something holds that another side of a socket brings about; fails after five seconds."""
    async with asyncio.timeout(5):
        while True:
            await work()
            if await condition():
                return
            await asyncio.sleep(0.005)
