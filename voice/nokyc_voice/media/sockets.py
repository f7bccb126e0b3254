"""Reads the sockets of all legs in one go at the beginning of each tick: nothing is played before that anyway.

The kernel says when a packet arrived, so that jitter and round trips are the network's, not ours.
"""

import select
import socket
import struct
import time
from collections.abc import Callable

from nokyc_voice.media.latch import Source
from nokyc_voice.media.port import Undo
from nokyc_voice.media.ticker import NowNs, report

MAX_PACKET_BYTES = 2_048
MAX_ROUNDS = 8
"""Packets read from one socket in a tick. What comes faster waits in its buffer, and is lost where that ends."""
_SO_TIMESTAMPNS = 35
"""Linux; the socket module has no name for it."""
_TIMESPEC = struct.Struct("@qq")

Take = Callable[[bytes, Source, int], None]
"""(packet, where it came from, when it arrived in ns of the ticker's clock)."""


class Sockets:
    """All sockets of a process."""

    def __init__(self, now_ns: NowNs) -> None:
        self._now_ns = now_ns
        self._stamped = now_ns is time.monotonic_ns and hasattr(select, "epoll")
        self._poll = select.epoll() if hasattr(select, "epoll") else select.poll()
        self._takers: dict[
            int, tuple[Callable[..., tuple[bytes, list[tuple[int, int, bytes]], int, Source]], Take]
        ] = {}

    def add(self, made: socket.socket, take: Take) -> Undo:
        """Give every packet that comes to a socket, which must not block, to `take`."""
        if self._stamped:
            made.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        descriptor = made.fileno()
        self._takers[descriptor] = made.recvmsg, take
        self._poll.register(descriptor, select.POLLIN)

        def undo() -> None:
            if self._takers.pop(descriptor, None) is not None:
                self._poll.unregister(descriptor)

        return undo

    def read(self) -> None:
        """Take what is there. A taker that raises is reported to the loop, and the others go on."""
        now = self._now_ns()
        offset = now - time.clock_gettime_ns(time.CLOCK_REALTIME) if self._stamped else 0
        takers = self._takers
        for _ in range(MAX_ROUNDS):
            ready = self._poll.poll(0)
            if not ready:
                return
            for descriptor, _ in ready:
                taker = takers.get(descriptor)
                if taker is None:
                    continue
                receive, take = taker
                try:
                    packet, ancillary, _, source = receive(MAX_PACKET_BYTES, 32)
                except OSError:
                    continue  # what we sent was unwelcome there (ICMP), which is no news
                arrived = now
                if ancillary:
                    seconds, rest = _TIMESPEC.unpack_from(ancillary[0][2])
                    arrived = min(now, seconds * 1_000_000_000 + rest + offset)
                try:
                    take(packet, source, arrived)
                except Exception as problem:
                    report(problem)

    def close(self) -> None:
        """Read no more."""
        if (close := getattr(self._poll, "close", None)) is not None:
            close()
