"""Where an INVITE can be sent: a carrier's target, or a device that registered here."""

from collections.abc import Sequence
from dataclasses import dataclass

from nokyc_voice.platform import Trunk
from nokyc_voice.sip.endpoint import Credentials, Target

DEVICE_CODECS = ("PCMA", "PCMU", "G722")


@dataclass(frozen=True, slots=True)
class Destination:
    """One address, and the audio that is spoken there."""

    carrier: str
    """The trunk's name; `device` for our own."""
    target: Target
    host: str
    """What stands behind the @ of From and To."""
    codecs: Sequence[str] = DEVICE_CODECS
    srtp: bool = False
    browser: bool = False
    """Audio by WebRTC."""
    identity: bool = False
    """State the caller by P-Asserted-Identity, too."""


def of_trunk(trunk: Trunk, to: str) -> list[Destination]:
    """A trunk's targets for one call, in the operator's order."""
    credentials = None
    if trunk.username is not None and trunk.password is not None:
        credentials = Credentials(trunk.username, trunk.password)
    over = "" if trunk.transport == "udp" else f";transport={trunk.transport}"
    return [
        Destination(
            trunk.name,
            Target(
                f"sip:{to}@{_bracketed(host)}:{port}{over};user=phone",
                trunk.transport,
                next_hop=(host, port),
                credentials=credentials,
                allow_tcp=trunk.transport != "udp",
            ),
            _bracketed(host),
            trunk.codecs,
            srtp=trunk.srtp,
            identity=trunk.caller_id_in == "pai",
        )
        for host, port in trunk.targets
    ]


def _bracketed(host: str) -> str:
    """An IPv6 address as URIs want it."""
    return f"[{host}]" if ":" in host else host
