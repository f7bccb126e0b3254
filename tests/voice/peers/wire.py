"""A wire between two network namespaces that does to packets what it is told.

Two TUN devices, one here and one in a namespace of its own, and this process between them: kernels without `netem`
can do it, too. Needs root.
"""

import asyncio
import fcntl
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MTU = 1_500
RTCP_TYPE = 200
"""RTCP's second octets begin here (RFC 5761, 4)."""
HERE, THERE = "198.18.77.1", "198.18.77.2"
"""Of the network for benchmarks (RFC 2544)."""


@dataclass(slots=True)
class Impairment:
    """What happens to UDP packets above the SIP's size or below it alike. Shares are 0 to 1."""

    loss: float = 0.0
    reordered: float = 0.0
    """So many of them come 30 ms late, behind those sent after them."""
    jitter_ms: float = 0.0
    """Each packet is late by up to so much."""
    silent_there: bool = False
    """Audio from there does not come through; signalling does."""


class Wire:
    """Carries packets of one namespace to the other. `impairment` may be set at any time."""

    def __init__(self, namespace: str, random: Random) -> None:
        self.impairment = Impairment()
        self.namespace = namespace
        self.lost_from_there = 0
        """RTP packets."""
        self._random = random
        self._ends: list[int] = []

    async def up(self) -> None:
        names = [f"{self.namespace}h", f"{self.namespace}t"]
        await _ip("netns", "add", self.namespace)
        self._ends = [_tun(name) for name in names]
        await _ip("link", "set", names[1], "netns", self.namespace)
        inside = ("netns", "exec", self.namespace, "ip")
        for prefix, name, own, other in ((), names[0], HERE, THERE), (inside, names[1], THERE, HERE):
            await _ip(*prefix, "addr", "add", own, "peer", other, "dev", name)
            await _ip(*prefix, "link", "set", name, "up")
        await _ip(*inside, "link", "set", "lo", "up")
        loop = asyncio.get_running_loop()
        here, there = self._ends
        loop.add_reader(here, self._carry, here, there, False)
        loop.add_reader(there, self._carry, there, here, True)

    async def down(self) -> None:
        for end in self._ends:
            asyncio.get_running_loop().remove_reader(end)
            os.close(end)
        self._ends = []
        await _ip("netns", "del", self.namespace)

    def _carry(self, source: int, sink: int, from_there: bool) -> None:
        with suppress(BlockingIOError):
            while True:
                self._fare(os.read(source, MTU), sink, from_there)

    def _fare(self, packet: bytes, sink: int, from_there: bool) -> None:
        harm, random = self.impairment, self._random
        is_audio = packet[28:29] != b"" and packet[28] >> 6 == 2  # RTP's and RTCP's version
        if random.random() < harm.loss or (harm.silent_there and from_there and is_audio):
            if from_there and is_audio and packet[29] < RTCP_TYPE:
                self.lost_from_there += 1
            return
        delay_ms = random.random() * harm.jitter_ms
        if random.random() < harm.reordered:
            delay_ms += 30
        if delay_ms:
            asyncio.get_running_loop().call_later(delay_ms / 1_000, self._write, sink, packet)
        else:
            self._write(sink, packet)

    def _write(self, sink: int, packet: bytes) -> None:
        if sink in self._ends:
            with suppress(OSError):  # the other side is gone
                os.write(sink, packet)


@asynccontextmanager
async def wire(namespace: str, random: Random) -> AsyncIterator[Wire]:
    """Up until the end of the block. `namespace`: up to 14 letters."""
    made = Wire(namespace, random)
    try:
        await made.up()
        yield made
    finally:
        await made.down()


def _tun(name: str) -> int:
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return end


async def _ip(*arguments: str) -> None:
    process = await asyncio.create_subprocess_exec("ip", *arguments)
    assert await process.wait() == 0, arguments
