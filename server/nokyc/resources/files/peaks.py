"""How loud a recording is along its way, channel by channel, for those who look at it. It takes a while: callers run
it in a thread."""

import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

from nokyc.kit.audio import SAMPLE_BYTES, AudioError

BLOCKS_PER_SEC = 50
"""What is measured at a time, before it is known how long the file is."""
FULL = 32_768


def peaks(path: Path, bars: int) -> list[list[float]]:
    """Of each channel, so many numbers from 0 to 1. Raises AudioError."""
    blocks = list(_wav(path) if path.suffix == ".wav" else _mp3(path))
    if not blocks:
        raise AudioError("there is no sound in it")
    return [_bars([block[channel] for block in blocks], bars) for channel in range(len(blocks[0]))]


def _bars(levels: list[int], bars: int) -> list[float]:
    """The loudest block in each bar's time."""
    count = len(levels)
    found = []
    for n in range(bars):
        start = n * count // bars
        found.append(max(levels[start : max(start + 1, (n + 1) * count // bars)]) / FULL)
    return found


def _wav(path: Path) -> Iterator[list[int]]:
    try:
        with wave.open(str(path), "rb") as file:
            channels, step = file.getnchannels(), file.getframerate() // BLOCKS_PER_SEC
            if file.getsampwidth() != SAMPLE_BYTES or channels not in (1, 2) or not step:
                raise AudioError("the WAV file has an unusual form")
            while block := file.readframes(step):
                yield _levels(block, channels)
    except (wave.Error, EOFError) as error:
        raise AudioError(f"not a PCM WAV file: {error}") from None


def _mp3(path: Path) -> Iterator[list[int]]:
    import av

    try:
        with av.open(str(path), "r", format="mp3") as source:
            heard = source.streams.audio[0]
            resampler = av.AudioResampler(format="s16", layout=heard.layout, rate=heard.rate)
            size = heard.rate // BLOCKS_PER_SEC * SAMPLE_BYTES * heard.channels
            pending = bytearray()
            for frame in source.decode(heard):
                for part in resampler.resample(frame):
                    pending += bytes(part.planes[0])[: part.samples * SAMPLE_BYTES * heard.channels]
                while len(pending) >= size:
                    yield _levels(bytes(pending[:size]), heard.channels)
                    del pending[:size]
            if pending:
                yield _levels(bytes(pending), heard.channels)
    except (av.FFmpegError, IndexError) as error:
        raise AudioError(f"not audio: {type(error).__name__}") from None


def _levels(block: bytes, channels: int) -> list[int]:
    samples = array("h", block[: len(block) // (SAMPLE_BYTES * channels) * SAMPLE_BYTES * channels])
    sides = [samples[n::channels] for n in range(channels)]
    return [max(max(side, default=0), -min(side, default=0)) for side in sides]
