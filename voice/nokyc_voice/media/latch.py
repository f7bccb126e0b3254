"""Where the far end really is: symmetric RTP (RFC 4961), with a lock on it, so that strangers cannot take a call."""

from typing import Any

SILENT_NS = 2_000_000_000
"""After so much silence the far end may be somewhere else."""
LEAVING_NS = 200_000_000
"""So long after the far end said that it moves, packets from where it was are only those that were under way."""

Source = tuple[Any, ...]
"""As sockets give it: host, port, and more for IPv6."""


class Latch:
    """Starts at the address in SDP, follows the first valid packet, and stays there."""

    def __init__(self) -> None:
        self.target: Source = ("", 0)
        """Where to send."""
        self.source: Source | None = None
        """Where packets are taken from without question; None until the first one."""
        self.heard_ns: int | None = None
        """When the last packet came; its owner sets it."""
        self.strangers = 0
        """Packets from elsewhere that were dropped."""
        self._stated: Source = ("", 0)
        self._former: Source | None = None
        self._moved_ns = 0

    def state(self, remote: Source, now_ns: int) -> None:
        """SDP says that the far end is there. Said anew, the same address leaves us sending to where it was found."""
        if remote != self._stated:
            self._stated = self.target = remote
            self._former, self._moved_ns = self.source, now_ns
        self.source = None

    def admits(self, source: Source, now_ns: int) -> bool:
        """Whether a valid packet from another place than `source` is the far end's, from now on."""
        silent = self.heard_ns is not None and now_ns - self.heard_ns >= SILENT_NS
        free = self.source is None and (source != self._former or now_ns - self._moved_ns >= LEAVING_NS)
        if free or silent or source[:2] == self._stated:
            self.source = self.target = source
            return True
        self.strangers += 1
        return False
