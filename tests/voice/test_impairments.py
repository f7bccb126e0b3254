"""Calls over a bad network between two namespaces: audio goes on, and the figures tell what was done to it."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from nokyc_voice.platform import Answered, Ended, QualityAlert, Recorded, Say
from voice.audio import gaps_ms, heard_ms, read_wav, tone, write_wav
from voice.peers.baresip import Baresip, baresip
from voice.peers.scenarios import absent
from voice.peers.wire import HERE, THERE, Impairment, Wire, wire
from voice.plans import CALLEE_HZ, place, to
from voice.rig import Rig, rig

TALK_SEC = 4.0
UNDER_WAY = 2
"""Packets that may be late at the moment of the last look."""
LONG = Say("word " * 100, "neutral_en")

pytestmark = [
    absent("baresip", "ip"),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root"),
    pytest.mark.skipif(not Path("/dev/net/tun").exists(), reason="this kernel has no TUN devices"),
]


@pytest.fixture
async def network() -> AsyncIterator[Wire]:
    async with wire(f"nk{os.getpid()}", Random(7)) as made:
        yield made


@pytest.fixture
async def desk(tmp_path: Path, network: Wire) -> AsyncIterator[Rig]:
    async with rig(tmp_path, host=HERE) as made:
        yield made


@pytest.fixture
async def phone(tmp_path: Path, network: Wire) -> AsyncIterator[Baresip]:
    """On the other side, saying a tone without end."""
    sound = tmp_path / "callee.wav"
    write_wav(sound, tone(CALLEE_HZ, 30))
    within = ("ip", "netns", "exec", network.namespace)
    async with baresip(tmp_path / "callee", sound, host=THERE, within=within) as made:
        yield made


async def talk(desk: Rig, phone: Baresip, network: Wire, harm: Impairment, seconds: float = TALK_SEC) -> Any:
    """A recorded call; how it ended, its quality, and what the phone said as we heard it."""
    trunk = to(phone.port, targets=((THERE, phone.port),))
    await desk.engine.place(place(trunk, near=LONG, recording=True))
    await desk.platform.told(Answered)
    network.impairment = harm
    await asyncio.sleep(seconds)
    await desk.engine.beat()
    network.impairment = Impairment()
    await desk.engine.hang_up(1)
    ended = await desk.platform.ended(1)
    recorded = await desk.platform.told(Recorded)
    ((_, quality),) = ended.quality
    return ended, quality, read_wav(recorded.path)[0]


async def test_a_clean_wire_costs_nothing(desk: Rig, phone: Baresip, network: Wire) -> None:
    _, quality, heard = await talk(desk, phone, network, Impairment())
    assert (quality.packets_lost, quality.one_way) == (0, False)
    assert quality.mos is not None
    assert quality.mos >= 4.0
    assert sum(gaps_ms(heard, CALLEE_HZ)) <= 60


@pytest.mark.parametrize("loss", [0.02, 0.1])
async def test_lost_packets_are_concealed_and_counted(desk: Rig, phone: Baresip, network: Wire, loss: float) -> None:
    _, quality, heard = await talk(desk, phone, network, Impairment(loss=loss), 8.0)
    assert network.lost_from_there > 0
    assert quality.packets_lost == pytest.approx(network.lost_from_there, abs=UNDER_WAY)
    assert quality.concealed_ms > 0
    assert heard_ms(heard, CALLEE_HZ) >= 7_000
    assert quality.mos is not None
    assert quality.mos <= (4.3 if loss < 0.05 else 4.0)


async def test_packets_out_of_order_are_put_in_order(desk: Rig, phone: Baresip, network: Wire) -> None:
    _, quality, heard = await talk(desk, phone, network, Impairment(reordered=0.1))
    assert quality.packets_lost <= UNDER_WAY
    assert heard_ms(heard, CALLEE_HZ) >= 3_400
    assert sum(gaps_ms(heard, CALLEE_HZ)) <= 300


async def test_jitter_is_evened_out_and_told(desk: Rig, phone: Baresip, network: Wire) -> None:
    _, quality, heard = await talk(desk, phone, network, Impairment(jitter_ms=40))
    assert 6 <= quality.jitter_ms <= 40
    assert quality.packets_lost <= UNDER_WAY
    assert heard_ms(heard, CALLEE_HZ) >= 3_400
    assert sum(gaps_ms(heard, CALLEE_HZ)) <= 400


async def test_audio_one_way_raises_the_alarm(desk: Rig, phone: Baresip, network: Wire) -> None:
    network.impairment = silent = Impairment(silent_there=True)
    ended, quality, _ = await talk(desk, phone, network, silent, 10.5)
    alert = await desk.platform.told(QualityAlert)
    await phone.event("CALL_CLOSED")
    assert (quality.one_way, quality.packets_received) == (True, 0)
    assert alert.kind == "one_way_audio"
    assert isinstance(ended, Ended)
    assert heard_ms(phone.heard(), 700) >= 4_000
