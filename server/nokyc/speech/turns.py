"""Turns of a live call: when a party begins to speak, pauses, goes on, and has finished.

A pause is told early, so that transcription can begin while we wait to see whether it was the end: that hides most of
the time that a model needs.
"""

from dataclasses import dataclass

from nokyc.speech.port import (
    BYTES_PER_SEC,
    Paused,
    Resumed,
    SpeechStarted,
    TurnEnded,
    TurnEvent,
    VadStream,
)


@dataclass(frozen=True, slots=True)
class TurnRules:
    """When what counts. Milliseconds of audio, not of any clock."""

    speech: float = 0.5
    """Probability from which a window is speech."""
    start_ms: int = 96
    """So much speech within twice the time begins a turn; well below the 300 ms that a barge-in may take."""
    pause_ms: int = 300
    end_ms: int = 700
    """Silence that ends a turn. People pause for half a second in the middle of a number."""
    sure_ms: int = 384
    """Silence that ends a turn whose words sound finished."""
    before_ms: int = 320
    """Kept from before the beginning: the first consonant is no speech yet."""
    max_turn_ms: int = 30_000
    """Then the turn is cut: nobody listens for longer, and memory is bounded."""


DEFAULT_RULES = TurnRules()


class TurnDetector:
    """One direction of one call: audio in, turns out. No clock, no thread, no waiting."""

    def __init__(self, stream: VadStream, rules: TurnRules = DEFAULT_RULES) -> None:
        self._stream = stream
        self._rules = rules
        self._window_ms = stream.window_bytes * 1000 // BYTES_PER_SEC
        self._rest = b""
        self._heard_ms = 0
        self._before = bytearray()
        self._turn: bytearray | None = None
        self._recent: list[bool] = []
        self._silent_ms = 0
        self._paused: bytes | None = None
        self._sure = False

    @property
    def speaking(self) -> bool:
        """Whether a turn is under way, a pause within it included."""
        return self._turn is not None

    def feed(self, pcm: bytes) -> list[TurnEvent]:
        """Audio of any length, in order; what it brought about."""
        events: list[TurnEvent] = []
        self._rest += pcm
        size = self._stream.window_bytes
        while len(self._rest) >= size:
            window, self._rest = self._rest[:size], self._rest[size:]
            self._heard_ms += self._window_ms
            speech = self._stream.probability(window) >= self._rules.speech
            events += self._listen(window, speech) if self._turn is None else self._follow(self._turn, window, speech)
        return events

    def expect_end(self, pcm: bytes) -> None:
        """The words of a pause's `pcm` sound finished: less silence will do, unless the party has gone on meanwhile."""
        self._sure = self._paused == pcm

    def _listen(self, window: bytes, speech: bool) -> list[TurnEvent]:
        """Nobody speaks yet."""
        self._before += window
        keep = (self._rules.before_ms + self._rules.start_ms) * BYTES_PER_SEC // 1000
        del self._before[: max(0, len(self._before) - keep)]
        if not self._enough_speech(speech):
            return []
        self._turn, self._before = self._before, bytearray()
        self._silent_ms, self._paused = 0, None
        return [SpeechStarted(self._heard_ms)]

    def _follow(self, turn: bytearray, window: bytes, speech: bool) -> list[TurnEvent]:
        """Somebody speaks, or pauses."""
        turn += window
        if len(turn) * 1000 // BYTES_PER_SEC >= self._rules.max_turn_ms:
            return self._end(bytes(turn))
        enough = self._enough_speech(speech)
        if speech:  # too little of it is a click, which neither ends a pause nor makes it longer
            if enough:
                self._silent_ms = 0
                if self._paused is not None:
                    self._paused, self._sure = None, False
                    return [Resumed(self._heard_ms)]
            return []
        self._silent_ms += self._window_ms
        if self._paused is None and self._silent_ms >= self._rules.pause_ms:
            self._paused = bytes(turn)
            return [Paused(self._heard_ms, self._paused)]
        if self._paused is not None and self._silent_ms >= (self._rules.sure_ms if self._sure else self._rules.end_ms):
            return self._end(self._paused)
        return []

    def _end(self, pcm: bytes) -> list[TurnEvent]:
        told: list[TurnEvent] = [] if self._paused == pcm else [Paused(self._heard_ms, pcm)]
        self._turn, self._paused, self._recent, self._sure = None, None, [], False
        return [*told, TurnEnded(self._heard_ms, pcm)]

    def _enough_speech(self, speech: bool) -> bool:
        """`start_ms` of speech within the last twice `start_ms`: one window alone is a click."""
        needed = max(1, self._rules.start_ms // self._window_ms)
        self._recent = [*self._recent, speech][-2 * needed :]
        return sum(self._recent) >= needed
