"""Two legs that talk over real sockets, with time driven by hand."""

import asyncio
import gc
import os
import socket
import weakref

import pytest

from nokyc_voice.media import rtp
from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.errors import MediaRefusedError
from nokyc_voice.media.port import FRAME_BYTES, SILENCE
from nokyc_voice.media.rtp_leg import Audio, RtpLeg
from nokyc_voice.media.sources import join
from voice.media.rig import CODECS, Ear, Rig, level, settle, sine, speak

TONE = sine(1_000, 1_000)


@pytest.mark.parametrize("srtp", [False, True], ids=["rtp", "srtp"])
@pytest.mark.parametrize("codec", CODECS)
async def test_a_tone_crosses_both_ways(rig: Rig, codec: str, srtp: bool) -> None:
    caller, callee = rig.pair(codecs=(codec,), srtp=srtp)
    heard_here, heard_there = Ear(caller), Ear(callee)
    speak(caller, TONE)
    speak(callee, sine(440, 1_000))

    await rig.run(60)

    for ear, hz in ((heard_there, 1_000), (heard_here, 440)):
        begun = ear.began()
        tone = ear.frames[begun : begun + 50]
        assert begun <= 3
        assert level(b"".join(tone[2:-1]), hz) == pytest.approx(8_000, rel=0.03)
        assert min(audioop.rms(frame, 2) for frame in tone[1:]) > 4_000
    assert caller.quality().codec == codec
    assert caller.quality().packets_lost == 0
    assert caller.secure is srtp


async def test_g711_is_carried_bit_by_bit(rig: Rig) -> None:
    caller, callee = rig.pair(codecs=("PCMU",))
    ear = Ear(callee)
    speak(caller, TONE)

    await rig.run(60)

    expected = audioop.ulaw2lin(audioop.lin2ulaw(TONE, 2), 2)
    begun = ear.began(0)
    assert ear.pcm[begun * FRAME_BYTES :][: len(TONE)] == expected


async def test_a_bridge_adds_no_tick(rig: Rig) -> None:
    left, gateway_left = rig.pair()
    gateway_right, right = rig.pair(codecs=("PCMU",))
    undo = join(gateway_left, gateway_right)
    near, far = Ear(gateway_left), Ear(right)
    speak(left, TONE)

    await rig.run(40)

    assert far.began() - near.began() <= 2  # that of the right end's own buffer
    undo()
    await rig.run(10)
    assert far.frames[-1] == SILENCE


@pytest.mark.parametrize("from_events", [True, False])
@pytest.mark.parametrize("to_events", [True, False])
async def test_digits_cross_a_bridge(rig: Rig, from_events: bool, to_events: bool) -> None:
    left, gateway_left = rig.pair(events=from_events)
    gateway_right, right = rig.pair(events=to_events)
    join(gateway_left, gateway_right)
    digits: list[str] = []
    right.on_digit(digits.append)

    left.send_digits("19*#")
    await rig.run(60)

    assert "".join(digits) == "19*#"


async def test_hold_and_resume(rig: Rig) -> None:
    caller, callee = rig.pair()
    ear = Ear(callee)
    speak(caller, TONE * 3)
    await rig.run(10)

    caller.answered(callee.reoffered(caller.reoffer(hold=True)))
    assert callee.held
    assert not callee.quality().one_way
    assert not caller.receives
    sent = callee.quality().packets_sent
    await rig.run(10)
    assert callee.quality().packets_sent == sent

    caller.answered(callee.reoffered(caller.reoffer(hold=False)))
    await rig.run(10)
    assert not callee.held
    assert callee.quality().packets_sent == sent + 10
    assert level(ear.pcm[-5 * FRAME_BYTES :], 1_000) == pytest.approx(8_000, rel=0.05)


async def test_a_far_end_that_moves_is_followed_after_a_re_offer(rig: Rig) -> None:
    caller, callee = rig.pair()
    await rig.run(5)
    moved, offer = rig.audio.offering(codecs=CODECS, srtp=False)

    moved.answered(callee.reoffered(offer))
    ear = Ear(callee)
    caller.close()
    speak(moved, TONE)
    await rig.run(20)

    assert level(ear.pcm[-5 * FRAME_BYTES :], 1_000) == pytest.approx(8_000, rel=0.05)
    assert moved.quality().packets_received == 20


async def test_an_answer_may_come_twice(rig: Rig) -> None:
    caller, offer = rig.audio.offering(codecs=CODECS, srtp=False)
    early, early_answer = rig.audio.answering(offer, codecs=CODECS)
    final, final_answer = rig.audio.answering(offer, codecs=("PCMU",))
    ear = Ear(caller)

    caller.answered(early_answer)
    speak(early, TONE)
    await rig.run(10)
    assert ear.began() <= 3

    caller.answered(final_answer)
    early.close()
    await rig.run(10)
    assert caller.codec == "PCMU"
    assert final.quality().packets_received == 10


async def test_what_is_refused_leaves_the_leg_as_it_was(rig: Rig) -> None:
    caller, callee = rig.pair()
    before = callee.codec
    with pytest.raises(MediaRefusedError, match="no codec"):
        callee.reoffered(b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 18\r\n")
    await rig.run(5)
    assert callee.codec == before
    assert caller.quality().packets_received == 5


async def test_strangers_cannot_take_a_call(rig: Rig) -> None:
    caller, callee = rig.pair(codecs=("PCMU",))
    ear = Ear(callee)
    await rig.run(10)
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.1", 0))
    loud = bytes([0x20]) * 160

    def spray() -> None:
        packet = rtp.pack_header(rtp.VERSION, 0, rig.ticker.ticks, rig.ticker.ticks * 160, 99) + loud
        stranger.sendto(packet, ("127.0.0.1", callee.port))

    await rig.run(20, spray)

    assert ear.silent_frames() == 30
    assert callee.counters()["strangers"] == 20
    assert caller.quality().packets_received == 30

    caller.close()
    await rig.run(120, spray)  # after two seconds of silence it may be the far end that moved
    assert ear.silent_frames() < 140
    stranger.close()


async def test_what_cannot_be_used_is_counted_and_does_no_harm(rig: Rig) -> None:
    caller, callee = rig.pair()
    await rig.run(5)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    header = rtp.pack_header
    for packet in (b"", b"\x80", header(0x40, 8, 1, 1, 1) + b"x" * 160, header(0x80, 33, 1, 1, 1), b"\xff" * 1_500):
        sender.sendto(packet, ("127.0.0.1", callee.port))
        sender.sendto(packet, ("127.0.0.1", callee.port + 1))
        await settle()
    sender.close()
    await rig.run(5)
    counters = callee.counters()
    assert (counters["broken"], counters["unknown"]) == (4, 1)
    assert counters["rtcp_broken"] == 5
    assert caller.quality().packets_received == 10


async def test_comfort_noise_is_no_loss(rig: Rig) -> None:
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    offer = f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/AVP 0 13\r\n"
    leg, _ = rig.audio.answering(offer.encode(), codecs=CODECS)
    for burst in range(3):
        for n in range(20):
            number = burst * 100 + n
            silent = n == 19
            payload = b"\x40" if silent else bytes([0x20]) * 160
            packet = rtp.pack_header(rtp.VERSION, 13 if silent else 0, burst * 20 + n, number * 160, 5) + payload
            peer.sendto(packet, ("127.0.0.1", leg.port))
            await rig.run(1)
        await rig.run(80)
    peer.close()
    assert leg.quality().concealed_ms == 0
    assert leg.quality().packets_lost == 0


async def test_one_way_audio_is_noticed(rig: Rig) -> None:
    leg, _ = rig.audio.answering(b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 8\r\n", codecs=CODECS)
    await rig.run(49)
    assert not leg.quality().one_way
    await rig.run(10)
    assert leg.quality().one_way
    assert leg.heard_ms_ago() is None


async def test_silence_of_the_far_end_is_timed(rig: Rig) -> None:
    caller, callee = rig.pair()
    await rig.run(10)
    caller.close()
    await rig.run(100)
    assert callee.heard_ms_ago() == 2_000


@pytest.mark.parametrize("ptime", [10, 30, 40, 60])
async def test_other_packet_lengths(rig: Rig, ptime: int) -> None:
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    offer = f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {peer.getsockname()[1]} RTP/AVP 0\r\na=ptime:{ptime}\r\n"
    leg, _ = rig.audio.answering(offer.encode(), codecs=CODECS)
    ear = Ear(leg)
    payload = audioop.lin2ulaw(TONE, 2)
    size = 8 * ptime
    sent = 0
    for tick in range(60):
        while sent * size < min(len(payload), (tick + 1) * 160):
            part = payload[sent * size : (sent + 1) * size]
            peer.sendto(rtp.pack_header(rtp.VERSION, 0, sent, sent * size, 5) + part, ("127.0.0.1", leg.port))
            sent += 1
        await rig.run(1)
    peer.close()
    begun = ear.began(0)
    assert ear.pcm[begun * FRAME_BYTES :][: len(TONE)] == audioop.ulaw2lin(payload, 2)
    assert leg.counters()["discarded"] == 0


async def test_a_re_invite_without_an_offer_gets_one(rig: Rig) -> None:
    caller, callee = rig.pair()
    offer = callee.reoffered(None)
    callee.answered(caller.reoffered(offer))
    await rig.run(10)
    assert callee.quality().packets_received == 10
    assert b"m=audio" in offer


async def test_ipv6() -> None:
    rig = Rig(range(30_000, 30_100), host="::1")
    caller, callee = rig.pair()
    ear = Ear(callee)
    speak(caller, TONE)
    await rig.run(20)
    rig.audio.close()
    assert level(ear.pcm[-5 * FRAME_BYTES :], 1_000) == pytest.approx(8_000, rel=0.05)


async def test_an_address_in_front_of_us_is_what_sdp_says(rig: Rig) -> None:
    audio = Audio(host="127.0.0.1", ports=range(30_100, 30_200), ticker=rig.ticker, advertise="203.0.113.9")
    _, offer = audio.offering(codecs=CODECS, srtp=False)
    audio.close()
    assert b"c=IN IP4 203.0.113.9\r\n" in offer


async def test_a_listener_that_fails_harms_no_other_call(rig: Rig) -> None:
    caller, callee = rig.pair()
    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))

    def fail(_: object) -> None:
        raise RuntimeError("a listener's own fault")

    callee.on_digit(fail)
    callee.listen(fail)
    caller.send_digits("1")
    await rig.run(10)
    loop.set_exception_handler(None)
    assert caller.quality().packets_received == 10
    assert len(told) == 11


async def test_many_calls_one_after_another_leave_nothing_behind(rig: Rig) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    gc.collect()
    before, gone = descriptors(), list[weakref.ref[RtpLeg]]()
    for _ in range(300):
        legs = rig.pair(srtp=True)
        join(*legs)
        await rig.run(2)
        for leg in legs:
            leg.close()
            gone.append(weakref.ref(leg))
        del leg, legs
    gc.collect()
    assert descriptors() <= before  # what others left may have gone
    assert sum(reference() is not None for reference in gone) == 0


async def test_closing_twice_gives_the_ports_back_once(rig: Rig) -> None:
    free = rig.audio.ports.free
    caller, callee = rig.pair()
    assert rig.audio.ports.free == free - 2
    for leg in (caller, caller, callee):
        leg.close()
    assert rig.audio.ports.free == free
    await rig.run(2)
