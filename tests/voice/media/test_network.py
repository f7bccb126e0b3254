"""What a network does to packets, and that the figures say just that."""

import random
from dataclasses import dataclass

import pytest

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.rtp_leg import RtpLeg
from voice.media.rig import Ear, Fate, Network, Relay, Rig, sine, speak, through

TICKS = 500


@dataclass
class Path:
    """A caller whose packets pass a relay on their way to the callee."""

    caller: RtpLeg
    callee: RtpLeg
    relay: Relay
    ear: Ear


async def travel(rig: Rig, network: Network, fate: Fate, ticks: int = TICKS) -> Path:
    relay = network.relay(fate)
    caller, offer = rig.audio.offering(codecs=("PCMA",), srtp=False)
    callee, answer = rig.audio.answering(through(relay, offer), codecs=("PCMA",))
    caller.answered(through(relay, answer))
    path = Path(caller, callee, relay, Ear(callee))
    speak(caller, sine(400, ticks * 20))
    await rig.run(ticks, network.deliver)
    return path


async def test_a_good_network(rig: Rig, network: Network) -> None:
    path = await travel(rig, network, lambda _: (0,))
    quality = path.callee.quality()
    assert (quality.packets_received, quality.packets_lost, quality.concealed_ms) == (TICKS, 0, 0)
    assert quality.jitter_ms == 0
    assert quality.mos is not None
    assert quality.mos > 4.3


async def test_loss_is_counted_and_concealed(rig: Rig, network: Network) -> None:
    chance = random.Random(1)
    lost = {n for n in range(10, TICKS - 10) if chance.random() < 0.05}
    path = await travel(rig, network, lambda n: () if n in lost else (0,))
    quality = path.callee.quality()
    assert quality.packets_lost == len(lost)
    assert quality.concealed_ms == 20 * len(lost)
    assert quality.mos is not None
    assert 3.4 < quality.mos < 4.0
    # One frame that is missing is not heard as a hole.
    lone = sum(n - 1 not in lost and n + 1 not in lost for n in lost)
    assert lone > 10
    assert path.ear.silent_frames(500) <= 3 + len(lost) - lone


async def test_reordering_is_put_right(rig: Rig, network: Network) -> None:
    path = await travel(rig, network, lambda n: (1,) if n % 10 == 3 else (0,))
    quality = path.callee.quality()
    assert (quality.packets_received, quality.packets_lost) == (TICKS, 0)
    assert path.callee.counters()["late"] <= 1
    assert quality.concealed_ms <= 40


async def test_repeats_are_counted_and_not_heard(rig: Rig, network: Network) -> None:
    path = await travel(rig, network, lambda n: (0, 0) if n % 5 == 0 else (0,))
    quality = path.callee.quality()
    assert (quality.packets_received, quality.packets_lost, quality.concealed_ms) == (TICKS, 0, 0)
    assert path.callee.counters()["duplicates"] == TICKS // 5


async def test_jitter_is_measured_and_the_buffer_grows(rig: Rig, network: Network) -> None:
    chance = random.Random(2)
    path = await travel(rig, network, lambda _: (chance.choice((0, 0, 1, 2, 3)),), ticks=1_000)
    quality = path.callee.quality()
    assert 10 < quality.jitter_ms < 40
    settled = path.ear.frames[300:-5]
    assert sum(audioop.rms(frame, 2) < 500 for frame in settled) <= 2
    assert path.callee.counters()["late"] < 20
    assert quality.packets_lost < 5  # what is still under way


async def test_a_standstill_and_the_burst_after_it(rig: Rig, network: Network) -> None:
    path = await travel(rig, network, lambda n: (max(0, 140 - n),) if 100 <= n < 140 else (0,))
    assert path.callee.quality().packets_lost == 0
    tail = path.ear.frames[-200:]
    assert sum(audioop.rms(frame, 2) < 500 for frame in tail) == 0
    assert path.callee.counters()["discarded"] > 0


@pytest.mark.parametrize("drift", [0.97, 1.03])
async def test_clocks_that_differ(rig: Rig, network: Network, drift: float) -> None:
    """A far end that sends 3 % too slowly or too quickly is heard for as long as the call lasts."""
    slack = [0.0]

    def fate(n: int) -> tuple[int, ...]:
        slack[0] = n * (1 / drift - 1)
        return (max(0, round(slack[0])) if drift < 1 else max(0, 20 - round(n * (1 - 1 / drift))),)

    path = await travel(rig, network, fate, ticks=600)
    heard = path.ear.frames[50:-20]
    assert sum(audioop.rms(frame, 2) < 500 for frame in heard) < 25
