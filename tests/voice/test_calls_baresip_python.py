"""Calls between the engine and baresip-python: TLS, SRTP both ways, reliable provisionals, G.722, Opus declined."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nokyc_voice.platform import Bridge, Registration, Ring, Trunk
from nokyc_voice.sip.endpoint import Listener, ServerTls
from voice.audio import gaps_ms, heard_ms, level
from voice.peers.baresip import NUMBER
from voice.peers.robot import Robot, lacking, ladder, robot
from voice.plans import CALLEE_HZ, CALLER_HZ, OWN, place, take, to
from voice.rig import Rig, device, rig

SECONDS = 1.5


pytestmark = lacking("baresip")


@pytest.fixture
async def desk(tmp_path: Path, tls: ServerTls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """Its carriers' certificates are checked against the test's own root."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
    listeners = Listener("udp", "127.0.0.1"), Listener("tls", "127.0.0.1", 0, ServerTls(tls.certificate, tls.key))
    async with rig(tmp_path, *listeners) as made:
        yield made


def phone(folder: Path, name: str, frequency: int, **settings: Any) -> Any:
    return robot("baresip_phone", folder / name, frequency, **settings)


def over_tls(tls: ServerTls) -> list[str]:
    """What the phone needs to listen on TLS, and to trust us."""
    whole = tls.key.parent / "both.pem"
    whole.write_bytes(tls.certificate.read_bytes() + tls.key.read_bytes())
    return [f"sip_certificate {whole}", f"sip_cafile {tls.certificate}", "sip_verify_server yes"]


async def bridged(desk: Rig, one: Robot, two: Robot, *trunks: Trunk) -> Any:
    """Two phones talk; then the second presses keys and hangs up. What was reported."""
    first, second = trunks
    await desk.engine.place(place(first, near=Bridge(NUMBER, (second,))))
    await two.event("established")
    await asyncio.sleep(SECONDS)
    two.order("press", digits="5#")
    pressed = [(await one.event("digit"))["digit"] for _ in "5#"]
    two.order("hang_up")
    ended = await desk.platform.ended(1)
    await one.event("closed")
    assert pressed == ["5", "#"]
    return ended


def assert_heard(phone: Robot, frequency: int) -> None:
    samples = phone.heard()
    assert heard_ms(samples, frequency) >= 1_000 * SECONDS - 400
    assert 7_000 <= level(samples, frequency) <= 9_000
    assert sum(gaps_ms(samples, frequency)) <= 500  # keys are silent


async def test_tls_and_srtp_to_a_trunk(desk: Rig, tmp_path: Path, tls: ServerTls) -> None:
    settings = {"config": over_tls(tls), "transport": "tls", "params": ["mediaenc=srtp-mand"]}
    async with phone(tmp_path, "one", CALLER_HZ, **settings) as one, phone(tmp_path, "two", CALLEE_HZ) as two:
        secure = to(one.port + 1, name="secure", transport="tls", srtp=True)
        ended = await bridged(desk, one, two, secure, to(two.port))

    assert ended.reason == "callee_hangup"
    assert_heard(one, CALLEE_HZ)
    assert_heard(two, CALLER_HZ)


async def test_a_device_over_tls_offers_srtp(desk: Rig, tmp_path: Path, tls: ServerTls) -> None:
    ours = device(desk, 7, "secret")
    settings = {
        "config": over_tls(tls), "transport": "tls", "params": ["mediaenc=srtp-mand"], "username": ours.username,
        "password": "secret", "domain": f"127.0.0.1:{desk.port('tls')}",
    }  # fmt: skip
    async with phone(tmp_path, "ours", CALLER_HZ, **settings) as own, phone(tmp_path, "two", CALLEE_HZ) as two:
        own.order("register")
        registered = await desk.platform.told(Registration)
        desk.platform.on_dialled = place(to(two.port))
        own.order("dial", uri=f"sip:{NUMBER}@127.0.0.1:{desk.port('tls')};transport=tls")
        await two.event("established")
        await asyncio.sleep(SECONDS)
        own.order("hang_up")
        ended = await desk.platform.ended(1)
        await two.event("closed")
        await own.event("closed")

    assert registered.transport == "tls"
    assert ended.outcome == "completed"
    assert_heard(own, CALLEE_HZ)
    assert_heard(two, CALLER_HZ)


async def test_a_device_over_tls_is_rung_with_srtp(desk: Rig, tmp_path: Path, tls: ServerTls) -> None:
    ours = device(desk, 7, "secret")
    settings = {
        "config": over_tls(tls), "transport": "tls", "params": ["mediaenc=srtp-mand"], "username": ours.username,
        "password": "secret", "domain": f"127.0.0.1:{desk.port('tls')}",
    }  # fmt: skip
    async with phone(tmp_path, "ours", CALLEE_HZ, **settings) as own, phone(tmp_path, "caller", CALLER_HZ) as caller:
        own.order("register")
        await own.event("registered")
        await desk.use_trunks(to(caller.port))
        desk.platform.on_incoming = take(Ring(7))
        caller.order("dial", uri=desk.uri(OWN))
        await own.event("established")
        await asyncio.sleep(SECONDS)
        caller.order("hang_up")
        ended = await desk.platform.ended(1)
        await own.event("closed")

    assert ended.reason == "caller_hangup"
    assert_heard(own, CALLER_HZ)


@pytest.mark.parametrize("codec", ["G722", "PCMU"])
async def test_g722_is_spoken_and_opus_declined(desk: Rig, tmp_path: Path, codec: str) -> None:
    """The phone offers Opus first, and what it calls over speaks something else."""
    ours = device(desk, 7, "secret")
    settings = {
        "codecs": ["opus/48000/2", "g722/16000/1" if codec == "G722" else "pcmu"], "username": ours.username,
        "password": "secret", "domain": f"127.0.0.1:{desk.port()}",
    }  # fmt: skip
    async with phone(tmp_path, "ours", CALLER_HZ, **settings) as own, phone(tmp_path, "two", CALLEE_HZ) as two:
        desk.platform.on_dialled = place(to(two.port))
        own.order("dial", uri=desk.uri(NUMBER))
        await two.event("established")
        await asyncio.sleep(SECONDS)
        own.order("hang_up")
        ended = await desk.platform.ended(1)
        await two.event("closed")
        await own.event("closed")

    assert dict(ended.quality)["device"].codec == codec
    assert_heard(own, CALLEE_HZ)
    assert_heard(two, CALLER_HZ)


async def test_its_provisionals_are_acknowledged(desk: Rig, tmp_path: Path) -> None:
    one = phone(tmp_path, "one", CALLER_HZ, params=["100rel=required"])
    async with one as first, phone(tmp_path, "two", CALLEE_HZ, params=["100rel=required"]) as second:
        ended = await bridged(desk, first, second, to(first.port), to(second.port))

    assert "> PRACK" in ladder(ended.ladder, "callee")
    assert_heard(first, CALLEE_HZ)
