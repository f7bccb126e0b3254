"""DTMF: RFC 4733 events both ways, and tones within the audio (ITU-T Q.23, Q.24) for those who know no events."""

import math
import struct
from array import array
from collections import deque

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS, FRAME_SAMPLES, RATE_HZ
from nokyc_voice.media.rtp import ahead

DIGITS = "0123456789*#ABCD"
"""In the order of their event codes (RFC 4733, 3.2)."""
TONE_MS = 100
END_REPEATS = 3
"""Packets that say the end, in all (RFC 4733, 2.5.1.4)."""
GAP_MS = 60
MAX_QUEUE = 128
VOLUME = 10
"""-10 dBm0."""
_EVENT = struct.Struct("!BBH")
_TONE_FRAMES = TONE_MS // FRAME_MS
_ALL_FRAMES = (TONE_MS + GAP_MS) // FRAME_MS


class EventReader:
    """Turns event packets into digits: each one once, with the first packet of it that comes."""

    def __init__(self) -> None:
        self._timestamp: int | None = None
        self._event = -1
        self._duration = 0
        self._ended = True

    def read(self, payload: bytes, timestamp: int, *, marked: bool) -> str | None:
        """The digit that begins with this packet, if one does. Broken packets and other events are none."""
        if len(payload) < _EVENT.size:
            return None
        event, flags, duration = _EVENT.unpack_from(payload)
        if event >= len(DIGITS):
            return None
        ended = flags & 0x80 != 0
        if self._timestamp is not None:
            step = ahead(timestamp, self._timestamp, 32)
            if step < 0 and step > -RATE_HZ * 5:
                return None  # the end of one before, out of order
            if step == 0 and event == self._event:
                self._ended = self._ended or ended
                self._duration = max(self._duration, duration)
                return None
            grows = event == self._event and not self._ended and not marked and duration > self._duration
            if grows and step < RATE_HZ:  # some move the timestamp within an event
                self._timestamp, self._duration, self._ended = timestamp, duration, ended
                return None
        self._timestamp, self._event, self._duration, self._ended = timestamp, event, duration, ended
        return DIGITS[event]


class DigitQueue:
    """Digits to send, as events or tones, one step each FRAME_MS."""

    def __init__(self) -> None:
        self._digits: deque[str] = deque()
        self._frame = 0
        self.began = 0
        """Timestamp of the event that is being sent."""

    def add(self, digits: str) -> None:
        """Raises ValueError for what is no digit, or too many at once."""
        wanted = digits.upper()
        if any(digit not in DIGITS for digit in wanted):
            raise ValueError("not a DTMF digit")
        if len(self._digits) + len(wanted) > MAX_QUEUE:
            raise ValueError(f"over {MAX_QUEUE} digits wait")
        self._digits.extend(wanted)

    @property
    def busy(self) -> bool:
        return bool(self._digits)

    def event(self, timestamp: int, clock: int) -> tuple[bytes, bool] | None:
        """The next event payload, and whether it is the first of its digit (marker bit); None in a gap."""
        digit, frame = self._step()
        if frame == 1:
            self.began = timestamp
        if frame >= _TONE_FRAMES + END_REPEATS:
            return None
        duration = min(frame, _TONE_FRAMES) * FRAME_SAMPLES * clock // RATE_HZ
        flags = VOLUME | (0x80 if frame >= _TONE_FRAMES else 0)
        return _EVENT.pack(DIGITS.index(digit), flags, duration), frame == 1

    def tone(self) -> bytes | None:
        """The next frame of tone; None in a gap."""
        digit, frame = self._step()
        if frame > _TONE_FRAMES:
            return None
        return _tone_of(digit)[(frame - 1) * FRAME_BYTES : frame * FRAME_BYTES]

    def _step(self) -> tuple[str, int]:
        self._frame += 1
        frame, digit = self._frame, self._digits[0]
        if frame == _ALL_FRAMES:
            self._frame = 0
            self._digits.popleft()
        return digit, frame


class ToneReader:
    """Finds digits in audio: a pair of tones for 40 ms, told once; 40 ms without it end it."""

    def __init__(self) -> None:
        self._candidate: str | None = None
        self._run = 0
        self._told: str | None = None
        self._away = 0

    def read(self, frame: bytes) -> str | None:
        """The digit that is certain with this frame, if one is."""
        digit = _digit_in(frame)
        self._run = self._run + 1 if digit is not None and digit == self._candidate else 1
        self._candidate = digit
        if digit != self._told:
            self._away += 1
            if self._away >= 2:
                self._told = None
        else:
            self._away = 0
        if digit is None or self._run < 2 or digit == self._told:
            return None
        self._told, self._away = digit, 0
        return digit


_LOW, _HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_AMPLITUDE = 6_000
_MIN_RMS = 250
"""About -42 dBm0."""
_MIN_SHARE = 0.75
"""Of the frame's energy, what both tones must make up: speech has much beside them."""
_MAX_TWIST = 6.3
"""8 dB between the two tones, in energy (ITU-T Q.24 allows 4 and 8)."""


def _wave(frequency: int, amplitude: float, samples: int, phase: float = 0.0) -> bytes:
    step = 2 * math.pi * frequency / RATE_HZ
    return array("h", (round(amplitude * math.sin(step * n + phase)) for n in range(samples))).tobytes()


def _tone_of(digit: str) -> bytes:
    if digit not in _tones:
        row = next(row for row in range(4) if digit in _KEYS[row])
        column = _KEYS[row].index(digit)
        samples = RATE_HZ * TONE_MS // 1_000
        low, high = _wave(_LOW[row], _AMPLITUDE, samples), _wave(_HIGH[column], _AMPLITUDE, samples)
        _tones[digit] = audioop.add(low, high, 2)
    return _tones[digit]


_tones: dict[str, bytes] = {}
_REFERENCE = 16_000
_references = [
    (_wave(frequency, _REFERENCE, FRAME_SAMPLES), _wave(frequency, _REFERENCE, FRAME_SAMPLES, math.pi / 2))
    for frequency in (*_LOW, *_HIGH)
]
"""Sine and cosine of each tone. `findfactor` is the inner product in C, so this is Goertzel's result without a loop
in Python."""


def _digit_in(frame: bytes) -> str | None:
    rms = audioop.rms(frame, 2)
    if rms < _MIN_RMS:
        return None
    powers = [
        (audioop.findfactor(frame, sine) ** 2 + audioop.findfactor(frame, cosine) ** 2) * _REFERENCE**2 / 2
        for sine, cosine in _references
    ]
    low, high = max(powers[:4]), max(powers[4:])
    if low + high < _MIN_SHARE * rms * rms or not 1 / _MAX_TWIST < low / high < _MAX_TWIST:
        return None
    return _KEYS[powers.index(low)][powers.index(high) - 4]
