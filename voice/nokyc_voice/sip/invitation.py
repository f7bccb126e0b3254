"""An INVITE of somebody else's, until it is answered, refused or cancelled."""

import asyncio
from collections.abc import Sequence

from nokyc_voice.sip.message import Request
from nokyc_voice.sip.ports import Connection, OnOffer, Source, Trace
from nokyc_voice.sip.session import Session


class Invitation:
    """Given to Handlers.invited."""

    call_id: str
    request: Request
    source: Source
    connection: Connection
    """The flow it came by."""
    offer: bytes | None
    """Their SDP; None if they want ours in the 200."""
    cancelled: asyncio.Event
    """Set when the far end has given up (the 487 was sent)."""
    trace: Trace | None
    on_offer: OnOffer | None
    """For offers before the answer (PRACK, UPDATE); the Session begins with the same."""

    def progress(self, status: int = 180, body: bytes | None = None) -> None:
        """A provisional answer (101–199). Reliable (RFC 3262) if they insist, or if it has a body and they can."""
        raise NotImplementedError

    async def answer(self, body: bytes) -> Session:
        """200 with our SDP, repeated until the ACK.

        Raises:
            DialogLostError: cancelled meanwhile, or no ACK came for 64*T1; the BYE was sent then.
        """
        raise NotImplementedError

    def refuse(
        self,
        status: int,
        reason: str | None = None,
        *,
        cause: int | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """A final no (300–699) with a Q.850 cause in Reason. Harmless once cancelled."""
        raise NotImplementedError

    def challenge(self, headers: Sequence[tuple[str, str]], status: int = 407) -> None:
        """401 or 407, with the headers of `Authenticator.challenges`."""
        raise NotImplementedError
