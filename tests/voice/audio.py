"""Known signals, and what became of them: levels, onsets, gaps."""

import math
import struct
import wave
from collections.abc import Sequence
from pathlib import Path

RATE = 8_000
WINDOW = 160
"""Samples of one measurement: 20 ms."""
AMPLITUDE = 8_000
"""How loud a tone is said, a quarter of what 16 bits can hold."""


def tone(frequency: float, seconds: float, *, amplitude: int = AMPLITUDE) -> bytes:
    """A sine as 8 kHz mono s16le."""
    count = round(seconds * RATE)
    step = 2 * math.pi * frequency / RATE
    return struct.pack(f"<{count}h", *(round(amplitude * math.sin(step * n)) for n in range(count)))


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def write_wav(path: Path, pcm: bytes, *, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)


def read_wav(path: Path) -> list[list[int]]:
    """The samples of each channel."""
    with wave.open(str(path), "rb") as file:
        assert (file.getsampwidth(), file.getframerate()) == (2, RATE)
        data = file.readframes(file.getnframes())
        channels = file.getnchannels()
    samples = struct.unpack(f"<{len(data) // 2}h", data)
    return [list(samples[channel::channels]) for channel in range(channels)]


def heard_ms(samples: Sequence[int], frequency: float, *, least: float = 1_000.0) -> int:
    """For how long a tone is there, in ms: windows in which its amplitude is at least `least`."""
    return sum(20 for level in levels(samples, frequency) if level >= least)


def gaps_ms(samples: Sequence[int], frequency: float, *, least: float = 1_000.0) -> list[int]:
    """The holes between a tone's first and last moment, in ms each."""
    there = [level >= least for level in levels(samples, frequency)]
    if True not in there:
        return []
    first, last = there.index(True), len(there) - there[::-1].index(True)
    found, hole = [], 0
    for present in there[first:last]:
        if present and hole:
            found.append(hole)
        hole = 0 if present else hole + 20
    return found


def level(samples: Sequence[int], frequency: float) -> float:
    """The median amplitude of a tone where it is there."""
    present = sorted(value for value in levels(samples, frequency) if value >= 500)
    return present[len(present) // 2] if present else 0.0


def levels(samples: Sequence[int], frequency: float) -> list[float]:
    """The amplitude of one frequency, window by window (Goertzel)."""
    coefficient = 2 * math.cos(2 * math.pi * frequency / RATE)
    found = []
    for start in range(0, len(samples) - WINDOW + 1, WINDOW):
        before = last = 0.0
        for sample in samples[start : start + WINDOW]:
            before, last = last, sample + coefficient * last - before
        power = before * before + last * last - coefficient * before * last
        found.append(2 * math.sqrt(max(0.0, power)) / WINDOW)
    return found
