"""What a number does with calls, set in a browser: devices, the greeting, the agent and how it sounds."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from nokyc import main
from nokyc.kit import ids
from nokyc.kit.audio import tone, write_wav
from nokyc.resources.devices import actions as devices
from nokyc.settings import Settings
from nokyc.speech.server import SpeechServer
from nokyc.speech.wire import SOCKET
from nokyc.store.store import Store
from panel.conftest import enter
from panel.visitor import Visitor
from speech.small import Mouth, small_engines
from support import Client, Customer, activate, make_customer


@pytest.fixture
async def mouth(settings: Settings) -> AsyncIterator[Mouth]:
    """A speech process where the platform looks for one."""
    mouth = Mouth()
    server = SpeechServer(replace(small_engines(), tts=mouth), settings.data_dir / SOCKET)
    serving = asyncio.create_task(server.run())
    await server.listening.wait()
    yield mouth
    serving.cancel()
    await asyncio.wait([serving])


async def test_a_phone_is_given_credentials_and_loses_them(
    page: Page, site: str, store: Store, customer: Customer, live_api: Client
) -> None:
    number = await _open_tab("devices", page, site, store, customer, live_api, "/panel")
    await page.get_by_role("button", name="Make credentials").click()
    shown = page.locator("#once")
    await expect(shown).to_contain_text(number["id"])
    await page.get_by_role("link", name="Done, I have it").click()
    await expect(page.locator("#devices")).to_contain_text("No device is signed in")
    await store.run(
        lambda unit: devices.record_registration(
            unit, customer.live_id, ids.read("num", number["id"]) or 0, contact="sip:1@192.0.2.1",
            user_agent="Linphone/5.2", transport="tls", expires_at=unit.wall + timedelta(minutes=5),
        )
    )  # fmt: skip
    await page.reload()
    await expect(page.locator("#devices")).to_contain_text("Linphone/5.2")

    await page.get_by_role("button", name="New password …").click()
    await page.get_by_role("button", name="Make it").click()
    await expect(shown).to_contain_text("Password")
    await page.get_by_role("link", name="Done, I have it").click()
    await expect(page.locator("#devices")).to_contain_text("No device is signed in")
    await page.get_by_role("button", name="Revoke …").click()
    await page.get_by_role("button", name="Revoke them").click()
    await expect(page.get_by_role("status")).to_have_text("No device can sign in any more.")
    assert (await live_api.get(f"/v1/numbers/{number['id']}/sip_credentials")).status_code == 404


async def test_an_agent_is_set_up_and_what_is_wrong_is_said_where_it_is(
    page: Page, site: str, store: Store, customer: Customer, api: Client
) -> None:
    number = await _open_tab("ai", page, site, store, customer, api)
    await page.get_by_label("ai-pickup").check()
    await page.get_by_label("ai-screen").check()
    await page.locator("section", has_text="Add-ons").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")

    messages = page.locator("section", has_text="Take messages")
    await messages.get_by_label("After so many rings").fill("2")
    await messages.get_by_label("Script").fill("Leave your name.")
    await messages.get_by_label("Voice").fill("husky_en")
    await messages.get_by_role("button", name="Save").click()
    await expect(messages.locator("label:has([name='auto_pickup.voice']) + .refusal")).to_contain_text("A voice is one")
    await expect(messages.get_by_label("Voice")).to_be_focused()
    await messages.get_by_label("Voice").fill("warm_en")
    await messages.get_by_role("button", name="Save").click()
    await expect(page.locator(".wrong")).to_have_count(0)  # a new page: this one has been saved

    screening = page.locator("section", has_text="Screen callers")
    await screening.get_by_label("Refuse").fill("+33 6 12 34 56 70\n12")
    await screening.get_by_role("button", name="Save").click()
    await expect(screening.locator("label:has([name='screening.deny']) + .refusal")).to_contain_text("E.164")
    await screening.get_by_label("Refuse").fill("+33 6 12 34 56 70")
    await screening.get_by_role("button", name="Save").click()
    await expect(page.locator(".wrong")).to_have_count(0)
    set_up = (await api.get(f"/v1/numbers/{number['id']}/ai")).json()
    assert set_up["auto_pickup"] == {
        "enabled": True, "after_rings": 2, "script": "Leave your name.", "language": "auto", "voice": "warm_en",
    }  # fmt: skip
    assert set_up["screening"] == {"enabled": True, "allow": [], "deny": ["+33612345670"]}


async def test_without_an_engine_it_is_said_what_to_install(
    page: Page, site: str, store: Store, customer: Customer, api: Client
) -> None:
    await _open_tab("ai", page, site, store, customer, api)
    await page.get_by_role("button", name="Listen").click()
    await expect(page.locator("#player")).to_contain_text("nokyc speech install")


async def test_a_greeting_is_uploaded_and_heard(
    page: Page, site: str, store: Store, customer: Customer, api: Client, tmp_path: Path
) -> None:
    sound = tmp_path / "greeting.wav"
    sound.write_bytes(write_wav(tone(1.2)))
    await _open_tab("greeting", page, site, store, customer, api)
    await expect(page.get_by_text("the prompt that comes with us")).to_be_visible()
    await page.locator("input[type=file]").set_input_files(sound)
    await expect(page.locator("#audio")).not_to_have_value("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("your recording, 2 s")).to_be_visible()
    heard = await page.evaluate(
        "fetch(document.querySelector('audio').src).then(r => r.arrayBuffer()).then(b => b.byteLength)"
    )
    assert heard == len(sound.read_bytes())
    await page.get_by_role("button", name="Back to the one").click()
    await expect(page.get_by_text("the prompt that comes with us")).to_be_visible()


async def test_what_was_spoken_is_heard_by_its_account_alone(
    web: main.Web, store: Store, customer: Customer, api: Client, mouth: Mouth
) -> None:
    number = await activate(store, api)
    path = f"/panel/test/numbers/{number['id']}/ai/listen"
    said = {"auto_pickup.script": "Leave your name.", "auto_pickup.voice": "neutral_en"}
    async with Visitor(web, store) as owner, Visitor(web, store) as stranger:
        await owner.enter(customer.live_id)
        answer = await owner.submit(path, said)
        source = answer.text.split('src="')[1].split('"')[0].replace("&amp;", "&")
        whole = await owner.get(source)
        assert (whole.status_code, whole.headers["content-type"], whole.content[:4]) == (200, "audio/wav", b"RIFF")
        part = await owner.get(source, headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"RIFF")
        unknown = await owner.submit(path, said | {"auto_pickup.voice": "warm_fr"})
        assert (unknown.status_code, "warm_fr" in unknown.text) == (400, True)
        await stranger.enter((await make_customer(store)).live_id)
        assert (await stranger.get(source)).status_code == 404
        for forged in ("AAAA", "A" * 80, "¤"):
            assert (await stranger.get(f"/panel/test/spoken.wav?said={forged}")).status_code == 404
        assert (await stranger.submit(path, said)).status_code == 404


async def test_nobody_has_it_spoken_for_ever(
    web: main.Web, store: Store, customer: Customer, api: Client, mouth: Mouth
) -> None:
    number = await activate(store, api)
    path = f"/panel/test/numbers/{number['id']}/ai/listen"
    said = {"auto_pickup.script": "Leave your name.", "auto_pickup.voice": "neutral_en"}
    async with Visitor(web, store) as owner:
        await owner.enter(customer.live_id)
        statuses = [(await owner.submit(path, said)).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


async def _open_tab(
    name: str, page: Page, site: str, store: Store, customer: Customer, api: Client, base: str = "/panel/test"
) -> Any:
    """A new number's, in the mode of the key, whose pages are below `base`; returns the number."""
    number = await activate(store, api)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}{base}/numbers/{number['id']}/{name}")
    return number
