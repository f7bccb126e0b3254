"""Calls go on while strangers shout: nothing is lost, nothing grows without an end, nothing fills the log."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from nokyc_voice.media.rtp_leg import Audio, RtpLeg
from nokyc_voice.media.sources import join
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.platform import Take, Trunk, Voicemail
from nokyc_voice.sip.core import MAX_TRANSACTIONS
from nokyc_voice.sip.endpoint import Address, Final, Outgoing, Session, Target
from voice.peers.agent import Agent, running
from voice.rig import Rig, rig

FLOOD = Path(__file__).with_name("flood.py")
CALLS = 20
SECONDS = float(os.environ.get("NOKYC_FLOOD_SECONDS", "3"))
"""Ten and more by hand; the rates of machines differ, so CI asks for few packets."""
PER_SEC = int(os.environ.get("NOKYC_FLOOD_PER_SEC", "700"))
MAX_GROWTH_KB = 60_000
NUMBER = "+33647189022"


async def test_calls_go_on_during_a_flood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ticker = Ticker()
    audio = Audio(host="127.0.0.1", ports=range(36_000, 38_000), ticker=ticker)
    ticking = asyncio.create_task(ticker.run())
    async with rig(tmp_path) as desk, running() as carrier:
        await desk.use_trunks(Trunk("acme", (("127.0.0.1", carrier.port),), ping_sec=0))
        calls = [await call(desk, carrier, audio, n) for n in range(CALLS)]
        memory_kb = resident_kb()
        capsys.readouterr()
        shouting = [sys.executable, str(FLOOD), str(desk.port()), str(SECONDS), str(PER_SEC)]
        process = await asyncio.create_subprocess_exec(*shouting)
        assert await process.wait() == 0
        counters = desk.engine.endpoint.counters
        assert counters["malformed"] > 100
        assert counters["not_admitted"] > 100
        assert desk.engine.endpoint.load["transactions"] <= MAX_TRANSACTIONS
        assert resident_kb() - memory_kb < MAX_GROWTH_KB
        assert capsys.readouterr() == ("", "")
        for session, leg in calls:
            assert not session.is_over
            assert leg.quality().packets_received > 50
            assert leg.quality().packets_lost == 0
            session.bye(16)
            leg.close()
    ticking.cancel()
    audio.close()


async def call(desk: Rig, carrier: Agent, audio: Audio, n: int) -> tuple[Session, RtpLeg]:
    """A call that comes in, and whose greeting lasts."""
    greeting = bytes(16_000 * (round(SECONDS) + 20))
    desk.platform.on_incoming = Take(
        n, 2, (Voicemail(7, greeting_audio=greeting),), recording=True, allowed_sec=600, max_sec=600
    )
    leg, offer = audio.offering(codecs=("PCMA",), srtp=False)
    join(leg, leg)
    uri = desk.uri(NUMBER)
    message = Outgoing(Address("sip:+33700000000@127.0.0.1"), Address(uri))
    steps = [step async for step in carrier.endpoint.invite(Target(uri, "udp"), message, offer).progress()]
    assert isinstance(steps[-1], Final)
    assert steps[-1].session is not None
    leg.answered(steps[-1].body or b"")
    return steps[-1].session, leg


def resident_kb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_024
