"""Audio that a voice process left behind when it died: told of by the next one on the same data folder.

Each process keeps its files in a folder of its own, and a lock on it while it lives. A folder that nobody holds is a
dead process's; whoever gets its lock takes care of what lies there.
"""

import asyncio
import fcntl
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from nokyc.kit import ids
from nokyc.resources.calls.settle import OPEN
from nokyc.store.store import LOST, Store
from nokyc.workers.reports import Reports
from nokyc_voice.media.recorder import join_wavs
from nokyc_voice.media.spool import mend
from nokyc_voice.platform import MessageLeft, Recorded

LOCK = "lock"
FOLDER_MODE = 0o700
LOOK_SEC = 5.0
"""How often we look whether the calls are over; the reaper needs its time to find that their process is dead."""
MAX_FILES = 10_000
"""That one start takes care of; more wait for the next one."""

log = structlog.get_logger("nokyc.voice")


class Spoolfolder:
    """The folder of one voice process, below `root`. Made and held from the beginning; nobody else looks into it."""

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / name
        self.path.mkdir(parents=True, mode=FOLDER_MODE)
        self._lock = _hold(self.path)
        assert self._lock is not None, "a process's name is its own"

    def close(self) -> None:
        """Let go of it; it goes too if nothing is left in it."""
        assert self._lock is not None
        _let_go(self.path, self._lock)


class Salvage:
    """Takes care of other processes' folders below `root`."""

    def __init__(self, store: Store, reports: Reports, root: Path) -> None:
        self._store = store
        self._reports = reports
        self._root = root

    async def run(self) -> int:
        """Look once, and wait until the calls whose audio was found are over; returns the files that were told of."""
        count = 0
        for folder in await asyncio.to_thread(_folders, self._root):
            lock = _hold(folder)
            if lock is None:
                continue
            try:
                count += await self._take_care(folder)
            finally:
                _let_go(folder, lock)
        if count:
            log.info("audio of a process that died was told of", files=count)
        return count

    async def _take_care(self, folder: Path) -> int:
        count = 0
        for path in await asyncio.to_thread(_files, folder):
            name, _, kind = path.stem.partition(".")
            call = await self._over(ids.read("call", name))
            if kind == "agent" and await asyncio.to_thread(_went_on, path):
                continue
            duration_ms = await asyncio.to_thread(mend, path)
            if call is None or not duration_ms or kind not in ("recording", "voicemail", "agent"):
                await asyncio.to_thread(path.unlink, missing_ok=True)
                continue
            count += 1
            at = await asyncio.to_thread(_written_at, path)
            if kind == "recording":
                await self._reports.record(Recorded(call["id"], at, path, duration_ms))
            else:
                await self._reports.record(MessageLeft(call["id"], call["number_id"], at, path, duration_ms))
        return count

    async def _over(self, call_id: int | None) -> Any:
        """The call's row once it is over; None if there is no such call."""
        if call_id is None:
            return None
        while True:
            with suppress(*LOST, TimeoutError):
                row = await self._find(call_id)
                if row is None or row["status"] not in OPEN:
                    return row
            await asyncio.sleep(LOOK_SEC)

    async def _find(self, call_id: int) -> Any:
        async with self._store.reading() as connection:
            row = await connection.fetchrow(
                "SELECT id, account_id, number_id, status FROM calls WHERE id = $1", call_id
            )
        if row is not None:
            self._reports.know(row["id"], row["account_id"])
        return row


def _folders(root: Path) -> list[Path]:
    return sorted(each for each in root.iterdir() if each.is_dir())


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.wav"))[:MAX_FILES]


def _went_on(path: Path) -> bool:
    """Whether who talked to an agent left a message after it: then that begins with what the agent was told."""
    later = path.with_name(path.name.replace(".agent.", ".voicemail."))
    if not (later.exists() and mend(path) and mend(later)):
        return False
    join_wavs(path, later)
    return True


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _hold(folder: Path) -> int | None:
    """A lock on a folder; None if somebody has it, or the folder is gone."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _let_go(folder: Path, lock: int) -> None:
    with suppress(FileNotFoundError):  # somebody was quicker
        if [path.name for path in folder.iterdir()] == [LOCK]:
            (folder / LOCK).unlink()
            folder.rmdir()
    os.close(lock)
