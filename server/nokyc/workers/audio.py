"""Taking a sound file over: as MP3 where that can be written, else as it is."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nokyc.kit.audio import AudioError
from nokyc.resources.files.audio import encode_mp3, has_mp3
from nokyc.store.files import Files

NICENESS = 10


def _step_back() -> None:
    """Let calls go first: Linux gives each thread a niceness of its own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


_ENCODER = ThreadPoolExecutor(1, thread_name_prefix="mp3", initializer=_step_back)


async def store_audio(files: Files, name: str, path: Path) -> str:
    """Put a file of this machine among the files under `name` and its format's suffix; returns that key. The file
    itself stays where it is.

    Raises:
        FileNotFoundError: the file is not there.
        FilesAwayError: the files cannot be reached.
    """
    if path.suffix == ".wav" and has_mp3():
        mp3 = path.with_suffix(".mp3")
        try:
            await asyncio.get_running_loop().run_in_executor(_ENCODER, encode_mp3, path, mp3)
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
