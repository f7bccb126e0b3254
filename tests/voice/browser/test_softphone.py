"""The softphone module in Chromium against the whole platform, with a real phone at the other end."""

import asyncio
import hashlib
import re
import shutil
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nokyc.kit import ids
from nokyc_voice.platform import Device
from nokyc_voice.sip.digest import Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import Listener
from nokyc_voice.sip.registrar import Registrar
from voice.audio import gaps_ms, heard_ms
from voice.browser.conftest import BROWSER_HZ, Softphone, breakable, session_of
from voice.house import Guest, House
from voice.peers.agent import running, until
from voice.peers.baresip import NUMBER
from voice.test_calls_baresip import CALLEE_HZ, CALLER_HZ, phone

pytestmark = pytest.mark.skipif(shutil.which("baresip") is None, reason="Debian's baresip-core is not installed")

STATIC = "server/nokyc/panel/static"


async def registrations(house: House, guest: Guest, *, count: int) -> list[Any]:
    """Where the number can be reached, once it is in so many places."""
    number_id = ids.read("num", guest.number["id"])
    rows: list[Any] = []

    async def are_told() -> bool:
        async with house.store.reading() as connection:
            rows[:] = await connection.fetch("SELECT * FROM registrations WHERE number_id = $1", number_id)
        return len(rows) == count

    await house.until(are_told)
    return rows


async def enter(house: House, guest: Guest, softphone: Softphone, session: dict[str, Any] | None = None) -> None:
    await softphone.open(house, session or await session_of(guest))
    await softphone.next("registered")


async def test_it_is_called(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    await enter(house, guest, softphone)
    (registered,) = await registrations(house, guest, count=1)
    assert (registered["transport"], registered["user_agent"]) == ("ws", "NoKYC softphone")
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await house.connect("acme", caller.port)
        caller.dial(house.uri(guest.number["number"]))
        assert (await softphone.next("incoming"))["number"] == NUMBER
        await softphone.do("call.answer()")
        await softphone.next("established")
        await caller.event("CALL_ESTABLISHED")
        heard_hz = await softphone.heard_hz()
        await asyncio.sleep(1.5)
        caller.hang_up()
        ended = await softphone.next("ended")
        heard = caller.heard()

    assert heard_hz == pytest.approx(CALLER_HZ, abs=10)
    assert heard_ms(heard, BROWSER_HZ) >= 1_000
    assert ended["reason"] == "remote"
    (call,) = (await guest.get("/v1/calls"))["data"]
    assert call["direction"] == "inbound"

    await softphone.do("phone.stop()")
    await registrations(house, guest, count=0)


async def test_it_calls(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    await enter(house, guest, softphone)
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await house.connect("acme", callee.port)
        await softphone.do(f"void phone.call('{NUMBER}')")
        await softphone.next("established")
        await callee.event("CALL_ESTABLISHED")
        heard_hz = await softphone.heard_hz()
        await softphone.do("call.press('4#')")
        pressed = [await callee.event("CALL_DTMF_START") for _ in "4#"]
        await asyncio.sleep(1)
        await softphone.do("call.mute()")
        await asyncio.sleep(1)
        await softphone.do("call.mute(false)")
        await asyncio.sleep(1)
        await softphone.do("call.hangUp()")
        ended = await softphone.next("ended")
        await callee.event("CALL_CLOSED")
        heard = callee.heard()

    assert heard_hz == pytest.approx(CALLEE_HZ, abs=10)
    assert [event["param"] for event in pressed] == ["4", "#"]
    assert heard_ms(heard, BROWSER_HZ) >= 1_500
    assert max(gaps_ms(heard, BROWSER_HZ)) >= 700
    assert ended["reason"] == "local"

    async def is_billed() -> bool:
        (call,) = (await guest.get("/v1/calls"))["data"]
        return bool(call["status"] == "completed" and call["cost_usd"])

    await house.until(is_billed)


async def test_it_declines_and_is_too_late(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    await enter(house, guest, softphone)
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await house.connect("acme", caller.port)
        caller.dial(house.uri(guest.number["number"]))
        await softphone.next("incoming")
        await softphone.do("call.decline()")
        assert (await softphone.next("ended"))["reason"] == "declined"
        await caller.event("CALL_ESTABLISHED")  # with the voicemail
        caller.hang_up()
        await caller.event("CALL_CLOSED")

        caller.dial(house.uri(guest.number["number"]))
        await softphone.next("incoming")
        caller.hang_up()
        assert (await softphone.next("ended"))["reason"] == "canceled"


async def test_its_calls_are_refused_and_given_up(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    await enter(house, guest, softphone)
    async with phone(tmp_path, "callee", CALLEE_HZ, answer=False) as callee:
        await house.connect("acme", callee.port)
        await softphone.do(f"void phone.call('{NUMBER}')")
        await softphone.next("ringing")
        await callee.event("CALL_INCOMING")
        await softphone.do("call.hangUp()")
        assert (await softphone.next("ended"))["reason"] == "canceled"
        await callee.event("CALL_CLOSED")

        await softphone.do(f"void phone.call('{NUMBER}')")
        await callee.event("CALL_INCOMING")
        callee.hang_up()
        assert (await softphone.next("ended"))["reason"] == "busy"


async def test_a_call_survives_a_broken_line(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    session = await session_of(guest)
    async with breakable(session) as line, phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await enter(house, guest, softphone, session)
        await house.connect("acme", callee.port)
        await softphone.do(f"void phone.call('{NUMBER}')")
        await softphone.next("established")
        await callee.event("CALL_ESTABLISHED")
        line.cut()
        await softphone.next("registered")
        assert await softphone.heard_hz() == pytest.approx(CALLEE_HZ, abs=10)
        callee.hang_up()
        assert (await softphone.next("ended"))["reason"] == "remote"
        await registrations(house, guest, count=1)


async def test_a_call_that_rings_ends_with_the_line(house: House, softphone: Softphone, tmp_path: Path) -> None:
    guest = await house.customer()
    session = await session_of(guest)
    async with breakable(session) as line, phone(tmp_path, "callee", CALLEE_HZ, answer=False) as callee:
        await enter(house, guest, softphone, session)
        await house.connect("acme", callee.port)
        await softphone.do(f"void phone.call('{NUMBER}')")
        await softphone.next("ringing")
        line.cut()
        assert (await softphone.next("ended"))["reason"] == "lost"
        await callee.event("CALL_CLOSED")


async def test_a_wrong_password_gets_nowhere(house: House, softphone: Softphone) -> None:
    guest = await house.customer()
    session = await session_of(guest)
    await softphone.open(house, session | {"password": "guess"})
    assert (await softphone.next("error"))["code"] == "unauthorized"
    await registrations(house, guest, count=0)


async def test_it_signs_in_by_sha_256(house: House, softphone: Softphone) -> None:
    """Elsewhere, as the platform asks for MD5, which all phones know."""
    password = "secret"
    ha1 = {"SHA-256": compute_ha1("SHA-256", "alice", "nokyc", password)}
    expires_at = (house.store.clock.now() + timedelta(hours=1)).isoformat()

    async def find(username: str) -> Device | None:
        return Device(7, 1, username, ha1)

    async with running(Listener("ws", "127.0.0.1")) as agent:
        authenticator = Authenticator("nokyc", b"k" * 32, timers=agent.timers, random=Random(5), algorithms=["SHA-256"])
        registrar = Registrar(authenticator, find, agent.timers, lambda binding, is_there: None)
        agent.on_register = registrar.handle
        session = {
            "username": "alice", "password": password, "domain": "nokyc", "ice_servers": [], "expires_at": expires_at,
            "websocket_url": f"ws://127.0.0.1:{agent.port}",
        }  # fmt: skip
        await enter(house, await house.customer(), softphone, session)
        assert len(registrar.bindings(7)) == 1
        await softphone.do("phone.stop()")
        await until(lambda: registrar.count == 0)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_its_digests_are_right(house: House, softphone: Softphone, algorithm: str) -> None:
    await enter(house, await house.customer(), softphone)
    lengths = [0, 1, 55, 56, 63, 64, 119, 120, 300]
    made = await softphone.do(f"Promise.all({lengths}.map(length => hash_of('{algorithm}', 'x'.repeat(length))))")
    assert made == [hashlib.new(algorithm, b"x" * length).hexdigest() for length in lengths]


def test_the_modules_fit_together(repository: Path) -> None:
    """Browsers keep static files for a year, so the one names the other by its content."""
    digest = hashlib.sha256((repository / STATIC / "softphone-line.js").read_bytes()).hexdigest()[:10]
    named = re.search(r"softphone-line\.js\?v=(\w+)", (repository / STATIC / "softphone.js").read_text("utf-8"))
    assert named is not None
    assert named[1] == digest
