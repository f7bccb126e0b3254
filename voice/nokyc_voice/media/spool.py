"""Writes PCM to WAV files in a thread, in large blocks: whoever records never waits for the disk."""

import asyncio
import itertools
import queue
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from nokyc_voice.media.port import RATE_HZ

BLOCK_BYTES = 64 << 10
"""What is gathered before it goes to the disk: two seconds of stereo."""
HEADER_BYTES = 44
"""Of a WAV file of PCM, as the module `wave` writes it."""


class Spool:
    """The thread that writes, one for the process. What waits for it is bounded in bytes."""

    def __init__(self, *, limit_bytes: int = 64 << 20) -> None:
        self._limit = limit_bytes
        self._waiting = 0
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._turns = itertools.count()
        self._thread = threading.Thread(target=self._work, name="recordings", daemon=True)
        self._thread.start()

    def open(self, path: Path, *, channels: int) -> "SpoolFile":
        """A new WAV file of 16-bit samples at 8 kHz. Failures of the disk are told by its `close`."""
        return SpoolFile(self, path, channels)

    def turn(self) -> int:
        """A number that nobody else got: those who work in intervals begin at different moments by it."""
        return next(self._turns)

    def submit(self, job: Callable[[], None], size: int) -> bool:
        """Do this in the thread; False if `size` more bytes are too many."""
        with self._lock:
            if self._waiting + size > self._limit:
                return False
            self._waiting += size
        self._jobs.put(lambda: self._do(job, size))
        return True

    def close(self) -> None:
        """Write what is queued and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _do(self, job: Callable[[], None], size: int) -> None:
        try:
            job()
        finally:
            with self._lock:
                self._waiting -= size

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class SpoolFile:
    """One WAV file under way. Its first failure ends the writing, and `close` raises it."""

    def __init__(self, spool: Spool, path: Path, channels: int) -> None:
        self._spool = spool
        self._path = path
        self._channels = channels
        self._pending: list[bytes] = []
        self._size = 0
        self._file: BinaryIO | None = None
        self._wave: wave.Wave_write | None = None
        self._failure: OSError | None = None
        self.dropped_bytes = 0
        """What found the spool full."""
        self._owed = 0
        """Of that, what silence does not stand in for yet."""

    def write(self, pcm: bytes) -> None:
        """Queue samples. If the spool is full, silence stands in for them as soon as there is room."""
        self._pending.append(pcm)
        self._size += len(pcm)
        if self._size >= BLOCK_BYTES:
            self._pass_on()

    async def close(self, *, keep_bytes: int | None = None) -> None:
        """Write the rest and finish the file; `keep_bytes` cuts off what is behind. Raises OSError."""
        self._pass_on()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        owed = self._owed

        def finish() -> None:
            self._write(owed, [])
            self._finish(keep_bytes)
            loop.call_soon_threadsafe(_settle, done)

        self._spool.submit(finish, 0)
        await done
        if self._failure is not None:
            raise self._failure

    def _pass_on(self) -> None:
        block, self._pending, size, self._size = self._pending, [], self._size, 0
        owed = self._owed
        if self._spool.submit(lambda: self._write(owed, block), size):
            self._owed = 0
        else:
            self._owed += size
            self.dropped_bytes += size

    def _write(self, owed: int, block: list[bytes]) -> None:
        if self._failure is not None:
            return
        try:
            file = self._opened()
            for offset in range(0, owed, BLOCK_BYTES):
                file.writeframesraw(bytes(min(BLOCK_BYTES, owed - offset)))
            file.writeframes(b"".join(block))  # keeps the header true, should the machine die
        except OSError as problem:
            self._failure = problem

    def _opened(self) -> wave.Wave_write:
        if self._wave is None:
            self._file = self._path.open("wb")
            self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed by _finish
            self._wave.setnchannels(self._channels)
            self._wave.setsampwidth(2)
            self._wave.setframerate(RATE_HZ)
        return self._wave

    def _finish(self, keep_bytes: int | None) -> None:
        try:
            self._opened().close()
            if self._file is not None:
                self._file.close()
            if keep_bytes is not None:
                _cut(self._path, keep_bytes)
        except OSError as problem:
            self._failure = self._failure or problem


def mend(path: Path) -> int:
    """Make a WAV file whole that nobody finished: its header says what is there. Returns its length in ms, 0 if it
    holds nothing. For files of ours alone."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    channels = int.from_bytes(header[22:24], "little")
    if len(header) < HEADER_BYTES or not header.startswith(b"RIFF") or not channels:
        return 0
    frame = 2 * channels
    frames = (path.stat().st_size - HEADER_BYTES) // frame
    _cut(path, frames * frame)
    return frames * 1_000 // RATE_HZ


def _cut(path: Path, keep_bytes: int) -> None:
    """Shorten a WAV file to so many bytes of samples, and let its header say so."""
    with path.open("r+b") as file:
        file.truncate(HEADER_BYTES + keep_bytes)
        file.seek(4)
        file.write((36 + keep_bytes).to_bytes(4, "little"))
        file.seek(40)
        file.write(keep_bytes.to_bytes(4, "little"))


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
