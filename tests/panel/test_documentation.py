"""The documentation in a browser: found by keyboard, in the reader's language and colours, and without any script."""

import re

from playwright.async_api import Browser, Page, expect

from panel.looks import PHONE
from panel.test_every_page import _look_at

SHOWN = ("", "/guides/webhooks", "/api/calls", "/events", "/operating/settings", "/changelog")


async def test_pages_can_be_read_by_everybody(page: Page, site: str) -> None:
    await page.emulate_media(reduced_motion="reduce")  # colours that are just changing have no contrast to speak of
    for path in SHOWN:
        await _look_at(page, f"{site}/docs{path}", f"docs{path}".replace("/", "-"))


async def test_the_slash_searches(page: Page, site: str) -> None:
    await page.goto(f"{site}/docs/guides/quickstart")
    await page.keyboard.press("/")
    await page.keyboard.type("verify the signature")
    await expect(page.get_by_role("option").first).to_contain_text("Verify the signature")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site}/docs/guides/webhooks#verify-the-signature")


async def test_a_language_is_remembered_on_other_pages(page: Page, site: str) -> None:
    await page.goto(f"{site}/docs/api/sms")
    tabs = page.get_by_role("tab", name="Ruby")
    await page.get_by_role("tab", name="curl").nth(1).click()
    await page.keyboard.press("ArrowLeft")
    await page.goto(f"{site}/docs/api/numbers")
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("tabpanel", name="Ruby").first).to_be_visible()
    await expect(page.get_by_role("tabpanel", name="curl")).to_have_count(0)


async def test_dark_colours_are_remembered(page: Page, site: str) -> None:
    await page.goto(f"{site}/docs")
    await page.get_by_role("button", name="Dark colours").click()
    await page.goto(f"{site}/docs/errors")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.get_by_role("button", name="Dark colours")).to_have_attribute("aria-pressed", "true")


async def test_everything_is_there_without_scripts(chromium: Browser, site: str) -> None:
    context = await chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"{site}/docs/api/sms")
    for block in await page.locator(".op:not(.intro) .of-language").all():
        await expect(block).to_be_visible()
    await expect(page.get_by_role("button", name="Search")).to_be_hidden()
    await page.get_by_role("link", name="Menu").click()
    await page.get_by_role("link", name="Idempotency", exact=True).click()
    await expect(page).to_have_url(re.compile("/docs/guides/idempotency"))
    await context.close()
