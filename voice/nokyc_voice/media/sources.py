"""What a leg can be given to say: written PCM, and the other leg of a bridge. Tones are in `tones`."""

import asyncio
from collections import deque
from collections.abc import Callable

from nokyc_voice.media.errors import PlayerFullError
from nokyc_voice.media.port import FRAME_BYTES, RATE_HZ, AudioLeg, Undo

BYTES_PER_MS = 2 * RATE_HZ // 1_000


class Player:
    """A Source that plays what is written to it, in order. Any length may be written: frames are cut here, and a
    rest at the end is filled up with silence once it is due."""

    def __init__(self, *, limit_ms: int = 120_000) -> None:
        self._limit = limit_ms * BYTES_PER_MS
        self._chunks: deque[bytes] = deque()
        self._offset = 0
        """Into the first chunk."""
        self._queued = 0
        self._written = 0
        self._played = 0
        """Bytes since the beginning, as `_written`; what was flushed counts as played."""
        self._marks: deque[tuple[int, Callable[[], None]]] = deque()
        self._moved = asyncio.Event()
        """Set at each read that changes something, for those who wait."""

    @property
    def queued_ms(self) -> int:
        """How much is still to be played."""
        return self._queued // BYTES_PER_MS

    def write(self, pcm: bytes) -> None:
        """Queue 8 kHz mono s16le. Raises PlayerFullError beyond the limit, with nothing queued."""
        if self._queued + len(pcm) > self._limit:
            raise PlayerFullError(f"over {self._limit // BYTES_PER_MS} ms are queued")
        if pcm:
            self._chunks.append(pcm)
            self._queued += len(pcm)
            self._written += len(pcm)

    async def feed(self, pcm: bytes) -> None:
        """Queue it all, piece by piece as there is room."""
        offset = 0
        while offset < len(pcm):
            room = (self._limit - self._queued) // FRAME_BYTES * FRAME_BYTES
            if room > 0:
                self.write(pcm[offset : offset + room])
                offset += room
            else:
                await self._move()

    def mark(self, reached: Callable[[], None]) -> None:
        """Call this once all that was written so far has been played, or flushed."""
        if self._queued == 0:
            reached()
        else:
            self._marks.append((self._written, reached))

    def flush(self) -> int:
        """Drop what is queued; returns how many ms that was. Marks are reached by it, and `drained` returns."""
        dropped = self._queued
        self._chunks.clear()
        self._offset = self._queued = 0
        self._advance(dropped)
        return dropped // BYTES_PER_MS

    async def drained(self) -> None:
        """Wait until everything was played or flushed."""
        while self._queued:
            await self._move()

    def read(self) -> bytes | None:
        if not self._queued:
            return None
        chunk, offset = self._chunks[0], self._offset
        end = offset + FRAME_BYTES
        if end < len(chunk):
            self._offset = end
            frame = chunk[offset:end]
        else:
            frame = self._gather()
        self._queued -= len(frame)
        self._advance(len(frame))
        return frame if len(frame) == FRAME_BYTES else frame.ljust(FRAME_BYTES, b"\0")

    def _gather(self) -> bytes:
        """A frame that reaches to the end of the first chunk, or beyond."""
        parts: list[bytes] = []
        need = FRAME_BYTES
        while need and self._chunks:
            part = self._chunks[0][self._offset : self._offset + need]
            parts.append(part)
            need -= len(part)
            self._offset += len(part)
            if self._offset == len(self._chunks[0]):
                self._chunks.popleft()
                self._offset = 0
        return b"".join(parts)

    def _advance(self, size: int) -> None:
        self._played += size
        self._moved.set()
        while self._marks and self._marks[0][0] <= self._played:
            self._marks.popleft()[1]()

    async def _move(self) -> None:
        self._moved.clear()
        await self._moved.wait()


def join(a: AudioLeg, b: AudioLeg) -> Undo:
    """Let two legs hear each other, and pass DTMF digits on. What each was playing ends. What one hears leaves
    through the other within the same tick."""
    to_a, to_b = _Wire(), _Wire()
    a.play(to_a)
    b.play(to_b)
    undos = [a.listen(to_b.put), b.listen(to_a.put), a.on_digit(_passing(a, b)), b.on_digit(_passing(b, a))]

    def undo() -> None:
        while undos:
            undos.pop()()
        to_a.put(None)
        to_b.put(None)

    return undo


def joiner(leg: AudioLeg) -> Callable[[AudioLeg | None], None]:
    """Joins `leg` with one other at a time, as early media comes and goes; None parts it from the last one."""
    undo: Undo | None = None

    def to(other: AudioLeg | None) -> None:
        nonlocal undo
        if undo is not None:
            undo()
        undo = None if other is None else join(leg, other)

    return to


class _Wire:
    """What one leg of a bridge heard, on its way to the other's mouth: one frame at the most, so no delay adds up."""

    def __init__(self) -> None:
        self._frame: bytes | None = None

    def put(self, frame: bytes | None) -> None:
        self._frame = frame

    def read(self) -> bytes | None:
        frame, self._frame = self._frame, None
        return frame


def _passing(one: AudioLeg, other: AudioLeg) -> Callable[[str], None]:
    """Pass digits on, but for those whose tones are passed on with the audio: they would be there twice."""

    def sink(digit: str) -> None:
        if one.digits_in_audio and other.digits_in_audio:
            return
        try:
            other.send_digits(digit)
        except ValueError:
            return  # more are waiting than anybody has pressed

    return sink
