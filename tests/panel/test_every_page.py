"""Every page on a desktop and on a phone, light and dark: it fits, it is accessible, it has no errors."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from nokyc.kit import ids
from nokyc.store.store import Store
from panel.conftest import DESKTOP, PATIENCE_MS, PHONE, enter, shots
from panel.world import PEER, World

AXE = (Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js").read_text()
LOOKS = {
    "desktop-light": (DESKTOP, "light"),
    "desktop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
    "phone-dark": (PHONE, "dark"),
}
EXAMINED = ("desktop-light", "phone-dark")
"""Looks in which the accessibility checks run: between them both sizes and both palettes."""
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
    await page.evaluate(AXE)
    problems: list[str] = []
    for look, (viewport, scheme) in LOOKS.items():
        await page.set_viewport_size(viewport)
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        await _take_picture(page, f"{name}--{look}")
        width = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            problems.append(f"{look}: {width} pixels wider than the window")
        if look in EXAMINED:
            problems += [f"{look}: {violation}" for violation in await _violations(page)]
    assert not problems, "\n".join(problems)


async def _violations(page: Page) -> list[str]:
    """What axe-core finds serious or worse."""
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['nodes'][0]['target']} {violation['nodes'][0]['failureSummary'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


async def _take_picture(page: Page, name: str) -> None:
    folder = shots()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=folder / f"{name}.png", full_page=True)
