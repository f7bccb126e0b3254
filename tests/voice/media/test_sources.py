"""What legs are given to say: written PCM, tones, bridges."""

import asyncio

import pytest

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.errors import PlayerFullError
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS
from nokyc_voice.media.sources import Player
from nokyc_voice.media.tones import RINGBACK, ToneSource
from voice.media.rig import level, settle, sine


def play(source: Player | ToneSource, frames: int) -> bytes:
    return b"".join(source.read() or b"" for _ in range(frames))


@pytest.mark.parametrize("piece", [1, 100, 320, 321, 1_000, 100_000])
async def test_any_pieces_come_out_as_frames(piece: int) -> None:
    pcm = sine(300, 490)
    player = Player()
    for offset in range(0, len(pcm), piece):
        player.write(pcm[offset : offset + piece])
    assert player.queued_ms == 490
    frames = [player.read() for _ in range(26)]
    assert {len(frame) for frame in frames[:25] if frame is not None} == {FRAME_BYTES}
    assert b"".join(frames[:25]) == pcm.ljust(25 * FRAME_BYTES, b"\0")  # type: ignore[arg-type]
    assert frames[25] is None


async def test_it_is_bounded() -> None:
    player = Player(limit_ms=100)
    player.write(bytes(1_600))
    with pytest.raises(PlayerFullError):
        player.write(bytes(2))
    assert player.queued_ms == 100


async def test_feeding_waits_for_room() -> None:
    player = Player(limit_ms=100)
    pcm = sine(300, 1_000)
    feeding = asyncio.ensure_future(player.feed(pcm))
    heard = b""
    while len(heard) < len(pcm):
        await settle()
        heard += player.read() or b""
    await feeding
    assert heard == pcm


async def test_waiting_for_the_end() -> None:
    player = Player()
    await player.drained()
    player.write(bytes(3 * FRAME_BYTES))
    waiting = asyncio.ensure_future(player.drained())
    for _ in range(3):
        await settle()
        assert not waiting.done()
        player.read()
    await waiting


async def test_a_flush_drops_the_rest_at_once() -> None:
    player = Player()
    player.write(bytes(10 * FRAME_BYTES))
    waiting = asyncio.ensure_future(player.drained())
    await settle()
    player.read()
    assert player.flush() == 180
    await waiting
    assert player.read() is None
    player.write(b"\1" * FRAME_BYTES)
    assert player.read() == b"\1" * FRAME_BYTES


async def test_marks_are_reached_in_order() -> None:
    player, reached = Player(), list[str]()
    player.mark(lambda: reached.append("now"))
    player.write(bytes(FRAME_BYTES + 10))
    player.mark(lambda: reached.append("first"))
    player.write(bytes(FRAME_BYTES))
    player.mark(lambda: reached.append("second"))
    player.read()
    assert reached == ["now"]
    player.read()
    assert reached == ["now", "first"]
    player.flush()
    assert reached == ["now", "first", "second"]


def test_the_tone_before_a_message() -> None:
    beep = ToneSource.beep()
    pcm = play(beep, 100)
    assert len(pcm) == 15 * FRAME_BYTES
    assert beep.over
    assert level(pcm[FRAME_BYTES : 14 * FRAME_BYTES], 1_000) == pytest.approx(4_000, rel=0.02)


@pytest.mark.parametrize("country", [*RINGBACK, "xx"])
def test_ringing_tones_keep_their_cadence(country: str) -> None:
    frequencies, cadence = RINGBACK.get(country, RINGBACK["de"])
    tone = ToneSource.ringback(country)
    round_frames = sum(on + off for on, off in cadence) // FRAME_MS
    for _ in range(2):
        pcm = play(tone, round_frames)
        offset = 0
        for on_ms, off_ms in cadence:
            on, off = on_ms // FRAME_MS * FRAME_BYTES, off_ms // FRAME_MS * FRAME_BYTES
            burst = pcm[offset : offset + on]
            for hz in frequencies:
                assert level(burst, hz) == pytest.approx(4_000, rel=0.05)
            assert audioop.rms(pcm[offset + on : offset + on + off], 2) == 0
            offset += on + off
