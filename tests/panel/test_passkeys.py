"""Passkeys, by Chromium's virtual authenticator: each challenge lets in once, and only who made the passkey."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.async_api import CDPSession, Page, expect

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.panel.webauthn import party_of
from nokyc.resources.logins import passkeys
from nokyc.settings import Settings
from nokyc.store.store import Store
from panel.conftest import enter
from support import Customer


@pytest.fixture(scope="session")
async def named_site(store: Store, settings: Settings) -> AsyncIterator[str]:
    """The platform under a name: browsers keep no passkeys for addresses."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listener.getsockname()[1]}"
    web = main.build_web(store, replace(settings, public_url=url))
    server = uvicorn.Server(uvicorn.Config(web.app, lifespan="off", ws="none", log_config=None))
    web.live.until(lambda: server.should_exit)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield url
    server.should_exit = True
    await serving
    listener.close()


@pytest.fixture
async def authenticator(page: Page) -> tuple[CDPSession, str]:
    """One inside the browser that keeps passkeys and verifies its user."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = await session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return session, made["authenticatorId"]


async def _add(page: Page, site: str, name: str) -> None:
    await page.goto(f"{site}/panel/settings/sign-in")
    await page.get_by_label("Name", exact=False).last.fill(name)
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("status")).to_contain_text("The passkey is there")


async def test_a_passkey_is_made_signs_in_and_is_removed(
    page: Page, named_site: str, store: Store, customer: Customer, authenticator: tuple[CDPSession, str]
) -> None:
    await enter(page, named_site, store, customer.live_id)
    await _add(page, named_site, "Laptop")
    await expect(page.locator("section", has_text="Passkeys").first).to_contain_text("not used yet")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("has a passkey for you already")).to_be_visible()

    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page).to_have_url(f"{named_site}/panel")
    await page.goto(f"{named_site}/panel/settings/activity")
    await expect(page.locator("tbody")).to_contain_text("by the passkey Laptop")

    await page.goto(f"{named_site}/panel/settings/sign-in")
    await expect(page.get_by_text("by passkey, seen")).to_be_visible()
    await page.get_by_role("button", name="Remove …").click()
    await page.get_by_role("button", name="Remove it").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert").first).to_contain_text("Nobody here has this passkey")


async def test_a_copied_authenticator_is_found_by_its_count(
    page: Page, named_site: str, store: Store, customer: Customer, authenticator: tuple[CDPSession, str]
) -> None:
    await enter(page, named_site, store, customer.live_id)
    await _add(page, named_site, "Copied")
    async with store.reading() as connection:
        row: Any = (await passkeys.of_login(connection, customer.live_id))[0]
    await store.run(lambda unit: passkeys.record_use(unit, row, 1_000))
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert").first).to_contain_text("did not fit")


async def test_who_is_not_verified_is_not_let_in(
    page: Page, named_site: str, store: Store, customer: Customer, authenticator: tuple[CDPSession, str]
) -> None:
    session, authenticator_id = authenticator
    await enter(page, named_site, store, customer.live_id)
    await _add(page, named_site, "Laptop")
    await page.get_by_role("button", name="Sign out").click()
    await session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator_id, "isUserVerified": False})
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("was told not to")).to_be_visible()
    await expect(page).to_have_url(f"{named_site}/panel/sign-in")


async def test_an_answer_is_good_once_and_for_its_own_browser(
    page: Page, named_site: str, store: Store, customer: Customer, authenticator: tuple[CDPSession, str],
    clock: ManualClock,
) -> None:  # fmt: skip
    await enter(page, named_site, store, customer.live_id)
    await _add(page, named_site, "Laptop")
    await page.get_by_role("button", name="Sign out").click()
    async with page.expect_request(lambda request: request.url.endswith("/sign-in/passkey")) as sent:
        await page.get_by_role("button", name="Sign in with a passkey").click()
    request = await sent.value
    await expect(page).to_have_url(f"{named_site}/panel")
    form, cookie = request.post_data, (await request.all_headers())["cookie"]
    headers = {"content-type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(base_url=named_site) as thief:
        again = await thief.post("/panel/sign-in/passkey", content=form, headers=headers | {"cookie": cookie})
        elsewhere = await thief.post("/panel/sign-in/passkey", content=form, headers=headers)
        await thief.post("/panel/sign-in/passkey/ask")
        other = await thief.post("/panel/sign-in/passkey", content=form, headers=headers)
        await thief.post("/panel/sign-in/passkey/ask")
        clock.advance(301)
        late = await thief.post("/panel/sign-in/passkey", content=form, headers=headers)
        nonsense = await thief.post("/panel/sign-in/passkey", data={"credential": "{}"})
    assert [each.status_code for each in (again, elsewhere, other, late, nonsense)] == [403] * 5
    assert "took too long" in again.text
    assert "did not fit" in other.text


async def test_asking_is_slowed_down(named_site: str, clock: ManualClock) -> None:
    clock.advance(60)
    async with httpx.AsyncClient(base_url=named_site) as browser:
        answers = [await browser.post("/panel/sign-in/passkey/ask") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    clock.advance(60)


@pytest.mark.parametrize(
    ("public_url", "rp_id", "origin"),
    [
        ("https://numbers.example", "numbers.example", "https://numbers.example"),
        ("https://numbers.example:443", "numbers.example", "https://numbers.example"),
        ("https://numbers.example:8443/x", "numbers.example", "https://numbers.example:8443"),
        ("http://localhost:8080", "localhost", "http://localhost:8080"),
    ],
)
def test_the_party_is_the_public_urls(public_url: str, rp_id: str, origin: str) -> None:
    party = party_of(public_url)
    assert party is not None
    assert (party.rp_id, party.origin) == (rp_id, origin)


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8080", "https://192.0.2.1", "http://numbers.example"])
def test_without_a_name_or_https_there_are_no_passkeys(public_url: str) -> None:
    assert party_of(public_url) is None
