"""Dialogs (RFC 3261 12): who talks to whom, by which way, and in which order."""

from collections.abc import Iterable

from nokyc_voice.sip.address import Address, parse_addresses
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.headers import Headers
from nokyc_voice.sip.message import Message, Request, Response
from nokyc_voice.sip.uri import SipUri

MAX_FORWARDS = "70"
MAX_ROUTES = 32

DialogKey = tuple[str, str, str]
"""Call-ID, our tag, their tag."""


class Dialog:
    """One of ours. `local_seq` counts our requests, `remote_seq` theirs."""

    def __init__(
        self,
        call_id: str,
        local: Address,
        remote: Address,
        *,
        target: str,
        routes: list[str],
        local_seq: int,
        remote_seq: int | None,
        is_caller: bool,
    ) -> None:
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self.target = target
        """Where the far end wants requests to go: its latest Contact."""
        self.routes = routes
        self.local_seq = local_seq
        self.remote_seq = remote_seq
        self.is_caller = is_caller
        """We made the Call-ID, which decides who waits longer after a glare (RFC 3261 14.1)."""

    @classmethod
    def by_caller(cls, request: Request, response: Response) -> "Dialog":
        """From an answer with a To tag to our INVITE."""
        routes = [str(route) for route in parse_addresses(response.headers.all("Record-Route"))]
        return cls(
            request.call_id,
            request.from_,
            response.to,
            target=_contact(response) or request.uri,
            routes=routes[:MAX_ROUTES][::-1],
            local_seq=request.cseq[0],
            remote_seq=None,
            is_caller=True,
        )

    @classmethod
    def by_callee(cls, request: Request, local_tag: str) -> "Dialog":
        """From an INVITE that we are going to answer; SipSyntaxError if it says no Contact."""
        target = _contact(request)
        if target is None:
            raise SipSyntaxError("no Contact")
        return cls(
            request.call_id,
            request.to.with_tag(local_tag),
            request.from_,
            target=target,
            routes=[str(route) for route in parse_addresses(request.headers.all("Record-Route"))][:MAX_ROUTES],
            local_seq=0,
            remote_seq=request.cseq[0],
            is_caller=False,
        )

    @property
    def key(self) -> DialogKey:
        return self.call_id, self.local.tag or "", self.remote.tag or ""

    def make(self, method: str, headers: Iterable[tuple[str, str]] = (), *, seq: int | None = None) -> Request:
        """The next request in this dialog, without Via; an ACK takes the number of its INVITE."""
        if seq is None:
            self.local_seq += 1
            seq = self.local_seq
        uri, routes = self._way()
        fields = Headers([("Max-Forwards", MAX_FORWARDS)])
        for route in routes:
            fields.add("Route", route)
        fields.add("From", str(self.local))
        fields.add("To", str(self.remote))
        fields.add("Call-ID", self.call_id)
        fields.add("CSeq", f"{seq} {method}")
        for name, value in headers:
            fields.add(name, value)
        return Request(method, uri, fields)

    @property
    def next_uri(self) -> str:
        """Where the next request goes first."""
        return Address.parse(self.routes[0]).uri if self.routes else self.target

    def takes(self, request: Request) -> bool:
        """Whether a request is newer than all before it (12.2.2); it is the newest then."""
        if self.remote_seq is not None and request.cseq[0] <= self.remote_seq:
            return False
        self.remote_seq = request.cseq[0]
        return True

    def retarget(self, message: Message) -> None:
        """After a re-INVITE or UPDATE, and after a 2xx to ours."""
        self.target = _contact(message) or self.target

    def confirm(self, response: Response) -> None:
        """The 2xx has the last word on the route of an early dialog (13.2.2.4)."""
        routes = [str(route) for route in parse_addresses(response.headers.all("Record-Route"))]
        self.routes = routes[:MAX_ROUTES][::-1]
        self.retarget(response)

    def _way(self) -> tuple[str, list[str]]:
        """Request-URI and Route; a first hop that is no loose router gets the request's own URI (12.2.1.1)."""
        if not self.routes:
            return self.target, []
        first = Address.parse(self.routes[0]).uri
        try:
            loose = "lr" in SipUri.parse(first).params
        except SipSyntaxError:
            loose = True
        return (self.target, self.routes) if loose else (first, [*self.routes[1:], f"<{self.target}>"])


def _contact(message: Message) -> str | None:
    return message.contacts[0].uri if message.contacts else None
