"""Taking a sound file over: as MP3 where that can be written, else as it is."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from nokyc.kit.audio import AudioError
from nokyc.resources.files.audio import encode_mp3, has_mp3
from nokyc.store.files import Files

NICENESS = 10
"""Of the process that encodes: nobody waits for it."""

Encode = Callable[[Path, Path], Awaitable[None]]
"""Writes the second file from the first."""


class Encoder:
    """Writes MP3 files one at a time in a process of its own, so that nobody's audio waits for that. It begins with
    the first file."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def encode(self, wav: Path, mp3: Path) -> None:
        """Write an MP3 file of a WAV file. Raises AudioError, also if the process is killed meanwhile."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_step_back)
        pool = self._pool
        try:
            await asyncio.get_running_loop().run_in_executor(pool, encode_mp3, wav, mp3)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            raise AudioError("the encoder died") from None

    def close(self) -> None:
        """End the process, once it has finished its file."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


async def encode_here(wav: Path, mp3: Path) -> None:
    """The same in a thread of this process. Raises AudioError."""
    await asyncio.to_thread(encode_mp3, wav, mp3)


async def store_audio(files: Files, name: str, path: Path, encode: Encode = encode_here) -> str:
    """Put a file of this machine among the files under `name` and its format's suffix; returns that key. The file
    itself stays where it is.

    Raises:
        FileNotFoundError: the file is not there.
        FilesAwayError: the files cannot be reached.
    """
    if path.suffix == ".wav" and has_mp3():
        mp3 = path.with_suffix(".mp3")
        try:
            await encode(path, mp3)
            return await _put(files, name, mp3)
        except AudioError:  # it is kept all the same
            pass
        finally:
            await asyncio.to_thread(mp3.unlink, missing_ok=True)
    return await _put(files, name, path)


async def _put(files: Files, name: str, path: Path) -> str:
    key = name + path.suffix
    await files.put(key, path)
    return key


def _step_back() -> None:
    """In the encoder: after everybody else, whatever its parent may do."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(NICENESS)
