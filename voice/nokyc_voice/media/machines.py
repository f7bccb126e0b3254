"""What is no person: hold music and answering machines, told from what is heard. No clock: a frame is FRAME_MS."""

from array import array
from collections import deque

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_MS

LOUD_RMS = 200
"""About -44 dBm0: a quiet line is below it, music and speech are above."""
MUSIC_MS = 12_000
"""So long it is listened to, before it is called music."""
MUSIC_SHARE = 0.85
"""Of that time something sounds: people pause for breath."""
SPEECH_SHARE = 0.25
"""Of that time at the most is in turns of speech."""
GREETING_MS = 4_000
"""People say "hello"; machines say more before they beep."""
BEEP_MS = 140
PURE = 0.02
"""Energy that one sine leaves unexplained, as a share: a voice leaves far more."""
STEADY = 0.06
"""How much a beep's pitch may move, as the difference of 2·cos(ω)."""


class HoldMusic:
    """Sound without end that is no speech."""

    def __init__(self) -> None:
        self._frames: deque[tuple[bool, bool]] = deque(maxlen=MUSIC_MS // FRAME_MS)

    def hear(self, frame: bytes, *, speaking: bool) -> bool:
        """Whether it is music by now; `speaking`: a turn of speech is under way."""
        self._frames.append((audioop.rms(frame, 2) > LOUD_RMS, speaking))
        if len(self._frames) < MUSIC_MS // FRAME_MS:
            return False
        sound = sum(loud for loud, _ in self._frames) / len(self._frames)
        speech = sum(spoken for _, spoken in self._frames) / len(self._frames)
        return sound >= MUSIC_SHARE and speech <= SPEECH_SHARE


class Machine:
    """A long greeting and then a beep, at the beginning of a call."""

    def __init__(self) -> None:
        self._greeting_ms = 0
        self._beep = Beep()

    def hear(self, frame: bytes, *, speaking: bool) -> bool:
        """Whether it is an answering machine by now."""
        self._greeting_ms += FRAME_MS if speaking else 0
        return self._beep.hear(frame) and self._greeting_ms >= GREETING_MS


class Beep:
    """One steady sine for BEEP_MS."""

    def __init__(self) -> None:
        self._frames = 0
        self._pitch = 0.0

    def hear(self, frame: bytes) -> bool:
        """Whether a beep is long enough with this frame."""
        pitch = _pitch_of(frame)
        if pitch is None:
            self._frames = 0
            return False
        self._frames = self._frames + 1 if self._frames and abs(pitch - self._pitch) <= STEADY else 1
        self._pitch = pitch
        return self._frames * FRAME_MS >= BEEP_MS


def _pitch_of(frame: bytes) -> float | None:
    """2·cos(ω) of the sine that a frame is; None if it is none. A sine obeys x[n+1] + x[n-1] = 2·cos(ω)·x[n]."""
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
    return pitch if rest <= PURE * total else None
