"""UDP socket pairs for RTP and RTCP: an even port out of a range, and the next one (RFC 3550, 11)."""

import socket
from dataclasses import dataclass

from nokyc_voice.media.errors import NoPortsError

BUFFER_BYTES = 1 << 16
"""For each direction: some 150 packets as the kernel counts them, three seconds of a stream."""
MAX_TRIES = 64
"""Ports of somebody else that are passed over in one search."""


@dataclass(frozen=True, slots=True)
class SocketPair:
    """Two bound sockets that do not block."""

    rtp: socket.socket
    rtcp: socket.socket
    port: int
    """RTP's; RTCP has the next one."""

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


class Ports:
    """Hands out pairs, each port only again after all others were used: late packets of a call reach nobody else."""

    def __init__(self, host: str, ports: range) -> None:
        self._host = host
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        first = ports.start + ports.start % 2
        self._evens = range(first, ports.stop - 1, 2)
        if not self._evens or not 0 < first < ports.stop <= 65_536:
            raise ValueError("the range of RTP ports holds no even port with its next one")
        self._next = 0
        self._taken: set[int] = set()

    @property
    def free(self) -> int:
        """How many pairs are left, as far as we know."""
        return len(self._evens) - len(self._taken)

    def take(self) -> SocketPair:
        """A pair of bound sockets. Raises NoPortsError."""
        tries = 0
        for _ in range(len(self._evens)):
            port = self._evens[self._next]
            self._next = (self._next + 1) % len(self._evens)
            if port in self._taken:
                continue
            if (pair := self._bind(port)) is not None:
                self._taken.add(port)
                return pair
            tries += 1
            if tries == MAX_TRIES:
                break
        raise NoPortsError("no RTP port is free")

    def give_back(self, pair: SocketPair) -> None:
        """Close a pair; its ports may be used again."""
        pair.close()
        self._taken.discard(pair.port)

    def _bind(self, port: int) -> SocketPair | None:
        sockets: list[socket.socket] = []
        try:
            for number in (port, port + 1):
                sockets.append(_bound(self._family, self._host, number))
        except OSError:
            for opened in sockets:
                opened.close()
            return None
        return SocketPair(sockets[0], sockets[1], port)


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
