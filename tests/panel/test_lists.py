"""Lists: what leads where, what is found from the palette, filters in addresses, and what an empty list says."""

import re
from typing import Any

import pytest

from nokyc import main
from nokyc.store.store import Store
from panel.calls import CALLEE, CALLER
from panel.visitor import Visitor
from panel.world import World
from support import Customer

BASE = "/panel/test"


@pytest.fixture
async def visitor(web: main.Web, store: Store, world: World) -> Any:
    async with Visitor(web, store) as visitor:
        await visitor.enter(world.customer.live_id)
        yield visitor


async def read(visitor: Visitor, path: str) -> str:
    answer = await visitor.get(BASE + path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_what_a_call_cost_leads_to_the_call(visitor: Visitor, world: World) -> None:
    ledger = await read(visitor, "/billing?category=call")
    assert re.search(rf'href="{BASE}/calls/{world.call}">Spent</a>', ledger)
    assert world.call in (await visitor.get(f"{BASE}/billing/ledger.csv")).text


async def test_the_palette_finds_calls_and_voicemails(visitor: Visitor, world: World) -> None:
    called = await read(visitor, f"/find?q={CALLEE.removeprefix('+')}")
    assert f"{BASE}/calls/{world.call}" in called
    assert f"{BASE}/calls?party=%2B{CALLEE.removeprefix('+')}" in called
    written = " ".join([CALLER[1:3], CALLER[3:4], *re.findall("..", CALLER[4:])])
    assert f"{BASE}/voicemails/{world.voicemail}" in await read(visitor, f"/find?q=%2B{written}")
    for item, path in ((world.call, "calls"), (world.voicemail, "voicemails")):
        assert f"{BASE}/{path}/{item}" in await read(visitor, f"/find?q={item}")
    for name, path in (("calls", "calls"), ("voicem", "voicemails"), ("place a", "calls/new")):
        assert f'href="{BASE}/{path}"' in await read(visitor, f"/find?q={name}")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/calls?party=%2B33612345678&status=completed", True),
        ("/calls?direction=inbound&created_after=2000-01-01", True),
        ("/calls?created_before=2000-01-01", False),
        ("/voicemails?party=33698765432", True),
        ("/voicemails?party=%2B33611111111", False),
        ("/billing?category=sms&created_after=2000-01-01", True),
        ("/billing?created_before=2000-01-01", False),
        ("/webhooks?status=enabled", True),
        ("/webhooks?status=disabled", False),
        ("/settings/activity?actor=operator", False),
        ("/developers?scope=admin", True),
        ("/developers?scope=read", False),
    ],
)
async def test_filters_stand_in_the_address(visitor: Visitor, path: str, found: bool) -> None:
    page = await read(visitor, path)
    assert ("Clear the filter" in page) != found  # what a list says that has nothing
    assert 'role="search"' in page


@pytest.mark.parametrize("path", ["/calls", "/voicemails", "/billing"])
async def test_a_day_that_never_was_is_told(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"{BASE}{path}?created_after=2026-02-31")).status_code == 400


@pytest.mark.parametrize("path", ["/calls", "/voicemails"])
async def test_a_party_that_is_no_number_is_told(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"{BASE}{path}?party=Marc")).status_code == 400


@pytest.mark.parametrize("path", ["/calls?number", "/messages?q", "/billing?after", "/webhooks?status"])
async def test_no_filter_is_a_server_error(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"{BASE}{path}=%00")).status_code in (200, 400)
    assert (await visitor.get(f"{BASE}{path}=%ff%F0%9F%98%80")).status_code in (200, 400)


async def test_accounts_are_found_by_their_sign_in_names(web: main.Web, store: Store, world: World) -> None:
    async with Visitor(web, store) as operator:
        await operator.enter(0)
        none = await operator.get("/panel/operator/accounts?name=nobody-has-this-name")
        assert "No account fits" in none.text
        shown = (await operator.get("/panel/operator/accounts")).text
        some = re.search(r"acct_\w{12}", shown)
        assert some is not None
        straight = await operator.get(f"/panel/operator/accounts?name={some[0]}")
        assert straight.headers["location"] == f"/panel/operator/accounts/{some[0]}"


@pytest.mark.parametrize(
    ("path", "seen", "not_seen"),
    [
        ("carriers?kind=http", "carriers/northwind", "a part of every worker"),
        ("carriers?kind=smpp", "No carrier fits", "carriers/northwind"),
        ("routes?carrier=northwind", "+8816", "everything else"),
        ("routes?to=%2B8816%2010%20200", "+8816", "No route fits"),
        ("routes?to=%2B33612345678", "everything else", '<td class="mono">+8816'),
    ],
)
async def test_the_operators_filters(
    web: main.Web, store: Store, world: World, path: str, seen: str, not_seen: str
) -> None:
    async with Visitor(web, store) as operator:
        await operator.enter(0)
        page = (await operator.get(f"/panel/operator/{path}")).text
        assert seen in page
        assert not_seen not in page


async def test_home_shows_the_latest_calls(visitor: Visitor, world: World) -> None:
    assert f'href="{BASE}/calls/{world.call}"' in await read(visitor, "")


async def test_somebody_calls_the_sandbox(web: main.Web, store: Store, customer: Customer, number: Any) -> None:
    async with Visitor(web, store) as visitor:
        await visitor.enter(customer.live_id)
        answer = await visitor.submit(f"{BASE}/sandbox/ring", {"from": "+33 6 12 34 56 78", "to": number["id"]})
        assert re.fullmatch(rf"{BASE}/calls/call_\w{{12}}\?done=rings", answer.headers["location"])
        assert "From" in (await visitor.get(answer.headers["location"])).text
        assert "+33 6 12 34 56 78" in await read(visitor, "/calls?direction=inbound")
