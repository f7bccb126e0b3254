"""A REGISTER of one of our devices (RFC 3261 10), before it is decided upon."""

from collections.abc import Sequence

from nokyc_voice.sip.message import Request
from nokyc_voice.sip.ports import Connection, Source


class RegisterRequest:
    """Given to Handlers.registered; `Registrar.handle` knows what to do with it."""

    request: Request
    source: Source
    connection: Connection
    contacts: Sequence[tuple[str, int]]
    """Contact URIs with the seconds that each asks for; 0 takes it away. `*` with 0 takes all away."""

    def accept(self, contacts: Sequence[tuple[str, int]]) -> None:
        """200 with all contacts that hold now, and the seconds that each has left."""
        raise NotImplementedError

    def refuse(self, status: int, reason: str | None = None, headers: Sequence[tuple[str, str]] = ()) -> None:
        """A final no, or a challenge."""
        raise NotImplementedError
