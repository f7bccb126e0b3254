"""What can go wrong with a call's audio."""


class MediaRefusedError(Exception):
    """An offer or answer that we cannot take: 488 Not Acceptable Here (RFC 3261, 21.4.26), with a reason to log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoPortsError(Exception):
    """Every RTP port of the range is in use: 503, for a call that ends frees one."""


class PlayerFullError(Exception):
    """More was written than the player's limit holds."""
