"""Calls between the engine and a real phone: audio both ways, measured."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nokyc_voice.platform import (
    Answered,
    Bridge,
    MessageLeft,
    Recorded,
    Refuse,
    Registration,
    Ring,
    Rung,
    Say,
    Trunk,
    Voicemail,
)
from voice.audio import gaps_ms, heard_ms, level, read_wav, tone, write_wav
from voice.peers.baresip import NUMBER, Baresip, baresip
from voice.plans import CALLEE_HZ, CALLER_HZ, OWN, place, take
from voice.rig import PROMPT_HZ, Rig, device, rig


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


def phone(folder: Path, name: str, frequency: int, **how: Any) -> Any:
    """A phone that says a tone."""
    sound = folder / f"{name}.wav"
    write_wav(sound, tone(frequency, 15))
    return baresip(folder / name, sound, **how)


def trunk_to(phone: Baresip, **changes: Any) -> Trunk:
    return Trunk("acme", (("127.0.0.1", phone.port),), ping_sec=0, **changes)


async def test_a_text_is_spoken_and_recorded(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await desk.engine.place(place(trunk_to(callee), recording=True))
        ended = await desk.platform.ended(1)
        recorded = await desk.platform.told(Recorded)
        await callee.event("CALL_CLOSED")
        heard = callee.heard()

    assert [type(report) for report in desk.platform.reports[:2]] == [Rung, Answered]
    assert (ended.outcome, ended.reason, ended.answered_at is not None) == ("completed", "script_done", True)
    assert heard_ms(heard, 700) >= 540
    left, right = read_wav(recorded.path)
    assert heard_ms(left, CALLEE_HZ) >= 700
    assert heard_ms(right, 700) >= 540


async def test_a_caller_leaves_a_message(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await desk.use_trunks(trunk_to(caller))
        desk.platform.on_incoming = take(Voicemail(7, max_sec=2))
        caller.dial(desk.uri(OWN))
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)
        await caller.event("CALL_CLOSED")
        heard = caller.heard()

    assert desk.platform.incomings[0].callee == OWN
    assert (ended.outcome, ended.reason) == ("completed", "voicemail_done")
    assert (await desk.platform.told(Answered)).by == "voicemail"
    assert heard_ms(heard, PROMPT_HZ) >= 900
    assert 1_500 <= message.duration_ms <= 2_000
    (said,) = read_wav(message.path)
    assert heard_ms(said, CALLER_HZ) >= 1_400
    assert gaps_ms(said, CALLER_HZ) == []


async def test_a_caller_who_hangs_up_has_left_a_message(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await desk.use_trunks(trunk_to(caller))
        desk.platform.on_incoming = take(Voicemail(7, max_sec=60))
        caller.dial(desk.uri(OWN, "tcp"))
        await desk.platform.told(Answered)
        await asyncio.sleep(4)
        caller.hang_up()
        ended = await desk.platform.ended(1)
        message = await desk.platform.told(MessageLeft)

    assert (ended.outcome, ended.reason) == ("completed", "caller_hangup")
    assert message.duration_ms >= 1_000
    reports = desk.platform.reports
    assert reports.index(ended) < reports.index(message), "the end of a call does not wait for files"


async def test_two_phones_are_bridged(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "one", CALLER_HZ) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        await desk.engine.place(place(trunk_to(one), near=Bridge(NUMBER, (trunk_to(two),)), recording=True))
        await two.event("CALL_ESTABLISHED")
        await asyncio.sleep(2)
        two.hang_up()
        ended = await desk.platform.ended(1)
        recorded = await desk.platform.told(Recorded)
        await one.event("CALL_CLOSED")
        await two.event("CALL_CLOSED")
        heard = one.heard(), two.heard()

    assert (ended.outcome, ended.reason) == ("completed", "callee_hangup")
    for samples, frequency in zip(heard, (CALLEE_HZ, CALLER_HZ), strict=True):
        assert heard_ms(samples, frequency) >= 1_600
        assert sum(gaps_ms(samples, frequency)) <= 60
        assert 7_000 <= level(samples, frequency) <= 9_000
    left, right = read_wav(recorded.path)
    assert heard_ms(left, CALLER_HZ) >= 1_600
    assert heard_ms(right, CALLEE_HZ) >= 1_600
    assert {leg for leg, _ in ended.quality} == {"callee", "bridged"}
    assert all(quality.packets_lost == 0 for _, quality in ended.quality)


async def test_nobody_answers(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ, answer=False) as callee:
        await desk.engine.place(place(trunk_to(callee), ring_sec=1))
        ended = await desk.platform.ended(1)
        await callee.event("CALL_CLOSED")

    assert (ended.outcome, ended.reason, ended.answered_at) == ("no_answer", "no_answer", None)


async def test_the_callee_declines(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ, answer=False) as callee:
        await desk.engine.place(place(trunk_to(callee)))
        await callee.event("CALL_INCOMING")
        callee.hang_up()
        ended = await desk.platform.ended(1)

    assert (ended.outcome, ended.status) == ("busy", 486)


async def test_the_next_trunk_is_asked_when_the_first_is_silent(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        nobody = Trunk("dead", (("127.0.0.1", 9),), transport="tcp", ping_sec=0)
        await desk.engine.place(place(nobody, trunk_to(callee)))
        ended = await desk.platform.ended(1)

    assert ended.outcome == "completed"
    assert (await desk.platform.told(Rung)).carrier == "acme"


async def test_the_platform_hangs_up(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await desk.engine.place(place(trunk_to(callee), near=Say("word " * 100, "neutral_en")))
        await desk.platform.told(Answered)
        await desk.engine.hang_up(1)
        await desk.engine.hang_up(1)
        ended = await desk.platform.ended(1)
        await callee.event("CALL_CLOSED")

    assert (ended.outcome, ended.reason) == ("completed", "api_hangup")
    await desk.engine.hang_up(1)


async def test_the_money_ends(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await desk.engine.place(place(trunk_to(callee), near=Say("word " * 100, "neutral_en"), allowed_sec=1))
        ended = await desk.platform.ended(1)

    assert (ended.outcome, ended.reason) == ("completed", "balance_used_up")
    assert 900 <= ended.talked_ms <= 1_900


async def test_a_refused_caller_hears_why(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        await desk.use_trunks(trunk_to(caller))
        desk.platform.on_incoming = Refuse(480, "Temporarily Unavailable", 31)
        caller.dial(desk.uri(OWN))
        closed = await caller.event("CALL_CLOSED")

    assert "480" in closed["param"]
    assert desk.platform.reports == []


async def test_strangers_are_not_heard(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ) as caller:
        caller.dial(desk.uri(OWN))
        closed = await caller.event("CALL_CLOSED")

    assert "403" in closed["param"]
    assert desk.platform.incomings == []


async def test_a_phone_of_ours_registers_and_is_rung(desk: Rig, tmp_path: Path) -> None:
    ours = device(desk, 7, "secret")
    account = f"<sip:{ours.username}@127.0.0.1:{desk.port()}>;auth_pass=secret;regint=60;answermode=auto"
    async with (
        phone(tmp_path, "ours", CALLEE_HZ, account=account) as own,
        phone(tmp_path, "caller", CALLER_HZ) as caller,
    ):
        registered = await desk.platform.told(Registration)
        await desk.use_trunks(trunk_to(caller))
        desk.platform.on_incoming = take(Ring(7), Voicemail(7))
        caller.dial(desk.uri(OWN))
        await own.event("CALL_ESTABLISHED")
        await asyncio.sleep(1.5)
        caller.hang_up()
        ended = await desk.platform.ended(1)
        await own.event("CALL_CLOSED")
        await caller.event("CALL_CLOSED")
        heard = own.heard(), caller.heard()

    assert (registered.number_id, registered.transport) == (7, "udp")
    assert (await desk.platform.told(Answered)).by == "device"
    assert ended.reason == "caller_hangup"
    assert heard_ms(heard[0], CALLER_HZ) >= 1_200
    assert heard_ms(heard[1], CALLEE_HZ) >= 1_200


async def test_a_phone_of_ours_calls_out(desk: Rig, tmp_path: Path) -> None:
    ours = device(desk, 7, "secret")
    account = f"<sip:{ours.username}@127.0.0.1:{desk.port()}>;auth_pass=secret;regint=60"
    async with (
        phone(tmp_path, "ours", CALLER_HZ, account=account) as own,
        phone(tmp_path, "callee", CALLEE_HZ) as callee,
    ):
        await desk.platform.told(Registration)
        desk.platform.on_dialled = place(trunk_to(callee))
        own.dial(desk.uri(NUMBER))
        await callee.event("CALL_ESTABLISHED")
        await asyncio.sleep(1.5)
        own.hang_up()
        ended = await desk.platform.ended(1)
        await own.event("CALL_CLOSED")
        await callee.event("CALL_CLOSED")
        heard = own.heard(), callee.heard()

    assert desk.platform.dialleds[0].to == NUMBER
    assert (ended.outcome, ended.reason) == ("completed", "caller_hangup")
    assert heard_ms(heard[0], CALLEE_HZ) >= 1_200
    assert heard_ms(heard[1], CALLER_HZ) >= 1_200


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"), [(True, "completed", "caller_hangup"), (False, "no_answer", "canceled")]
)
async def test_who_is_rung_first_is_the_caller(
    desk: Rig, tmp_path: Path, answer: bool, outcome: str, reason: str
) -> None:
    """A call of the API that begins at a phone of ours, which hangs up: after the callee answered, or before."""
    ours = device(desk, 7, "secret")
    account = f"<sip:{ours.username}@127.0.0.1:{desk.port()}>;auth_pass=secret;regint=60;answermode=auto"
    async with (
        phone(tmp_path, "ours", CALLER_HZ, account=account) as own,
        phone(tmp_path, "callee", CALLEE_HZ, answer=answer) as callee,
    ):
        await desk.platform.told(Registration)
        await desk.engine.place(place(trunk_to(callee), near=Ring(7)))
        await callee.event("CALL_ESTABLISHED" if answer else "CALL_INCOMING")
        own.hang_up()
        ended = await desk.platform.ended(1)
        await callee.event("CALL_CLOSED")

    assert (ended.outcome, ended.reason) == (outcome, reason)


async def test_a_wrong_password_gets_nowhere(desk: Rig, tmp_path: Path) -> None:
    ours = device(desk, 7, "secret")
    account = f"<sip:{ours.username}@127.0.0.1:{desk.port()}>;auth_pass=guess;regint=60"
    async with phone(tmp_path, "ours", CALLER_HZ, account=account) as own:
        own.dial(desk.uri(NUMBER))
        closed = await own.event("CALL_CLOSED")

    assert "407" in closed["param"]
    assert (desk.platform.reports, desk.platform.dialleds) == ([], [])


async def test_the_caller_id_is_withheld(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "callee", CALLEE_HZ) as callee:
        await desk.engine.place(place(trunk_to(callee), caller_id=None))
        established = await callee.event("CALL_ESTABLISHED")
        await desk.platform.ended(1)

    assert "anonymous" in established["peeruri"]
    assert OWN not in established["peeruri"]


@pytest.mark.parametrize(("callerid", "seen"), [(None, "anonymous"), ("+33647189033", "+33647189033")])
async def test_the_second_party_is_shown_no_more_than_the_first(
    desk: Rig, tmp_path: Path, callerid: str | None, seen: str
) -> None:
    async with phone(tmp_path, "one", CALLER_HZ) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        near = Bridge(NUMBER, (trunk_to(two),))
        await desk.engine.place(place(trunk_to(one), near=near, caller_id=callerid))
        shown = [(await each.event("CALL_ESTABLISHED"))["peeruri"] for each in (one, two)]
        two.hang_up()
        await desk.platform.ended(1)

    assert all(seen in each and OWN not in each for each in shown)
