"""WAV to MP3 (libmp3lame through PyAV), in one worker thread of low priority."""

from pathlib import Path


class Encoder:
    """Encodes one file at a time, for the whole process."""

    def __init__(self, *, limit: int = 1_000) -> None:
        """`limit` is how many files may wait."""

    async def to_mp3(self, wav: Path, mp3: Path) -> Path:
        """Mono as 32 kbit/s, stereo as 48 kbit/s, at 16 kHz. Returns the file to keep: `mp3`, or `wav` as it is if
        there is no encoder or the queue is full. Raises ValueError for a file that is no WAV of ours."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        raise NotImplementedError
