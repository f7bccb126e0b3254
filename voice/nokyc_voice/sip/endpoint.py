"""The user agent that calls use. Everything of SIP that the rest of voice needs to know is named here."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.attempt import Attempt
from nokyc_voice.sip.invitation import Invitation
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import (
    Connection,
    Credentials,
    DialogLostError,
    Ending,
    Final,
    Handlers,
    Listener,
    Outgoing,
    Progress,
    Resolver,
    ServerTls,
    Source,
    Target,
    TlsVerify,
)
from nokyc_voice.sip.register import RegisterRequest
from nokyc_voice.sip.session import Session
from nokyc_voice.sip.timers import LoopTimers, Timers

__all__ = [
    "Address",
    "Attempt",
    "Connection",
    "Credentials",
    "DialogLostError",
    "Ending",
    "Endpoint",
    "Final",
    "Handlers",
    "Invitation",
    "Listener",
    "LoopTimers",
    "Outgoing",
    "Progress",
    "RegisterRequest",
    "Request",
    "Response",
    "ServerTls",
    "Session",
    "Source",
    "Target",
    "Timers",
    "TlsVerify",
]


class Endpoint:
    """One SIP user agent with any number of listeners."""

    listening: Sequence[Listener]
    """With the real ports, once started."""
    counters: Counter[str]
    """What happened so far, by a short name (`requests`, `malformed`, `not_admitted`, `overloaded`, …)."""

    def __init__(
        self,
        listeners: Sequence[Listener],
        handlers: Handlers,
        *,
        timers: Timers,
        random: Random,
        user_agent: str = "NoKYC",
        resolver: Resolver | None = None,
        advertise: str | None = None,
    ) -> None:
        """`random` makes tags and branches (SystemRandom in production); `resolver` is the system's own by default;
        `advertise` is the address that we state in Via and Contact, if not the listener's."""
        raise NotImplementedError

    async def start(self) -> None:
        """Listen. OSError if a port is taken."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Answer new requests with 503, hang up what goes on, and close."""
        raise NotImplementedError

    def invite(self, target: Target, message: Outgoing, offer: bytes | None) -> Attempt:
        """Call somebody. With no offer, theirs comes in the 2xx (see Attempt.on_offer)."""
        raise NotImplementedError

    async def request(
        self, target: Target, method: str, message: Outgoing, body: bytes = b"", content_type: str | None = None
    ) -> Response:
        """REGISTER, OPTIONS or another request outside of dialogs. A digest challenge is answered once. Never
        raises for what the far end does: 408 if it is silent, 503 if there is no way to it."""
        raise NotImplementedError
