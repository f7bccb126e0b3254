"""Call quality in figures: an estimated MOS by the E-model (ITU-T G.107) with the codecs' values of G.113."""

from nokyc_voice.media.codecs import Codec

BASIC_R = 93.2
"""R0 - Is with all other parameters at their defaults (ITU-T G.107, table 2)."""
ONE_WAY_PACKETS = 50
"""So many we must have sent before silence from the far end means something."""
PACKETIZATION_MS = 20
"""What the far end's packets gather before they leave, beside the network and our buffer."""


def mos(codec: Codec, *, loss: float, one_way_delay_ms: float) -> float:
    """Mean opinion score from 1 to 4.5. `loss` is the share of frames that were not heard as sent, 0 to 1, after the
    jitter buffer; `one_way_delay_ms` is mouth to ear."""
    percent = 100 * min(max(loss, 0.0), 1.0)
    equipment = codec.impairment + (95 - codec.impairment) * percent / (percent + codec.robustness)
    rating = BASIC_R - _delay_impairment(one_way_delay_ms) - equipment
    if rating <= 0:
        return 1.0
    if rating >= 100:
        return 4.5
    return round(max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6), 2)


def _delay_impairment(delay_ms: float) -> float:
    """Id: the widely used fit to the curve of ITU-T G.107 for calls without echo."""
    return 0.024 * delay_ms + (0.11 * (delay_ms - 177.3) if delay_ms > 177.3 else 0.0)
