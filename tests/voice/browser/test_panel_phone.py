"""The phone that the panel has on every page, in Chromium against the whole platform, with a real phone far away."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from nokyc.panel.sessions import make_link
from panel.looks import LOOKS, problems_of
from voice.audio import AMPLITUDE, heard_ms, level
from voice.browser.conftest import BROWSER_HZ, PATIENCE_MS, complaints_of
from voice.browser.test_softphone import registrations
from voice.house import Guest, House
from voice.peers.baresip import NUMBER
from voice.test_calls_baresip import CALLEE_HZ, CALLER_HZ, phone

pytestmark = pytest.mark.skipif(shutil.which("baresip") is None, reason="Debian's baresip-core is not installed")

LISTEN = (Path(__file__).parent / "listen.js").read_text("utf-8")
"""Before the panel's own scripts: what the page hears can be measured, and its microphone is not cleaned of tones."""

LOUDNESS = 0.4
"""About 3 dB: what two codecs and two resamplings may change."""
SOME_SECONDS = re.compile("0:(0[2-9]|[1-5].)")
"""What the phone's clock shows once both have talked for a while."""


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    context = await chromium.new_context(reduced_motion="reduce")
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


def assert_heard(here: dict[str, Any], far_hz: int, there: list[int]) -> None:
    """The far phone's tone is in the page and the microphone's at the far phone, each about as loud as it was said."""
    assert here["hz"] == pytest.approx(far_hz, abs=10)
    assert here["level"] == pytest.approx(AMPLITUDE, rel=LOUDNESS)
    assert heard_ms(there, BROWSER_HZ) >= 1_000
    assert level(there, BROWSER_HZ) == pytest.approx(AMPLITUDE, rel=LOUDNESS)


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
        await page.get_by_role("link", name="Calls", exact=True).click()  # the call goes on while one looks around
        await expect(page.locator("#live")).to_contain_text("in progress")
        here = await page.evaluate("() => heardTone()")
        await expect(page.locator("[data-timer]")).to_have_text(SOME_SECONDS)
        await page.get_by_role("button", name="Hang up", exact=True).click()
        await caller.event("CALL_CLOSED")
        there = caller.heard()

    assert_heard(here, CALLER_HZ, there)
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
        here = await page.evaluate("() => heardTone()")
        await expect(page.locator("[data-timer]")).to_have_text(SOME_SECONDS)
        await page.get_by_role("button", name="Keys").click()
        assert await problems_of(page, "phone-talking", examined=tuple(LOOKS)) == []
        for key in "4#":
            await page.get_by_role("group", name="Keypad").get_by_text(key, exact=True).click()
        pressed = [(await callee.event("CALL_DTMF_START"))["param"] for _ in "4#"]
        await page.get_by_role("button", name="Mute").click()
        await expect(page.locator("[data-said]")).to_have_text("Talking, you are muted")
        await page.get_by_role("button", name="Hang up", exact=True).click()
        await callee.event("CALL_CLOSED")
        there = callee.heard()

    assert_heard(here, CALLEE_HZ, there)
    assert pressed == ["4", "#"]
    await expect(page.locator("[data-said]")).to_have_text("You hung up.")
