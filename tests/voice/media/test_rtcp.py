"""RTCP: on the wire, between two legs, and the figures that come of it."""

import socket

import pytest

from nokyc_voice.media import rtcp
from nokyc_voice.media.reception import Reception
from voice.media.rig import CODECS, Rig

BLOCK = rtcp.Block(7, 128, -3, 70_000, 80, 0x12345678, 65_536)


def test_what_is_written_is_read() -> None:
    sender = rtcp.Report(5, (BLOCK,), 0x1122334455667788, 160, 10, 1_600)
    receiver = rtcp.Report(5, (BLOCK, BLOCK))
    assert rtcp.parse(rtcp.write_report(sender, "a")) == [sender]
    assert rtcp.parse(rtcp.write_report(receiver, "abcd", goodbye=True)) == [receiver]
    for name in ("", "a", "ab", "abc", "abcd"):
        assert len(rtcp.write_report(sender, name)) % 4 == 0


def test_round_trips() -> None:
    second = 1_000_000_000
    block = rtcp.Block(1, 0, 0, 0, 0, rtcp.middle(rtcp.ntp_time(10 * second)), 65_536 // 2)
    assert rtcp.round_trip_ms(block, 10 * second + second * 6 // 10) == pytest.approx(100, abs=0.1)
    assert rtcp.round_trip_ms(block, 10 * second + second // 2 - 10) == pytest.approx(0, abs=0.1)
    assert rtcp.round_trip_ms(block, 100 * second) is None
    assert rtcp.round_trip_ms(rtcp.Block(1, 0, 0, 0, 0, 0, 0), second) is None


async def test_legs_learn_from_each_others_reports(rig: Rig) -> None:
    caller, callee = rig.pair()
    await rig.run(600)
    for leg in (caller, callee):
        assert leg.quality().round_trip_ms == pytest.approx(0, abs=25)
        assert leg.quality().packets_lost == 0


async def test_a_measured_round_trip_counts_in_the_score(rig: Rig) -> None:
    """A far end by hand, that takes 300 ms to answer a report."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.setblocking(False)
    peer.bind(("127.0.0.1", 0))
    offer = f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/AVP 8\r\na=rtcp-mux\r\n"
    leg, _ = rig.audio.answering(offer.encode(), codecs=CODECS)
    due: list[tuple[int, rtcp.Block]] = []

    def answer() -> None:
        while (packet := receive(peer)) is not None:
            if packet[1] != rtcp.SENDER_REPORT:
                continue
            report = rtcp.parse(packet)[0]
            assert report.ntp is not None
            block = rtcp.Block(report.ssrc, 64, 9, 0, 0, rtcp.middle(report.ntp), 0)
            due.append((rig.ticker.ticks + 15, block))
        if due and due[0][0] <= rig.ticker.ticks:
            packet = rtcp.write_report(rtcp.Report(1, (due.pop(0)[1],)), "peer")
            peer.sendto(packet, ("127.0.0.1", leg.port))

    await rig.run(300, answer)
    peer.close()
    assert leg.quality().round_trip_ms == pytest.approx(300, abs=1)
    assert leg.far_loss == 0.25


def receive(peer: socket.socket) -> bytes | None:
    try:
        return peer.recv(2_048)
    except BlockingIOError:
        return None


def test_reception_over_the_wrap() -> None:
    reception = Reception(1)
    for number in range(65_530, 65_550):
        assert reception.arrived(number & 0xFFFF)
    assert (reception.expected, reception.lost) == (20, 0)
    assert not reception.arrived(3)
    assert reception.duplicates == 1


def test_reception_counts_what_is_lost_late_and_restarted() -> None:
    reception = Reception(1)
    for number in (1, 2, 4, 3, 8):
        reception.arrived(number)
    assert (reception.received, reception.lost, reception.reordered) == (5, 3, 1)
    block = reception.block(0, 0)
    assert (block.lost, block.fraction_lost, block.highest) == (3, 96, 8)
    assert reception.block(0, 0).fraction_lost == 0

    for number in (40_000, 40_001, 40_003):
        reception.arrived(number)
    assert (reception.received, reception.lost) == (8, 4)


def test_jitter_as_in_the_rfc() -> None:
    """A.8: a transit time that swings by 10 ms comes to a jitter of 10 ms."""
    reception = Reception(1)
    for number in range(400):
        reception.timed(number * 160, number * 160 + 80 * (number % 2))
    assert reception.jitter_ms == pytest.approx(10, rel=0.01)
