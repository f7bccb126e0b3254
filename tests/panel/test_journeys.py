"""What people do in the panel, in a browser, from one end to the other."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from playwright.async_api import Page, expect

from nokyc import main
from nokyc.http.auth import ROTATION_OVERLAP
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Store
from panel.conftest import enter
from panel.looks import PHONE
from panel.receiver import Receiver
from support import Client, Customer, Drain, activate, add_stock, fresh_number

PASSWORD = "correct horse battery staple"
PEER = "+33612345678"


async def test_from_nothing_to_a_conversation(
    page: Page, site: str, store: Store, customer: Customer, drain: Drain
) -> None:
    await add_stock(store, *(fresh_number() for _ in range(3)))
    await enter(page, site, store, customer.live_id)
    await page.get_by_role("switch", name="Test mode").click()
    await expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    await page.get_by_role("link", name="in the panel").click()
    await page.locator("td a.row").first.click()
    await page.get_by_label("A quarter").check()
    await page.get_by_role("button", name="Activate").click()
    await expect(page.get_by_role("status")).to_have_text("The number is yours.")

    await page.get_by_role("link", name="Write the first one").click()
    await page.get_by_label("To", exact=True).fill(PEER)
    await page.get_by_label("Message", exact=True).fill("ça va ? " * 10)
    await expect(page.locator("#count")).to_contain_text("2 segments")
    await expect(page.locator("#count")).to_contain_text("$0.024")
    await page.get_by_label("Message", exact=True).fill("Are you there?")
    await expect(page.locator("#count")).to_contain_text("1 segment")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_have_text("On its way.")
    await drain()
    await expect(page.locator("#whole")).to_contain_text("sms.sent")  # without a reload

    await page.get_by_role("link", name="Conversation").click()
    thread = page.get_by_role("log")
    await expect(thread).to_contain_text("Are you there?")
    await _receive(page, site, "Yes, I am.")
    await drain()
    await expect(page.get_by_role("log")).to_contain_text("Yes, I am.")
    await page.get_by_label("Message", exact=True).fill("Good.")
    await page.get_by_label("Message", exact=True).press("Control+Enter")
    await expect(page.get_by_role("log")).to_contain_text("Good.")


async def _receive(page: Page, site: str, text: str) -> None:
    """Somebody writes, by the sandbox's page; it leads to the conversation."""
    await page.goto(f"{site}/panel/test/sandbox")
    await page.locator("textarea").fill(text)
    await page.get_by_role("button", name="Receive it").click()
    await page.wait_for_url("**/messages/with/**")


async def test_what_is_refused_is_said_and_what_was_typed_stays(
    page: Page, site: str, store: Store, customer: Customer, api: Client
) -> None:
    await activate(store, api)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/messages/new")
    await page.get_by_label("To", exact=True).fill("+112")
    await page.get_by_label("Message", exact=True).fill("Help")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("E.164")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("Help")


async def test_a_time_is_meant_as_clocks_will_show_it_then(
    page: Page, site: str, store: Store, customer: Customer, api: Client
) -> None:
    """Winter or summer now, the other of them when the message is to be sent."""
    await activate(store, api)
    at = (store.clock.now() + timedelta(days=10)).astimezone(ZoneInfo("Europe/Paris")).replace(second=0, microsecond=0)
    await page.clock.set_fixed_time(f"{at.year}-{'01' if at.dst() else '07'}-15T12:00:00Z")
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/messages/new")
    await page.get_by_label("To", exact=True).fill("+33612345678")
    await page.get_by_label("Message", exact=True).fill("Later")
    await page.get_by_text("Schedule, media, metadata").click()
    await page.get_by_label("Send at").fill(f"{at:%Y-%m-%dT%H:%M}")
    await page.get_by_role("button", name="Send").click()
    await page.wait_for_url("**/messages/sms_*")

    (message,) = (await api.get("/v1/sms")).json()["data"]
    assert datetime.fromisoformat(message["send_at"]) == at


async def test_the_life_of_a_number(page: Page, site: str, store: Store, customer: Customer, api: Client) -> None:
    number = await activate(store, api)
    await page.set_viewport_size(PHONE)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/numbers/{number['id']}")
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("button", name="Pause it").click()
    await expect(page.locator("#facts")).to_contain_text("paused")
    await page.get_by_role("button", name="Resume").click()
    await expect(page.locator("#facts")).to_contain_text("active")

    window = page.locator(".window").first
    for day in ("Sat", "Sun"):
        await window.get_by_text(day).click()
    await page.locator("section", has_text="Quiet hours").get_by_role("button", name="Save").click()
    await expect(page.locator(".week rect").first).to_be_visible()
    saved = (await api.get(f"/v1/numbers/{number['id']}")).json()["on_off"]
    assert saved["windows"] == [{"days": ["sat", "sun"], "from": "22:00", "to": "07:00"}]

    await page.get_by_role("button", name="Renew now").click()
    await page.get_by_label("A year").check()
    await page.get_by_role("button", name="Pay").click()
    await expect(page.get_by_role("status")).to_have_text("One more period is paid.")

    await page.get_by_role("button", name="Release …").click()
    await page.get_by_label("Type its last four digits").fill("0000")
    await page.get_by_role("button", name="Release it for ever").click()
    await expect(page.locator("dialog[open]").get_by_role("alert")).to_contain_text("last four digits")
    await page.get_by_label("Type its last four digits").fill(number["number"][-4:])
    await page.get_by_role("button", name="Release it for ever").click()
    await expect(page.locator(".notice")).to_contain_text("It cannot be recovered.")


async def test_keys_are_made_rotated_and_revoked(
    page: Page, site: str, store: Store, customer: Customer, web: main.Web, clock: ManualClock
) -> None:
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/developers")
    await page.get_by_role("button", name="Create a key").click()
    await page.get_by_label("Read", exact=False).first.check()
    await page.get_by_role("button", name="Create it").click()
    first = await page.locator("#secret").inner_text()
    assert await _works(web, first)

    await page.get_by_role("link", name="Done, I have it").click()
    row = page.locator("tr", has_text=first[-4:])
    await row.get_by_role("button", name="Rotate").click()
    await page.get_by_role("button", name="Rotate it").click()
    second = await page.locator("#secret").inner_text()
    await page.get_by_role("link", name="Done, I have it").click()
    row = page.locator("tr", has_text=second[-4:])
    await expect(row).to_contain_text("old secret for 5:00")
    assert await _works(web, first)
    assert await _works(web, second)
    clock.advance(ROTATION_OVERLAP.total_seconds())
    assert not await _works(web, first)

    await row.get_by_role("button", name="Revoke").click()
    await page.get_by_role("button", name="Revoke it").click()
    await expect(page.get_by_text("1 revoked key")).to_be_visible()
    assert not await _works(web, second)


async def _works(web: main.Web, secret: str) -> bool:
    async with Client(web.app, secret) as api:
        return (await api.get("/v1/account")).status_code == 200


async def test_a_webhook_is_added_tested_and_examined(
    page: Page, site: str, store: Store, customer: Customer, drain: Drain, clock: ManualClock
) -> None:
    async with Receiver(clock) as receiver:
        await enter(page, site, store, customer.live_id)
        await page.goto(f"{site}/panel/test/webhooks")
        await page.get_by_role("button", name="Add an endpoint").click()
        await page.get_by_label("URL").fill(receiver.url)
        await page.get_by_role("button", name="Add it").click()
        receiver.secret = await page.locator("#secret").inner_text()
        await page.get_by_role("link", name="Done, I have it").click()
        await page.get_by_role("button", name="Send a test event").click()
        await expect(page.locator("#deliveries")).to_contain_text("webhook_endpoint.test")
        await drain()
        await page.reload()
        await expect(page.locator("#deliveries")).to_contain_text("succeeded")

        await page.get_by_role("link", name="Put it to the test").click()
        await page.get_by_role("button", name="Begin").click()
        await expect(page.locator(".grade")).to_have_text("10 of 10")
        receiver.careless = True
        await page.get_by_role("button", name="Begin").click()
        await expect(page.locator(".grade")).to_have_text("5 of 10")

        await page.goto(f"{site}/panel/test/webhooks/signature")
        header, body = receiver.seen[0]
        await page.get_by_label("Signing secret").fill(receiver.secret)
        await page.get_by_label("X-NoKYC-Signature").fill(header)
        await page.get_by_label("Raw body").fill(body)
        await page.get_by_role("button", name="Check it").click()
        await expect(page.get_by_role("alert")).to_contain_text("Yes.")
        await page.get_by_label("Raw body").fill(body + " ")
        await page.get_by_role("button", name="Check it").click()
        await expect(page.get_by_role("alert")).to_contain_text("No.")


async def test_money_is_shown_exported_and_bounded(
    page: Page, site: str, store: Store, customer: Customer, api: Client, tmp_path: Path
) -> None:
    number = await activate(store, api)
    await api.post("/v1/sms", json={"from": number["id"], "to": PEER, "body": "Hello"})
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test/billing")
    await expect(page.locator("tbody tr").first).to_contain_text("−$0.012")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export as CSV").click()
    await (await download.value).save_as(tmp_path / "ledger.csv")
    lines = (tmp_path / "ledger.csv").read_text().splitlines()
    assert lines[0] == "entry,created_at,move,category,amount_usd,balance_change_usd,subject"
    assert [line.split(",")[2:6] for line in lines[1:]] == [
        ["hold", "sms", "0.012", "-0.012"],
        ["charge", "number", "5", "-5"],
        ["credit", "topup", "100", "100"],
    ]
    await page.get_by_role("link", name="Limits").click()
    await page.get_by_label("Spend at most, a day").fill("$25")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    assert (await api.get("/v1/account")).json()["daily_spend_cap_usd"] == 25


async def test_everything_is_found_from_the_keyboard(
    page: Page, site: str, store: Store, customer: Customer, api: Client
) -> None:
    number = await activate(store, api)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/test")
    await page.keyboard.press("Control+k")
    await expect(page.locator("#hits a").first).to_contain_text("Home")
    await page.keyboard.type("requ")
    await expect(page.locator("#hits a").first).to_contain_text("Requests")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site}/panel/test/requests")
    for asked in (number["id"], number["number"][-6:]):
        await page.keyboard.press("Control+k")
        await page.keyboard.type(asked)
        await expect(page.locator("#hits a").first).to_have_attribute("href", f"/panel/test/numbers/{number['id']}")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{site}/panel/test/numbers/{number['id']}")
    await page.keyboard.press("Control+k")
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    await page.goto(f"{site}/panel/test/numbers")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


async def test_signing_in_with_a_password(page: Page, site: str, store: Store, customer: Customer) -> None:
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/settings/sign-in")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("Again").fill(PASSWORD)
    await page.get_by_role("button", name="Set it", exact=True).click()
    await page.get_by_role("button", name="Set it up").click()
    await expect(page.locator(".qr svg")).to_be_visible()
    await page.get_by_role("button", name="Not now").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("Name or account").fill(ids.show("acct", customer.live_id))
    await page.get_by_label("Password").fill("something else")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("is wrong")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page).to_have_url(f"{site}/panel")


async def test_the_operator_runs_the_platform(page: Page, site: str, store: Store) -> None:
    good, known = fresh_number(), fresh_number()
    await add_stock(store, known)
    await enter(page, site, store, OPERATOR)
    await page.get_by_role("link", name="Inventory").click()
    await page.get_by_role("button", name="Import numbers").click()
    table = f"number,country,type\n{good},fr,mobile\n{known},fr,mobile\n12,fr,mobile\n+33699,de,mobile\n"
    await page.locator("#csv").fill(table)
    await page.get_by_role("button", name="Check it").click()
    found = page.locator("#import-found")
    await expect(found).to_contain_text("2 lines are wrong")
    await expect(found).to_contain_text("line 4")
    await page.get_by_role("button", name="Import the good ones").click()
    await expect(page.locator("tbody tr").first).to_contain_text("free")

    await page.get_by_role("link", name="Carriers").click()
    await page.get_by_role("button", name="Connect a carrier").click()
    await expect(page.get_by_label("Signing key")).to_be_hidden()
    await page.get_by_label("Speaks").select_option("HTTP")
    await expect(page.get_by_label("Signing key")).to_be_visible()
    await expect(page.get_by_label("System id")).to_be_hidden()
    await page.get_by_role("button", name="Not now").click()

    await page.get_by_role("link", name="Routes").click()
    await page.get_by_label("Prefix").fill("+8816 77")
    await page.get_by_label("Price of a segment").fill("0.25")
    await page.get_by_label("Carrier").select_option("simulated")
    await page.get_by_role("button", name="Add or replace").click()
    row = page.locator("tr", has_text="+881677")
    await expect(row).to_contain_text("$0.25")
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)

    await page.get_by_role("link", name="Accounts").click()
    await page.get_by_role("button", name="Create an account").click()
    await page.get_by_label("Balance to begin with").fill("10")
    await page.get_by_role("button", name="Create it").click()
    await expect(page.locator(".figures")).to_contain_text("$10.00")
    await page.get_by_role("button", name="Credit", exact=True).click()
    await page.get_by_label("Dollars").fill("5.50")
    await page.get_by_role("button", name="Credit it").click()
    await expect(page.locator(".figures")).to_contain_text("$15.50")
    await page.get_by_role("button", name="One-time link").click()
    await expect(page.locator("#secret")).to_contain_text("/panel/sign-in/")
    await page.get_by_role("link", name="Done, I have it").click()
    await page.get_by_role("link", name="Audit log").click()
    await expect(page.locator("tbody")).to_contain_text("accounts credit $5.50, live")


async def test_pages_work_without_scripts(site: str, store: Store, customer: Customer, api: Client) -> None:
    """Forms are forms: scripts only make them pleasant."""
    number = await activate(store, api)
    async with httpx.AsyncClient(base_url=site, follow_redirects=True) as browser:
        from nokyc.panel.sessions import make_link

        token = await store.run(lambda unit: make_link(unit, customer.live_id))
        await browser.get(f"/panel/sign-in/{token}")
        path = f"/panel/test/numbers/{number['id']}"
        proof = re.search(r'name="csrf" value="([0-9a-f]+)"', (await browser.get(path)).text)
        assert proof is not None
        done = await browser.post(f"{path}/renewal", data={"csrf": proof[1]})
        assert (done.status_code, "Saved." in done.text) == (200, True)
        refused = await browser.post(f"{path}/release", data={"csrf": proof[1], "confirm": "x"})
        assert (refused.status_code, "last four digits" in refused.text) == (400, True)
