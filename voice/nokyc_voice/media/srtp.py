"""SRTP with keys in SDP: a=crypto lines (RFC 4568) and libsrtp sessions."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pylibsrtp import Error, Policy, Session

from nokyc_voice.media.sdp import number_of

KEY_BYTES = 30
"""Master key and salt of AES_CM_128."""
MAX_LINES = 16

SUITES = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}
"""Best first. Under both of them SRTCP carries 80-bit tags (RFC 4568, 6.2.2)."""
_REFUSED_PARAMETERS = ("UNENCRYPTED_SRTP", "UNAUTHENTICATED_SRTP", "UNENCRYPTED_SRTCP", "KDR=", "FEC_ORDER=")


@dataclass(frozen=True, slots=True)
class Crypto:
    """One a=crypto line that we can do."""

    tag: str
    suite: str
    key: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"{self.tag} {self.suite} inline:{base64.b64encode(self.key).decode()}"


def choose(lines: Sequence[str]) -> Crypto | None:
    """The first line that we can do, in the far end's order; None if there is none."""
    return next((found for line in lines[:MAX_LINES] if (found := _parse(line)) is not None), None)


def offers(random_bytes: Callable[[int], bytes]) -> list[Crypto]:
    """A line for each suite, with fresh keys."""
    return [Crypto(str(tag), suite, random_bytes(KEY_BYTES)) for tag, suite in enumerate(SUITES, start=1)]


class Shield:
    """Protects what we send with our key and opens what comes with theirs."""

    def __init__(self, ours: Crypto, theirs: Crypto, before: "Shield | None" = None) -> None:
        """A key that was in use `before` goes on counting: begun anew, it would encrypt twice with the same stream, and
        the far end would not know how often the sequence numbers have wrapped (RFC 3711, 3.3.1, 9.1)."""
        self.ours: Crypto = ours
        self.theirs: Crypto = theirs
        self._outbound: Session = (
            before._outbound
            if before is not None and _same(before.ours, ours)
            else Session(Policy(ours.key, Policy.SSRC_ANY_OUTBOUND, srtp_profile=SUITES[ours.suite]))
        )
        self._inbound: Session = (
            before._inbound
            if before is not None and _same(before.theirs, theirs)
            else Session(Policy(theirs.key, Policy.SSRC_ANY_INBOUND, srtp_profile=SUITES[theirs.suite]))
        )
        self.protect: Callable[[bytes], bytes] = self._outbound.protect
        self.protect_rtcp: Callable[[bytes], bytes] = self._outbound.protect_rtcp
        self._open: Callable[[bytes], bytes] = self._inbound.unprotect
        self._open_rtcp: Callable[[bytes], bytes] = self._inbound.unprotect_rtcp

    def open(self, packet: bytes) -> bytes | None:
        """The RTP packet within; None if it is forged, repeated or broken."""
        try:
            return self._open(packet)
        except (Error, ValueError):
            return None

    def open_rtcp(self, packet: bytes) -> bytes | None:
        """The RTCP packet within; None if it is forged, repeated or broken."""
        try:
            return self._open_rtcp(packet)
        except (Error, ValueError):
            return None


def _same(one: Crypto, other: Crypto) -> bool:
    return (one.suite, one.key) == (other.suite, other.key)


def _parse(line: str) -> Crypto | None:
    parts = line.split()
    if len(parts) < 3 or number_of(parts[0], below=10**9) is None:
        return None
    tag, suite, keys, *parameters = parts
    suite = suite.upper()
    method, _, info = keys.partition(":")
    if suite not in SUITES or method.lower() != "inline" or ";" in keys:
        return None
    if any(parameter.upper().startswith(_REFUSED_PARAMETERS) for parameter in parameters):
        return None
    encoded, _, rest = info.partition("|")
    if ":" in rest.rpartition("|")[2]:
        return None  # a master key identifier would be in every packet
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Crypto(tag, suite, key) if len(key) == KEY_BYTES else None
