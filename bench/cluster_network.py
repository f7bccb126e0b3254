"""Machines for databases: network namespaces on one bridge, each of which can be cut off. Needs root."""

import os
import subprocess

NETWORK = "198.18.78"
"""Of the network for benchmarks (RFC 2544)."""


class Network:
    """A bridge here, with the namespaces' ends of their cables on it."""

    def __init__(self, *machines: str) -> None:
        self.addresses = {machine: f"{NETWORK}.{number}" for number, machine in enumerate(machines, start=2)}
        self._bridge = f"nkb{os.getpid()}"

    def start(self) -> None:
        _ip("link", "add", self._bridge, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.1/24", "dev", self._bridge)
        _ip("link", "set", self._bridge, "up")
        for machine, address in self.addresses.items():
            space, here = self._space(machine), self._end(machine)
            _ip("netns", "add", space)
            _ip("link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", here, "master", self._bridge, "up")
            _ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
            for name in ("eth0", "lo"):
                _ip("-n", space, "link", "set", name, "up")

    def stop(self) -> None:
        for machine in self.addresses:
            _ip("netns", "del", self._space(machine), check=False)
        _ip("link", "del", self._bridge, check=False)

    def within(self, machine: str) -> list[str]:
        """What a command begins with that runs on a machine."""
        return ["ip", "netns", "exec", self._space(machine)]

    def cut(self, machine: str) -> None:
        """Pull its cable."""
        _ip("link", "set", self._end(machine), "down")

    def mend(self, machine: str) -> None:
        _ip("link", "set", self._end(machine), "up")

    def _space(self, machine: str) -> str:
        return f"nokyc-{machine}-{os.getpid()}"

    def _end(self, machine: str) -> str:
        return f"nk{machine[:3]}{os.getpid()}"


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=not check)
