"""Telephone audio without any package: G.711 µ-law (ITU-T G.711), resampling, silence."""

import math
from array import array
from collections.abc import Sequence
from functools import cache
from operator import mul

from nokyc.speech.port import BYTES_PER_SEC, RATE_HZ

BIAS = 0x84
CLIP = 32_635
MAX_RATE_HZ = 192_000
TAPS = 24
"""Of the resampling filter, on each side, at the lower rate."""


def silence(ms: int) -> bytes:
    return bytes(BYTES_PER_SEC * ms // 1000 // 2 * 2)


def duration_ms(pcm: bytes) -> int:
    return len(pcm) * 1000 // BYTES_PER_SEC


def ulaw_to_pcm(data: bytes) -> bytes:
    """G.711 µ-law to s16le."""
    table = _decoded()
    return b"".join([table[byte] for byte in data])


def pcm_to_ulaw(pcm: bytes) -> bytes:
    """s16le to G.711 µ-law."""
    return bytes([_encode(sample) for sample in _read(pcm)])


def to_telephone(pcm: bytes, rate_hz: int) -> bytes:
    """s16le of any higher rate at 8 kHz, without aliases. 70 ms of work for 3 s at 22.05 kHz."""
    resampler = Resampler(rate_hz)
    return resampler.feed(pcm) + resampler.end()


class Resampler:
    """The same for audio that comes in pieces. Raises ValueError for a rate below telephone quality."""

    def __init__(self, rate_hz: int) -> None:
        if not RATE_HZ <= rate_hz <= MAX_RATE_HZ:
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
        self._heard += _read(data)
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
        return _written(made)

    def end(self) -> bytes:
        """The rest."""
        return b"" if self._up == self._down else self.feed(bytes(2 * self._reach))


def faded(pcm: bytes, ms: int = 5) -> bytes:
    """With a short fade at both ends, so that pieces join without a click."""
    heard = _read(pcm)
    ramp = min(len(heard) // 2, RATE_HZ * ms // 1000)
    for at in range(ramp):
        heard[at] = heard[at] * at // ramp
        heard[-1 - at] = heard[-1 - at] * at // ramp
    return _written(heard)


def _read(pcm: bytes) -> "array[int]":
    heard = array("h")
    heard.frombytes(pcm[: len(pcm) // 2 * 2])
    if _BIG_ENDIAN:
        heard.byteswap()
    return heard


def _written(heard: "array[int]") -> bytes:
    if _BIG_ENDIAN:
        heard = heard[:]
        heard.byteswap()
    return heard.tobytes()


_BIG_ENDIAN = array("h", [1]).tobytes() != b"\1\0"


@cache
def _decoded() -> list[bytes]:
    return [_decode(byte).to_bytes(2, "little", signed=True) for byte in range(256)]


def _decode(byte: int) -> int:
    inverted = ~byte & 0xFF
    magnitude = ((((inverted & 0x0F) << 3) + BIAS) << (inverted >> 4 & 7)) - BIAS
    return -magnitude if inverted & 0x80 else magnitude


def _encode(sample: int) -> int:
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    biased = min(magnitude, CLIP) + BIAS
    segment = biased.bit_length() - 8
    return ~(sign | segment << 4 | biased >> segment + 3 & 0x0F) & 0xFF


@cache
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
