"""The phone that the panel has on every page, in Chromium against the whole platform, with a real phone far away."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from nokyc.panel.sessions import make_link
from voice.audio import heard_ms
from voice.browser.conftest import BROWSER_HZ, PATIENCE_MS, complaints_of
from voice.browser.test_softphone import registrations
from voice.house import Guest, House
from voice.peers.baresip import NUMBER
from voice.test_calls_baresip import CALLEE_HZ, CALLER_HZ, phone

pytestmark = pytest.mark.skipif(shutil.which("baresip") is None, reason="Debian's baresip-core is not installed")

LISTEN = (Path(__file__).parent / "listen.js").read_text("utf-8")
"""Before the panel's own scripts: what the page hears can be measured, and its microphone is not cleaned of tones."""


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    await context.add_init_script(LISTEN)
    page = await context.new_page()
    complaints = complaints_of(page)
    yield page
    await context.close()
    assert complaints == []


async def turn_on(page: Page, house: House, guest: Guest) -> None:
    """Sign in at the panel, and open the phone as somebody does who has never had one."""
    token = await house.store.run(lambda unit: make_link(unit, guest.account_id))
    await page.goto(f"{house.settings.public_url}/panel/sign-in/{token}")
    await page.get_by_role("button", name="Phone").click()
    await page.get_by_role("button", name="Turn it on").click()
    await expect(page.locator("[data-said]")).to_have_text("Ready")
    await registrations(house, guest, count=1)


async def test_it_rings_on_whatever_page_and_is_answered(house: House, page: Page, tmp_path: Path) -> None:
    guest = await house.customer()
    await turn_on(page, house, guest)
    await page.get_by_role("link", name="Numbers", exact=True).click()
    await expect(page.get_by_role("heading", name="Numbers", exact=True)).to_be_visible()
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await house.connect("acme", caller.port)
        caller.dial(house.uri(guest.number["number"]))
        await expect(page.locator("[data-who]")).to_have_text(NUMBER)
        await page.get_by_role("button", name="Answer").click()
        await expect(page.locator("[data-said]")).to_have_text("Talking")
        await caller.event("CALL_ESTABLISHED")
        heard_hz = await page.evaluate("() => heardHz()")
        await page.get_by_role("link", name="Calls", exact=True).click()  # the call goes on while one looks around
        await expect(page.locator("#live")).to_contain_text("in progress")
        await asyncio.sleep(1.5)
        await page.get_by_role("button", name="Hang up", exact=True).click()
        await caller.event("CALL_CLOSED")
        heard = caller.heard()

    assert heard_hz == pytest.approx(CALLER_HZ, abs=10)
    assert heard_ms(heard, BROWSER_HZ) >= 1_000
    await expect(page.locator("#list")).to_contain_text("completed")  # without a reload


async def test_it_calls_mutes_and_presses_keys(house: House, page: Page, tmp_path: Path) -> None:
    guest = await house.customer()
    await turn_on(page, house, guest)
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await house.connect("acme", callee.port)
        await page.get_by_label("Number to call").fill(NUMBER)
        await page.get_by_role("button", name="Call", exact=True).click()
        await expect(page.locator("[data-said]")).to_have_text("Talking")
        await callee.event("CALL_ESTABLISHED")
        heard_hz = await page.evaluate("() => heardHz()")
        await page.get_by_role("button", name="Keys").click()
        for key in "4#":
            await page.get_by_role("group", name="Keypad").get_by_text(key, exact=True).click()
        pressed = [(await callee.event("CALL_DTMF_START"))["param"] for _ in "4#"]
        await page.get_by_role("button", name="Mute").click()
        await expect(page.locator("[data-said]")).to_have_text("Talking, you are muted")
        await page.get_by_role("button", name="Hang up", exact=True).click()
        await callee.event("CALL_CLOSED")

    assert heard_hz == pytest.approx(CALLEE_HZ, abs=10)
    assert pressed == ["4", "#"]
    await expect(page.locator("[data-said]")).to_have_text("You hung up.")
