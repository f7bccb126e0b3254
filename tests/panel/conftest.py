"""A browser and a site for it: Debian's Chromium, one for the whole run, and the platform on a real socket."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from nokyc import main
from nokyc.kit.clock import ManualClock
from nokyc.panel.sessions import make_link
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Store
from panel.looks import DESKTOP
from panel.world import World, fill
from support import Client, Drain, make_customer

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
async def site(web: main.Web) -> AsyncIterator[str]:
    """The platform's address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web.app, lifespan="off", ws="none", log_config=None))
    web.live.until(lambda: server.should_exit)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving
    listener.close()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    """A fresh window that complains about every error of a script and every violation of the CSP."""
    context = await chromium.new_context(viewport=DESKTOP, timezone_id="Europe/Paris")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: _complain(errors, message))
    yield page
    await context.close()
    assert not errors, errors


def _complain(errors: list[str], message: Any) -> None:
    """Answers of 4xx are told on the console too; whether they are right is for the test to say."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        errors.append(message.text)


@pytest.fixture(scope="session")
async def world(web: main.Web, store: Store, drain: Drain, clock: ManualClock) -> World:
    """An account that has seen something, and nobody else touches."""
    customer = await make_customer(store)
    async with Client(web.app, customer.test_key) as api:
        made = await fill(store, api, customer, drain, clock)
    await web.request_log.flush()
    return made


async def enter(page: Page, site: str, store: Store, account_id: int = OPERATOR) -> None:
    """Sign in by a one-time link, as an account or as the operator."""
    token = await store.run(lambda unit: make_link(unit, account_id))
    await page.goto(f"{site}/panel/sign-in/{token}")
