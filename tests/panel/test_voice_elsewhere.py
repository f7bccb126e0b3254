"""What pages beside a number's say of voice: trunks, processes, calls that sound bad."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nokyc import main
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.resources.calls import queries as calls
from nokyc.resources.carriers import actions as carriers
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Store
from panel.visitor import Visitor
from support import Customer

NAME = "panel-trunk"


@pytest.fixture
async def visitor(web: main.Web, store: Store) -> AsyncIterator[Visitor]:
    async with Visitor(web, store) as visitor:
        yield visitor


@pytest.fixture
async def trunk(visitor: Visitor, store: Store) -> AsyncIterator[str]:
    """A SIP trunk that the operator has connected in the panel."""
    await visitor.enter(OPERATOR)
    fields = {"name": NAME, "kind": "sip", "sip_host": "127.0.0.1", "sip_port": "9", "transport": "udp", "register": ""}
    added = await visitor.submit("/panel/operator/carriers", fields)
    assert added.headers["location"].endswith("?done=added")
    yield NAME
    await store.run(lambda unit: carriers.remove_carrier(unit, NAME))
    await store.run(lambda unit: carriers.add_route(unit, "", SIMULATED, sms=True, voice=True, price_micro=None))
    async with store.reading() as connection:
        await connection.execute("DELETE FROM links WHERE carrier = $1", NAME)


async def test_a_trunk_is_connected_and_watched(
    visitor: Visitor, trunk: str, web: main.Web, store: Store, customer: Customer
) -> None:
    settings = (await visitor.get(f"/panel/operator/carriers/{trunk}")).text
    assert "no running worker has it" in settings.lower()
    down = f"{trunk} has no link that is up."
    assert down in (await visitor.get("/panel/operator")).text
    async with Visitor(web, store) as owner:
        await owner.enter(customer.live_id)
        assert "No line to the telephone network is up" in (await owner.get("/panel")).text
        assert "No line to the telephone network is up" not in (await owner.get("/panel/test")).text
        await _link(store, trunk)
        assert "No line to the telephone network is up" not in (await owner.get("/panel")).text
    overview = (await visitor.get("/panel/operator")).text
    assert down not in overview
    assert "voice-of-panel" in overview
    assert "1 of 1" in overview


async def test_calls_that_sounded_bad_are_counted(
    visitor: Visitor, store: Store, customer: Customer, number: Any
) -> None:
    async def alert(unit: Any) -> None:
        for kind in ("loss", "jitter"):
            await unit.connection.execute(
                "INSERT INTO call_alerts VALUES ($1, $2, $3, '{}', $4)", customer.test_id, call_id, kind, unit.wall
            )

    call_id = store.ids.new()
    await store.run(alert)
    await visitor.enter(customer.live_id)
    assert "1 call had bad audio in the last day." in (await visitor.get("/panel/test")).text
    async with store.reading() as connection:
        assert await calls.bad_audio(connection, customer.live_id, store.clock.now()) == 0


async def _link(store: Store, name: str) -> None:
    async with store.reading() as connection:
        await connection.execute(
            "INSERT INTO links VALUES ('voice-of-panel', $1, $1, true, 'answers', '{}', $2)", name, store.clock.now()
        )


async def test_the_palette_finds_carriers_by_name(visitor: Visitor, trunk: str) -> None:
    assert f"/panel/operator/carriers/{trunk}" in (await visitor.get("/panel/find?q=Panel-T")).text
