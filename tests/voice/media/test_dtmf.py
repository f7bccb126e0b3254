"""Digits as events and as tones."""

import random

import pytest

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.dtmf import DIGITS, DigitQueue, EventReader, ToneReader
from nokyc_voice.media.port import FRAME_BYTES, FRAME_SAMPLES, SILENCE
from voice.media.rig import Network, Rig, sine, through

Packet = tuple[bytes, int, bool]


def events(digits: str, clock: int = 8_000) -> list[Packet]:
    """(payload, timestamp, marker) as sent, one each 20 ms."""
    queue, found = DigitQueue(), []
    queue.add(digits)
    tick = 0
    while queue.busy:
        event = queue.event(tick * FRAME_SAMPLES, clock)
        if event is not None:
            found.append((event[0], queue.began, event[1]))
        tick += 1
    return found


def read(packets: list[Packet]) -> str:
    reader = EventReader()
    return "".join(reader.read(payload, timestamp, marked=marked) or "" for payload, timestamp, marked in packets)


def test_an_event_on_the_wire() -> None:
    packets = events("5")
    assert [payload.hex() for payload, _, _ in packets] == [
        "050a00a0", "050a0140", "050a01e0", "050a0280", "058a0320", "058a0320", "058a0320",
    ]  # fmt: skip
    assert {timestamp for _, timestamp, _ in packets} == {0}
    assert [marked for _, _, marked in packets] == [True] + 6 * [False]
    assert events("5", 16_000)[-1][0].hex() == "058a0640"


def test_a_digit_each_160_ms() -> None:
    starts = [timestamp for _, timestamp, marked in events("12") if marked]
    assert starts == [0, 8 * FRAME_SAMPLES]


def test_each_digit_once() -> None:
    assert read(events(DIGITS + "11")) == DIGITS + "11"


def test_lost_ends_and_beginnings() -> None:
    everything = events("1123")
    without_ends = [packet for packet in everything if not packet[0][1] & 0x80]
    without_beginnings = [packet for packet in everything if not packet[2]]
    assert read(without_ends) == "1123"
    assert read(without_beginnings) == "1123"
    assert read([packet for packet in everything if packet[0][1] & 0x80]) == "1123"


def test_random_loss_and_repeats_never_make_digits_up() -> None:
    chance = random.Random(3)
    for _ in range(50):
        packets = [packet for packet in events("1998") if chance.random() > 0.4 for _ in range(chance.choice((1, 2)))]
        heard = read(packets)
        assert heard in ("1998", "198", "199", "998", "99", "19", "98", "18", "1", "9", "8", "")
        assert len(heard) == len({timestamp for _, timestamp, _ in packets})


def test_ends_out_of_order_are_no_new_digits() -> None:
    packets = events("12")
    packets.insert(9, packets.pop(6))
    assert read(packets) == "12"


def test_peers_that_move_the_timestamp_within_an_event() -> None:
    moved = [(payload, n * 160, marked) for n, (payload, _, marked) in enumerate(events("7"))]
    assert read(moved[:5]) == "7"


def test_what_is_no_digit() -> None:
    assert read([(b"\x10\x0a\x00\xa0", 0, True), (b"\x01", 160, True), (b"\xff" * 4, 320, True)]) == ""
    with pytest.raises(ValueError, match="not a DTMF"):
        DigitQueue().add("12x")
    with pytest.raises(ValueError, match="wait"):
        DigitQueue().add("1" * 129)


def tones(digits: str) -> bytes:
    queue = DigitQueue()
    queue.add(digits)
    pcm = b""
    while queue.busy:
        pcm += queue.tone() or SILENCE
    return pcm


def listen(pcm: bytes) -> str:
    reader = ToneReader()
    frames = (
        pcm[offset : offset + FRAME_BYTES] for offset in range(0, len(pcm) // FRAME_BYTES * FRAME_BYTES, FRAME_BYTES)
    )
    return "".join(reader.read(frame) or "" for frame in frames)


@pytest.mark.parametrize("shift", [0, 37, 80])
def test_tones_are_heard(shift: int) -> None:
    pcm = SILENCE[: 2 * shift] + tones(DIGITS + "55")
    assert listen(pcm) == DIGITS + "55"
    assert listen(audioop.mul(pcm, 2, 0.1)) == DIGITS + "55"
    assert listen(audioop.ulaw2lin(audioop.lin2ulaw(pcm, 2), 2)) == DIGITS + "55"


def test_noise_and_music_are_no_digits() -> None:
    noise = random.Random(1).randbytes(FRAME_BYTES * 500)
    chord = audioop.add(sine(440, 2_000, 6_000), audioop.add(sine(554, 2_000, 6_000), sine(659, 2_000, 6_000), 2), 2)
    assert listen(audioop.mul(noise, 2, 0.5)) == ""
    assert listen(chord) == ""
    assert listen(sine(697, 2_000)) == ""
    for row in (697, 770, 852, 941):
        assert listen(audioop.add(sine(row, 200), sine(1_100, 200), 2)) == ""


async def test_digits_over_a_bad_network(rig: Rig, network: Network) -> None:
    chance = random.Random(5)
    relay = network.relay(lambda _: () if chance.random() < 0.2 else (0, 0) if chance.random() < 0.1 else (0,))
    caller, offer = rig.audio.offering(codecs=("PCMA",), srtp=False)
    callee, answer = rig.audio.answering(through(relay, offer), codecs=("PCMA",))
    caller.answered(through(relay, answer))
    digits: list[str] = []
    callee.on_digit(digits.append)
    caller.send_digits("0123456789*#")
    await rig.run(110, network.deliver)
    assert "".join(digits) == "0123456789*#"


async def test_digits_without_events_travel_in_the_audio(rig: Rig) -> None:
    caller, callee = rig.pair(events=False)
    there: list[str] = []
    callee.on_digit(there.append)
    caller.send_digits("147#")
    await rig.run(45)
    assert "".join(there) == "147#"
