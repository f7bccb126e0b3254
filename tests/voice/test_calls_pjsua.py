"""Calls between the engine and pjsua2: hold and resume, UPDATE, reliable provisionals, session timers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nokyc_voice.platform import Bridge, Voicemail
from voice.audio import gaps_ms, heard_ms, level
from voice.peers.baresip import NUMBER
from voice.peers.robot import Robot, lacking, ladder, robot
from voice.plans import CALLEE_HZ, CALLER_HZ, OWN, place, take, to
from voice.rig import Rig, rig

MANDATORY = 1
"""PJSUA_100REL_MANDATORY."""
SHORTEST_SEC = 90
"""Of sessions (RFC 4028, 4)."""


pytestmark = lacking("pjsua2")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


def phone(folder: Path, name: str, frequency: int, **settings: Any) -> Any:
    return robot("pjsua_phone", folder / name, frequency, **settings)


async def join(desk: Rig, one: Robot, two: Robot) -> None:
    """Both are called, and talk."""
    await desk.engine.place(place(to(one.port), near=Bridge(NUMBER, (to(two.port),))))
    await two.event("established")


async def done(robot: Robot, method: str, *, by: str = "sent") -> int:
    """The status that a request of the dialog got."""
    while True:
        event = await robot.event(by)
        if event["method"] == method:
            return int(event["status"])


async def test_audio_keys_and_prack_both_ways(desk: Rig, tmp_path: Path) -> None:
    settings = {"prack": MANDATORY, "answers": [183, 200]}
    async with phone(tmp_path, "one", CALLER_HZ, **settings) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        await join(desk, one, two)
        await asyncio.sleep(1.5)
        two.order("press", digits="7")
        digit = await one.event("digit")
        two.order("hang_up")
        ended = await desk.platform.ended(1)
        await one.event("closed")
        heard = one.heard(), two.heard()

    assert (digit["digit"], ended.reason) == ("7", "callee_hangup")
    assert "> PRACK" in ladder(ended.ladder, "callee")
    for samples, frequency in zip(heard, (CALLEE_HZ, CALLER_HZ), strict=True):
        assert heard_ms(samples, frequency) >= 1_200
        assert level(samples, frequency) >= 3_000
    assert sum(gaps_ms(heard[1], CALLER_HZ)) <= 60


async def test_a_call_in_is_progressed_reliably(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "caller", CALLER_HZ, prack=MANDATORY) as caller:
        await desk.use_trunks(to(caller.port))
        desk.platform.on_incoming = take(Voicemail(7, max_sec=1))
        caller.order("dial", uri=desk.uri(OWN))
        acknowledged = await done(caller, "PRACK")
        ended = await desk.platform.ended(1)
        await caller.event("closed")

    assert acknowledged == 200
    assert ended.reason == "voicemail_done"


async def test_hold_silences_and_resume_brings_back(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "one", CALLER_HZ) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        await join(desk, one, two)
        await asyncio.sleep(1)
        two.order("hold")
        held = await done(two, "INVITE")
        await asyncio.sleep(1.5)
        two.order("resume")
        resumed = await done(two, "INVITE")
        await asyncio.sleep(1)
        two.order("hang_up")
        ended = await desk.platform.ended(1)
        await one.event("closed")
        heard = one.heard()

    assert (held, resumed, ended.reason) == (200, 200, "callee_hangup")
    longest = max(gaps_ms(heard, CALLEE_HZ))
    assert 1_000 <= longest <= 2_200
    assert heard_ms(heard, CALLEE_HZ) >= 1_400


async def test_an_update_changes_nothing_that_is_heard(desk: Rig, tmp_path: Path) -> None:
    async with phone(tmp_path, "one", CALLER_HZ) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        await join(desk, one, two)
        await asyncio.sleep(0.7)
        two.order("update")
        updated = await done(two, "UPDATE")
        await asyncio.sleep(0.8)
        two.order("hang_up")
        ended = await desk.platform.ended(1)
        await one.event("closed")
        heard = one.heard()

    assert updated == 200
    assert ended.reason == "callee_hangup"
    assert heard_ms(heard, CALLEE_HZ) >= 1_200
    assert sum(gaps_ms(heard, CALLEE_HZ)) <= 60
