"""WAV to MP3 (libmp3lame through PyAV), in one worker thread of low priority."""

import asyncio
import os
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nokyc_voice.media.port import RATE

try:
    import av
except ImportError:  # recordings stay WAV files then
    av = None  # type: ignore[assignment]

MP3_RATE = 16_000
BIT_RATES = {1: 32_000, 2: 48_000}
"""By channels."""
LAYOUTS = {1: "mono", 2: "stereo"}
BLOCK_FRAMES = RATE
"""A second of samples at a time."""
LEAST_FRAMES = RATE // 10
"""Of silence, in place of nothing at all, which would be no file."""
NICENESS = 10


class Encoder:
    """Encodes one file at a time, for the whole process."""

    def __init__(self, *, limit: int = 1_000) -> None:
        """`limit` is how many files may wait."""
        self._limit = limit
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mp3", initializer=_step_back)

    async def to_mp3(self, wav: Path, mp3: Path) -> Path:
        """Mono as 32 kbit/s, stereo as 48 kbit/s, at 16 kHz. Returns the file to keep: `mp3`, or `wav` as it is if
        there is no encoder or the queue is full. Raises ValueError for a file that is no WAV of ours, and OSError."""
        if av is None or self._waiting >= self._limit:
            return wav
        self._waiting += 1
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, encode, wav, mp3)
        finally:
            self._waiting -= 1
        return mp3

    def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._thread.shutdown()


def encode(wav: Path, mp3: Path) -> None:
    """Write the MP3 beside, and give it its name once it is whole. Raises ValueError, OSError."""
    unfinished = mp3.with_suffix(".unfinished")
    try:
        with wave.open(str(wav), "rb") as source:
            if (source.getsampwidth(), source.getframerate()) != (2, RATE) or source.getnchannels() not in LAYOUTS:
                raise ValueError("not 16-bit PCM of one or two channels at 8 kHz")
            _write(source, unfinished)
        unfinished.replace(mp3)
    except (wave.Error, EOFError) as problem:
        raise ValueError(f"not a WAV file: {problem}") from None
    except av.FFmpegError as problem:
        raise OSError(f"the encoder failed: {problem}") from problem
    finally:
        unfinished.unlink(missing_ok=True)


def _write(source: wave.Wave_read, path: Path) -> None:
    channels = source.getnchannels()
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=MP3_RATE, layout=LAYOUTS[channels])
        stream.bit_rate = BIT_RATES[channels]
        pcm = source.readframes(BLOCK_FRAMES) or bytes(LEAST_FRAMES * 2 * channels)
        while pcm:
            container.mux(stream.encode(_frame(pcm, channels)))
            pcm = source.readframes(BLOCK_FRAMES)
        container.mux(stream.encode(None))


def _frame(pcm: bytes, channels: int) -> "av.AudioFrame":
    """The encoder resamples it, and cuts it into frames of its own."""
    frame = av.AudioFrame(format="s16", layout=LAYOUTS[channels], samples=len(pcm) // 2 // channels)
    frame.planes[0].update(pcm)
    frame.sample_rate = RATE
    return frame


def _step_back() -> None:
    """Let calls go first. Linux gives each thread its own niceness."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
