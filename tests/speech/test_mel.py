"""What Whisper hears: bands where the tone is, and the rates' doubling and thirding without artefacts."""

import math

import numpy as np

from nokyc.speech.local import mel
from speech.small import tone


def test_a_tone_is_in_its_band_and_silence_is_dark() -> None:
    bands = mel.log_mel(mel.doubled(mel.samples(tone(1_000, 1_000))), 2.0)
    assert bands.shape == (80, 200)
    assert bands.dtype == np.float32
    loudest = int(bands[:, 50].argmax())
    assert 26 <= loudest <= 28  # 1 kHz is at 15 of 45.2 mels, so at a third of 80 bands
    assert bands[:, 150].max() < bands[:, 50].max() - 1


def test_doubling_keeps_a_tone() -> None:
    doubled = mel.doubled(mel.samples(tone(500, 1_000)))
    expected = [8_000 / 32_768 * math.sin(2 * math.pi * 1_000 * at / 16_000) for at in range(len(doubled))]
    assert np.abs(doubled - np.array(expected))[200:-200].max() < 0.002


def test_a_third_of_the_rate_has_no_aliases() -> None:
    at = np.arange(24_000) / 24_000
    assert np.abs(mel.reduced(np.sin(2 * np.pi * 5_500 * at).astype(np.float32), 3))[100:-100].max() < 0.01
    kept = mel.reduced(np.sin(2 * np.pi * 1_000 * at).astype(np.float32), 3)
    assert abs(float(np.abs(kept)[100:-100].max()) - 1) < 0.02


def test_pcm_and_samples_are_inverse_but_for_clipping() -> None:
    assert mel.pcm(mel.samples(tone(100)) * np.float32(32_768 / 32_767)) == tone(100)
    assert mel.pcm(np.array([2.0, -2.0], dtype=np.float32)) == b"\xff\x7f\x01\x80"
