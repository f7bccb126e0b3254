"""SRTP against libsrtp itself, used directly."""

import base64
import socket

import pylibsrtp
import pytest

from nokyc_voice.media import rtcp, rtp, srtp
from nokyc_voice.media.codecs import audioop
from voice.media.rig import CODECS, Ear, Rig, level, settle, sine, speak

KEY = bytes(range(30))


def line(suite: str) -> str:
    return f"a=crypto:4 {suite} inline:{base64.b64encode(KEY).decode()}"


@pytest.mark.parametrize("suite", list(srtp.SUITES))
async def test_both_ways_against_libsrtp(rig: Rig, suite: str) -> None:
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    offer = (
        f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/SAVP 8\r\na=rtcp-mux\r\n{line(suite)}\r\n"
    )
    leg, answer = rig.audio.answering(offer.encode(), codecs=CODECS, srtp_required=True)
    ours = next(part for part in answer.decode().split() if part.startswith("inline:")).removeprefix("inline:")
    profile = srtp.SUITES[suite]
    sending = pylibsrtp.Session(pylibsrtp.Policy(KEY, pylibsrtp.Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
    receiving = pylibsrtp.Session(
        pylibsrtp.Policy(base64.b64decode(ours), pylibsrtp.Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
    )
    ear = Ear(leg)
    speak(leg, sine(700, 1_000))
    said = audioop.lin2alaw(sine(500, 1_000), 2)
    heard = b""
    for tick in range(20):
        packet = rtp.pack_header(rtp.VERSION, 8, tick, tick * 160, 77) + said[tick * 160 : tick * 160 + 160]
        peer.sendto(sending.protect(packet), ("127.0.0.1", leg.port))
        peer.sendto(packet, ("127.0.0.1", leg.port))  # the same in clear is refused
        await rig.run(1)
        protected = peer.recv(2_048)
        heard += audioop.alaw2lin(receiving.unprotect(protected)[12:], 2)

    assert level(ear.pcm[320 * 5 : 320 * 15], 500) == pytest.approx(8_000, rel=0.05)
    assert level(heard[320 * 5 : 320 * 15], 700) == pytest.approx(8_000, rel=0.05)
    assert leg.counters()["forged"] == 20

    leg.close()
    peer.settimeout(1)
    last = receiving.unprotect_rtcp(peer.recv(2_048))
    peer.close()
    assert [report.packets for report in rtcp.parse(last)] == [20]
    assert last[-8:-4] == bytes((0x81, rtcp.GOODBYE, 0, 1))


async def test_replayed_packets_are_not_heard_twice(rig: Rig) -> None:
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    suite = "AES_CM_128_HMAC_SHA1_80"
    offer = f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/SAVP 8\r\n{line(suite)}\r\n"
    leg, _ = rig.audio.answering(offer.encode(), codecs=CODECS)
    sending = pylibsrtp.Session(pylibsrtp.Policy(KEY, pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
    packet = sending.protect(rtp.pack_header(rtp.VERSION, 8, 1, 160, 77) + bytes(160))
    for _ in range(3):
        peer.sendto(packet, ("127.0.0.1", leg.port))
    await settle()
    await rig.run(1)
    peer.close()
    assert leg.quality().packets_received == 1
    assert leg.counters()["forged"] == 2


async def test_hold_goes_on_with_the_same_keys(rig: Rig) -> None:
    caller, callee = rig.pair(srtp=True)
    await rig.run(10)
    caller.answered(callee.reoffered(caller.reoffer(hold=True)))
    await rig.run(10)
    caller.answered(callee.reoffered(caller.reoffer(hold=False)))
    await rig.run(10)
    assert callee.quality().packets_received == 30
    assert callee.counters().get("forged", 0) == 0


def test_keys_never_show() -> None:
    found = srtp.choose([line("AES_CM_128_HMAC_SHA1_80").removeprefix("a=crypto:")])
    assert found is not None
    assert base64.b64encode(KEY).decode() not in repr(found)
    assert str(KEY) not in repr(found)


def test_our_key_goes_on_counting_when_theirs_changes() -> None:
    """After sequence numbers have wrapped, the same key begun anew would be good for nothing but eavesdroppers."""
    ours, first, second = (srtp.Crypto("1", "AES_CM_128_HMAC_SHA1_80", bytes([n]) * 30) for n in (1, 2, 3))
    far = pylibsrtp.Session(pylibsrtp.Policy(ours.key, pylibsrtp.Policy.SSRC_ANY_INBOUND))
    shield = srtp.Shield(ours, first)
    for sequence in (0xFFFE, 0xFFFF, 0, 1):
        far.unprotect(shield.protect(rtp.pack_header(rtp.VERSION, 8, sequence, 0, 77) + bytes(160)))
    shield = srtp.Shield(ours, second, before=shield)
    far.unprotect(shield.protect(rtp.pack_header(rtp.VERSION, 8, 2, 0, 77) + bytes(160)))
    theirs = pylibsrtp.Session(pylibsrtp.Policy(second.key, pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
    packet = rtp.pack_header(rtp.VERSION, 8, 1, 0, 88) + bytes(160)
    assert shield.open(theirs.protect(packet)) == packet
