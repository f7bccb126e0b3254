"""Kamailio with the configuration that operators get, and Debian's rtpengine beside it, both on loopback."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from nokyc.torture.ports import free_port
from voice.peers.agent import until

DEPLOY = Path(__file__).parents[3] / "deploy"
MEDIA_PORTS = range(61_000, 61_200)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where it listens, and what its programs said."""

    port: int
    folder: Path

    @property
    def streams(self) -> int:
        """Calls whose audio rtpengine carried and is done with."""
        return (self.folder / "rtpengine.log").read_text().count("Final packet stats")


@asynccontextmanager
async def edge(folder: Path, port: int, *, workers: Sequence[int], gateways: Sequence[int]) -> AsyncIterator[Edge]:
    """An edge before ports of this machine. It runs until the end of the block."""
    control = free_port()
    rows = [f"{number} sip:127.0.0.1:{each} 0 0" for number, ports in ((1, workers), (2, gateways)) for each in ports]
    destinations = folder / "dispatcher.list"
    destinations.write_text("\n".join(rows) + "\n")
    async with AsyncExitStack() as stack:
        run = stack.enter_context(tempfile.TemporaryDirectory(prefix="edge"))  # its sockets need a short path
        media = program(
            folder / "rtpengine.log", "rtpengine", f"--config-file={DEPLOY}/rtpengine/rtpengine.conf",
            f"--listen-ng=127.0.0.1:{control}", f"--port-min={MEDIA_PORTS.start}", f"--port-max={MEDIA_PORTS.stop}",
        )  # fmt: skip
        await stack.enter_async_context(media)
        await until(lambda: "Startup complete" in (folder / "rtpengine.log").read_text())
        settings = (
            f"EDGE_PORT={port}", f'DESTINATIONS="{destinations}"', f'RTPENGINE="udp:127.0.0.1:{control}"',
        )  # fmt: skip
        given = [word for setting in settings for word in ("-A", setting)]
        signalling = program(
            folder / "kamailio.log", "kamailio", "-f", f"{DEPLOY}/kamailio/kamailio.cfg", *given, "-DD", "-E",
            "-m", "32", "-M", "4", "-Y", run, "-P", f"{run}/pid",
        )  # fmt: skip
        await stack.enter_async_context(signalling)
        await until(lambda: "Listening on" in (folder / "kamailio.log").read_text())
        yield Edge(port, folder)


@asynccontextmanager
async def program(said: Path, *arguments: str) -> AsyncIterator[None]:
    """Run it, its words into a file, until the end of the block."""
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(*arguments, stdout=log, stderr=log)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
