"""Calls between the engine and SIPp: echoes measured, early media, digits, races with CANCEL, many at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nokyc.torture.ports import free_port
from nokyc_voice.platform import Announce, Bridge, Recorded, Registration, Ring
from voice.audio import WINDOW, gaps_ms, heard_ms, level, levels, read_wav
from voice.peers.baresip import NUMBER
from voice.peers.robot import lacking, robot
from voice.peers.scenarios import absent, sipp
from voice.plans import CALLEE_HZ, OWN, place, take, to
from voice.rig import PROMPT_HZ, Rig, device, rig

MANY = 20
LOUD = 200
"""Mean amplitude that is no silence."""


pytestmark = [absent("sipp"), lacking("baresip")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


def onset_ms(samples: list[int], frequency: float) -> int:
    return next(at for at, value in enumerate(levels(samples, frequency)) if value >= 1_000) * 20


def is_loud(samples: list[int]) -> bool:
    """Whether something is said for a quarter of a second in all."""
    windows = [samples[at : at + WINDOW] for at in range(0, len(samples), WINDOW)]
    return sum(sum(map(abs, window)) / len(window) >= LOUD for window in windows) >= 12


async def test_many_echoes_come_back_whole(desk: Rig, tmp_path: Path) -> None:
    """Twenty calls at once, each recorded: what we say is on the right, its echo on the left."""
    port, media = free_port(), free_port()
    echoing = ("-rtp_echo", "-mp", str(media), "-m", str(MANY))
    async with asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, "uas_answers", *echoing, port=port))
        for call_id in range(1, MANY + 1):
            plan = place(to(port), call_id=call_id, near=Announce("goodbye", "en"), recording=True)
            await desk.engine.place(plan)
        ended = [await desk.platform.ended(call_id) for call_id in range(1, MANY + 1)]
        recorded = [await desk.platform.told(Recorded, call_id) for call_id in range(1, MANY + 1)]

    assert {each.reason for each in ended} == {"script_done"}
    for each in ended:
        ((_, quality),) = each.quality
        assert (quality.packets_lost, quality.one_way) == (0, False)
    for each in recorded:
        left, right = read_wav(each.path)
        assert heard_ms(right, PROMPT_HZ) >= 980
        assert heard_ms(left, PROMPT_HZ) >= 800
        assert sum(gaps_ms(left, PROMPT_HZ)) <= 100
        assert abs(level(left, PROMPT_HZ) - level(right, PROMPT_HZ)) <= 800
        assert 0 < onset_ms(left, PROMPT_HZ) - onset_ms(right, PROMPT_HZ) <= 200


async def test_a_played_file_and_its_keys_arrive(desk: Rig, tmp_path: Path) -> None:
    port, media = free_port(), free_port()
    async with robot("baresip_phone", tmp_path / "two", CALLEE_HZ) as phone:
        await desk.use_trunks(to(port))
        desk.platform.on_incoming = take(Bridge(NUMBER, (to(phone.port),)), recording=True)
        await sipp(tmp_path, "uac_speaks", "-s", OWN, "-mp", str(media), remote=desk.port(), port=port)
        digit = await phone.event("digit")
        ended = await desk.platform.ended(1)
        recorded = await desk.platform.told(Recorded)
        await phone.event("closed")
        heard = phone.heard()

    assert (digit["digit"], ended.reason) == ("1", "caller_hangup")
    assert is_loud(heard)
    left, right = read_wav(recorded.path)
    assert is_loud(left)
    assert heard_ms(right, CALLEE_HZ) >= 2_000


async def test_a_device_hears_early_media(desk: Rig, tmp_path: Path) -> None:
    port, media = free_port(), free_port()
    ours = device(desk, 7, "secret")
    domain = f"127.0.0.1:{desk.port()}"
    settings = {"username": ours.username, "password": "secret", "domain": domain}
    async with robot("baresip_phone", tmp_path / "ours", CALLEE_HZ, **settings) as own, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, "uas_speaks_early", "-mp", str(media), port=port))
        desk.platform.on_dialled = place(to(port))
        own.order("dial", uri=desk.uri(OWN))
        await own.event("progress")
        ended = await desk.platform.ended(1)
        await own.event("closed")
        heard = own.heard()

    assert (ended.outcome, ended.status, ended.answered_at) == ("busy", 486, None)
    assert is_loud(heard)


async def test_a_caller_gives_up_while_devices_ring(desk: Rig, tmp_path: Path) -> None:
    port = free_port()
    ours = device(desk, 7, "secret")
    domain = f"127.0.0.1:{desk.port()}"
    settings = {"username": ours.username, "password": "secret", "domain": domain, "answer": False}
    async with robot("baresip_phone", tmp_path / "ours", CALLEE_HZ, **settings) as own:
        own.order("register")
        await desk.platform.told(Registration)
        await desk.use_trunks(to(port))
        desk.platform.on_incoming = take(Ring(7))
        await sipp(tmp_path, "uac_cancels", "-s", OWN, remote=desk.port(), port=port)
        ended = await desk.platform.ended(1)
        await own.event("incoming")
        await own.event("closed")

    assert (ended.outcome, ended.reason) == ("no_answer", "canceled")
    assert desk.engine.endpoint.load["dialogs"] == 0
