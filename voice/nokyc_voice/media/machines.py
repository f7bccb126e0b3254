"""What is no person: hold music and answering machines, told from what is heard. No clock: a frame is FRAME_MS."""

import math
from array import array
from collections import deque

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_MS, RATE_HZ

LOUD_RMS = 200
"""About -44 dBm0: a quiet line is below it, music and speech are above."""
MUSIC_MS = 12_000
"""So long it is listened to, before it is called music."""
MUSIC_SHARE = 0.85
"""Of that time something sounds: people pause for breath."""
REST_MS = 400
"""A rest no longer than this belongs to the music: quiet pieces are full of them."""
SPEECH_SHARE = 0.25
"""Of that time at the most is in turns of speech."""
GREETING_MS = 4_000
"""People say "hello"; machines say more before they beep."""
BREATH_MS = 1_600
"""A silence that is longer ends a greeting: who lets us speak in between is a person."""
EARLY_MS = 40_000
"""Later than this no machine is still greeting."""
BEEP_MS = 140
PURE = 0.02
"""Energy that one sine leaves unexplained, as a share: a voice leaves far more."""
STEADY_HZ = 20.0
"""How much a beep's pitch may move."""
LOWEST_HZ = 350.0
"""Beeps are higher; a voice that is almost a sine is lower."""


class HoldMusic:
    """Sound without end that is no speech."""

    def __init__(self) -> None:
        self._frames: deque[tuple[bool, bool]] = deque(maxlen=MUSIC_MS // FRAME_MS)
        self._rest_ms = REST_MS

    def hear(self, frame: bytes, *, speaking: bool) -> bool:
        """Whether it is music by now; `speaking`: a turn of speech is under way."""
        self._rest_ms = 0 if audioop.rms(frame, 2) > LOUD_RMS else self._rest_ms + FRAME_MS
        self._frames.append((self._rest_ms < REST_MS, speaking))
        if len(self._frames) < MUSIC_MS // FRAME_MS:
            return False
        sound = sum(sounds for sounds, _ in self._frames) / len(self._frames)
        speech = sum(spoken for _, spoken in self._frames) / len(self._frames)
        return sound >= MUSIC_SHARE and speech <= SPEECH_SHARE


class Machine:
    """A long greeting and then a beep, at the beginning of a call."""

    def __init__(self) -> None:
        self._heard_ms = 0
        self._greeting_ms = 0
        self._silent_ms = 0
        self._beep = Beep()

    def hear(self, frame: bytes, *, speaking: bool) -> bool:
        """Whether it is an answering machine by now."""
        self._heard_ms += FRAME_MS
        self._silent_ms = 0 if speaking else self._silent_ms + FRAME_MS
        self._greeting_ms += FRAME_MS if speaking else 0
        if self._silent_ms > BREATH_MS:
            self._greeting_ms = 0
        beeps = self._beep.hear(frame)
        return beeps and self._greeting_ms >= GREETING_MS and self._heard_ms <= EARLY_MS


class Beep:
    """One steady sine for BEEP_MS."""

    def __init__(self) -> None:
        self._frames = 0
        self._hertz = 0.0

    def hear(self, frame: bytes) -> bool:
        """Whether a beep is long enough with this frame."""
        hertz = _pitch_of(frame)
        if hertz is None or hertz < LOWEST_HZ:
            self._frames = 0
            return False
        self._frames = self._frames + 1 if self._frames and abs(hertz - self._hertz) <= STEADY_HZ else 1
        self._hertz = hertz
        return self._frames * FRAME_MS >= BEEP_MS


def _pitch_of(frame: bytes) -> float | None:
    """Frequency of the sine that a frame is; None if it is none. A sine obeys x[n+1] + x[n-1] = 2·cos(ω)·x[n]."""
    if audioop.rms(frame, 2) <= LOUD_RMS:
        return None
    samples = array("h", frame)
    middle = samples[1:-1]
    sums = [before + after for before, after in zip(samples, samples[2:], strict=False)]
    power = sum(x * x for x in middle)
    total = sum(s * s for s in sums)
    if not power or not total:
        return None
    pitch = sum(x * s for x, s in zip(middle, sums, strict=True)) / power
    rest = total - pitch * pitch * power
    if rest > PURE * total or abs(pitch) > 2:
        return None
    return math.acos(pitch / 2) * RATE_HZ / (2 * math.pi)
