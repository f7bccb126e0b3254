"""The endpoint's engine: tables of transactions and dialogs, and the way of a request out of the house."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from random import Random
from typing import Any, Protocol

from nokyc_voice.platform import Transport
from nokyc_voice.sip.dialog import DialogKey
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import VERIFY, Connection, Network, Resolver, TlsVerify
from nokyc_voice.sip.server_transaction import ServerTransaction
from nokyc_voice.sip.timers import Timers
from nokyc_voice.sip.transaction import ClientTransaction, InviteClient, NonInviteClient
from nokyc_voice.sip.uri import SipUri, format_host_port
from nokyc_voice.sip.via import COOKIE

MAX_TRANSACTIONS = 20_000
"""Of each side; beyond, requests are answered with 503 and ours fail with it."""
MAX_DIALOGS = 10_000
MAX_DATAGRAM = 1_300
"""Bytes of a request over UDP (RFC 3261 18.1.1), where the far end takes TCP too."""
USER_AGENT = "NoKYC"
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO"
SUPPORTED = "100rel, timer"

_SAYS_CONTACT = ("INVITE", "UPDATE", "REGISTER", "SUBSCRIBE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a request goes next."""

    transport: Transport
    where: tuple[str, int] | Connection
    tls: TlsVerify = VERIFY
    allow_tcp: bool = False


class DialogUser(Protocol):
    """Who is given the requests of one dialog."""

    def follow(self, connection: Connection) -> None: ...
    def receive(self, request: Request, transaction: ServerTransaction) -> None: ...
    def acknowledged(self, ack: Request) -> None: ...
    def bye(self, cause: int | None = None) -> None: ...


class Sending:
    """A request on its way: first to an address, then in a transaction."""

    def __init__(self) -> None:
        self.transaction: ClientTransaction | None = None
        self.is_abandoned = False

    def abandon(self) -> None:
        """Nothing is told of it any more."""
        self.is_abandoned = True
        if self.transaction is not None:
            self.transaction.abandon()


class Core:
    """Owned by one Endpoint."""

    def __init__(self, network: Network, timers: Timers, random: Random, *, resolver: Resolver | None) -> None:
        self.network = network
        self.timers = timers
        self.random = random
        self.counters: Counter[str] = Counter()
        self.dialogs: dict[DialogKey, DialogUser] = {}
        self.clients: dict[tuple[str, str], ClientTransaction] = {}
        self._resolve = resolver or _system_resolver
        self._tasks: set[asyncio.Task[None]] = set()

    def token(self) -> str:
        """64 random bits: tags, branches, Call-IDs, cnonces."""
        return f"{self.random.getrandbits(64):016x}"

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside; it ends at the latest with the endpoint."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transaction in list(self.clients.values()):
            transaction.abandon()

    @property
    def is_waiting(self) -> bool:
        """Requests of ours are not answered yet."""
        return any(each.state in ("calling", "trying", "proceeding") for each in self.clients.values())

    # --- requests of ours

    def transact(
        self,
        request: Request,
        hop: Hop,
        *,
        on_response: Callable[[Response], None],
        on_failure: Callable[[int], None],
        contact_user: str | None = None,
    ) -> Sending:
        """Send a request, reliably. `on_failure`: 408, or 503 if there is no way; never before this returns."""
        sending = Sending()

        def begin(flow: Connection | None) -> None:
            if sending.is_abandoned:
                return
            if flow is None or len(self.clients) >= MAX_TRANSACTIONS:
                self.timers.call_later(0.0, lambda: None if sending.is_abandoned else on_failure(503))
                return
            self._stamp(request, flow, contact_user)
            key = request.via.branch, request.method
            machine = InviteClient if request.method == "INVITE" else NonInviteClient
            sending.transaction = self.clients[key] = machine(
                request,
                flow,
                self.timers,
                on_response=on_response,
                on_failure=on_failure,
                on_end=partial(self._forget, key),
            )
            sending.transaction.begin()

        self._route(request, hop, begin)
        return sending

    def cancel(self, cancel: Request, flow: Connection) -> None:
        """Send a CANCEL by the way of its INVITE; its answer says nothing of interest."""
        key = cancel.via.branch, "CANCEL"
        transaction = self.clients[key] = NonInviteClient(
            cancel,
            flow,
            self.timers,
            on_response=lambda response: None,
            on_failure=lambda status: None,
            on_end=partial(self._forget, key),
        )
        transaction.begin()

    def send(self, request: Request, hop: Hop) -> None:
        """Send an ACK of a 2xx: once, and without an answer."""

        def send(flow: Connection | None) -> None:
            if flow is not None:
                if "Via" not in request.headers:
                    self._stamp(request, flow, None)
                flow.send(bytes(request))

        self._route(request, hop, send)

    def contact(self, flow: Connection, user: str | None = None) -> str:
        """Our Contact for whoever is at the other end of this flow."""
        host, port = self.network.address(flow)
        transport = "" if flow.transport == "udp" else f";transport={flow.transport}"
        return f"<sip:{f'{user}@' if user else ''}{format_host_port(host, port)}{transport}>"

    def lost(self, connection: Connection) -> None:
        """Everything that waits for an answer over this connection has failed."""
        for transaction in [each for each in self.clients.values() if each.flow is connection]:
            transaction.fail()

    def _forget(self, key: tuple[str, str]) -> None:
        self.clients.pop(key, None)

    def _stamp(self, request: Request, flow: Connection, contact_user: str | None) -> None:
        host, port = self.network.address(flow)
        rport = ";rport" if flow.transport == "udp" else ""
        via = f"SIP/2.0/{flow.transport.upper()} {format_host_port(host, port)};branch={COOKIE}{self.token()}{rport}"
        request.headers.prepend("Via", via)
        if _says_contact(request) and "Contact" not in request.headers:
            request.headers.add("Contact", self.contact(flow, contact_user))
        request.headers.add("User-Agent", USER_AGENT)

    def _route(self, request: Request, hop: Hop, then: Callable[[Connection | None], None]) -> None:
        """Find the flow; at once unless a name has to be looked up."""
        if not isinstance(hop.where, tuple):
            then(hop.where if hop.where.is_open else None)
            return
        transport = hop.transport
        if transport == "udp" and hop.allow_tcp and len(bytes(request)) > MAX_DATAGRAM - 200:
            transport = "tcp"
        host, port = hop.where
        if is_address(host):
            then(self._flow(transport, host, port, hop))
        else:
            self.spawn(self._look_up(transport, host, port, hop, then))

    async def _look_up(
        self, transport: Transport, host: str, port: int, hop: Hop, then: Callable[[Connection | None], None]
    ) -> None:
        try:
            address = await self._resolve(host)
        except (OSError, UnicodeError):  # the latter for what can be no name, as one of 64 characters without a dot
            then(None)
        else:
            tls = hop.tls
            if tls.server_name is None:
                tls = TlsVerify(tls.verify, tls.ca_file, host)
            then(self._flow(transport, address, port, Hop(transport, (address, port), tls)))

    def _flow(self, transport: Transport, host: str, port: int, hop: Hop) -> Connection | None:
        try:
            return self.network.flow(transport, (host, port), hop.tls)
        except OSError:
            return None


def hop_to(uri: str, default: Transport, *, tls: TlsVerify = VERIFY, allow_tcp: bool = False) -> Hop | None:
    """Where a URI points to (RFC 3263 without its records); None if it is no SIP URI."""
    try:
        parsed = SipUri.parse(uri)
    except SipSyntaxError:
        return None
    stated = parsed.param("transport")
    transport: Transport = default
    for known in ("udp", "tcp", "tls", "ws"):
        if stated == known:
            transport = known
    if parsed.secure and transport != "ws":
        transport = "tls"
    port = parsed.port or (5061 if transport == "tls" else 5060)
    return Hop(transport, (parsed.param("maddr") or parsed.host, port), tls, allow_tcp)


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _system_resolver(host: str) -> str:
    """An IPv4 address, if there is one."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    return str(min(found, key=lambda each: each[0] != socket.AF_INET)[4][0])


def _says_contact(request: Request) -> bool:
    """A REGISTER without Expires only asks what is registered (RFC 3261 10.2.3)."""
    return request.method in _SAYS_CONTACT and (request.method != "REGISTER" or "Expires" in request.headers)
