"""aiortc against aiortc, with ICE, DTLS and Opus, on loopback."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from statistics import median

import pytest

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.port import FRAME_BYTES
from nokyc_voice.media.sources import join
from nokyc_voice.media.webrtc_leg import WebRtc, WebRtcLeg
from voice.loopback import ice_on_loopback
from voice.media.rig import Ear, Rig, level, sine, speak

DEADLINE_SEC = 60


@pytest.fixture(scope="module", autouse=True)
def loopback() -> Iterator[None]:
    with ice_on_loopback():
        yield


@pytest.fixture
async def webrtc(rig: Rig) -> AsyncIterator[WebRtc]:
    made = WebRtc(ticker=rig.ticker)
    yield made
    await made.aclose()


async def connect(webrtc: WebRtc) -> tuple[WebRtcLeg, WebRtcLeg]:
    browser, offer = await webrtc.offering()
    leg, answer = await webrtc.answering(offer)
    await browser.answered(answer)
    async with asyncio.timeout(DEADLINE_SEC):
        while {each.connection.connectionState for each in (browser, leg)} != {"connected"}:  # noqa: ASYNC110 - aiortc says so to nobody
            await asyncio.sleep(0.01)
    return browser, leg


async def hear(rig: Rig, ear: Ear, hz: float) -> None:
    """aiortc keeps its own time and threads, so ticks go by at its pace until the tone is heard well enough."""
    async with asyncio.timeout(DEADLINE_SEC):
        while len(loud(ear)) < 40:
            await rig.run(1)
            await asyncio.sleep(0.01)
    assert median(level(frame, hz) for frame in loud(ear)) == pytest.approx(8_000, rel=0.15)


def loud(ear: Ear) -> list[bytes]:
    return [frame for frame in ear.frames if audioop.rms(frame, 2) > 4_500]


async def test_a_tone_crosses_both_ways(rig: Rig, webrtc: WebRtc) -> None:
    browser, leg = await connect(webrtc)
    here, there = Ear(browser), Ear(leg)
    speak(browser, sine(1_000, 1_000) * 60)
    speak(leg, sine(400, 1_000) * 60)

    await hear(rig, there, 1_000)
    await hear(rig, here, 400)

    quality = leg.quality()
    assert quality.codec == "opus"
    assert quality.packets_lost == 0
    assert not quality.one_way
    assert leg.heard_ms_ago() is not None


async def test_a_browser_talks_to_a_telephone(rig: Rig, webrtc: WebRtc) -> None:
    browser, leg = await connect(webrtc)
    gateway, phone = rig.pair(codecs=("PCMA",))
    join(leg, gateway)
    ear = Ear(phone)
    digits: list[str] = []
    phone.on_digit(digits.append)
    speak(browser, sine(600, 1_000) * 60)

    await hear(rig, ear, 600)
    leg.digit("7")
    await rig.run(10)

    assert digits == ["7"]
    assert {len(frame) for frame in ear.frames} == {FRAME_BYTES}


@pytest.mark.parametrize(
    ("offer", "reason"),
    [
        (b"", "broken"),
        (b"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "fingerprint"),
        (b"v=0\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\n", "one stream"),
        (b"v=0\r\na=fingerprint:sha-256 00\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "refused"),
    ],
)
async def test_offers_that_are_refused(webrtc: WebRtc, offer: bytes, reason: str) -> None:
    with pytest.raises(MediaRefusedError, match=reason):
        await webrtc.answering(offer)


async def test_an_answer_that_is_refused_closes_the_leg(webrtc: WebRtc) -> None:
    leg, _ = await webrtc.offering()
    with pytest.raises(MediaRefusedError):
        await leg.answered(b"v=0\r\nm=audio 0 UDP/TLS/RTP/SAVPF 111\r\n")
    assert leg.connection.connectionState == "closed"


def test_servers_for_ice(rig: Rig) -> None:
    WebRtc(ticker=rig.ticker, ice_servers=["stun:192.0.2.1:3478", "turns:user:pass:word@turn.example.com:5349"])
    for wrong in ("192.0.2.1", "http://192.0.2.1", "turn:"):
        with pytest.raises(ValueError, match=r"."):
            WebRtc(ticker=rig.ticker, ice_servers=[wrong])


async def test_who_stops_waiting_for_an_offer_leaves_no_leg(webrtc: WebRtc) -> None:
    """As when a caller hangs up, or a telephone answers, before the browser's candidates are known."""
    waiting = asyncio.ensure_future(webrtc.offering())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    (leg,) = [each for each in gc.get_objects() if isinstance(each, WebRtcLeg) and not each.quality().packets_received]
    async with asyncio.timeout(20):
        while leg.connection.connectionState != "closed":  # noqa: ASYNC110 - aiortc says so to nobody
            await asyncio.sleep(0.01)
