"""Which carriers may take a message, in which order, and what it costs: longest prefix first, then older first."""

import asyncio
from dataclasses import dataclass

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.store.store import Store

MEDIA_COUNTRIES = frozenset({"us", "ca"})
"""Where carriers take media in messages."""
MEDIA_KINDS = frozenset({"simulated", "http"})
MAX_PREFIX = 15


@dataclass(frozen=True, slots=True)
class Choice:
    """The carriers for one message, best first, and the price of a segment in micro-dollars."""

    carriers: tuple[str, ...]
    price_micro: int


@dataclass(frozen=True, slots=True)
class _Table:
    by_prefix: dict[str, list[tuple[str, int | None]]]
    kinds: dict[str, str]


class Routing:
    """The routing table of this process; read again when the store's revision moves."""

    def __init__(self, store: Store, default_price_micro: int) -> None:
        self._store = store
        self._default_price = default_price_micro
        self._table: _Table | None = None
        self._reading = asyncio.Lock()
        store.on_change(self._forget)

    async def choose(self, recipient: str, *, number_carrier: str | None, livemode: bool) -> Choice:
        """Carriers for a recipient; none if no route leads there. A number's own carrier comes before the routes,
        and one that is `simulated`, like everything in test mode, never leaves the house."""
        table = self._table or await self._load()
        matches = [
            route
            for length in range(min(len(recipient) - 1, MAX_PREFIX), -1, -1)
            for route in table.by_prefix.get(recipient[1 : 1 + length], ())
        ]
        price = next((price for _, price in matches if price is not None), self._default_price)
        if not livemode or number_carrier == SIMULATED:
            return Choice((SIMULATED,), price)
        own = [number_carrier] if number_carrier in table.kinds else []
        names = dict.fromkeys([*own, *(name for name, _ in matches if name in table.kinds)])
        return Choice(tuple(name for name in names if name is not None), price)

    async def takes_media(self, choice: Choice, country: str | None) -> bool:
        """Whether one of the carriers takes media to this country."""
        table = self._table or await self._load()
        return country in MEDIA_COUNTRIES and any(table.kinds.get(name) in MEDIA_KINDS for name in choice.carriers)

    def _forget(self) -> None:
        self._table = None

    async def _load(self) -> _Table:
        async with self._reading, self._store.reading() as connection:
            rows = await connection.fetch("SELECT prefix, carrier, price_micro FROM routes WHERE sms ORDER BY id")
            kinds = {row["name"]: row["kind"] for row in await connection.fetch("SELECT name, kind FROM carriers")}
        by_prefix: dict[str, list[tuple[str, int | None]]] = {}
        for row in rows:
            by_prefix.setdefault(row["prefix"], []).append((row["carrier"], row["price_micro"]))
        self._table = _Table(by_prefix, kinds | {SIMULATED: "simulated"})
        return self._table
