"""From any rate to the telephone's 8 kHz, without aliases: a sinc under a Hann window. PCM is s16le."""

import math
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import mul

RATE_HZ = 8_000
MAX_RATE_HZ = 192_000
MAX_PHASES = 400
"""Of a filter. All rates that sound is kept at need 320 at the most; an odd one up to 8,000, which are 300 MB and half
a minute of work."""
MAX_FILTERS = 8
"""Rates whose filters are kept; one may have 15 MB."""
TAPS = 24
"""Of the filter, on each side, at the lower rate."""


def takes(rate_hz: int) -> bool:
    """Whether audio of this rate can become telephone audio."""
    return RATE_HZ <= rate_hz <= MAX_RATE_HZ and RATE_HZ // math.gcd(rate_hz, RATE_HZ) <= MAX_PHASES


def to_telephone(pcm: bytes, rate_hz: int) -> bytes:
    """s16le of any higher rate at 8 kHz, without aliases. 70 ms of work for 3 s at 22.05 kHz."""
    resampler = Resampler(rate_hz)
    return resampler.feed(pcm) + resampler.end()


class Resampler:
    """The same for audio that comes in pieces. Raises ValueError for a rate that is not taken."""

    def __init__(self, rate_hz: int) -> None:
        if not takes(rate_hz):
            raise ValueError(f"audio of {rate_hz} Hz cannot become telephone audio")
        common = math.gcd(rate_hz, RATE_HZ)
        self._up, self._down = RATE_HZ // common, rate_hz // common
        self._filters = _filters(self._up, self._down)
        self._reach = len(self._filters[0]) // 2
        self._heard: list[int] = [0] * self._reach
        self._at = 0
        self._half = b""

    def feed(self, pcm: bytes) -> bytes:
        """As much as is certain by now. A piece may end within a sample."""
        data = self._half + pcm
        self._half = data[len(data) // 2 * 2 :]
        if self._up == self._down:
            return data[: len(data) // 2 * 2]
        self._heard += read_samples(data)
        made = array("h")
        width = 2 * self._reach + 1
        centre, phase = divmod(self._at, self._up)
        while centre + width <= len(self._heard):
            value = sum(map(mul, self._filters[phase], self._heard[centre : centre + width]))
            made.append(max(-32768, min(32767, round(value))))
            self._at += self._down
            centre, phase = divmod(self._at, self._up)
        done = min(centre, len(self._heard))
        del self._heard[:done]
        self._at -= done * self._up
        return write_samples(made)

    def end(self) -> bytes:
        """The rest."""
        return b"" if self._up == self._down else self.feed(bytes(2 * self._reach))


def read_samples(pcm: bytes) -> "array[int]":
    """Samples of s16le; half of one at the end is dropped."""
    heard = array("h")
    heard.frombytes(pcm[: len(pcm) // 2 * 2])
    if _BIG_ENDIAN:
        heard.byteswap()
    return heard


def write_samples(heard: "array[int]") -> bytes:
    """And back."""
    if _BIG_ENDIAN:
        heard = heard[:]
        heard.byteswap()
    return heard.tobytes()


_BIG_ENDIAN = array("h", [1]).tobytes() != b"\1\0"


@lru_cache(MAX_FILTERS)
def _filters(up: int, down: int) -> Sequence[Sequence[float]]:
    """For each phase of `up`, the weights of the samples around it: a sinc under a Hann window, of unit gain."""
    cut = up / down
    reach = math.ceil(TAPS / cut)
    phases = []
    for phase in range(up):
        weights = []
        for at in range(-reach, reach + 1):
            distance = at - phase / up
            inside = abs(distance) < reach
            window = 0.5 + 0.5 * math.cos(math.pi * distance / reach) if inside else 0.0
            turn = math.pi * distance * cut
            weights.append(window * (math.sin(turn) / turn if turn else 1.0))
        gain = sum(weights)
        phases.append([weight / gain for weight in weights])
    return phases
