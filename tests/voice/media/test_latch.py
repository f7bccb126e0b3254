"""Where a far end is taken to be: symmetric RTP, in front of NATs, gateways that switch sources, and strangers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from nokyc_voice.media import rtp
from voice.media.rig import CODECS, Ear, Rig

LOUD = bytes([0x20]) * 160


@contextmanager
def peers(count: int) -> Iterator[list[socket.socket]]:
    made = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for one in made:
        one.bind(("127.0.0.1", 0))
        one.setblocking(False)
    yield made
    for one in made:
        one.close()


def offer(peer: socket.socket) -> bytes:
    return f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/AVP 0\r\n".encode()


def packet(number: int, ssrc: int = 5) -> bytes:
    return rtp.pack_header(rtp.VERSION, 0, number & 0xFFFF, number * 160 & 0xFFFFFFFF, ssrc) + LOUD


def got(peer: socket.socket) -> int:
    count = 0
    while True:
        try:
            peer.recv(2_048)
        except BlockingIOError:
            return count
        count += 1


async def test_a_far_end_behind_a_nat_is_answered_where_it_sends_from(rig: Rig) -> None:
    with peers(2) as (stated, real):
        leg, _ = rig.audio.answering(offer(stated), codecs=CODECS)
        ear = Ear(leg)
        await rig.run(3)
        assert got(stated) == 3
        for number in range(10):
            real.sendto(packet(number), ("127.0.0.1", leg.port))
            await rig.run(1)
        assert (got(stated), got(real)) == (0, 10)
        assert ear.silent_frames() <= 5

        leg.reoffered(offer(stated))  # a hold or a session refresh says the private address again
        await rig.run(3)
        assert (got(stated), got(real)) == (0, 3)


async def test_who_speaks_from_the_stated_address_wins_over_a_stranger(rig: Rig) -> None:
    with peers(2) as (stated, stranger):
        leg, _ = rig.audio.answering(offer(stated), codecs=CODECS)
        stranger.sendto(packet(0, ssrc=1), ("127.0.0.1", leg.port))
        await rig.run(2)
        for number in range(10):
            stated.sendto(packet(number), ("127.0.0.1", leg.port))
            stranger.sendto(packet(number + 1, ssrc=1), ("127.0.0.1", leg.port))
            await rig.run(1)
        assert leg.counters()["strangers"] >= 9
        got(stranger)
        await rig.run(3)
        assert got(stranger) == 0


async def test_a_gateway_that_switches_to_another_source(rig: Rig) -> None:
    """As when the ringing tone of one server is followed by the voice of another, through the same port."""
    with peers(1) as (gateway,):
        leg, _ = rig.audio.answering(offer(gateway), codecs=CODECS)
        ear = Ear(leg)
        for number in range(20):
            gateway.sendto(packet(number, ssrc=1), ("127.0.0.1", leg.port))
            await rig.run(1)
        for number in range(20):
            gateway.sendto(packet(70_000 + number, ssrc=2), ("127.0.0.1", leg.port))
            await rig.run(1)
        quality = leg.quality()
        assert (quality.packets_received, quality.packets_lost) == (39, 0)
        assert leg.counters()["source"] == 1
        assert ear.silent_frames() <= 6


async def test_a_single_packet_of_another_source_changes_nothing(rig: Rig) -> None:
    with peers(1) as (gateway,):
        leg, _ = rig.audio.answering(offer(gateway), codecs=CODECS)
        for number in range(20):
            gateway.sendto(packet(number), ("127.0.0.1", leg.port))
            if number == 10:
                gateway.sendto(packet(999, ssrc=9), ("127.0.0.1", leg.port))
            await rig.run(1)
        assert (leg.quality().packets_received, leg.quality().concealed_ms) == (20, 0)
