"""How one voice process is reached, and what it may use of its machine."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nokyc_voice.sip.endpoint import Listener


@dataclass(frozen=True, slots=True)
class VoiceConfig:
    listeners: Sequence[Listener]
    realm: str
    """The domain that devices prove themselves for."""
    secret: bytes = field(repr=False)
    """Proves the nonces of all processes of an installation."""
    rtp_host: str
    rtp_ports: range
    folder: Path
    """Recordings lie here until the platform takes them over."""
    digests: Sequence[str] = ("MD5",)
    """What devices are asked to prove themselves with. Many softphones give up at the sight of SHA-256 (baresip 1.0
    of Debian does), and it adds nothing to passwords of 144 random bits."""
    advertise: str | None = None
    """Our address as others see it, behind a NAT."""
    ice_servers: Sequence[str] = ()
    """`stun:` and `turn:` URLs for browsers."""
