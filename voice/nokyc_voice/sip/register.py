"""A REGISTER of one of our devices (RFC 3261 10), before it is decided upon."""

from collections.abc import Sequence

from nokyc_voice.sip.core import Core
from nokyc_voice.sip.grammar import SipSyntaxError, number
from nokyc_voice.sip.message import MAX_SECONDS, Request
from nokyc_voice.sip.ports import Connection, Source
from nokyc_voice.sip.server_transaction import ServerTransaction

DEFAULT_EXPIRES = 3_600
"""Seconds, for who states none."""


class RegisterRequest:
    """Given to Handlers.registered; `Registrar.handle` knows what to do with it."""

    def __init__(
        self, core: Core, request: Request, transaction: ServerTransaction, source: Source, connection: Connection
    ) -> None:
        """SipSyntaxError if its contacts make no sense."""
        self.request = request
        self.source = source
        self.connection = connection
        self.is_clearing = request.has_star
        """All contacts are taken away."""
        expires = request.seconds("Expires")
        if self.is_clearing and expires != 0:
            raise SipSyntaxError("Contact * without Expires 0")
        default = DEFAULT_EXPIRES if expires is None else expires
        self.contacts: Sequence[tuple[str, int]] = [
            (contact.uri, number(contact.params.get("expires") or str(default), MAX_SECONDS, "expires"))
            for contact in request.contacts
        ]
        """Contact URIs with the seconds that each asks for; 0 takes it away."""
        self._core = core
        self._transaction = transaction
        self._tag = core.token()

    @property
    def is_answered(self) -> bool:
        return self._transaction.is_answered

    def accept(self, contacts: Sequence[tuple[str, int]]) -> None:
        """200 with all contacts that hold now, and the seconds that each has left."""
        self.refuse(200, headers=[("Contact", f"<{uri}>;expires={seconds}") for uri, seconds in contacts])

    def refuse(self, status: int, reason: str | None = None, headers: Sequence[tuple[str, str]] = ()) -> None:
        """A final no, or a challenge."""
        self._transaction.respond(self.request.reply(status, reason, headers, to_tag=self._tag))
