"""Parsers under whatever the network may bring: a typed error, or a result; never anything else, and soon.

`FUZZ_EXAMPLES=50000` lets it go on for ten minutes.
"""

import contextlib
import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nokyc_voice.media import rtcp, rtp, sdp, srtp
from nokyc_voice.media.dtmf import EventReader
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.jitter import MAX_PIECES, JitterBuffer
from nokyc_voice.media.offer import Negotiation
from nokyc_voice.media.port import FRAME_SAMPLES
from voice.media.rig import Rig

fuzz = settings(max_examples=int(os.environ.get("FUZZ_EXAMPLES", "300")), deadline=None)

WORDS = """
v=0 o=- s=- c=IN IP4 IP6 127.0.0.1 :: 0.0.0.0 m=audio m=video RTP/AVP RTP/SAVP 0 8 9 13 96 101 65535 65536 -1 ١
a=rtpmap: a=crypto: a=rtcp: a=rtcp-mux a=sendonly a=inactive a=ptime:20 PCMA/8000 telephone-event/8000 / : | 1
AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj
"""
TOKENS = st.sampled_from([*WORDS.split(), "\r\n", "\n", " ", "", "é", "\0"])
GRAMMAR = st.lists(TOKENS, max_size=60).map(lambda parts: "".join(parts).encode())
LINES = st.lists(st.lists(TOKENS, min_size=1, max_size=8).map(" ".join), max_size=15).map(
    lambda lines: ("v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0 8 101\r\n" + "\r\n".join(lines)).encode()
)


@fuzz
@given(st.one_of(st.binary(max_size=400), GRAMMAR, LINES))
def test_session_descriptions(raw: bytes) -> None:
    ours = Negotiation(
        address="127.0.0.1",
        port=4_000,
        codecs=("PCMA", "PCMU", "G722"),
        secure=False,
        random_bytes=random.Random(1).randbytes,
    )
    with contextlib.suppress(MediaRefusedError):
        _, said = ours.answer(raw)
        sdp.parse(said)
    with contextlib.suppress(MediaRefusedError):
        ours.accept(raw)
    sdp.parse(ours.offer())


@fuzz
@given(st.text(max_size=200))
def test_crypto_lines(line: str) -> None:
    found = srtp.choose([line])
    assert found is None or len(found.key) == srtp.KEY_BYTES


@fuzz
@given(st.one_of(st.binary(max_size=80), st.binary(max_size=80).map(lambda rest: b"\xb1" + rest)))
def test_rtp_packets(packet: bytes) -> None:
    with contextlib.suppress(rtp.RtpError):
        payload = rtp.parse(packet)[4]
        assert len(payload) <= len(packet)


@fuzz
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.tuples(st.integers(0x80, 0x9F), st.sampled_from([200, 201, 202, 203, 204, 205]), st.binary(max_size=60)),
            max_size=20,
        ).map(
            lambda parts: b"".join(
                bytes([first, kind]) + (len(body) // 4).to_bytes(2, "big") + body[: len(body) // 4 * 4]
                for first, kind, body in parts
            )
        ),
    )
)
def test_rtcp_packets(packet: bytes) -> None:
    with contextlib.suppress(rtcp.RtcpError):
        assert len(rtcp.parse(packet)) <= rtcp.MAX_PACKETS


@fuzz
@given(st.lists(st.tuples(st.binary(max_size=8), st.integers(0, 2**32 - 1), st.booleans()), max_size=50))
def test_events(packets: list[tuple[bytes, int, bool]]) -> None:
    reader = EventReader()
    for payload, timestamp, marked in packets:
        digit = reader.read(payload, timestamp, marked=marked)
        assert digit is None or digit in "0123456789*#ABCD"


@fuzz
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.tuples(
                st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 20).map(lambda n: (2**32 - 800 + n * 80) % 2**32)),
                st.integers(0, 700),
            ),
        ),
        max_size=300,
    )
)
def test_the_jitter_buffer_is_bounded_and_gives_frames(steps: list[tuple[int, int] | None]) -> None:
    buffer = JitterBuffer()
    for step in steps:
        if step is None:
            payload = buffer.pop()
            assert payload is None or len(payload) <= FRAME_SAMPLES
        else:
            buffer.put(step[0], bytes(step[1]))
        assert len(buffer._pieces) <= MAX_PIECES + 4
        assert 2 <= buffer.target <= 6


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(packets=st.lists(st.binary(max_size=100), max_size=20), seed=st.integers(0, 2**16))
async def test_a_leg_survives_any_packets(rig: Rig, packets: list[bytes], seed: int) -> None:
    caller, callee = rig.pair()
    chance = random.Random(seed)
    await rig.run(3)
    for packet in packets:
        header = rtp.pack_header(0x80, chance.choice((0, 8, 9, 13, 101, 229)), chance.randrange(65536), 5, 6)
        for raw in (packet, header + packet):
            caller._pair.rtp.sendto(raw, ("127.0.0.1", callee.port))
            caller._pair.rtcp.sendto(raw, ("127.0.0.1", callee.port + 1))
        await rig.run(1)
    sent = callee.quality().packets_sent
    await rig.run(3)
    assert callee.quality().packets_sent == sent + 3
    caller.close()
    callee.close()


def test_limits_of_a_description() -> None:
    with pytest.raises(sdp.SdpError, match="lines"):
        sdp.parse(b"v=0\n" * 4_000)
