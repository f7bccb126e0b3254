"""One party's audio over WebRTC (a browser): aiortc with Opus or G.711, behind the same AudioLeg."""

from collections.abc import Sequence

from nokyc_voice.media.port import AudioLeg
from nokyc_voice.media.ticker import Ticker


class WebRtc:
    """Makes the WebRTC legs of one process. DTMF comes by SIP INFO there, which is the engine's job: `digit`."""

    def __init__(
        self, *, ticker: Ticker, ice_servers: Sequence[str] = (), host_addresses: Sequence[str] | None = None
    ) -> None:
        """`ice_servers` are `stun:` and `turn:` URLs (`turn:user:password@host:port`); `host_addresses` replaces what
        ICE finds on this machine's interfaces: tests name 127.0.0.1, which ICE leaves out."""

    async def offering(self) -> "tuple[WebRtcLeg, bytes]":
        """A leg and its SDP offer, with all candidates in it."""
        raise NotImplementedError

    async def answering(self, offer: bytes) -> "tuple[WebRtcLeg, bytes]":
        """A leg for an offer, and the SDP answer. Raises MediaRefusedError."""
        raise NotImplementedError


class WebRtcLeg(AudioLeg):
    """See AudioLeg."""

    async def answered(self, answer: bytes) -> None:
        """The far end's answer to our offer. Raises MediaRefusedError."""
        raise NotImplementedError

    def digit(self, digit: str) -> None:
        """A digit that came by SIP INFO: told to those who asked by on_digit."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """As close(), and wait until ICE and DTLS are gone."""
        raise NotImplementedError
