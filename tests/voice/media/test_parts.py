"""Smaller parts by themselves: ports, the score, the jitter buffer's corners, concealment."""

import socket

import pytest

from nokyc_voice.media.codecs import CODECS, audioop
from nokyc_voice.media.concealment import Concealer
from nokyc_voice.media.errors import NoPortsError
from nokyc_voice.media.jitter import MAX_FRAMES, JitterBuffer
from nokyc_voice.media.port import FRAME_BYTES, SILENCE
from nokyc_voice.media.ports import Ports
from nokyc_voice.media.quality import mos
from voice.media.rig import sine


def test_ports_are_even_and_rest_before_they_come_again() -> None:
    ports = Ports("127.0.0.1", range(31_001, 31_009))
    first, second = ports.take(), ports.take()
    assert (first.port, second.port) == (31_002, 31_004)
    assert first.rtcp.getsockname()[1] == 31_003
    ports.give_back(first)
    third = ports.take()
    assert third.port == 31_006
    again = ports.take()
    assert again.port == 31_002
    with pytest.raises(NoPortsError):
        ports.take()
    for pair in (second, third, again):
        ports.give_back(pair)
    assert ports.free == 3


def test_ports_of_somebody_else_are_passed_over() -> None:
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind(("127.0.0.1", 31_101))
    ports = Ports("127.0.0.1", range(31_100, 31_104))
    pair = ports.take()
    assert pair.port == 31_102
    ports.give_back(pair)
    other.close()


@pytest.mark.parametrize("given", [range(5_000, 5_001), range(10), range(65_530, 65_538)])
def test_ranges_that_make_no_sense(given: range) -> None:
    with pytest.raises(ValueError, match="range"):
        Ports("127.0.0.1", given)


def test_ipv6_ports() -> None:
    ports = Ports("::1", range(31_200, 31_204))
    pair = ports.take()
    assert pair.rtp.family == socket.AF_INET6
    ports.give_back(pair)


def test_the_score_by_the_e_model() -> None:
    """G.711 without loss or delay is 4.41; the rest by the formulas of G.107 and G.113."""
    pcma = CODECS["PCMA"]
    assert mos(pcma, loss=0, one_way_delay_ms=0) == 4.41
    assert mos(pcma, loss=0.02, one_way_delay_ms=0) == pytest.approx(4.21, abs=0.05)
    assert mos(pcma, loss=0.10, one_way_delay_ms=100) == pytest.approx(3.3, abs=0.2)
    assert mos(pcma, loss=0, one_way_delay_ms=400) < mos(pcma, loss=0, one_way_delay_ms=170) - 0.5
    assert mos(pcma, loss=1, one_way_delay_ms=1_000) == 1.0


def fill(buffer: JitterBuffer, numbers: range) -> None:
    for number in numbers:
        buffer.put(number * 160 & 0xFFFFFFFF, bytes([number & 0xFF]) * 160)


def test_the_buffer_waits_for_two_frames_and_then_gives_them_in_order() -> None:
    buffer = JitterBuffer()
    fill(buffer, range(1))
    assert buffer.pop() is None
    fill(buffer, range(1, 3))
    assert [buffer.pop() for _ in range(3)] == [bytes([n]) * 160 for n in range(3)]
    assert buffer.pop() == b""


def test_timestamps_that_wrap_or_jump() -> None:
    buffer = JitterBuffer()
    start = 2**32 // 160 - 5
    fill(buffer, range(start, start + 3))
    for number in range(start, start + 20):
        fill(buffer, range(number + 3, number + 4))
        assert buffer.pop()
    assert buffer.concealed == 0
    buffer.put(5_000_000, b"x" * 160)
    buffer.put(5_000_160, b"y" * 160)
    assert buffer.pop() == b"x" * 160


def test_a_late_packet_makes_it_hold_back_more() -> None:
    buffer = JitterBuffer()
    fill(buffer, range(3))
    for number in range(3, 60):
        if number % 3:
            fill(buffer, range(number, number + 1))
        buffer.pop()
        if number % 3 == 0:
            fill(buffer, range(number - 2, number - 1))
    assert buffer.target > 2
    for number in range(60, 200):
        buffer.put((number - 40) * 160, b"z" * 160)
        buffer.pop()
    assert buffer.target <= MAX_FRAMES


def test_concealment_fades() -> None:
    concealer = Concealer()
    concealer.heard(sine(400, 20))
    levels = [audioop.rms(concealer.fill(), 2) for _ in range(5)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == pytest.approx(0.8 * audioop.rms(sine(400, 20), 2), rel=0.05)
    assert levels[3:] == [0, 0]
    assert concealer.fill(b"\1\1" * 80) == b"\1\1" * 80 + SILENCE[: FRAME_BYTES // 2]


@pytest.mark.parametrize("name", list(CODECS))
def test_codecs_keep_level_and_length(name: str) -> None:
    encode, decode = CODECS[name].encoder(), CODECS[name].decoder()
    pcm = sine(1_000, 200)
    heard = b""
    for offset in range(0, len(pcm), FRAME_BYTES):
        payload = encode(pcm[offset : offset + FRAME_BYTES])
        assert len(payload) == 160
        heard += decode(payload)
    assert audioop.rms(heard[3_200 // 2 :], 2) == pytest.approx(audioop.rms(pcm, 2), rel=0.03)
