"""What each process says of its links to carriers, for operators to see."""

from collections.abc import Iterable
from datetime import timedelta

from nokyc.carriers.port import LinkState
from nokyc.store.store import Unit
from nokyc_voice.platform import TrunkState

EVERY_SEC = 2.0
"""How often each process says so."""
NEWS = timedelta(seconds=10)
"""A link of which no process spoke for so long is not up, whatever was said last."""


async def show(unit: Unit, process: str, links: Iterable[tuple[str, LinkState | TrunkState]]) -> None:
    """A process's links, each with its carrier's name, in place of those before; what is no news goes."""
    await unit.connection.execute("DELETE FROM links WHERE worker = $1 OR seen_at < $2", process, unit.wall - NEWS)
    await unit.connection.executemany(
        "INSERT INTO links VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (process, carrier, link.name, link.up, link.detail, dict(link.counters), unit.wall)
            for carrier, link in links
        ],
    )
