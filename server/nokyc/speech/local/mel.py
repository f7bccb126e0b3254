"""What Whisper hears: log-mel spectrograms of 16 kHz audio (Radford et al. 2022, section 2.2), and resampling."""

from functools import cache
from typing import Any

import numpy as np

WHISPER_HZ = 16_000
FFT = 400
HOP = 160
MELS = 80
RESAMPLE_TAPS = 48
"""On each side of the centre, at the higher rate: flat to 3.4 kHz, 60 dB down from 4.6 kHz on."""

Array = np.ndarray[Any, np.dtype[np.float32]]


def samples(pcm: bytes) -> Array:
    """s16le to floats of -1 to 1; half a sample at the end is dropped."""
    usable = len(pcm) // 2 * 2
    return np.frombuffer(pcm[:usable], dtype="<i2").astype(np.float32) / np.float32(32768)


def pcm(audio: Array) -> bytes:
    """Floats of -1 to 1 to s16le, clipped."""
    return bytes(np.rint(np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())


def doubled(audio: Array) -> Array:
    """From 8 to 16 kHz."""
    spread = np.zeros(2 * len(audio), dtype=np.float32)
    spread[::2] = audio
    return _filtered(spread, 2) * np.float32(2)


def reduced(audio: Array, factor: int) -> Array:
    """To a `factor`-th of the rate, without aliases."""
    return _filtered(audio, factor)[::factor]


def log_mel(audio: Array, window_sec: float) -> Array:
    """Mel bands by frames of 10 ms, the audio padded with silence, or cut, to `window_sec`."""
    length = round(window_sec * WHISPER_HZ)
    padded = np.zeros(length, dtype=np.float32)
    padded[: min(len(audio), length)] = audio[:length]
    centred = np.pad(padded, FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(centred, FFT)[::HOP][: length // HOP]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)).astype(np.float32) ** 2
    bands = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    bands = np.maximum(bands, bands.max() - 8.0)
    return np.ascontiguousarray((bands + 4.0) / 4.0, dtype=np.float32)


def _filtered(audio: Array, factor: int) -> Array:
    """Low pass at the lower of the two rates' Nyquist frequency."""
    return np.convolve(audio, _low_pass(factor), mode="same").astype(np.float32) if len(audio) else audio


@cache
def _low_pass(factor: int) -> Array:
    """A sinc under a Kaiser window, of unit gain."""
    half = RESAMPLE_TAPS * factor // 2
    at = np.arange(-half, half + 1) / factor
    taps = np.sinc(at) * np.kaiser(2 * half + 1, 6.0)
    return np.asarray(taps / taps.sum(), dtype=np.float32)


@cache
def _hann() -> Array:
    return np.hanning(FFT + 1)[:-1].astype(np.float32)


@cache
def _filters() -> Array:
    """Triangles on Slaney's mel scale, of unit area: linear below 1 kHz, logarithmic above."""
    top = _to_mel(WHISPER_HZ / 2)
    edges = np.array([_from_mel(top * step / (MELS + 1)) for step in range(MELS + 2)])
    bins = np.fft.rfftfreq(FFT, 1 / WHISPER_HZ)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    area = 2.0 / (edges[2:] - edges[:-2])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * area[:, None], dtype=np.float32)


_LINEAR_HZ = 200 / 3
_KNEE_HZ = 1_000.0
_KNEE_MEL = _KNEE_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27


def _to_mel(hertz: float) -> float:
    return hertz / _LINEAR_HZ if hertz < _KNEE_HZ else _KNEE_MEL + float(np.log(hertz / _KNEE_HZ) / _LOG_STEP)


def _from_mel(mel: float) -> float:
    return mel * _LINEAR_HZ if mel < _KNEE_MEL else _KNEE_HZ * float(np.exp(_LOG_STEP * (mel - _KNEE_MEL)))
