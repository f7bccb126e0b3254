"""Credentials of browsers: made beside those of phones, ended by time, by DELETE, by their number's end."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from nokyc import main
from nokyc.kit import ids
from nokyc.kit.clock import ManualClock
from nokyc.resources.devices import actions, browsers
from nokyc.resources.numbers import queries as numbers
from nokyc.settings import Settings, read_settings
from nokyc.store.files import open_files
from nokyc.store.store import Store, Unit
from nokyc.workers.sweeper import sweep
from nokyc.workers.switchboard import Switchboard
from support import Client, Customer


@pytest.fixture
def board(store: Store, settings: Settings) -> Switchboard:
    return main.build_switchboard(store, settings)


def path_of(number: Any) -> str:
    return f"/v1/numbers/{number['id']}/browser_sessions"


async def test_a_browser_signs_in_beside_the_phones(
    live_api: Client, live_number: Any, board: Switchboard, clock: ManualClock
) -> None:
    credentials = f"/v1/numbers/{live_number['id']}/sip_credentials"
    phone = (await live_api.post(credentials)).json()
    answer = await live_api.post(path_of(live_number), headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201
    made = answer.json()
    assert made == {
        "object": "browser_session", "username": made["username"], "password": made["password"],
        "domain": "127.0.0.1", "websocket_url": "ws://127.0.0.1:8080/sip", "ice_servers": [],
        "expires_at": made["expires_at"],
    }  # fmt: skip
    assert datetime.fromisoformat(made["expires_at"]) - clock.now() == pytest.approx(
        timedelta(hours=12), abs=timedelta(seconds=1)
    )
    assert (await live_api.post(path_of(live_number), headers={"Idempotency-Key": "one"})).json() == made
    device = await board.device(made["username"])
    assert device is not None
    assert device.number_id == ids.read("num", live_number["id"])
    assert device.ha1 == actions.digests(made["username"], "127.0.0.1", made["password"])
    assert device.valid_sec == pytest.approx(12 * 3_600, abs=1)
    assert await board.device(phone["username"]) is not None

    await live_api.post(credentials)
    assert await board.device(made["username"]) is not None, "a phone's new password is no concern of browsers"
    assert (await live_api.delete(credentials)).status_code == 204
    assert await board.device(made["username"]) is None
    assert (await live_api.delete(credentials)).status_code == 404
    await live_api.post(path_of(live_number))
    assert (await live_api.delete(credentials)).status_code == 204, "browsers alone end, too"


async def test_it_ends_by_itself_and_is_swept(
    live_api: Client, live_number: Any, board: Switchboard, store: Store, settings: Settings, clock: ManualClock
) -> None:
    made = (await live_api.post(path_of(live_number))).json()
    clock.advance(12 * 3_600 - 60)
    later = (await live_api.post(path_of(live_number))).json()
    assert (await board.device(made["username"])).valid_sec == pytest.approx(60, abs=1)  # type: ignore[union-attr]
    clock.advance(61)
    assert await board.device(made["username"]) is None
    await sweep(store, open_files(settings))
    async with store.reading() as connection:
        number_id = ids.read("num", live_number["id"])
        left = await connection.fetch("SELECT id FROM browser_sessions WHERE number_id = $1", number_id)
    assert [ids.show("bws", row["id"]) for row in left] == [later["username"]]


async def test_the_oldest_make_room(
    live_api: Client, live_number: Any, board: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MAX_BROWSER_SESSIONS", 2)
    made = [(await live_api.post(path_of(live_number))).json()["username"] for _ in range(3)]
    assert [await board.device(username) is not None for username in made] == [False, True, True]


async def test_what_has_no_softphone(api: Client, number: Any, live_api: Client, live_number: Any) -> None:
    refused = await api.post(path_of(number))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "live_mode_only")
    await live_api.delete(f"/v1/numbers/{live_number['id']}")
    refused = await live_api.post(path_of(live_number))
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "number_released")


async def test_a_released_number_is_nobodys(live_api: Client, live_number: Any, board: Switchboard) -> None:
    made = (await live_api.post(path_of(live_number))).json()
    await live_api.delete(f"/v1/numbers/{live_number['id']}")
    assert await board.device(made["username"]) is None


async def test_ice_servers_are_given_as_browsers_want_them(
    store: Store, live_number: Any, customer: Customer, settings: Settings
) -> None:
    given = "stun:192.0.2.1:3478,turn:192.0.2.1:3478,turns:me:pass:word@turn.example.com:5349"
    sip = read_settings({"NOKYC_ICE_SERVERS": given, "NOKYC_TURN_SECRET": "shared"}).sip
    changed = replace(settings, public_url="https://phone.example.com", sip=sip)
    number_id = ids.read("num", live_number["id"])
    assert number_id is not None

    async def work(unit: Unit) -> Any:
        number = await numbers.get(unit.connection, customer.live_id, number_id, lock=True)
        return await browsers.open_session(unit, customer.live_id, number, changed)

    made = await store.run(work)
    stun, turn, turns = made.ice_servers
    assert made.websocket_url == "wss://phone.example.com/sip"
    assert (stun.urls, turns.urls) == (["stun:192.0.2.1:3478"], ["turns:turn.example.com:5349"])
    assert (turns.username, turns.credential) == ("me", "pass:word")
    ends, _, name = turn.username.partition(":")
    assert (int(ends), name) == (int(datetime.fromisoformat(made.expires_at).timestamp()), made.username)
    proof = hmac.digest(b"shared", turn.username.encode(), hashlib.sha1)
    assert base64.b64decode(turn.credential) == proof
