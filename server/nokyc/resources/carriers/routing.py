"""Which carriers may take a message, in which order, and what it costs: longest prefix first, then older first."""

import asyncio
from dataclasses import dataclass
from typing import Any

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.resources.carriers.presets import read_preset
from nokyc.store.store import Store

MEDIA_COUNTRIES = frozenset({"us", "ca"})
"""Where carriers take media in messages."""
QUEUES = "sms."
"""How the names of carriers' queues begin."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The carriers for one message, best first, and the price of a segment in micro-dollars."""

    carriers: tuple[str, ...]
    price_micro: int


@dataclass(frozen=True, slots=True)
class _Table:
    by_prefix: dict[str, list[tuple[str, int | None]]]
    lengths: tuple[int, ...]
    """Of the prefixes that there are, longest first."""
    carriers: dict[str, bool]
    """Every carrier, and whether it takes media."""


def queue_of(carrier: str) -> str:
    """The queue of what waits for a carrier."""
    return QUEUES + carrier


def carrier_of(queue: str) -> str | None:
    """The carrier whose queue this is; None if it is nobody's."""
    return queue.removeprefix(QUEUES) if queue.startswith(QUEUES) else None


class Routing:
    """The routing table of this process; read again when the store's revision moves."""

    def __init__(self, store: Store, default_price_micro: int) -> None:
        self._store = store
        self._default_price = default_price_micro
        self._table: _Table | None = None
        self._reading = asyncio.Lock()
        self._forgotten = 0
        store.on_change(self._forget)

    async def choose(
        self, recipient: str, *, number_carrier: str | None, livemode: bool, media: bool = False
    ) -> Choice:
        """Carriers for a recipient; none if no route leads there. A number's own carrier comes before the routes,
        and one that is `simulated`, like everything in test mode, never leaves the house. With `media`, only
        carriers that take it are chosen."""
        table = self._table or await self._load()
        matches = [route for length in table.lengths for route in table.by_prefix.get(recipient[1 : 1 + length], ())]
        price = next((price for _, price in matches if price is not None), self._default_price)
        if not livemode or number_carrier == SIMULATED:
            return Choice((SIMULATED,), price)
        own = [] if number_carrier is None else [number_carrier]
        names = dict.fromkeys([*own, *(name for name, _ in matches)])
        takes = table.carriers
        return Choice(tuple(name for name in names if name in takes and (takes[name] or not media)), price)

    async def choose_for(self, row: Any) -> Choice:
        """The same for a message that was accepted: its row, with number_carrier and livemode."""
        return await self.choose(
            row["recipient"],
            number_carrier=row["number_carrier"],
            livemode=row["livemode"],
            media=bool(row["media_urls"]),
        )

    def _forget(self) -> None:
        self._table = None
        self._forgotten += 1

    async def _load(self) -> _Table:
        async with self._reading, self._store.reading() as connection:
            forgotten = self._forgotten
            routes = await connection.fetch("SELECT prefix, carrier, price_micro FROM routes WHERE sms ORDER BY id")
            carriers = await connection.fetch("SELECT name, kind, config FROM carriers")
        by_prefix: dict[str, list[tuple[str, int | None]]] = {}
        for row in routes:
            by_prefix.setdefault(row["prefix"], []).append((row["carrier"], row["price_micro"]))
        takes_media = {row["name"]: row["kind"] == "http" and self._takes_media(row["config"]) for row in carriers}
        lengths = tuple(sorted({len(prefix) for prefix in by_prefix}, reverse=True))
        table = _Table(by_prefix, lengths, takes_media | {SIMULATED: True})
        if forgotten == self._forgotten:  # else something changed while we read
            self._table = table
        return table

    def _takes_media(self, sealed: bytes) -> bool:
        try:
            return read_preset(self._store.vault, sealed).supports_media
        except ValueError:  # what cannot be understood takes nothing; the worker tells the operator
            return False
