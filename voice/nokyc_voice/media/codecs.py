"""Codecs: 20 ms of 8 kHz s16le PCM to a payload and back. G.722 runs on its lower band, which is all that we carry."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import G722

from nokyc.kit.g711 import alaw_to_pcm, audioop, pcm_to_alaw, pcm_to_ulaw, ulaw_to_pcm

__all__ = ["CODECS", "Codec", "Decode", "Encode", "audioop"]

Encode = Callable[[bytes], bytes]
Decode = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Codec:
    """One codec, as SDP and RTP see it. All of them send 8,000 bytes a second."""

    name: str
    payload_type: int
    """Static (RFC 3551, 6)."""
    rate: int
    """The RTP clock in Hz: 8,000 for G.722 too, by an old mistake (RFC 3551, 4.5.2)."""
    impairment: int
    """Ie of ITU-T G.113, Appendix I. G.722 is rated on the wideband scale there; its lower band costs nothing here."""
    robustness: float
    """Bpl of ITU-T G.113, Appendix I, for random loss with concealment."""
    encoder: Callable[[], Encode]
    """A fresh encoder, with its state."""
    decoder: Callable[[], Decode]


def _g722_encoder() -> Encode:
    encode = G722.G722(8_000, 64_000).encode

    def encoded(pcm: bytes) -> bytes:
        return bytes(encode(array("h", pcm)))

    return encoded


def _g722_decoder() -> Decode:
    decode = G722.G722(8_000, 64_000).decode

    def decoded(payload: bytes) -> bytes:
        return bytes(decode(payload).tobytes())

    return decoded


CODECS = {
    codec.name: codec
    for codec in (
        Codec("PCMA", 8, 8_000, 0, 25.1, lambda: pcm_to_alaw, lambda: alaw_to_pcm),
        Codec("PCMU", 0, 8_000, 0, 25.1, lambda: pcm_to_ulaw, lambda: ulaw_to_pcm),
        Codec("G722", 9, 8_000, 0, 25.1, _g722_encoder, _g722_decoder),
    )
}
"""By name, in our order of preference."""
