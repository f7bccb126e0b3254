"""Calls as a customer's program has them: the API, a real phone, the money, the files."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from nokyc.store import audit
from support import events_of
from voice.house import House, open_house
from voice.peers.baresip import NUMBER
from voice.test_calls_baresip import CALLEE_HZ, CALLER_HZ, phone


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    async with open_house() as made:
        yield made
        async with made.store.reading() as connection:
            found = await audit.verify(connection)
        assert found.problems == []


async def test_a_text_is_spoken_billed_and_recorded(house: House, tmp_path: Path) -> None:
    guest = await house.customer()
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await house.connect("acme", callee.port)
        body = {
            "from": guest.number["id"], "to": NUMBER, "recording_enabled": True,
            "connect": {"type": "say", "text": "Hello, this is a test.", "voice": "neutral_en"},
        }  # fmt: skip
        placed = (await guest.api.post("/v1/calls", json=body)).json()
        path = f"/v1/calls/{placed['id']}"

        async def is_recorded() -> bool:
            return (await guest.get(path))["recording_url"] is not None

        await house.until(is_recorded)
        await callee.event("CALL_CLOSED")

    call = await guest.get(path)
    assert (placed["status"], call["status"], call["end_reason"]) == ("queued", "completed", "script_done")
    assert call["duration_sec"] >= 1
    assert call["cost_usd"] == pytest.approx(0.001 * call["duration_sec"])
    assert await events_of(guest.api, call["id"]) == [
        "call.initiated", "call.answered", "call.completed", "call.recorded",
    ]  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=house.web.app)) as web:
        audio = await web.get(call["recording_url"])
    assert (audio.status_code, audio.headers["content-type"]) == (200, "audio/mpeg")
    assert len(audio.content) > 2_000
    steps = (await guest.get(f"{path}/timeline"))["steps"]
    assert {"request", "ledger", "sip", "quality", "event"} <= {step["type"] for step in steps}


async def test_a_caller_leaves_a_voicemail(house: House, tmp_path: Path) -> None:
    guest = await house.customer()
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await house.connect("acme", caller.port)
        caller.dial(house.uri(guest.number["number"]))
        await caller.event("CALL_ESTABLISHED")
        await asyncio.sleep(6)
        caller.hang_up()

        async def is_left() -> bool:
            return bool((await guest.get("/v1/voicemails"))["data"])

        await house.until(is_left)

    (voicemail,) = (await guest.get("/v1/voicemails"))["data"]
    call = await guest.get(f"/v1/calls/{voicemail['call_id']}")
    assert (call["direction"], call["status"], call["cost_usd"]) == ("inbound", "completed", 0)
    assert voicemail["duration_sec"] >= 1
    await house.worker.drain()
    assert await events_of(guest.api, voicemail["id"]) == ["voicemail.created"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=house.web.app)) as web:
        assert (await web.get(voicemail["audio_url"])).status_code == 200
        assert (await guest.api.delete(f"/v1/voicemails/{voicemail['id']}")).status_code == 204
        assert (await web.get(voicemail["audio_url"])).status_code in (403, 404)


async def test_a_softphone_of_the_number_rings(house: House, tmp_path: Path) -> None:
    guest = await house.customer()
    path = f"/v1/numbers/{guest.number['id']}/sip_credentials"
    made = (await guest.api.post(path)).json()
    port = house.uri("x").rpartition(":")[2]
    account = f"<sip:{made['username']}@127.0.0.1:{port}>;auth_pass={made['password']};regint=60;answermode=auto"
    async with (
        phone(tmp_path, "own", CALLEE_HZ, account=account) as own,
        phone(tmp_path, "caller", CALLER_HZ) as caller,
    ):
        await house.connect("acme", caller.port)

        async def is_registered() -> bool:
            return len((await guest.get(path))["devices"]) == 1

        await house.until(is_registered)
        caller.dial(house.uri(guest.number["number"]))
        await own.event("CALL_ESTABLISHED")
        await asyncio.sleep(1)
        (call,) = (await guest.get("/v1/calls"))["data"]
        hung_up = (await guest.api.post(f"/v1/calls/{call['id']}/hangup")).json()
        await own.event("CALL_CLOSED")
        await caller.event("CALL_CLOSED")

    assert (call["status"], hung_up["status"], hung_up["end_reason"]) == ("in_progress", "completed", "api_hangup")
    assert await events_of(guest.api, call["id"]) == ["call.received", "call.answered", "call.completed"]


async def test_a_softphone_with_an_old_password_rings_no_more(house: House, tmp_path: Path) -> None:
    guest = await house.customer()
    path = f"/v1/numbers/{guest.number['id']}/sip_credentials"
    port = house.uri("x").rpartition(":")[2]

    async def signed_in() -> str:
        made = (await guest.api.post(path)).json()
        return f"<sip:{made['username']}@127.0.0.1:{port}>;auth_pass={made['password']};regint=60"

    async def is_registered() -> bool:
        return len((await guest.get(path))["devices"]) == 1

    async with phone(tmp_path, "old", CALLEE_HZ, account=await signed_in()):
        await house.until(is_registered)
        async with (
            phone(tmp_path, "new", CALLEE_HZ, account=await signed_in()) as new,
            phone(tmp_path, "caller", CALLER_HZ) as caller,
        ):
            await house.until(is_registered)
            await house.connect("acme", caller.port)
            caller.dial(house.uri(guest.number["number"]))
            await new.event("CALL_INCOMING")
            caller.hang_up()
            await new.event("CALL_CLOSED")
            (call,) = (await guest.get("/v1/calls"))["data"]

            async def is_over() -> bool:
                return (await guest.get(f"/v1/calls/{call['id']}"))["status"] == "no_answer"

            await house.until(is_over)

    steps = (await guest.get(f"/v1/calls/{call['id']}/timeline"))["steps"]
    rung = [each for each in steps if each["type"] == "sip" and each["detail"]["message"] == "INVITE"]
    assert [each["detail"]["leg"] for each in rung] == ["caller", "device"]


async def test_an_unknown_number_is_refused(house: House, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await house.connect("acme", caller.port)
        caller.dial(house.uri("+33199009900"))
        closed = await caller.event("CALL_CLOSED")

    assert "404" in closed["param"]
