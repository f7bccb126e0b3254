"""Telephone audio in memory: WAV in and out, 8 kHz mono, signals. PCM is 16-bit little-endian throughout."""

import io
import math
import wave
from array import array

from nokyc.kit.resampling import RATE_HZ, takes, to_telephone

SAMPLE_BYTES = 2
TONE_HZ = 440
TONE_LEVEL = 8_000
MAX_CHANNELS = 8


class AudioError(ValueError):
    """This is no audio that we can read."""


def read_wav(data: bytes, *, max_sec: int) -> bytes:
    """The sound of a PCM WAV file as 8 kHz mono.

    Raises:
        AudioError: it is none, or it lasts longer than `max_sec`.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.getnframes()
            if not (0 < channels <= MAX_CHANNELS and 0 < width <= 4 and takes(rate)):
                raise AudioError("the WAV file has an unusual form")
            if frames > max_sec * rate:
                raise AudioError(f"the audio lasts longer than {max_sec} s")
            samples = file.readframes(frames)
    except (wave.Error, EOFError, RuntimeError) as error:
        raise AudioError(f"not a PCM WAV file: {error}") from None
    return to_telephone(_mono(_sixteen_bits(samples, width), channels), rate)


def read_piped_wav(data: bytes) -> bytes:
    """The sound of a mono 16-bit WAV file that a program wrote to a pipe, so that its header cannot know the length.

    Raises:
        AudioError: it is none.
    """
    begin = data.find(b"data")
    if len(data) < 44 or not data.startswith(b"RIFF") or begin < 0:
        raise AudioError("not a WAV file")
    rate = int.from_bytes(data[24:28], "little")
    if not takes(rate):
        raise AudioError("the WAV file has an unusual form")
    samples = data[begin + 8 :]
    return to_telephone(samples[: len(samples) // SAMPLE_BYTES * SAMPLE_BYTES], rate)


def write_wav(pcm: bytes, *, channels: int = 1) -> bytes:
    """A WAV file of 8 kHz PCM."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm)
    return buffer.getvalue()


def duration_ms(pcm: bytes) -> int:
    """How long 8 kHz mono lasts."""
    return len(pcm) // SAMPLE_BYTES * 1_000 // RATE_HZ


def tone(seconds: float, hertz: int = TONE_HZ) -> bytes:
    """A sine at 8 kHz mono."""
    step = 2 * math.pi * hertz / RATE_HZ
    return array("h", (int(TONE_LEVEL * math.sin(step * n)) for n in range(int(seconds * RATE_HZ)))).tobytes()


def stereo(left: bytes, right: bytes) -> bytes:
    """Two mono sounds of the same length side by side."""
    both = array("h", bytes(2 * len(left)))
    both[0::2], both[1::2] = array("h", left), array("h", right)
    return both.tobytes()


def _sixteen_bits(samples: bytes, width: int) -> "array[int]":
    if width == 1:  # unsigned
        return array("h", ((sample - 128) << 8 for sample in samples))
    if width == SAMPLE_BYTES:
        return array("h", samples)
    top = bytearray(len(samples) // width * SAMPLE_BYTES)
    top[0::2], top[1::2] = samples[width - 2 :: width], samples[width - 1 :: width]
    return array("h", bytes(top))


def _mono(samples: "array[int]", channels: int) -> bytes:
    if channels == 1:
        return samples.tobytes()
    parts = [samples[channel::channels] for channel in range(channels)]
    return array("h", (sum(frame) // channels for frame in zip(*parts, strict=False))).tobytes()
