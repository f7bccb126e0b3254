"""The panel as a browser sees it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nokyc import main
from nokyc.panel.sessions import make_link
from nokyc.store.store import Store
from support import Client, Customer


@pytest.fixture
async def browser(web: main.Web) -> AsyncIterator[Client]:
    async with Client(web.app, None) as browser:
        yield browser


@pytest.fixture
async def link(store: Store, customer: Customer) -> str:
    token = await store.run(lambda unit: make_link(unit, customer.live_id))
    return f"/panel/sign-in/{token}"


async def test_a_link_signs_in_once(browser: Client, link: str) -> None:
    first = await browser.get(link)
    assert (first.status_code, first.headers["location"]) == (303, "/panel")
    assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in first.headers["set-cookie"].split(";")}
    assert (await browser.get("/panel")).status_code == 200

    browser.cookies.clear()
    assert (await browser.get(link)).status_code == 403
    assert (await browser.get("/panel")).status_code == 401


async def test_the_page_shows_the_side_that_was_asked_for(browser: Client, link: str, number: Any) -> None:
    await browser.get(link)
    assert number["display"] in (await browser.get("/panel", params={"mode": "test"})).text
    assert number["display"] not in (await browser.get("/panel")).text


async def test_what_customers_wrote_cannot_become_markup(browser: Client, link: str, api: Client, number: Any) -> None:
    await api.post("/v1/sms", json={"from": number["id"], "to": "+33612345678", "body": "<script>alert(1)</script>"})
    await browser.get(link)
    page = await browser.get("/panel", params={"mode": "test"})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_signing_out_ends_the_session(browser: Client, link: str) -> None:
    await browser.get(link)
    cookie = dict(browser.cookies)
    await browser.post("/panel/sign-out")
    browser.cookies.update(cookie)
    assert (await browser.get("/panel")).status_code == 401


async def test_an_error_links_to_its_explanation(anonymous: Client) -> None:
    error = (await anonymous.get("/v1/account")).json()["error"]
    page = await anonymous.get(error["doc_url"].partition("#")[0])
    assert (page.status_code, f'id="{error["code"]}"' in page.text) == (200, True)
    assert (await anonymous.get("/docs/changelog")).status_code == 200
