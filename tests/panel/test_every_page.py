"""Every page on a desktop and on a phone, light and dark: it fits, it is accessible, it has no errors."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from nokyc import main
from nokyc.kit import ids
from nokyc.store.store import Store
from panel.conftest import PATIENCE_MS, enter
from panel.looks import DESKTOP, EXAMINED, LOOKS, problems_of
from panel.world import PEER, World
from support import Client, activate, make_customer

ACCOUNT = [
    "", "/numbers", "/numbers/find", "/numbers/{number}", "/numbers/{paused}", "/numbers/{number}/devices",
    "/numbers/{paused}/devices", "/numbers/{number}/greeting", "/numbers/{number}/ai", "/numbers/{paused}/ai",
    "/messages", "/messages/all",
    "/messages/with/{number}/{peer}", "/messages/new", "/messages/{sms}", "/developers", "/requests",
    "/requests/{request}", "/webhooks", "/webhooks/{endpoint}", "/webhooks/{endpoint}/exam", "/webhooks/signature",
    "/events", "/events/{event}", "/sandbox", "/billing", "/billing/usage", "/billing/limits", "/settings",
    "/settings/sign-in", "/settings/activity", "/calls", "/calls?status=busy", "/calls/new", "/calls/{call}",
    "/calls/{live_call}", "/voicemails", "/voicemails/{voicemail}",
]  # fmt: skip
OPERATOR = [
    "/operator", "/operator/carriers", "/operator/carriers/northwind", "/operator/routes", "/operator/inventory",
    "/operator/accounts", "/operator/accounts/{account}", "/operator/audit", "/operator/sign-in",
]  # fmt: skip
VOICE = re.compile(r"/(calls|voicemails)\b")
"""Pages that are examined in every look: they have colours and forms of their own."""
EMPTY = ["", "/numbers", "/numbers/find", "/messages", "/messages/all", "/messages/new", "/developers", "/requests",
         "/webhooks", "/events", "/billing", "/billing/usage", "/calls", "/calls/new", "/voicemails"]  # fmt: skip


@pytest.fixture
async def window(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context(
        viewport=DESKTOP, timezone_id="Europe/Paris", bypass_csp=True, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    yield page
    await context.close()


async def test_of_an_account(window: Page, site: str, store: Store, world: World) -> None:
    await enter(window, site, store, world.customer.live_id)
    await _walk(window, f"{site}/panel/test", ACCOUNT, world, "account")


async def test_of_the_operator(window: Page, site: str, store: Store, world: World) -> None:
    await enter(window, site, store)
    await _walk(window, f"{site}/panel", OPERATOR, world, "operator")


async def test_of_an_account_that_has_nothing(window: Page, site: str, store: Store, world: World) -> None:
    """The live side of the same account was never used."""
    await enter(window, site, store, world.customer.live_id)
    await _walk(window, f"{site}/panel", EMPTY, world, "empty")


async def test_of_somebody_who_is_not_signed_in(window: Page, site: str) -> None:
    await _look_at(window, f"{site}/panel/sign-in", "door-sign-in")
    await _look_at(window, f"{site}/docs/errors", "door-errors")


async def test_of_the_phone(window: Page, site: str, store: Store, web: main.Web, world: World) -> None:
    """On a page of its own each: where it cannot be, where it needs a number, and where it can be turned on."""
    customer = await make_customer(store)
    async with Client(web.app, customer.live_key) as api:
        await activate(store, api)
    for account_id, base, said in (
        (world.customer.live_id, "/panel/test", "no telephone network"),
        (world.customer.live_id, "/panel", "needs an active number"),
        (customer.live_id, "/panel", "Off"),
    ):
        await enter(window, site, store, account_id)
        await window.goto(f"{site}{base}/calls")
        await window.get_by_role("button", name="Phone").click()
        await expect(window.locator("#phone-sheet")).to_contain_text(said)
        problems = await problems_of(window, f"phone-{said}".replace(" ", "-"), examined=tuple(LOOKS))
        assert not problems, "\n".join(problems)


async def _walk(page: Page, base: str, paths: list[str], world: World, name: str) -> None:
    names = {
        "number": world.number["id"], "paused": world.paused["id"], "peer": PEER, "sms": world.sms,
        "request": world.request, "endpoint": world.endpoint, "event": world.event,
        "call": world.call, "live_call": world.live_call, "voicemail": world.voicemail,
        "account": ids.show("acct", world.customer.live_id),
    }  # fmt: skip
    problems = []
    for path in paths:
        shot = re.sub(r"\W+", "-", f"{name}{path}")
        try:
            await _look_at(page, base + path.format(**names), shot)
        except AssertionError as error:
            problems.append(f"{path}: {error}")
    assert not problems, "\n".join(problems)


async def _look_at(page: Page, url: str, name: str) -> None:
    """Load a page once, and look at it in every size and palette."""
    answer = await page.goto(url)
    assert answer is not None
    assert answer.status == 200, answer.status
    assert await page.title() != "owned"
    problems = await problems_of(page, name, examined=tuple(LOOKS) if VOICE.search(url) else EXAMINED)
    assert not problems, "\n".join(problems)
