"""What an operator does with carriers and routes."""

import json
import re
from collections.abc import Callable
from typing import Any

from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.http.presets import open_preset
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.carriers.sip.config import SipConfig
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.store.store import Connection, Unit

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""A carrier's name stands in URLs and in names of queues."""
_READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "smpp": SmppConfig.from_json,
    "http": lambda config: open_preset(HttpConfig.from_json(config)),
    "sip": SipConfig.from_json,
}
"""The kinds that we speak; each raises ValueError for what it cannot use."""


async def add_carrier(unit: Unit, name: str, kind: str, config: dict[str, Any]) -> None:
    """Connect a real carrier. From the first one on, nothing is routed to the simulated one by default.

    Raises:
        ValueError: the name is taken or no name, or the configuration makes no sense.
    """
    if name == SIMULATED:
        raise ValueError("the name `simulated` is taken by the simulated carrier")
    if not NAME.fullmatch(name):
        raise ValueError(f"the name {name!r} is not 1 to 32 of a-z, 0-9, - and _")
    if kind in _READERS:
        config = config | {"name": name}
        _READERS[kind](config)
    added = await unit.connection.fetchval(
        "INSERT INTO carriers (name, kind, config, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING RETURNING name",
        name,
        kind,
        unit.vault.seal(json.dumps(config).encode()),
        unit.wall,
    )
    if added is None:
        raise ValueError(f"there is a carrier {name!r} already")
    await unit.connection.execute("DELETE FROM routes WHERE prefix = '' AND carrier = $1", SIMULATED)
    await unit.touch()


async def remove_carrier(unit: Unit, name: str) -> None:
    """Disconnect a carrier and drop its routes; what waits for it goes to the next carrier or expires.

    Raises:
        ValueError: there is none of that name.
    """
    if await unit.connection.fetchval("DELETE FROM carriers WHERE name = $1 RETURNING name", name) is None:
        raise ValueError(f"there is no carrier {name!r}")
    await unit.connection.execute("DELETE FROM routes WHERE carrier = $1", name)
    await unit.touch()


async def add_route(unit: Unit, prefix: str, carrier: str, *, sms: bool, voice: bool, price_micro: int | None) -> None:
    """Send what begins with `prefix` (digits; empty for all) to a carrier; a repeated route is replaced.

    Raises:
        ValueError: no such carrier, one that does not take this, or the prefix is not made of digits.
    """
    if prefix and not (prefix.isascii() and prefix.isdigit() and len(prefix) <= 15):
        raise ValueError(f"the prefix {prefix!r} is not 1 to 15 digits")
    kind = await unit.connection.fetchval("SELECT kind FROM carriers WHERE name = $1", carrier)
    if carrier != SIMULATED and kind is None:
        raise ValueError(f"there is no carrier {carrier!r}")
    if kind == "sip" and sms:
        raise ValueError(f"{carrier} is a SIP trunk, which takes no SMS")
    if not (sms or voice):
        raise ValueError("a route takes SMS, calls or both")
    await unit.connection.execute(
        "INSERT INTO routes (id, prefix, carrier, sms, voice, price_micro, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (prefix, carrier) DO UPDATE SET sms = $4, voice = $5, price_micro = $6",
        unit.ids.new(),
        prefix,
        carrier,
        sms,
        voice,
        price_micro,
        unit.wall,
    )
    await unit.touch()


async def remove_route(unit: Unit, prefix: str, carrier: str) -> bool:
    """Take a route away; False if there is none."""
    gone = await unit.connection.fetchval(
        "DELETE FROM routes WHERE prefix = $1 AND carrier = $2 RETURNING id", prefix, carrier
    )
    if gone is not None:
        await unit.touch()
    return gone is not None


async def default_route(unit: Unit) -> None:
    """Until there is a real carrier, everything goes to the simulated one, so that a new installation works."""
    real = await unit.connection.fetchval("SELECT count(*) FROM carriers")
    routes = await unit.connection.fetchval("SELECT count(*) FROM routes")
    if not real and not routes:
        await add_route(unit, "", SIMULATED, sms=True, voice=True, price_micro=None)


async def configured(connection: Connection, unseal: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Every real carrier's name, kind and configuration."""
    rows = await connection.fetch("SELECT name, kind, config FROM carriers ORDER BY created_at")
    return [(row["name"], row["kind"], json.loads(unseal(row["config"]))) for row in rows]
