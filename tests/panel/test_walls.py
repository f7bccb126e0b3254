"""The walls: nobody reaches another account's things, no form of another site works, no text becomes markup."""

from dataclasses import replace
from typing import Any

import pytest

from nokyc import main
from nokyc.panel.page import Page
from nokyc.panel.routes import PAGES
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Store
from panel.visitor import Visitor
from panel.world import HOSTILE, PEER, World, quote
from support import Client, make_customer

OF_ACCOUNTS = [page for page in PAGES if page.role == "account"]
OF_OPERATORS = [page for page in PAGES if page.role == "operator"]
WITH_ID = [page for page in OF_ACCOUNTS if "{" in page.path]


def named(page: Page) -> str:
    return f"{page.method} {page.path}"


@pytest.fixture
async def owner(web: main.Web, store: Store, world: World) -> Any:
    async with Visitor(web, store) as visitor:
        await visitor.enter(world.customer.live_id)
        yield visitor


@pytest.fixture
async def stranger(web: main.Web, store: Store) -> Any:
    """Somebody with an account of their own."""
    customer = await make_customer(store)
    async with Visitor(web, store) as visitor:
        await visitor.enter(customer.live_id)
        yield visitor


def path_of(page: Page, world: World) -> str:
    """The page's address with an id of the world in it that fits."""
    section = page.path.removeprefix("/").partition("/")[0]
    item = {
        "numbers": world.number["id"], "messages": world.sms, "keys": world.key, "requests": world.request,
        "webhooks": world.endpoint, "events": world.event,
        "calls": world.call, "voicemails": world.voicemail,
    }.get(section, "ses_000000000000")  # fmt: skip
    if page.path.startswith("/messages/with/"):
        item = world.number["id"]
    if page.path.startswith("/numbers/find/"):
        item = world.available
    return "/panel/test" + page.path.format(id=item, peer=PEER, name="x")


FIELDS = {
    "billing_period": "monthly", "status": "paused", "confirm": "0000", "url": "https://93.184.216.34/", "all": "1",
    "body": "Hello", "text": "Hello", "hours": "0", "metadata": "{}", "what": "x",
}  # fmt: skip


@pytest.mark.parametrize("page", WITH_ID, ids=named)
async def test_a_stranger_finds_nothing(
    web: main.Web, page: Page, stranger: Visitor, owner: Visitor, world: World
) -> None:
    if page.path.startswith("/numbers/find/"):
        async with Client(web.app, world.customer.test_key) as api:
            world = replace(world, available=await quote(api))
    path = path_of(page, world)
    if page.path.startswith("/settings/sign-in/sessions"):
        return  # ending somebody else's session is tested below
    fields = FIELDS | {"event": world.event} | ({"status": "disabled"} if "/webhooks" in path else {})
    answer = await (stranger.get(path) if page.method == "GET" else stranger.submit(path, fields))
    assert answer.status_code == 404, answer.text
    for secret in (world.number["number"], world.number["display"], "booked for", "127.0.0.1:9", "Marc"):
        assert secret not in answer.text
    if page.method == "GET":
        answer = await owner.get(path)
        assert answer.status_code == 200 or answer.headers["location"].startswith("/files/")


async def test_a_stranger_ends_no_session(stranger: Visitor, owner: Visitor, store: Store, world: World) -> None:
    from nokyc.kit import ids

    async with store.reading() as connection:
        rows = await connection.fetch("SELECT id FROM panel_sessions WHERE account_id = $1", world.customer.live_id)
    for row in rows:
        await stranger.submit(f"/panel/settings/sign-in/sessions/{ids.show('ses', row['id'])}/end")
    assert (await owner.get("/panel")).status_code == 200


@pytest.mark.parametrize("page", PAGES, ids=named)
async def test_nobody_comes_in_without_a_session(page: Page, web: main.Web, store: Store, world: World) -> None:
    async with Visitor(web, store) as visitor:
        path = path_of(page, world)
        if page.role == "operator":
            path = path.replace("/panel/test", "/panel")
        answer = await visitor.request(page.method, path)
        assert answer.status_code == 401
        assert "Sign in" in answer.text


@pytest.mark.parametrize("page", OF_OPERATORS, ids=named)
async def test_accounts_are_no_operators(page: Page, owner: Visitor, world: World) -> None:
    path = "/panel" + page.path.format(id="acct_000000000000", name="northwind")
    answer = await (owner.get(path) if page.method == "GET" else owner.submit(path))
    assert answer.status_code == 404


@pytest.mark.parametrize("page", [page for page in PAGES if page.method == "POST"], ids=named)
async def test_forms_of_other_sites_do_nothing(page: Page, web: main.Web, store: Store, world: World) -> None:
    async with Visitor(web, store) as visitor:
        await visitor.enter(OPERATOR if page.role == "operator" else world.customer.live_id)
        path = path_of(page, world)
        if page.role == "operator":
            path = path.replace("/panel/test", "/panel")
        without = await visitor.post(path, data=FIELDS)
        wrong = await visitor.post(path, data=FIELDS | {"csrf": "00" * 64})
        foreign = await visitor.submit(path, FIELDS, **{"sec-fetch-site": "cross-site"})
        other = await visitor.submit(path, FIELDS, origin="https://evil.example")
        assert {each.status_code for each in (without, wrong, foreign, other)} == {403}
        assert "Load the page again" in without.text
        assert "Use a key" not in without.text  # which helps programs


async def test_no_page_shows_markup_that_customers_wrote(owner: Visitor, world: World) -> None:
    for page in OF_ACCOUNTS:
        if page.method == "GET" and page.path not in ("/news", "/billing/ledger.csv"):
            text = (await owner.get(path_of(page, world), params={"show": "values"})).text
            assert "<img src=x" not in text, page.path
            assert HOSTILE not in text, page.path


async def test_every_answer_has_the_headers_of_a_careful_site(owner: Visitor, world: World) -> None:
    for path in ("/panel", "/panel/nowhere-at-all", "/panel/numbers/num_nonsense", "/panel/sign-in"):
        answer = await owner.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "<script>" not in answer.text
            assert " style=" not in answer.text


async def test_a_request_shows_its_values_only_when_asked(owner: Visitor, world: World) -> None:
    page = (await owner.get("/panel/test/requests?operation=sms.create")).text
    assert "POST /v1/sms" in page
    first = page.split("/panel/test/requests/req_")[1][:16]
    hidden = (await owner.get(f"/panel/test/requests/req_{first}")).text
    shown = (await owner.get(f"/panel/test/requests/req_{first}?show=values")).text
    assert "••••••" in hidden
    assert "To nobody" not in hidden
    assert "To nobody" in shown


async def test_secrets_are_in_no_log_of_requests(store: Store, world: World) -> None:
    async with store.reading() as connection:
        rows = await connection.fetch(
            "SELECT response_body FROM request_log WHERE account_id = $1 AND operation = 'webhook_endpoints.create'",
            world.customer.test_id,
        )
    assert rows
    assert all("whsec_[not kept]" in row["response_body"] for row in rows)
