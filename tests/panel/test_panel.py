"""The front door: links, passwords, second factors, sessions."""

import re
from base64 import b32decode
from typing import Any

import pytest

from nokyc import main
from nokyc.kit import ids, totp
from nokyc.kit.clock import ManualClock
from nokyc.panel.app import FORMS_A_MINUTE
from nokyc.panel.sessions import COOKIE, device_of, make_link
from nokyc.resources.logins.queries import OPERATOR
from nokyc.store.store import Store
from panel.visitor import Visitor
from support import Client, Customer

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def visitor(web: main.Web, store: Store) -> Any:
    async with Visitor(web, store) as visitor:
        yield visitor


@pytest.fixture
async def other(web: main.Web, store: Store) -> Any:
    async with Visitor(web, store) as visitor:
        yield visitor


@pytest.fixture
async def link(store: Store, customer: Customer) -> str:
    token = await store.run(lambda unit: make_link(unit, customer.live_id))
    return f"/panel/sign-in/{token}"


async def test_a_link_signs_in_once(visitor: Visitor, link: str) -> None:
    first = await visitor.get(link)
    assert (first.status_code, first.headers["location"]) == (303, "/panel")
    assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in first.headers["set-cookie"].split(";")}
    assert (await visitor.get("/panel")).status_code == 200

    visitor.cookies.clear()
    assert (await visitor.get(link)).status_code == 403
    assert (await visitor.get("/panel")).status_code == 401


async def test_the_pages_show_the_side_that_was_asked_for(visitor: Visitor, customer: Customer, number: Any) -> None:
    await visitor.enter(customer.live_id)
    assert number["display"] in (await visitor.get("/panel/test/numbers")).text
    assert number["display"] not in (await visitor.get("/panel/numbers")).text


async def test_signing_out_ends_the_session(visitor: Visitor, link: str) -> None:
    await visitor.get(link)
    cookie = dict(visitor.cookies)
    await visitor.post("/panel/sign-out")
    visitor.cookies.update(cookie)
    assert (await visitor.get("/panel")).status_code == 401


async def test_a_session_that_a_browser_brings_along_is_not_taken_over(visitor: Visitor, customer: Customer) -> None:
    visitor.cookies.set(COOKIE, "chosen-by-somebody-else", path="/panel")
    answer = await visitor.enter(customer.live_id)
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]


async def test_a_password_signs_in_by_name_or_account(visitor: Visitor, other: Visitor, customer: Customer) -> None:
    await visitor.enter(customer.live_id)
    account = ids.show("acct", customer.live_id)
    name = f"name-{account[-6:]}"
    await visitor.submit("/panel/settings/sign-in/name", {"name": name.upper()})
    done = await visitor.submit("/panel/settings/sign-in/password", {"password": PASSWORD, "again": PASSWORD})
    assert done.headers["location"].endswith("?done=password")
    assert (await other.sign_in(account, PASSWORD)).status_code == 303
    assert (await other.sign_in(f" {name} ", PASSWORD)).status_code == 303
    wrong = await other.sign_in(account, "not this one")
    assert (wrong.status_code, "is wrong" in wrong.text) == (403, True)


async def test_short_passwords_and_different_ones_are_refused(visitor: Visitor, customer: Customer) -> None:
    await visitor.enter(customer.live_id)
    for first, second in (("short", "short"), (PASSWORD, PASSWORD + "!")):
        answer = await visitor.submit("/panel/settings/sign-in/password", {"password": first, "again": second})
        assert answer.status_code == 400


async def test_guessing_is_slowed_down(visitor: Visitor, clock: ManualClock) -> None:
    clock.advance(60)
    answers = [await visitor.sign_in("somebody", "guess") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    clock.advance(60)
    assert (await visitor.sign_in("somebody", "guess")).status_code == 403


async def test_a_code_is_needed_once_it_is_set_up_and_works_once(
    visitor: Visitor, other: Visitor, customer: Customer, clock: ManualClock
) -> None:
    account = ids.show("acct", customer.live_id)
    await visitor.enter(customer.live_id)
    await visitor.submit("/panel/settings/sign-in/password", {"password": PASSWORD, "again": PASSWORD})
    setup = (await visitor.submit("/panel/settings/sign-in/totp")).text
    sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', setup)
    spelled = re.search(r"<p class=\"mono small\">([A-Z2-7 ]+)</p>", setup)
    assert sealed is not None
    assert spelled is not None
    secret = b32decode(spelled[1].replace(" ", ""))

    def code() -> str:
        return totp.code_at(secret, int(clock.now().timestamp()) // totp.STEP_SEC)

    wrong = await visitor.submit("/panel/settings/sign-in/totp/confirm", {"sealed": sealed[1], "code": "000000"})
    assert wrong.status_code == 400
    for broken in ("aa" * 40, "zz", ""):
        answer = await visitor.submit("/panel/settings/sign-in/totp/confirm", {"sealed": broken, "code": code()})
        assert answer.status_code == 400
    await visitor.submit("/panel/settings/sign-in/totp/confirm", {"sealed": sealed[1], "code": code()})
    again = await visitor.submit("/panel/settings/sign-in/totp/confirm", {"sealed": sealed[1], "code": code()})
    assert "Turn them off first" in again.text  # which asks for the password

    clock.advance(60)
    assert "code that your app shows" in (await other.sign_in(account, PASSWORD)).text
    used = code()
    assert (await other.sign_in(account, PASSWORD, used)).status_code == 303
    assert (await other.sign_in(account, PASSWORD, used)).status_code == 403
    clock.advance(60)
    assert (await other.sign_in(account, PASSWORD, code())).status_code == 303


async def test_sessions_are_listed_and_ended(visitor: Visitor, other: Visitor, customer: Customer) -> None:
    other.headers["user-agent"] = "Mozilla/5.0 (iPhone) Safari/604.1"
    await other.enter(customer.live_id)
    await visitor.enter(customer.live_id)
    listed = (await visitor.get("/panel/settings/sign-in")).text
    assert "Safari on iPhone" in listed
    end = re.search(r"/panel/settings/sign-in/sessions/ses_[0-9a-z]+/end", listed)
    assert end is not None
    await visitor.submit(end[0])
    assert (await other.get("/panel")).status_code == 401
    assert (await visitor.get("/panel")).status_code == 200


async def test_a_new_password_ends_all_other_sessions(visitor: Visitor, other: Visitor, customer: Customer) -> None:
    await other.enter(customer.live_id)
    await visitor.enter(customer.live_id)
    await visitor.submit("/panel/settings/sign-in/password", {"password": PASSWORD, "again": PASSWORD})
    assert (await other.get("/panel")).status_code == 401
    assert (await visitor.get("/panel")).status_code == 200


async def test_who_came_by_password_needs_the_old_one_for_a_new_one(visitor: Visitor, customer: Customer) -> None:
    await visitor.enter(customer.live_id)
    await visitor.submit("/panel/settings/sign-in/password", {"password": PASSWORD, "again": PASSWORD})
    await visitor.sign_in(ids.show("acct", customer.live_id), PASSWORD)
    new = {"password": PASSWORD[::-1], "again": PASSWORD[::-1]}
    assert (await visitor.submit("/panel/settings/sign-in/password", new)).status_code == 403
    assert (await visitor.submit("/panel/settings/sign-in/password", new | {"old": PASSWORD})).status_code == 303


async def test_a_program_with_a_cookie_has_a_limit_too(
    visitor: Visitor, customer: Customer, clock: ManualClock
) -> None:
    await visitor.enter(customer.live_id)
    clock.advance(60)
    path, forged = "/panel/settings/sign-in/sessions/ses_000000000000/end", {"csrf": "00"}
    assert (await visitor.submit(path, forged)).status_code == 403, "what others forge is not counted"
    answers = [await visitor.submit(path) for _ in range(FORMS_A_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [303] * FORMS_A_MINUTE + [429]


async def test_a_link_is_proof_for_an_hour(visitor: Visitor, customer: Customer, clock: ManualClock) -> None:
    await visitor.enter(customer.live_id)
    new = {"password": PASSWORD, "again": PASSWORD}
    assert [(await visitor.submit("/panel/settings/sign-in/password", new)).status_code for _ in range(2)] == [303] * 2
    clock.advance(3_601)
    assert (await visitor.submit("/panel/settings/sign-in/password", new)).status_code == 403
    assert (await visitor.submit("/panel/settings/sign-in/password", new | {"old": PASSWORD})).status_code == 303


async def test_nobody_guesses_the_password_at_an_open_page(visitor: Visitor, customer: Customer) -> None:
    await visitor.enter(customer.live_id)
    await visitor.submit("/panel/settings/sign-in/password", {"password": PASSWORD, "again": PASSWORD})
    await visitor.sign_in(ids.show("acct", customer.live_id), PASSWORD)
    tries = [await visitor.submit("/panel/settings/sign-in/totp/clear", {"old": "guess"}) for _ in range(6)]
    assert [answer.status_code for answer in tries] == [403] * 5 + [429]


async def test_the_operator_signs_in_and_looks_at_an_account(
    visitor: Visitor, customer: Customer, number: Any, store: Store
) -> None:
    answer = await visitor.enter(OPERATOR)
    assert answer.headers["location"] == "/panel/operator"
    assert (await visitor.get("/panel/numbers")).headers["location"] == "/panel/operator"
    account = ids.show("acct", customer.live_id)
    await visitor.submit(f"/panel/operator/accounts/{account}/look")
    page = await visitor.get("/panel/test/numbers")
    assert number["display"] in page.text
    assert f"You look at {account} as the operator" in page.text
    await visitor.learn("/panel/settings")
    await visitor.submit("/panel/operator/leave")
    assert (await visitor.get("/panel/numbers")).headers["location"] == "/panel/operator"
    async with store.reading() as connection:
        noted = await connection.fetch("SELECT action FROM audit_log WHERE account_id = $1", customer.live_id)
    assert [row["action"] for row in noted] == ["accounts.look"]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        ("curl/8.5.0", "Unknown browser"),
    ],
)
def test_devices_are_named_and_no_more(agent: str, device: str) -> None:
    assert device_of(agent) == device


async def test_an_error_links_to_its_explanation(anonymous: Client) -> None:
    error = (await anonymous.get("/v1/account")).json()["error"]
    page = await anonymous.get(error["doc_url"].partition("#")[0])
    assert (page.status_code, f'id="{error["code"]}"' in page.text) == (200, True)
    assert (await anonymous.get("/docs/changelog")).status_code == 200
