"""The gate before speech to text: what is not speech never gets there, and what is long gets there in pieces."""

from dataclasses import dataclass

from nokyc.speech.port import BYTES_PER_SEC, Vad

SPEECH = 0.5
"""Probability from which a window counts as speech."""
STILL_SPEECH = 0.35
"""Once somebody speaks, he does until it falls below this."""
MIN_SPEECH_MS = 200
"""A cough or a click is shorter; a `no` is not."""
MIN_VOICED_MS = 160
"""So much of a whole recording has to be speech beyond doubt."""
SURE = 0.7
JOIN_MS = 700
"""Silence within a sentence: what is closer together is one stretch."""
PAD_MS = 300
"""Kept before and after a stretch: first and last consonants are quiet."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when somebody speaks, in milliseconds."""

    start_ms: int
    end_ms: int


class Gate:
    """Finds speech in a recording by a voice activity detector."""

    def __init__(self, vad: Vad) -> None:
        self._vad = vad

    def stretches(self, pcm: bytes) -> list[Stretch]:
        """Where somebody speaks; empty for silence, noise and music. Raises SpeechUnavailable."""
        stream = self._vad.open()
        step = stream.window_bytes
        padded = pcm + bytes(-len(pcm) % step)
        chances = [stream.probability(padded[at : at + step]) for at in range(0, len(padded), step)]
        window_ms = step * 1000 // BYTES_PER_SEC
        if sum(chance >= SURE for chance in chances) * window_ms < MIN_VOICED_MS:
            return []
        found = [each for each in _runs(chances, window_ms) if each.end_ms - each.start_ms >= MIN_SPEECH_MS]
        return _joined(found)

    def chunks(self, pcm: bytes, max_sec: float) -> list[bytes]:
        """The recording without its silences at both ends, cut in pauses into pieces of at most `max_sec`."""
        length_ms = len(pcm) * 1000 // BYTES_PER_SEC
        pieces: list[Stretch] = []
        for stretch in self.stretches(pcm):
            padded = Stretch(max(0, stretch.start_ms - PAD_MS), min(length_ms, stretch.end_ms + PAD_MS))
            if pieces and padded.end_ms - pieces[-1].start_ms <= max_sec * 1000:
                pieces[-1] = Stretch(pieces[-1].start_ms, padded.end_ms)
            else:
                pieces += _cut(padded, round(max_sec * 1000))
        return [pcm[_offset(piece.start_ms) : _offset(piece.end_ms)] for piece in pieces]


def _runs(chances: list[float], window_ms: int) -> list[Stretch]:
    found: list[Stretch] = []
    start: int | None = None
    for at, chance in enumerate([*chances, 0.0]):
        if start is None and chance >= SPEECH:
            start = at
        elif start is not None and chance < STILL_SPEECH:
            found.append(Stretch(start * window_ms, at * window_ms))
            start = None
    return found


def _joined(found: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in found:
        if joined and stretch.start_ms - joined[-1].end_ms <= JOIN_MS:
            joined[-1] = Stretch(joined[-1].start_ms, stretch.end_ms)
        else:
            joined.append(stretch)
    return joined


def _cut(stretch: Stretch, max_ms: int) -> list[Stretch]:
    """Who speaks without a pause is cut all the same."""
    starts = range(stretch.start_ms, stretch.end_ms, max_ms)
    return [Stretch(start, min(start + max_ms, stretch.end_ms)) for start in starts]


def _offset(at_ms: int) -> int:
    return at_ms * BYTES_PER_SEC // 1000 // 2 * 2
