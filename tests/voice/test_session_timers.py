"""Session timers (RFC 4028) in real time: ninety seconds is the shortest session, so all of them run at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nokyc.torture.ports import free_port
from nokyc_voice.platform import Answered, Say
from voice.audio import heard_ms
from voice.peers.robot import Robot, lacking, ladder, robot
from voice.peers.scenarios import absent, sipp
from voice.plans import CALLER_HZ, OWN, place, take, to
from voice.rig import Rig, rig

SHORTEST_SEC = 90
OUTLIVED_SEC = SHORTEST_SEC + 3
LONG = Say("word " * 500, "neutral_en")
"""Speaks for 150 s."""


pytestmark = [absent("sipp"), lacking("pjsua2")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


async def call_in(desk: Rig, phone: Robot, call_id: int) -> None:
    desk.platform.on_incoming = take(LONG, call_id=call_id)
    phone.order("dial", uri=desk.uri(OWN))
    await phone.event("established")
    await desk.platform.told(Answered, call_id)


async def test_sessions_are_refreshed_by_either_side_and_end_without(desk: Rig, tmp_path: Path) -> None:
    """pjsua refreshes one that it began; another pjsua dies; we refresh one with SIPp."""
    port, echoing = free_port(), ("-rtp_echo", "-mp", str(free_port()))
    living = robot("pjsua_phone", tmp_path / "living", CALLER_HZ, session_sec=SHORTEST_SEC)
    dying = robot("pjsua_phone", tmp_path / "dying", CALLER_HZ, session_sec=SHORTEST_SEC)
    async with living as refreshing, dying as doomed, asyncio.TaskGroup() as group:
        await desk.use_trunks(to(refreshing.port), to(doomed.port))
        await call_in(desk, refreshing, 1)
        await call_in(desk, doomed, 2)
        doomed.process.kill()
        group.create_task(sipp(tmp_path, "uas_refreshed", *echoing, port=port, limit_sec=OUTLIVED_SEC + 30))
        await desk.engine.place(place(to(port), near=LONG, call_id=3))

        expired = await desk.platform.ended(2, within_sec=SHORTEST_SEC)
        await asyncio.sleep(OUTLIVED_SEC - (expired.talked_ms / 1_000))
        refreshing.order("hang_up")
        refreshed = await desk.platform.ended(1)
        await refreshing.event("closed")
        await desk.engine.hang_up(3)
        ours = await desk.platform.ended(3)

    assert (expired.outcome, expired.reason) == ("completed", "session_expired")
    assert refreshed.reason == "caller_hangup"
    assert refreshed.talked_ms >= SHORTEST_SEC * 1_000
    assert {"< UPDATE", "< INVITE"} & set(ladder(refreshed.ladder, "caller")[3:])
    assert heard_ms(refreshing.heard(), 700) >= 45_000
    assert ours.reason == "api_hangup"
    assert ladder(ours.ladder, "callee").count("> UPDATE") == 2
