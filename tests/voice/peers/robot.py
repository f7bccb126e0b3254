"""Phones that are programs of their own and speak lines of JSON with us: orders in, events out."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from nokyc.torture.ports import free_port
from voice.audio import read_wav
from voice.peers.baresip import NUMBER, PATIENCE_SEC

ROBOTS = Path(__file__).parent / "robots"


class Robot:
    """One phone. It says a tone in its call, and writes what it hears into a file when the call is over."""

    def __init__(self, folder: Path, port: int, process: asyncio.subprocess.Process) -> None:
        self.port = port
        self.uri = f"sip:{NUMBER}@127.0.0.1:{port}"
        self.process = process
        self._folder = folder
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def order(self, do: str, **details: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")

    async def event(self, kind: str, within_sec: float = PATIENCE_SEC) -> dict[str, Any]:
        """The first event of a kind, waited for; each is given once."""
        async with asyncio.timeout(within_sec):
            while True:
                for event in self._events:
                    if event["event"] == kind:
                        self._events.remove(event)
                        return event
                self._news.clear()
                await self._news.wait()

    def count(self, kind: str) -> int:
        """How many events of a kind nobody has taken yet."""
        return sum(event["event"] == kind for event in self._events)

    def heard(self) -> list[int]:
        """Samples of the call that is over, at 8 kHz."""
        return read_wav(self._folder / "heard.wav")[0]

    async def read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            if line.startswith(b"{"):  # a library may say something, too
                self._events.append(json.loads(line))
                self._news.set()


@asynccontextmanager
async def robot(name: str, folder: Path, frequency: int, **settings: Any) -> AsyncIterator[Robot]:
    """Run `robots/NAME.py`. `settings` are its own; the words of its library go to a file in the folder."""
    _furnish(folder)
    port = free_port(1)  # baresip takes the next one for TLS
    told = {"folder": str(folder), "port": port, "user": NUMBER, "hz": frequency, **settings}
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, ROBOTS / f"{name}.py", json.dumps(told),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    phone = Robot(folder, port, process)
    reading = asyncio.create_task(phone.read())
    try:
        await phone.event("ready")
        yield phone
    finally:
        await _end(process)
        await reading


def lacking(*packages: str) -> pytest.MarkDecorator:
    """Skips where a robot's library has no wheel for this Python."""
    missing = [name for name in packages if find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def ladder(steps: Sequence[Any], leg: str) -> list[str]:
    """What went to and fro on one leg of a call: `> INVITE`, `< 200 OK`."""
    return [f"{'>' if step.sent else '<'} {step.message}" for step in steps if step.leg == leg]


def _furnish(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    with suppress(ConnectionError):
        process.stdin.close()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
