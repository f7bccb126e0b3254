"""Ports for programs that are told theirs before they listen."""

import itertools
import random
import socket
from contextlib import ExitStack, suppress

PORTS = range(10_000, 20_000, 4)
"""Below those that the system gives to connections, and beside those of our own audio."""
_turns = itertools.cycle(random.sample(PORTS, len(PORTS)))


def free_port(neighbours: int = 0) -> int:
    """An even port that nobody has just now, neither for UDP nor for TCP, nor so many (up to 3) above it."""
    while True:
        port = next(_turns)
        with ExitStack() as stack, suppress(OSError):
            for each in range(port, port + 1 + neighbours):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    stack.enter_context(socket.socket(type=kind)).bind(("127.0.0.1", each))
            return port
