"""Waveforms of recordings and voicemails: made from the stored audio when somebody looks, and kept for a while."""

import asyncio
import tempfile
from collections import OrderedDict
from pathlib import Path, PurePosixPath

from nokyc.kit.audio import AudioError
from nokyc.resources.files.peaks import peaks
from nokyc.store.files import Files

BARS = 240
HEIGHT = 32
"""Of one channel, in the drawing's units; a bar is two of them wide, with one between."""
LEAST = 0.6
"""What can still be seen of silence."""
KEPT = 500
"""Drawings of so many files."""

Drawing = list[str]
"""The path of each channel, as SVG has it."""


class Waveforms:
    """Draws the files of this installation, one at a time."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._drawn: OrderedDict[str, Drawing] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def draw(self, key: str) -> Drawing | None:
        """The waveform of a file, None if there is none or it is no audio. Raises FilesAwayError."""
        async with self._drawing:
            if key not in self._drawn:
                channels = await self._measure(key)
                if channels is None:
                    return None
                self._drawn[key] = [_path(channel) for channel in channels]
                if len(self._drawn) > KEPT:
                    self._drawn.popitem(last=False)
            self._drawn.move_to_end(key)
            return self._drawn[key]

    async def _measure(self, key: str) -> list[list[float]] | None:
        size = await self._files.size(key)
        if size is None:
            return None
        with tempfile.NamedTemporaryFile(suffix=PurePosixPath(key).suffix) as copy:
            try:
                async for chunk in self._files.read(key, 0, size):
                    await asyncio.to_thread(copy.write, chunk)
                copy.flush()
                return await asyncio.to_thread(peaks, Path(copy.name), BARS)
            except (AudioError, FileNotFoundError):
                return None


def _path(levels: list[float]) -> str:
    """Bars around the middle; ears hear ratios, so quiet ones are drawn taller than they are."""
    strokes = []
    for n, level in enumerate(levels):
        half = max(LEAST, level**0.6 * (HEIGHT / 2 - 1))
        strokes.append(f"M{3 * n + 1},{HEIGHT / 2 - half:.1f}V{HEIGHT / 2 + half:.1f}")
    return "".join(strokes)
