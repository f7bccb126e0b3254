"""Recordings: both sides of a call in step, or a message until its speaker is done. The disk never waits on us."""

from pathlib import Path
from typing import Literal, Protocol

from nokyc_voice.media.port import AudioLeg

EndedBy = Literal["silence", "hangup", "digit", "limit"]


class Spool:
    """The thread that writes WAV files, one for the process, with a bounded queue."""

    def __init__(self, *, limit_bytes: int = 64 << 20) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Write what is queued and end the thread."""
        raise NotImplementedError


class Vad(Protocol):
    """Tells speech from the rest, frame by frame."""

    def speech(self, frame: bytes) -> bool: ...


class StereoRecorder:
    """Records a leg from now on: heard on the left, sent on the right, sample for sample."""

    dropped_frames: int
    """Frames that found the spool full; silence stands in for them."""

    def __init__(self, leg: AudioLeg, path: Path, spool: Spool, *, max_sec: int = 4 * 3600) -> None:
        raise NotImplementedError

    async def finish(self) -> int:
        """Stop, wait until the file is whole, and return its length in ms. May be called twice."""
        raise NotImplementedError


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
        raise NotImplementedError

    def hang_up(self) -> None:
        """The far end is gone, or the engine wants no more: end with what there is."""
        raise NotImplementedError

    async def done(self) -> tuple[EndedBy, int]:
        """Wait for the end; why, and the length in ms of the message: 0 if nobody said anything (no file then)."""
        raise NotImplementedError
