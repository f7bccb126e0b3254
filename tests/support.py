"""What tests use beside fixtures: accounts, numbers, and the API as a customer's program calls it."""

import itertools
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from nokyc.kit import tiers
from nokyc.resources.accounts import actions as accounts
from nokyc.resources.keys import actions as keys
from nokyc.resources.numbers import inventory
from nokyc.store.store import Store

START = datetime(2026, 4, 26, 10, 40, tzinfo=UTC)


BALANCE = 100_000_000


Drain = Callable[[], Awaitable[None]]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's own user can pass when the tests run as root.

    Not below pytest's own, which every other run of pytest on the machine closes again at its start.
    """
    folder = Path(tempfile.mkdtemp(prefix="nokyc test "))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@dataclass(slots=True)
class Customer:
    """An account with its sandbox and an admin key for each."""

    live_id: int
    test_id: int
    live_key: str
    test_key: str


async def make_customer(store: Store, *, balance: int = BALANCE, rate_limit: int = 1_000_000) -> Customer:
    async def work(unit: Any) -> Customer:
        live_id, test_id = await accounts.create(unit, email=None, balance=balance, country="fr")
        _, live_key = await keys.create(unit, live_id, scope="admin", mode="live", rate_limit=rate_limit)
        _, test_key = await keys.create(unit, test_id, scope="admin", mode="test", rate_limit=rate_limit)
        return Customer(live_id, test_id, live_key, test_key)

    return await store.run(work)


class Client(httpx.AsyncClient):
    """The API as a customer's program calls it."""

    def __init__(self, app: Any, key: str | None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        transport = httpx.ASGITransport(app=app)
        super().__init__(transport=transport, base_url="http://127.0.0.1:8080", headers=headers)


_fresh = itertools.count(random.Random(1).randrange(10_000))
"""Every test's numbers are its own."""


def fresh_number(country: str = "fr") -> str:
    """A valid mobile number of the standard tier that no other test has: French, or American."""
    while True:
        n = next(_fresh)
        number = f"+336{47_000_000 + n:08d}" if country == "fr" else f"+1202{5_550_000 + n % 10_000:07d}"
        if tiers.tier(number)[0] == "standard":
            return number


async def add_stock(store: Store, *numbers: str, country: str = "fr", carrier: str | None = None) -> None:
    """Offer numbers for sale."""
    items = [inventory.item(number, country=country, kind="mobile", carrier=carrier) for number in numbers]
    await store.run(lambda unit: inventory.add(unit, items))


async def activate(store: Store, api: Client, *, country: str = "fr", carrier: str | None = None, **body: Any) -> Any:
    """Offer a fresh number, find it, activate it: the number as the API shows it."""
    e164 = fresh_number(country)
    await add_stock(store, e164, country=country, carrier=carrier)
    found = await api.get("/v1/numbers/available", params={"country": country, "contains": e164})
    order = {"available_id": found.json()["data"][0]["id"], "billing_period": "monthly"} | body
    answer = await api.post("/v1/numbers", json=order)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def events_of(api: Client, subject: str | None = None) -> list[str]:
    """The types of the account's events, oldest first; of one object if its id is given."""
    events = (await api.get("/v1/events", params={"limit": 100})).json()["data"]
    return [e["type"] for e in reversed(events) if subject is None or e["data"]["object"].get("id") == subject]
