"""Recordings: both sides of a call in step, or a message until its speaker is done. The disk never waits on us."""

import asyncio
import wave
from pathlib import Path
from typing import Literal, Protocol

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS, AudioLeg
from nokyc_voice.media.spool import Spool

EndedBy = Literal["silence", "hangup", "digit", "limit"]

ECHO_MS = 100
"""At a message's beginning, where the tone's echo may still come back; not recorded."""
TAIL_MS = 300
"""Of silence, that a message keeps at its end."""
BATCH_FRAMES = 25
"""Frames of both sides that are woven together at once. Recordings that began together take turns."""


class Vad(Protocol):
    """Tells speech from the rest, frame by frame."""

    def speech(self, frame: bytes) -> bool: ...


class EnergyVad:
    """Speech is what is well above the quietest that was heard lately; 200 ms of it at least linger."""

    FLOOR = 80
    """RMS of a quiet line: about -52 dBm0."""
    RATIO = 3.0
    HANGOVER_FRAMES = 10

    def __init__(self) -> None:
        self._noise = float(self.FLOOR)
        self._hangover = 0

    def speech(self, frame: bytes) -> bool:
        rms = audioop.rms(frame, 2)
        loud = rms > self.RATIO * self._noise
        # Quickly down, slowly up: a pause shows the noise at once, and speech hardly lifts it.
        self._noise += (rms - self._noise) * (0.2 if rms < self._noise else 0.004)
        self._noise = min(max(self._noise, self.FLOOR), 10 * self.FLOOR)
        if loud:
            self._hangover = self.HANGOVER_FRAMES
        elif self._hangover:
            self._hangover -= 1
        return loud or self._hangover > 0


def join_wavs(first: Path, second: Path) -> None:
    """Put the sound of the first file, mono, before that of the second one; the first is gone then. Raises OSError.
    Takes a while: for a thread."""
    whole = second.with_suffix(".whole")
    with wave.open(str(whole), "wb") as target:
        for path in (first, second):
            with wave.open(str(path), "rb") as source:
                if path is first:
                    target.setparams(source.getparams())
                target.writeframes(source.readframes(source.getnframes()))
    whole.replace(second)
    first.unlink()


class StereoRecorder:
    """Records a leg from now on: heard on the left, sent on the right, sample for sample. The leg is the other party's
    (docs/guides/calls.md), the account's own side is what it is sent."""

    def __init__(self, leg: AudioLeg, path: Path, spool: Spool, *, max_sec: int = 4 * 3600) -> None:
        self._file = spool.open(path, channels=2)
        self._left = max_sec * 1_000 // FRAME_MS
        self._frames = 0
        self._batch = spool.turn() % BATCH_FRAMES + 1
        self._heard: list[bytes] = []
        self._sent: list[bytes] = []
        self._closing: asyncio.Task[None] | None = None
        self._undo = leg.tap(self._take)

    @property
    def dropped_frames(self) -> int:
        """Frames that found the spool full; silence stands in for them."""
        return self._file.dropped_bytes // (2 * FRAME_BYTES)

    async def finish(self) -> int:
        """Stop, wait until the file is whole, and return its length in ms. May be called twice. Raises OSError."""
        if self._closing is None:
            self._undo()
            self._weave()
            self._closing = asyncio.ensure_future(self._file.close())
        await asyncio.shield(self._closing)
        return self._frames * FRAME_MS

    def _take(self, heard: bytes, sent: bytes) -> None:
        if self._frames + len(self._heard) >= self._left:
            return
        self._heard.append(heard)
        self._sent.append(sent)
        if len(self._heard) == self._batch:
            self._batch = BATCH_FRAMES
            self._weave()

    def _weave(self) -> None:
        """Put the two sides side by side: a left sample and a right one, in turn."""
        if not self._heard:
            return
        left, right = b"".join(self._heard), b"".join(self._sent)
        self._frames += len(self._heard)
        self._heard, self._sent = [], []
        self._file.write(audioop.add(audioop.tostereo(left, 2, 1, 0), audioop.tostereo(right, 2, 0, 1), 2))


class MessageRecorder:
    """Records what a leg hears (mono) until silence, `#`, hang-up or a limit. Trailing silence is cut off, and so is
    the first moment, which holds the tone's echo."""

    def __init__(
        self,
        leg: AudioLeg,
        path: Path,
        spool: Spool,
        *,
        max_sec: int,
        silence_sec: int,
        vad: Vad | None = None,
    ) -> None:
        self._path = path
        self._file = spool.open(path, channels=1)
        self._vad: Vad = vad if vad is not None else EnergyVad()
        self._limit = max_sec * 1_000 // FRAME_MS
        self._patience = silence_sec * 1_000 // FRAME_MS
        self._skip = ECHO_MS // FRAME_MS
        self._frames = 0
        self._spoken = 0
        """Frames up to the last one with speech."""
        self._ended: asyncio.Future[EndedBy] = asyncio.get_running_loop().create_future()
        self._closing: asyncio.Task[int] | None = None
        self._undos = [leg.listen(self._take), leg.on_digit(self._digit)]

    def hang_up(self) -> None:
        """The far end is gone, or the engine wants no more: end with what there is."""
        self._end("hangup")

    async def done(self) -> tuple[EndedBy, int]:
        """Wait for the end; why, and the length in ms of the message: 0 if nobody said anything (no file then).
        Raises OSError."""
        ended = await asyncio.shield(self._ended)
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        return ended, await asyncio.shield(self._closing)

    def _take(self, frame: bytes) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._file.write(frame)
        self._frames += 1
        if self._vad.speech(frame):
            self._spoken = self._frames
        if self._frames >= self._limit:
            self._end("limit")
        elif self._frames - self._spoken >= self._patience:
            self._end("silence")

    def _digit(self, digit: str) -> None:
        if digit == "#":
            self._end("digit")

    def _end(self, why: EndedBy) -> None:
        while self._undos:
            self._undos.pop()()
        if not self._ended.done():
            self._ended.set_result(why)

    async def _close(self) -> int:
        frames = min(self._frames, self._spoken + TAIL_MS // FRAME_MS) if self._spoken else 0
        await self._file.close(keep_bytes=frames * FRAME_BYTES)
        if not frames:
            self._path.unlink(missing_ok=True)
        return frames * FRAME_MS
