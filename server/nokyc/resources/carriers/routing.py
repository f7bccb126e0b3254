"""Which carriers may take a message or a call, in which order, and what it costs: longest prefix first, then older."""

import asyncio
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.kit.e164 import OFFSHORE
from nokyc.resources.carriers.presets import read_preset
from nokyc.store.store import Connection, Store

MEDIA_COUNTRIES = frozenset({"us", "ca"})
"""Where carriers take media in messages."""
VOICE_KIND = "sip"
"""The kind of carrier that takes calls."""
NAMED_DIGITS = 3
"""How long a prefix is that means a satellite's network; one digit less, and it might mean half the world."""
QUEUES = "sms."
"""How the names of carriers' queues begin."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The carriers for one message or call, best first, and the price of a segment or a minute in micro-dollars."""

    carriers: tuple[str, ...]
    price_micro: int


@dataclass(frozen=True, slots=True)
class _Routes:
    by_prefix: dict[str, list[tuple[str, int | None]]]
    lengths: tuple[int, ...]
    """Of the prefixes that there are, longest first."""

    def matches(self, recipient: str) -> list[tuple[str, int | None]]:
        """Carrier and price of every route that leads to an E.164 number, best first."""
        return [route for length in self.lengths for route in self.by_prefix.get(recipient[1 : 1 + length], ())]

    def name(self, recipient: str) -> bool:
        """Whether a route with a price means this very network, and not just all the world."""
        named = (self.by_prefix.get(recipient[1 : 1 + length], ()) for length in self.lengths if length >= NAMED_DIGITS)
        return any(price is not None for routes in named for _, price in routes)


@dataclass(frozen=True, slots=True)
class _Table:
    sms: _Routes
    voice: _Routes
    carriers: frozenset[str]
    with_media: frozenset[str]
    """Those that take media too."""
    trunks: frozenset[str]
    """The carriers that take calls."""


def queue_of(carrier: str) -> str:
    """The queue of what waits for a carrier."""
    return QUEUES + carrier


def carrier_of(queue: str) -> str | None:
    """The carrier whose queue this is; None if it is nobody's."""
    return queue.removeprefix(QUEUES) if queue.startswith(QUEUES) else None


class Routing:
    """The routing table of this process; read again when the store's revision moves.

    Whoever asks inside a unit of work hands its connection in: one that waited for another connection would wait for
    ever once all of them are taken by units that do the same.
    """

    def __init__(self, store: Store, sms_price_micro: int, call_price_micro: int) -> None:
        self._store = store
        self._sms_price = sms_price_micro
        self._call_price = call_price_micro
        self._table: _Table | None = None
        self._reading = asyncio.Lock()
        self._forgotten = 0
        store.on_change(self._forget)

    async def choose(
        self,
        recipient: str,
        *,
        number_carrier: str | None,
        livemode: bool,
        media: bool = False,
        connection: "Connection | None" = None,
    ) -> Choice:
        """Carriers for a recipient; none if no route leads there, which to satellites has to be one with a price. A
        number's own carrier comes before the routes, and one that is `simulated`, like everything in test mode, never
        leaves the house. With `media`, only carriers that take it are chosen."""
        table = self._table or await self._load(connection)
        takes = table.with_media if media else table.carriers
        return _choice(table.sms, recipient, self._sms_price, number_carrier, livemode, takes)

    async def choose_voice(
        self, callee: str, *, number_carrier: str | None, livemode: bool, connection: "Connection | None" = None
    ) -> Choice:
        """The same for a call: trunks, and the price of a minute."""
        table = self._table or await self._load(connection)
        return _choice(table.voice, callee, self._call_price, number_carrier, livemode, table.trunks)

    async def choose_for(self, row: Any, connection: "Connection | None" = None) -> Choice:
        """The same for a message that was accepted: its row, with number_carrier and livemode."""
        return await self.choose(
            row["recipient"],
            number_carrier=row["number_carrier"],
            livemode=row["livemode"],
            media=bool(row["media_urls"]),
            connection=connection,
        )

    def _forget(self) -> None:
        self._table = None
        self._forgotten += 1

    async def _load(self, connection: "Connection | None") -> _Table:
        if connection is None:
            async with self._store.reading() as own:
                return await self._load(own)
        async with self._reading:
            if self._table is not None:  # somebody else has just read it
                return self._table
            forgotten = self._forgotten
            routes = await connection.fetch("SELECT prefix, carrier, price_micro, sms, voice FROM routes ORDER BY id")
            carriers = await connection.fetch("SELECT name, kind, config FROM carriers")
        with_media = {row["name"] for row in carriers if row["kind"] == "http" and self._takes_media(row["config"])}
        trunks = {row["name"] for row in carriers if row["kind"] == VOICE_KIND}
        table = _Table(
            _routes(row for row in routes if row["sms"]),
            _routes(row for row in routes if row["voice"]),
            frozenset({SIMULATED, *(row["name"] for row in carriers)} - trunks),
            frozenset({SIMULATED} | with_media),
            frozenset({SIMULATED} | trunks),
        )
        if forgotten == self._forgotten:  # else something changed while we read
            self._table = table
        return table

    def _takes_media(self, sealed: bytes) -> bool:
        try:
            return read_preset(self._store.vault, sealed).supports_media
        except ValueError:  # what cannot be understood takes nothing; the worker tells the operator
            return False


def _routes(rows: Iterable[Any]) -> _Routes:
    by_prefix: dict[str, list[tuple[str, int | None]]] = {}
    for row in rows:
        by_prefix.setdefault(row["prefix"], []).append((row["carrier"], row["price_micro"]))
    return _Routes(by_prefix, tuple(sorted({len(prefix) for prefix in by_prefix}, reverse=True)))


def _choice(
    routes: _Routes,
    recipient: str,
    default_price: int,
    number_carrier: str | None,
    livemode: bool,
    takes: Container[str],
) -> Choice:
    matches = routes.matches(recipient)
    price = next((price for _, price in matches if price is not None), default_price)
    if not livemode or number_carrier == SIMULATED:
        return Choice((SIMULATED,), price)
    if recipient.startswith(OFFSHORE) and not routes.name(recipient):
        return Choice((), price)  # whoever wants to go there says for how much
    own = [] if number_carrier is None else [number_carrier]
    names = dict.fromkeys([*own, *(name for name, _ in matches)])
    return Choice(tuple(name for name in names if name in takes), price)
