"""A dialog as its user sees it (RFC 3261 12), early or confirmed, whichever side began it."""

from collections.abc import Callable
from functools import cached_property

from nokyc_voice.sip.core import ALLOW, SUPPORTED
from nokyc_voice.sip.in_dialog import InDialog
from nokyc_voice.sip.message import Request
from nokyc_voice.sip.offers import Offers
from nokyc_voice.sip.ports import Ending, Trace
from nokyc_voice.sip.server_transaction import ServerTransaction
from nokyc_voice.sip.statuses import read_cause

OUR_HEADERS = [("Allow", ALLOW), ("Supported", SUPPORTED)]


class Session(InDialog):
    """Made by an Attempt's Final or by Invitation.answer."""

    on_info: Callable[[str, bytes], None] | None = None
    """Called with content type and body of each INFO; None: 415."""
    on_prack: Callable[[Request, ServerTransaction], None] | None = None
    on_early_bye: Callable[[Request], None] | None = None

    @cached_property
    def offers(self) -> Offers:
        return Offers(self)

    # --- for calls

    @property
    def call_id(self) -> str:
        return self.dialog.call_id

    @property
    def trace(self) -> Trace | None:
        return self.ladder.trace

    @trace.setter
    def trace(self, trace: Trace | None) -> None:
        self.ladder.trace = trace

    async def reinvite(self, offer: bytes) -> bytes | None:
        """Offer new SDP; their answer, or None if they refused or the dialog ended. Glare is retried inside
        (RFC 3261 14.1)."""
        return await self.offers.reinvite(offer)

    async def info(self, content_type: str, body: bytes) -> int:
        """Send INFO (RFC 6086, or the older way with application/dtmf-relay); the status that came back."""
        return (await self.ask("INFO", body=body, content_type=content_type)).status

    # --- for the endpoint

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        self.ladder.note(False, request)
        if not self.dialog.takes(request):
            self.respond(transaction, 500, [("Retry-After", "1")])
        elif request.method == "BYE":
            self._far_bye(request, transaction)
        elif self.is_over:
            self.respond(transaction, 481)
        elif request.method in ("INVITE", "UPDATE"):
            self.offers.receive(request, transaction)
        elif request.method == "INFO":
            self._informed(request, transaction)
        elif request.method == "PRACK":
            if self.on_prack is None:
                self.respond(transaction, 481)
            else:
                self.on_prack(request, transaction)
        elif request.method == "OPTIONS":
            self.respond(transaction, 200, [*OUR_HEADERS, ("Accept", "application/sdp")])
        else:
            self.respond(transaction, 405, [("Allow", ALLOW)])

    def acknowledged(self, ack: Request) -> None:
        self.offers.acknowledged(ack)

    def _far_bye(self, request: Request, transaction: ServerTransaction) -> None:
        self.respond(transaction, 200)
        if self.on_early_bye is not None:
            self.on_early_bye(request)
        self._held_bye = None
        if not self.is_over:
            self._over(Ending("far", read_cause(request.headers.all("Reason"))))
        self._forget()

    def _informed(self, request: Request, transaction: ServerTransaction) -> None:
        if not request.body:
            self.respond(transaction, 200)
        elif self.on_info is None:
            self.respond(transaction, 415, [("Accept", "application/sdp")])
        else:
            self.respond(transaction, 200)
            self.on_info(request.content_type, request.body)

    def _over(self, ending: Ending) -> None:
        super()._over(ending)
        self.offers.stop()
