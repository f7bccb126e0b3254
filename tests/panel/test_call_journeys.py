"""What people do with calls and voicemails in the panel, in a browser and in test mode."""

import re

from playwright.async_api import Page, expect

from nokyc.kit.clock import ManualClock
from nokyc.resources.calls.simulated import STAYS
from nokyc.store.store import Store
from panel.conftest import enter
from support import Client, Customer, Drain, activate

PEER = "+33698765432"


async def test_a_call_is_placed_watched_ended_and_paid(
    page: Page, site: str, store: Store, customer: Customer, api: Client, drain: Drain, clock: ManualClock
) -> None:
    await activate(store, api)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/calls/new")
    await page.get_by_label("To", exact=True).fill(STAYS)
    await page.get_by_label("Who talks with them").select_option("say")
    await page.get_by_label("Say", exact=True).fill("Your parcel is at the door.")
    await expect(page.locator("#price")).to_contain_text("$0.02")
    await page.get_by_role("button", name="Call", exact=True).click()
    await page.wait_for_url("**/calls/call_*")
    for _ in range(4):
        await drain()
        clock.advance(1)
    await expect(page.locator("#right")).to_contain_text("in progress")  # without a reload
    await page.locator("main").get_by_role("button", name="Hang up", exact=True).click()
    await expect(page.get_by_role("status").first).to_have_text("The call is over.")
    await expect(page.locator("#right")).to_contain_text("You hung up.")

    await page.goto(f"{site}/panel/test/calls?status=busy")
    await expect(page.locator("#list")).to_contain_text("No call fits")
    await page.get_by_role("link", name="Clear the filters").click()
    await expect(page.locator("#list")).to_contain_text("completed")
    await page.goto(f"{site}/panel/test/billing")
    await page.get_by_role("row", name="call_").get_by_role("link", name="Spent").first.click()
    await expect(page.locator("#right")).to_contain_text("You hung up.")


async def test_a_voicemail_is_heard_and_deleted(
    page: Page, site: str, store: Store, customer: Customer, api: Client, drain: Drain, clock: ManualClock
) -> None:
    number = await activate(store, api)
    await api.post("/v1/test/calls", json={"from": PEER, "to": number["id"], "say": "Bonjour", "voicemail": True})
    for _ in range(20):
        await drain()
        clock.advance(1)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/voicemails")
    await page.locator("td a.row").first.click()
    player = page.locator(".player")
    await expect(player.locator(".wave path").first).to_be_visible()
    await player.get_by_role("button", name="Play").click()
    await expect(player.locator("[data-clock]")).to_have_text(re.compile(r"0:0[1-9] / "))
    await player.get_by_role("slider").press("End")
    await expect(player.get_by_role("button", name="Play")).to_be_visible()

    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete it for ever").click()
    await expect(page.get_by_role("heading", name="Voicemails")).to_be_visible()
    assert (await api.get("/v1/voicemails")).json()["data"] == []
