"""G.711 (ITU-T): 16-bit PCM to µ-law and A-law and back, by `audioop`, which Python had until 3.12."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # gone from 3.13, where audioop-lts takes its place
    import audioop

__all__ = ["alaw_to_pcm", "audioop", "pcm_to_alaw", "pcm_to_ulaw", "ulaw_to_pcm"]


def ulaw_to_pcm(data: bytes) -> bytes:
    """µ-law to s16le."""
    return audioop.ulaw2lin(data, 2)


def pcm_to_ulaw(pcm: bytes) -> bytes:
    """s16le to µ-law; half a sample at the end is dropped."""
    return audioop.lin2ulaw(pcm[: len(pcm) // 2 * 2], 2)


def alaw_to_pcm(data: bytes) -> bytes:
    """A-law to s16le."""
    return audioop.alaw2lin(data, 2)


def pcm_to_alaw(pcm: bytes) -> bytes:
    """s16le to A-law."""
    return audioop.lin2alaw(pcm, 2)
