"""Recordings: both sides sample by sample, messages and what ends them, and a disk that is slow or full."""

import os
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_BYTES, SILENCE
from nokyc_voice.media.recorder import MessageRecorder, StereoRecorder
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.media.spool import Spool
from voice.media.rig import Ear, Rig, level, sine, speak


@pytest.fixture
def spool() -> Iterator[Spool]:
    made = Spool()
    yield made
    made.close()


def read(path: Path) -> tuple[int, bytes]:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getsampwidth()) == (8_000, 2)
        return file.getnchannels(), file.readframes(file.getnframes())


async def test_both_sides_sample_by_sample(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    caller, callee = rig.pair(codecs=("PCMU",))
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool)
    ear, heard_by_caller = Ear(callee), Ear(caller)
    sent: list[bytes] = []
    callee.tap(lambda _, frame: sent.append(frame))
    speak(caller, sine(1_000, 1_500))
    speak(callee, sine(440, 2_000))

    await rig.run(127)

    assert await recorder.finish() == 127 * 20
    assert await recorder.finish() == 127 * 20
    channels, pcm = read(tmp_path / "call.wav")
    assert channels == 2
    assert audioop.tomono(pcm, 2, 1, 0) == ear.pcm
    assert audioop.tomono(pcm, 2, 0, 1) == b"".join(sent)
    # and what was sent is what the far end heard
    begun = heard_by_caller.began(0)
    expected = audioop.ulaw2lin(audioop.lin2ulaw(sine(440, 2_000), 2), 2)
    assert heard_by_caller.pcm[begun * FRAME_BYTES :][: len(expected)] == expected


async def test_a_recording_does_not_contain_what_was_not_sent(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    caller, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool)
    speak(callee, sine(440, 2_000))
    callee.reoffered(caller.reoffer(hold=True))
    await rig.run(50)
    await recorder.finish()
    assert audioop.rms(audioop.tomono(read(tmp_path / "call.wav")[1], 2, 0, 1), 2) == 0


async def test_ticks_that_were_skipped_are_silence(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    _, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool)
    await rig.run(10)
    rig.ticker.ticks += 15
    await rig.run(10)
    assert await recorder.finish() == 35 * 20


async def test_a_length_that_is_limited(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    _, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool, max_sec=1)
    await rig.run(80)
    assert await recorder.finish() == 1_000


async def test_a_full_spool_costs_frames_and_nothing_else(rig: Rig, tmp_path: Path) -> None:
    spool = Spool(limit_bytes=0)
    _, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool)
    speak(callee, sine(440, 2_000))
    await rig.run(100)
    assert await recorder.finish() == 2_000
    assert recorder.dropped_frames == 100
    assert read(tmp_path / "call.wav") == (2, bytes(100 * 2 * FRAME_BYTES))
    spool.close()


async def test_a_disk_that_fails_is_told_at_the_end(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    _, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "missing" / "call.wav", spool)
    await rig.run(150)
    with pytest.raises(OSError, match="missing"):
        await recorder.finish()


async def test_a_file_under_way_is_whole_up_to_its_last_block(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    _, callee = rig.pair()
    recorder = StereoRecorder(callee, tmp_path / "call.wav", spool)
    await rig.run(160)
    written = threading.Event()
    spool.submit(written.set, 0)
    written.wait()
    assert len(read(tmp_path / "call.wav")[1]) >= 64 << 10
    await recorder.finish()


def message(leg: RtpLeg, path: Path, spool: Spool, max_sec: int = 60) -> MessageRecorder:
    return MessageRecorder(leg, path, spool, max_sec=max_sec, silence_sec=2)


async def test_a_message_ends_by_silence_which_is_cut_off(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    caller, callee = rig.pair()
    recorder = message(callee, tmp_path / "message.wav", spool)
    speak(caller, SILENCE * 25 + sine(300, 2_000) + SILENCE * 50 + sine(300, 1_000))
    await rig.run(400)
    ended, length_ms = await recorder.done()
    assert ended == "silence"
    assert 4_500 - 100 <= length_ms <= 5_100
    channels, pcm = read(tmp_path / "message.wav")
    assert channels == 1
    assert len(pcm) == length_ms * 16
    assert level(pcm[50 * FRAME_BYTES : 100 * FRAME_BYTES], 300) == pytest.approx(8_000, rel=0.1)
    assert audioop.rms(pcm[-FRAME_BYTES:], 2) < 100


async def test_nobody_says_anything(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    _, callee = rig.pair()
    recorder = message(callee, tmp_path / "message.wav", spool)
    await rig.run(120)
    assert await recorder.done() == ("silence", 0)
    assert os.listdir(tmp_path) == []


async def test_noise_is_no_speech(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    caller, callee = rig.pair()
    recorder = message(callee, tmp_path / "message.wav", spool)
    speak(caller, sine(150, 8_000, peak=150))
    await rig.run(200)
    assert await recorder.done() == ("silence", 0)


@pytest.mark.parametrize("why", ["digit", "hangup", "limit"])
async def test_other_ends_of_a_message(rig: Rig, spool: Spool, tmp_path: Path, why: str) -> None:
    caller, callee = rig.pair()
    recorder = message(callee, tmp_path / "message.wav", spool, max_sec=2)
    speak(caller, sine(300, 5_000))
    await rig.run(60)
    if why == "digit":
        caller.send_digits("1#")
    elif why == "hangup":
        recorder.hang_up()
    await rig.run(100)
    ended, length_ms = await recorder.done()
    assert ended == why
    assert length_ms == pytest.approx({"digit": 1_300, "hangup": 1_100, "limit": 2_000}[why], abs=100)


async def test_another_judge_of_speech(rig: Rig, spool: Spool, tmp_path: Path) -> None:
    class Never:
        def speech(self, frame: bytes) -> bool:
            return False

    caller, callee = rig.pair()
    recorder = MessageRecorder(callee, tmp_path / "message.wav", spool, max_sec=9, silence_sec=1, vad=Never())
    speak(caller, sine(300, 5_000))
    await rig.run(100)
    assert await recorder.done() == ("silence", 0)
