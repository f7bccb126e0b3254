"""One party's audio over RTP: negotiated by SDP (RFC 3264), one socket pair, moved by the ticker."""

import os
from collections.abc import Callable, Sequence

from nokyc_voice.media.port import AudioLeg, Source, Undo
from nokyc_voice.media.ticker import Ticker
from nokyc_voice.platform import Quality


class Audio:
    """Makes the RTP legs of one process."""

    def __init__(
        self,
        *,
        host: str,
        ports: range,
        ticker: Ticker,
        advertise: str | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """`host` is the address to bind to, IPv4 or IPv6; `advertise` is what SDP says instead, behind a NAT."""

    def offering(self, *, codecs: Sequence[str], srtp: bool) -> "tuple[RtpLeg, bytes]":
        """A leg and its SDP offer. Raises NoPortsError."""
        raise NotImplementedError

    def answering(self, offer: bytes, *, codecs: Sequence[str], srtp_required: bool = False) -> "tuple[RtpLeg, bytes]":
        """A leg for an offer, and the SDP answer. Raises MediaRefusedError, NoPortsError."""
        raise NotImplementedError


class RtpLeg(AudioLeg):
    """See AudioLeg. Where the far end is follows its packets (symmetric RTP)."""

    codec: str
    """The one agreed on, as in Trunk.codecs; the first one offered until there is an answer."""
    held: bool
    """The far end put us on hold: it does not want to hear us."""

    def answered(self, answer: bytes) -> None:
        """The far end's answer to our last offer. It may come again (early media, then 200): the last one counts.
        Raises MediaRefusedError; the leg stays as it was."""
        raise NotImplementedError

    def reoffered(self, offer: bytes | None) -> bytes:
        """Our answer to the far end's re-INVITE or UPDATE: hold, resume, another codec or address. None: an offer of
        our own, for a re-INVITE without one; its answer goes to `answered`. Raises MediaRefusedError; the leg stays
        as it was."""
        raise NotImplementedError

    def reoffer(self, *, hold: bool) -> bytes:
        """An offer for a re-INVITE of our own, with hold or without."""
        raise NotImplementedError

    def withdrawn(self) -> None:
        """Our last re-offer was refused or lost a race (491): all is as before it."""
        raise NotImplementedError

    def play(self, source: Source | None) -> None:
        raise NotImplementedError

    def listen(self, sink: Callable[[bytes], None]) -> Undo:
        raise NotImplementedError

    def tap(self, sink: Callable[[bytes, bytes], None]) -> Undo:
        raise NotImplementedError

    def on_digit(self, sink: Callable[[str], None]) -> Undo:
        raise NotImplementedError

    def send_digits(self, digits: str) -> None:
        raise NotImplementedError

    def heard_ms_ago(self) -> int | None:
        raise NotImplementedError

    def quality(self) -> Quality:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
