"""A confirmed dialog (RFC 3261 12), whichever side began it."""

from collections.abc import Callable

from nokyc_voice.sip.ports import Ending, OnOffer, Source, Trace


class Session:
    """Made by an Attempt's Final or by Invitation.answer."""

    call_id: str
    source: Source
    """The far end, as its last message came from."""
    remote_body: bytes | None
    """Their latest SDP."""
    local_body: bytes | None
    """Our latest SDP."""
    on_offer: OnOffer | None
    """Called for re-INVITE and UPDATE of the far end. None: every offer is refused with 488."""
    on_answer: Callable[[bytes], None] | None
    """Called with the SDP that an ACK brings when we made the offer in our 200."""
    on_info: Callable[[str, bytes], None] | None
    """Called with content type and body of each INFO; None: 415."""
    trace: Trace | None

    async def ended(self) -> Ending:
        """Returns once the dialog is over; at once if it is."""
        raise NotImplementedError

    def bye(self, cause: int | None = None) -> None:
        """Hang up, with a Q.850 cause if there is one to tell. Harmless when the dialog is over."""
        raise NotImplementedError

    async def reinvite(self, offer: bytes) -> bytes | None:
        """Offer new SDP; their answer, or None if they refused or the dialog ended. Glare is retried inside
        (RFC 3261 14.1)."""
        raise NotImplementedError

    async def info(self, content_type: str, body: bytes) -> int:
        """Send INFO (RFC 6086, or the older way with application/dtmf-relay); the status that came back."""
        raise NotImplementedError
