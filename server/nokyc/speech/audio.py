"""The port's audio: silence, length, joints. G.711 and resampling are the kit's."""

from nokyc.kit.g711 import pcm_to_ulaw, ulaw_to_pcm
from nokyc.kit.resampling import Resampler, read_samples, to_telephone, write_samples
from nokyc.speech.port import BYTES_PER_SEC, RATE_HZ

__all__ = ["Resampler", "duration_ms", "faded", "pcm_to_ulaw", "silence", "to_telephone", "ulaw_to_pcm"]


def silence(ms: int) -> bytes:
    return bytes(BYTES_PER_SEC * ms // 1000 // 2 * 2)


def duration_ms(pcm: bytes) -> int:
    return len(pcm) * 1000 // BYTES_PER_SEC


def faded(pcm: bytes, ms: int = 5) -> bytes:
    """With a short fade at both ends, so that pieces join without a click."""
    heard = read_samples(pcm)
    ramp = min(len(heard) // 2, RATE_HZ * ms // 1000)
    for at in range(ramp):
        heard[at] = heard[at] * at // ramp
        heard[-1 - at] = heard[-1 - at] * at // ramp
    return write_samples(heard)
