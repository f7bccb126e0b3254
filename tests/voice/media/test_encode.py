"""MP3 out of WAV: right in length, level and channels."""

import io
import os
import wave
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from nokyc_voice.media import encode
from nokyc_voice.media.codecs import audioop
from voice.media.rig import level, sine


@pytest.fixture
def encoder() -> Iterator[encode.Encoder]:
    made = encode.Encoder()
    yield made
    made.close()


def write(path: Path, pcm: bytes, channels: int, rate: int = 8_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def decode(path: Path) -> tuple[av.AudioStream, bytes]:
    """As 8 kHz s16 with the channels that it has."""
    with av.open(io.BytesIO(path.read_bytes())) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="s16", layout=stream.layout.name, rate=8_000)
        pcm = b""
        for frame in [*container.decode(stream), None]:
            for part in resampler.resample(frame):
                pcm += bytes(part.planes[0])[: 2 * part.samples * stream.channels]
        return stream, pcm


async def test_one_voice(encoder: encode.Encoder, tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", sine(500, 4_100), 1)
    mp3 = await encoder.to_mp3(wav, tmp_path / "a.mp3")
    stream, pcm = decode(mp3)
    assert (stream.channels, stream.rate, stream.bit_rate) == (1, 16_000, 32_000)
    assert len(pcm) / 16 == pytest.approx(4_100, abs=80)
    assert level(pcm[16_000:48_000], 500) == pytest.approx(8_000, rel=0.06)  # LAME leaves headroom of 0.4 dB


async def test_two_voices_stay_apart(encoder: encode.Encoder, tmp_path: Path) -> None:
    left, right = sine(500, 3_000), sine(900, 3_000, 2_000)
    both = audioop.add(audioop.tostereo(left, 2, 1, 0), audioop.tostereo(right, 2, 0, 1), 2)
    mp3 = await encoder.to_mp3(write(tmp_path / "b.wav", both, 2), tmp_path / "b.mp3")
    stream, pcm = decode(mp3)
    assert (stream.channels, stream.bit_rate) == (2, 48_000)
    assert len(pcm) / 32 == pytest.approx(3_000, abs=80)
    middle = pcm[32_000:64_000]
    assert level(audioop.tomono(middle, 2, 1, 0), 500) == pytest.approx(8_000, rel=0.1)
    assert level(audioop.tomono(middle, 2, 0, 1), 900) == pytest.approx(2_000, rel=0.15)
    assert level(audioop.tomono(middle, 2, 0, 1), 500) < 400


async def test_nothing_is_left_of_a_failure(encoder: encode.Encoder, tmp_path: Path) -> None:
    for name, content in (("empty.wav", b""), ("junk.wav", b"RIFFjunk" * 100)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match="not a WAV"):
            await encoder.to_mp3(tmp_path / name, tmp_path / "c.mp3")
    with pytest.raises(ValueError, match="8 kHz"):
        await encoder.to_mp3(write(tmp_path / "c.wav", bytes(3_200), 1, rate=16_000), tmp_path / "c.mp3")
    with pytest.raises(OSError, match="No such file"):
        await encoder.to_mp3(write(tmp_path / "c.wav", bytes(3_200), 1), tmp_path / "missing" / "c.mp3")
    assert sorted(os.listdir(tmp_path)) == ["c.wav", "empty.wav", "junk.wav"]


async def test_a_recording_without_a_moment_in_it(encoder: encode.Encoder, tmp_path: Path) -> None:
    mp3 = await encoder.to_mp3(write(tmp_path / "d.wav", b"", 2), tmp_path / "d.mp3")
    assert mp3.exists()


async def test_the_wav_stays_where_there_is_no_encoder(
    encoder: encode.Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wav = write(tmp_path / "e.wav", sine(500, 100), 1)
    busy = encode.Encoder(limit=0)
    assert await busy.to_mp3(wav, tmp_path / "e.mp3") == wav
    busy.close()
    monkeypatch.setattr(encode, "av", None)
    assert await encoder.to_mp3(wav, tmp_path / "e.mp3") == wav
    assert wav.exists()
