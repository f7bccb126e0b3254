"""Trunks: registered with a digest and called over that, passed over when they fail, and asked by `carriers test`."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from nokyc.torture.ports import free_port
from nokyc_voice.call.probe import probe
from nokyc_voice.platform import Announce, Say, Trunk
from voice.audio import heard_ms
from voice.peers.agent import until
from voice.peers.edge import program
from voice.peers.robot import lacking, robot
from voice.peers.scenarios import absent, sipp
from voice.plans import CALLER_HZ, OWN, place, take, to
from voice.rig import PROMPT_HZ, Rig, rig

CONFIGURATION = Path(__file__).parent / "peers" / "registrar.cfg"
NOWHERE = 9

pytestmark = [absent("kamailio", "sipp"), lacking("baresip")]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as made:
        yield made


@asynccontextmanager
async def registrar(folder: Path, algorithm: str) -> AsyncIterator[int]:
    """Kamailio as the carrier's side; its port."""
    port, log = free_port(), folder / "registrar.log"
    with tempfile.TemporaryDirectory(prefix="registrar") as run:
        given = ("-A", f"PORT={port}", "-A", f'ALGORITHM="{algorithm}"')
        small = ("-m", "32", "-M", "4", "-Y", run, "-P", f"{run}/pid")
        async with program(log, "kamailio", "-f", str(CONFIGURATION), *given, "-DD", "-E", *small):
            await until(lambda: "Listening on" in log.read_text())
            yield port


def registering(port: int, password: str = "secret") -> Trunk:
    return to(port, name="acme", username="trunk", password=password, register=True, ping_sec=30)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_call_comes_over_our_registration(desk: Rig, tmp_path: Path, algorithm: str) -> None:
    async with (
        registrar(tmp_path, algorithm) as port,
        robot("baresip_phone", tmp_path / "caller", CALLER_HZ) as caller,
    ):
        await desk.use_trunks(registering(port))
        await until(lambda: desk.engine.states()[0].up)
        desk.platform.on_incoming = take(Announce("goodbye", "en"))
        caller.order("dial", uri=f"sip:{OWN}@127.0.0.1:{port}")
        ended = await desk.platform.ended(1)
        await caller.event("closed")
        (state,) = desk.engine.states()
        asked = await probe(registering(port), host="127.0.0.1", advertise=None, random=Random(1))
        wrong = await probe(registering(port, "guess"), host="127.0.0.1", advertise=None, random=Random(1))

    assert desk.platform.incomings[0].callee == OWN
    assert ended.reason == "script_done"
    assert heard_ms(caller.heard(), PROMPT_HZ) >= 600
    assert "registered for" in state.detail
    assert asked.up
    assert "the password is right; 1 registered there now" in asked.detail
    assert not wrong.up
    assert "it does not accept the user name or password" in wrong.detail


@pytest.fixture
def mute() -> Iterator[int]:
    """A UDP port that takes everything and says nothing."""
    with socket.socket(type=socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        yield listening.getsockname()[1]


async def test_who_says_503_or_nothing_is_passed_over(desk: Rig, tmp_path: Path, mute: int) -> None:
    busy, good = free_port(), free_port()
    async with robot("baresip_phone", tmp_path / "callee", CALLER_HZ) as callee, asyncio.TaskGroup() as group:
        group.create_task(sipp(tmp_path, "uas_congested", port=busy))
        closed = to(good, name="closed", targets=(("127.0.0.1", NOWHERE),), transport="tcp")
        targets = (("127.0.0.1", mute), ("127.0.0.1", busy), ("127.0.0.1", callee.port))
        await desk.engine.place(place(closed, to(busy, targets=targets), near=Say("one two three", "neutral_en")))
        ended = await desk.platform.ended(1)
        await callee.event("closed")

    assert (ended.outcome, ended.reason) == ("completed", "script_done")
    assert heard_ms(callee.heard(), 700) >= 300


async def test_a_mute_carrier_does_not_hold_up_the_end(tmp_path: Path, mute: int) -> None:
    """It has half a minute to answer what it was asked, and a process that ends has no more in all."""
    async with asyncio.timeout(20), rig(tmp_path) as desk:
        await desk.use_trunks(to(mute, ping_sec=30))
        await until(lambda: desk.engine.endpoint.load["transactions"] > 0)


async def test_what_came_back_is_said_in_words(tmp_path: Path) -> None:
    silent = free_port()
    async with robot("baresip_phone", tmp_path / "there", CALLER_HZ, user="nokyc") as there:
        trunk = to(there.port, targets=(("127.0.0.1", there.port), ("127.0.0.1", silent)))
        state = await probe(trunk, host="127.0.0.1", advertise=None, random=Random(1))
        nobody = to(silent, transport="tcp")
        away = await probe(nobody, host="127.0.0.1", advertise=None, random=Random(1))

    there_said, silent_said = state.detail.split("; ")
    assert state.up
    assert there_said.startswith(f"OPTIONS to 127.0.0.1:{there.port} over UDP: answers (200 OK) after ")
    assert silent_said == f"OPTIONS to 127.0.0.1:{silent} over UDP: no answer"
    assert (away.up, "refuses the connection" in away.detail) == (False, True)
