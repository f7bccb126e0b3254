"""Call progress tones by country (ITU-T E.180, Supplement 2), and the tone before a message."""

import math
from array import array
from collections.abc import Sequence
from functools import lru_cache

from nokyc_voice.media.port import FRAME_BYTES, RATE_HZ

Cadence = tuple[tuple[int, int], ...]
"""(ms on, ms off), in turn."""
Tone = tuple[tuple[int, ...], Cadence]
"""Frequencies in Hz that sound together, and their cadence."""

LEVEL = 4_000
"""Peak of each frequency: about -20 dBm0."""
RAMP = RATE_HZ // 200
"""Samples from nothing to full: 5 ms."""
_EUROPE: Tone = (425,), ((1_000, 4_000),)
RINGBACK: dict[str, Tone] = {
    "at": ((420,), ((1_000, 5_000),)),
    "au": ((413, 438), ((400, 200), (400, 2_000))),
    "be": ((425,), ((1_000, 3_000),)),
    "ca": ((440, 480), ((2_000, 4_000),)),
    "ch": _EUROPE,
    "de": _EUROPE,
    "es": ((425,), ((1_500, 3_000),)),
    "fr": ((440,), ((1_500, 3_500),)),
    "gb": ((400, 450), ((400, 200), (400, 2_000))),
    "ie": ((400, 450), ((400, 200), (400, 2_000))),
    "it": _EUROPE,
    "jp": ((384, 416), ((1_000, 2_000),)),
    "nl": _EUROPE,
    "pt": ((425,), ((1_000, 5_000),)),
    "se": ((425,), ((1_000, 5_000),)),
    "us": ((440, 480), ((2_000, 4_000),)),
}
_BEEP_MS = 300


class ToneSource:
    """A Source of one tone: without end by its cadence, or once."""

    def __init__(self, pcm: bytes, *, once: bool = False) -> None:
        """`pcm` is one round of the cadence, of whole frames."""
        self._pcm = pcm
        self._once = once
        self._offset = 0

    @classmethod
    def beep(cls) -> "ToneSource":
        """The tone before a message: 1 kHz, 300 ms, once."""
        return cls(render((1_000,), ((_BEEP_MS, 0),)), once=True)

    @classmethod
    def ringback(cls, country: str) -> "ToneSource":
        """The ringing tone of a country (ISO 3166 alpha-2, lower case), Europe's where we know none."""
        return cls(render(*RINGBACK.get(country, _EUROPE)))

    @property
    def over(self) -> bool:
        """Nothing more comes."""
        return self._once and self._offset >= len(self._pcm)

    def read(self) -> bytes | None:
        if self._offset >= len(self._pcm):
            if self._once:
                return None
            self._offset = 0
        frame = self._pcm[self._offset : self._offset + FRAME_BYTES]
        self._offset += FRAME_BYTES
        return frame


@lru_cache(maxsize=64)
def render(frequencies: Sequence[int], cadence: Cadence) -> bytes:
    """One round as PCM. Each burst begins and ends softly, so that it does not click."""
    period = RATE_HZ // math.gcd(RATE_HZ, *frequencies)
    wave = [sum(math.sin(2 * math.pi * frequency * n / RATE_HZ) for frequency in frequencies) for n in range(period)]
    samples = array("h")
    for on_ms, off_ms in cadence:
        length = RATE_HZ * on_ms // 1_000
        burst = array("h", (round(LEVEL * value) for value in wave)) * (length // period + 1)
        for n in range(RAMP):
            burst[n] = burst[n] * n // RAMP
            burst[length - 1 - n] = burst[length - 1 - n] * n // RAMP
        samples.extend(burst[:length])
        samples.extend([0] * (RATE_HZ * off_ms // 1_000))
    pcm = samples.tobytes()
    return pcm + bytes(-len(pcm) % FRAME_BYTES)
