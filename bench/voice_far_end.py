"""The far ends of `voice_media.py`, in a process of their own: each sends and receives G.711 and keeps the figures.

Reads one JSON object a line, answers with one: first how many there are to be, then where each of them is to send.
"""

import json
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field

FRAME_NS = 20_000_000
GROUPS = 10
"""Far ends are not in step: a tenth of them sends every 2 ms."""
PULSE_EVERY = 50
"""Packets from one loud one to the next; its way back is timed."""
QUIET, LOUD = bytes([0xFF]) * 160, bytes([0x00]) * 160
SO_TIMESTAMPNS = 35
"""The kernel's own time of arrival: what this process is late by does not count."""
HEADER = struct.Struct("!BBHII")
TIMESPEC = struct.Struct("@qq")


@dataclass(slots=True)
class FarEnd:
    socket: socket.socket
    target: tuple[str, int] = ("", 0)
    sent: int = 0
    received: int = 0
    lost: int = 0
    sequence: int = -1
    arrived_ns: int = 0
    worst_gap_ns: int = 0
    was_loud: bool = False
    pulse_ns: int = 0
    delays_ns: list[int] = field(default_factory=list)

    def send(self) -> None:
        number = self.sent
        self.sent = number + 1
        loud = number % PULSE_EVERY == PULSE_EVERY - 1
        packet = HEADER.pack(0x80, 0, number & 0xFFFF, number * 160 & 0xFFFFFFFF, self.target[1])
        if loud:
            self.pulse_ns = time.time_ns()
        self.socket.sendto(packet + (LOUD if loud else QUIET), self.target)

    def receive(self, peer: "FarEnd") -> None:
        packet, ancillary, _, _ = self.socket.recvmsg(2_048, 64)
        seconds, rest = TIMESPEC.unpack(ancillary[0][2][:16])
        now = seconds * 1_000_000_000 + rest
        _, kind, sequence, _, _ = HEADER.unpack_from(packet)
        if kind & 0x7F != 0:
            return
        if self.sequence >= 0:
            self.lost += (sequence - self.sequence - 1) & 0xFFFF
            self.worst_gap_ns = max(self.worst_gap_ns, now - self.arrived_ns)
        self.sequence, self.arrived_ns = sequence, now
        self.received += 1
        loud = packet[92] < 0x20
        if loud and not self.was_loud and peer.pulse_ns:
            self.delays_ns.append(now - peer.pulse_ns)
        self.was_loud = loud


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    ends = [FarEnd(rtp_socket()) for _ in range(setup["count"])]
    print(json.dumps([end.socket.getsockname()[1] for end in ends]), flush=True)
    for end, port in zip(ends, json.loads(sys.stdin.readline()), strict=True):
        end.target = ("127.0.0.1", port)
    peers = {end.socket.fileno(): (end, ends[n ^ 1] if setup["bridged"] else end) for n, end in enumerate(ends)}
    poll = select.epoll()
    for descriptor in peers:
        poll.register(descriptor, select.EPOLLIN)
    late_ns = _run(ends, peers, poll, round(setup["seconds"] * 1e9 / FRAME_NS))
    figures = {
        "sent": sum(end.sent for end in ends),
        "received": sum(end.received for end in ends),
        "lost": sum(end.lost for end in ends),
        "deaf": sum(end.received == 0 for end in ends),
        "gaps_ms": sorted(end.worst_gap_ns / 1e6 for end in ends),
        "delays_ms": sorted(delay / 1e6 for end in ends for delay in end.delays_ns),
        "late_ms": late_ns / 1e6,
    }
    print(json.dumps(figures), flush=True)


def _run(ends: list[FarEnd], peers: dict[int, tuple[FarEnd, FarEnd]], poll: select.epoll, frames: int) -> int:
    """Send that many frames each, and receive meanwhile and for a little longer. Returns how late we were at worst."""
    groups = [ends[number::GROUPS] for number in range(GROUPS)]
    step = FRAME_NS // GROUPS
    due, late = time.monotonic_ns() + step, 0
    for turn in range(frames * GROUPS + 10 * GROUPS):
        while (wait := due - time.monotonic_ns()) > 0:
            for descriptor, _ in poll.poll(wait / 1e9):
                end, peer = peers[descriptor]
                end.receive(peer)
        late = max(late, -wait)
        due += step
        if turn < frames * GROUPS:
            for end in groups[turn % GROUPS]:
                end.send()
    return late


def rtp_socket() -> socket.socket:
    """One on loopback, whose packets the kernel stamps as they arrive."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
    made.bind(("127.0.0.1", 0))
    return made


if __name__ == "__main__":
    main()
