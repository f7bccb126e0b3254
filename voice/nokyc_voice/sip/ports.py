"""What crosses the endpoint's border: listeners, targets, what we say and what we are told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from nokyc_voice.platform import Transport
from nokyc_voice.sip.address import Address
from nokyc_voice.sip.message import Framing

Trace = Callable[[bool, str], None]
"""Told of each message of a dialog: sent by us, and `INVITE`, `180 Ringing`, `BYE (Q.850 16)`."""
Resolver = Callable[[str], Awaitable[str]]
"""A host's name to one of its addresses (A or AAAA); OSError if it has none."""
OnOffer = Callable[[bytes | None], "bytes | Awaitable[bytes | None] | None"]
"""Their SDP offer (None: they ask for ours) to our SDP; None refuses with 488."""


@dataclass(frozen=True, slots=True)
class ServerTls:
    """Our certificate, as PEM files; with `client_ca`, the far end has to show one too."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


@dataclass(frozen=True, slots=True)
class TlsVerify:
    """How a far end's certificate is checked (RFC 5922): against the system's roots, or a file of roots."""

    verify: bool = True
    ca_file: Path | None = None
    server_name: str | None = None


VERIFY = TlsVerify()


@dataclass(frozen=True, slots=True)
class Listener:
    """Where we can be reached; port 0 takes any. `tls` is needed by `tls`, and makes `ws` a `wss`."""

    transport: Transport
    host: str
    port: int = 0
    tls: ServerTls | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What answers a digest challenge, whatever its realm."""

    username: str
    password: str = field(repr=False)


class Connection(Protocol):
    """A way to one far end: a TCP, TLS or WebSocket connection, or a UDP address as seen from one of our sockets."""

    @property
    def transport(self) -> Transport: ...
    @property
    def local(self) -> tuple[str, int]: ...
    @property
    def remote(self) -> tuple[str, int]: ...
    @property
    def subject(self) -> str | None:
        """The name in the certificate that the far end proved, if it was asked for one."""
        ...

    @property
    def is_open(self) -> bool: ...
    def send(self, data: bytes) -> None:
        """Never raises: what cannot be sent is lost, and `is_open` turns False."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a request came from."""

    transport: Transport
    host: str
    port: int
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ask, and by which way."""

    uri: str
    """The Request-URI."""
    transport: Transport = "udp"
    next_hop: tuple[str, int] | Connection | None = None
    """Where to send it; None: to the URI's own host and port."""
    credentials: Credentials | None = None
    tls: TlsVerify = VERIFY
    allow_tcp: bool = False
    """Requests above 1,300 bytes go over TCP in place of UDP (RFC 3261 18.1.1)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a request says, besides its body."""

    from_: Address
    to: Address
    headers: Sequence[tuple[str, str]] = ()
    session_expires: int | None = 1800
    """Seconds (RFC 4028); None: no session timer."""
    reliable: bool = True
    """We say that we can PRACK (RFC 3262)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One answer to our INVITE."""

    status: int
    reason: str
    body: bytes | None = None
    """Their SDP, if there was one."""
    cause: int | None = None
    """Q.850, from Reason (RFC 3326)."""
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a dialog ended."""

    by: Literal["far", "us", "expired", "lost"]
    """`expired`: no session refresh came; `lost`: the far end does not know the dialog any more, or is silent."""
    cause: int | None = None
    status: int | None = None


class DialogLostError(Exception):
    """An inbound call was given up before its answer was acknowledged: cancelled, or no ACK came."""


class Receiver(Protocol):
    """Who is given what arrives."""

    def received(self, data: bytes, connection: Connection, framing: Framing) -> None: ...

    def lost(self, connection: Connection) -> None:
        """A connection ended, or could not be opened."""
        ...


class Network(Protocol):
    """The sockets, or a test's wires."""

    @property
    def listening(self) -> Sequence[Listener]: ...
    async def start(self, receiver: Receiver) -> None: ...
    async def stop(self) -> None: ...
    def flow(self, transport: Transport, address: tuple[str, int], tls: TlsVerify) -> Connection:
        """A way to an address, opened if need be; what is sent meanwhile waits. OSError if there can be none."""
        ...

    def answering(self, connection: Connection, address: tuple[str, int]) -> Connection:
        """The way back for answers to a datagram: from the same socket, to that address."""
        ...

    def address(self, connection: Connection) -> tuple[str, int]:
        """How the far end of a connection reaches us: for Via and Contact."""
        ...
