"""Forms: what nobody should type, what is sent twice, and pages that are older than their session."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from playwright.async_api import Page, expect

from nokyc import main
from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.kit import ids
from nokyc.panel.exam import EXAMS_A_MINUTE
from nokyc.panel.masking import MASK, masked
from nokyc.panel.sessions import make_link
from nokyc.panel.signin import TRIES_PER_ADDRESS
from nokyc.resources.carriers import actions as carriers
from nokyc.resources.logins.queries import OPERATOR
from nokyc.settings import Settings
from nokyc.store.store import LOST, Store
from panel.conftest import enter
from panel.visitor import Visitor
from support import Client, Customer, activate, make_customer

HUGE = "1E999999"


@pytest.fixture
async def operator(web: main.Web, store: Store) -> Any:
    async with Visitor(web, store) as visitor:
        await visitor.enter(OPERATOR)
        yield visitor


@pytest.fixture
async def owner(web: main.Web, store: Store, customer: Customer) -> Any:
    async with Visitor(web, store) as visitor:
        await visitor.enter(customer.live_id)
        yield visitor


def page_of(customer: Customer) -> str:
    return f"/panel/operator/accounts/{ids.show('acct', customer.live_id)}"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("{account}/guards", {"daily_spend_cap_usd": "-1"}),
        ("{account}/guards", {"daily_spend_cap_usd": HUGE}),
        ("{account}/guards", {"destination_velocity_per_hour": "-1"}),
        ("{account}/guards", {"destination_velocity_per_hour": "9" * 30}),
        ("{account}/guards", {"allowed_countries": "fr zz"}),
        ("{account}/credit", {"amount": HUGE, "side": "live"}),
        ("{account}/credit", {"amount": "0", "side": "live"}),
        ("{account}/credit", {"amount": "1", "side": "both"}),
        ("{account}/credit", {"amount": "", "side": "live"}),
        ("/panel/operator/accounts", {"balance": "-5"}),
        ("/panel/operator/accounts", {"balance": "sNaN"}),
        ("/panel/operator/routes", {"carrier": "simulated", "sms": "1", "price": "-1"}),
        ("/panel/operator/routes", {"carrier": "simulated", "sms": "1", "price": HUGE}),
        ("/panel/operator/routes", {"carrier": "simulated", "prefix": "7"}),
        ("/panel/operator/inventory", {"csv": 'number,country,type\n"' + "x" * 200_000}),
    ],
)
async def test_an_operator_is_told_what_is_wrong(
    operator: Visitor, customer: Customer, path: str, fields: dict[str, str]
) -> None:
    answer = await operator.submit(path.format(account=page_of(customer)), fields)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("amount", ["sNaN", "NaN", "inf", HUGE, "-1", "0.0000001"])
async def test_an_amount_is_one(owner: Visitor, amount: str) -> None:
    answer = await owner.submit("/panel/billing/limits", {"daily_spend_cap_usd": amount})
    assert answer.status_code == 400
    assert (await owner.submit("/panel/billing/limits", {"daily_spend_cap_usd": "$1,000.50"})).status_code == 303


async def test_a_time_beyond_all_calendars_is_refused(owner: Visitor, number: Any) -> None:
    fields = {"from": number["id"], "to": "+33612345678", "body": "Hello", "send_at": "2026-12-01T10:00"}
    for offset in ("9" * 17, "-" + "9" * 17, "x"):
        answer = await owner.submit("/panel/test/messages/new", fields | {"send_at_offset": offset})
        assert answer.status_code == 400


async def test_a_name_with_nothing_in_it_is_nobodys(operator: Visitor, owner: Visitor) -> None:
    assert (await operator.get("/panel/operator/carriers/%00")).status_code == 404
    assert (await operator.submit("/panel/operator/carriers/%00/test")).status_code == 404
    assert (await owner.get("/panel/requests/req_%00")).status_code == 404


async def test_a_trunk_takes_no_messages(operator: Visitor, store: Store) -> None:
    await store.run(lambda unit: carriers.add_carrier(unit, "line", "sip", {"host": "127.0.0.1"}))
    route = {"carrier": "line", "prefix": "7", "sms": "1", "voice": "1"}
    refused = await operator.submit("/panel/operator/routes", route)
    assert (refused.status_code, "is a SIP trunk, which takes no SMS" in refused.text) == (400, True)
    await store.run(lambda unit: carriers.remove_carrier(unit, "line"))
    default = partial(carriers.add_route, prefix="", carrier=SIMULATED, sms=True, voice=True, price_micro=None)
    await store.run(default)  # it went with the carrier


async def test_a_csv_may_have_spaces_in_its_header(operator: Visitor) -> None:
    shown = await operator.submit(
        "/panel/operator/inventory/preview", {"csv": "number, country, type\n+33647119911, fr, mobile\n"}
    )
    assert "+33 6 47 11 99 11" in shown.text


async def test_a_form_of_the_account_before_is_not_sent_to_this_one(
    operator: Visitor, customer: Customer, store: Store
) -> None:
    other = await make_customer(store)
    await operator.submit(f"{page_of(customer)}/look")
    await operator.learn("/panel/settings")
    old = operator.proof
    await operator.submit(f"{page_of(other)}/look")
    await operator.learn("/panel/settings")
    answer = await operator.post("/panel/keys", data={"csrf": old, "scope": "admin"})
    assert (answer.status_code, "too old" in answer.text) == (403, True)
    assert (await operator.submit("/panel/keys", {"scope": "read"})).status_code == 200


async def test_another_number_does_not_take_the_place_of_the_one_that_was_chosen(
    web: main.Web, store: Store, customer: Customer, number: Any, owner: Visitor
) -> None:
    async with Client(web.app, customer.test_key) as api:
        await activate(store, api)
        await api.patch(f"/v1/numbers/{number['id']}", json={"status": "paused"})  # so no list of active ones has it
    for path in ("messages", "calls"):
        page = (await owner.get(f"/panel/test/{path}/new?from={number['id']}")).text
        assert f'<option value="{number["id"]}" selected>' in page
        assert (await owner.get(f"/panel/test/{path}/new?from=num_000000000000")).status_code == 404


def test_whom_a_call_shows_and_what_it_says_is_hidden() -> None:
    values = {"callerid": "+33612345678", "callerid_mask": "+33612345678", "say": "Hello", "parameters": {"a": "b"}}
    assert set(json.loads(masked(json.dumps({"connect": values})))["connect"].values()) == {MASK}


async def test_two_clicks_are_one(page: Page, site: str, store: Store) -> None:
    customer = await make_customer(store)
    count = "SELECT count(*) FROM api_keys WHERE account_id = $1"
    async with store.reading() as connection:
        before = await connection.fetchval(count, customer.live_id)
    await enter(page, site, store, customer.live_id)
    await page.goto(f"{site}/panel/developers")
    await page.get_by_role("button", name="Create a key").click()
    await page.get_by_role("button", name="Create it").dblclick()
    await expect(page.get_by_text("Your new key")).to_be_visible()
    await page.goto(f"{site}/panel/developers")
    async with store.reading() as connection:
        assert await connection.fetchval(count, customer.live_id) == before + 1


async def test_who_only_looks_whether_a_link_is_there_does_not_use_it(
    web: main.Web, store: Store, customer: Customer
) -> None:
    token = await store.run(lambda unit: make_link(unit, customer.live_id))
    async with Visitor(web, store) as visitor:
        assert (await visitor.head(f"/panel/sign-in/{token}")).status_code == 200
        assert (await visitor.get(f"/panel/sign-in/{token}")).status_code == 303


@pytest.mark.parametrize(("content", "status"), [(b"x" * 3_000_000, 413), (b"name=%FF", 400)])
async def test_the_front_door_answers_to_nonsense(web: main.Web, store: Store, content: bytes, status: int) -> None:
    async with Visitor(web, store) as visitor:
        for path in ("/panel/sign-in", "/panel/sign-in/passkey", "/panel/theme"):
            answer = await visitor.post(path, content=content)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


async def test_the_front_door_says_that_the_database_is_away(
    web: main.Web, store: Store, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Visitor(web, store) as visitor:

        async def away(*_: Any) -> None:
            raise LOST[0]

        monkeypatch.setattr(store, "run", away)
        answer = await visitor.get("/panel/sign-in/some-token")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")


async def test_a_passkey_whose_name_is_no_base64_is_refused(store: Store, settings: Settings) -> None:
    web = main.build_web(store, replace(settings, public_url="https://sms.example.com"))
    part = urlsafe_b64encode(b"x" * 40).decode().rstrip("=")
    response = f'{{"authenticatorData":"{part}","clientDataJSON":"{part}","signature":"{part}"}}'
    async with Visitor(web, store) as visitor:
        for name in ("a", "\N{LATIN SMALL LETTER E WITH ACUTE}"):
            credential = f'{{"id":"{name}","rawId":"{part}","type":"public-key","response":{response}}}'
            answer = await visitor.post("/panel/sign-in/passkey", data={"credential": credential})
            assert answer.status_code == 403


async def test_tries_are_counted_by_whom_the_proxy_saw(store: Store, settings: Settings) -> None:
    proxied = replace(settings, trusted_proxies=frozenset({"127.0.0.1"}), public_url="https://sms.example.com")
    web = main.build_web(store, proxied)
    async with Visitor(web, store) as visitor:

        async def guess(address: str) -> int:
            headers = {"x-forwarded-for": f"6.6.6.6, {address}", "x-forwarded-proto": "https"}
            answer = await visitor.post("/panel/sign-in/passkey", data={"credential": "{}"}, headers=headers)
            return answer.status_code

        tries = [await guess("203.0.113.7") for _ in range(TRIES_PER_ADDRESS + 1)]
        assert tries == [403] * TRIES_PER_ADDRESS + [429]
        assert await guess("203.0.113.8") == 403


async def test_receivers_are_not_examined_without_end(web: main.Web, owner: Visitor, customer: Customer) -> None:
    async with Client(web.app, customer.test_key) as api:
        hook = {"url": "http://127.0.0.1:9/", "enabled_events": ["*"]}
        endpoint = (await api.post("/v1/webhook_endpoints", json=hook)).json()["id"]
    answers = [await owner.submit(f"/panel/test/webhooks/{endpoint}/exam") for _ in range(EXAMS_A_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [200] * EXAMS_A_MINUTE + [429]
