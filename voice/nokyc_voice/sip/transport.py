"""The sockets: listeners, connections by destination, and what each may cost us (RFC 3261 18, RFC 5923, RFC 7118)."""

import asyncio
import socket
import ssl
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from nokyc_voice.platform import Transport
from nokyc_voice.sip.ports import Connection, Listener, Receiver, ServerTls, TlsVerify
from nokyc_voice.sip.streams import StreamConnection
from nokyc_voice.sip.websocket import listen_websocket

if TYPE_CHECKING:
    from nokyc_voice.sip.websocket import WebSocketConnection

MAX_CONNECTIONS = 4_000
MAX_CONNECTIONS_PER_HOST = 200
CONNECT_SEC = 10.0
MAX_ROUTES = 4_096
"""Our own address as seen by that many far ends is remembered, where a listener is bound to all addresses."""
RECEIVE_BUFFER = 4 * 1024 * 1024
"""Bytes of a UDP socket's buffer: bursts of set-ups must not be lost in the kernel."""

Address = tuple[str, int]


class UdpSocket(asyncio.DatagramProtocol):
    """One bound socket."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self.transport: asyncio.DatagramTransport | None = None
        self.local: Address = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)
        self.local = transport.get_extra_info("sockname")[:2]
        bound: socket.socket = transport.get_extra_info("socket")
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def datagram_received(self, data: bytes, address: tuple[Any, ...]) -> None:
        if data.strip(b"\r\n\0 "):  # anything else keeps a NAT binding open
            self._receiver.received(data, UdpFlow(self, (address[0], address[1])), "datagram")

    def error_received(self, error: Exception) -> None:
        """ICMP says that nobody is there; the transactions' timers find that out by themselves."""


@dataclass(frozen=True, slots=True)
class UdpFlow:
    """An address as seen from one of our sockets."""

    socket: UdpSocket
    remote: Address
    subject: str | None = None

    @property
    def transport(self) -> Transport:
        return "udp"

    @property
    def local(self) -> Address:
        return self.socket.local

    @property
    def is_open(self) -> bool:
        return self.socket.transport is not None and not self.socket.transport.is_closing()

    def send(self, data: bytes) -> None:
        if self.is_open and self.socket.transport is not None:
            self.socket.transport.sendto(data, self.remote)

    def close(self) -> None:
        """There is nothing to close."""


class Sockets:
    """The network of one endpoint."""

    def __init__(self, listeners: Sequence[Listener], *, advertise: str | None) -> None:
        self._wanted = listeners
        self._advertise = advertise
        self._receiver: Receiver
        self._udp: list[UdpSocket] = []
        self._servers: list[asyncio.Server] = []
        self._websockets: list[Any] = []
        self._connections: set[StreamConnection | WebSocketConnection] = set()
        self._by_address: dict[tuple[Transport, Address, TlsVerify | None], StreamConnection] = {}
        self._per_host: Counter[str] = Counter()
        self._contexts: dict[TlsVerify, ssl.SSLContext] = {}
        self._own: OrderedDict[str, str] = OrderedDict()
        self._connecting: set[asyncio.Task[None]] = set()
        self.listening: list[Listener] = []

    async def start(self, receiver: Receiver) -> None:
        self._receiver = receiver
        for listener in self._wanted:
            port = await self._listen(listener)
            self.listening.append(replace(listener, port=port))

    async def stop(self) -> None:
        for task in list(self._connecting):
            task.cancel()
        for server in [*self._servers, *self._websockets]:
            server.close()
        for connection in list(self._connections):
            connection.close()
        for udp in self._udp:
            if udp.transport is not None:
                udp.transport.close()
        for websocket in self._websockets:
            await websocket.wait_closed()
        await asyncio.gather(*self._connecting, return_exceptions=True)
        await asyncio.sleep(0)  # transports tell their protocols that they are closed

    def flow(self, transport: Transport, address: Address, tls: TlsVerify) -> Connection:
        if transport == "udp":
            wanted = ip_address(address[0]).version
            for udp in self._udp:
                if ip_address(udp.local[0]).version == wanted:
                    return UdpFlow(udp, address)
            raise OSError("no UDP listener of that family")
        if transport == "ws":
            raise OSError("WebSocket connections come to us")
        verify = tls if transport == "tls" else None
        known = self._by_address.get((transport, address, verify))
        if known is not None and known.is_open:
            return known
        if not self.admit(address[0]):
            raise OSError("too many connections")
        connection = StreamConnection(self._receiver, transport, on_lost=self.forget, remote=address)
        self.keep(connection)
        self._by_address[transport, address, verify] = connection
        task = asyncio.get_running_loop().create_task(self._connect(connection, tls))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)
        return connection

    def answering(self, connection: Connection, address: Address) -> Connection:
        return UdpFlow(connection.socket, address) if isinstance(connection, UdpFlow) else connection

    def address(self, connection: Connection) -> Address:
        host = self._advertise or self._own_host(connection)
        port = next(
            (each.port for each in self.listening if each.transport == connection.transport), connection.local[1]
        )
        return host, connection.local[1] if connection.transport == "udp" else port

    # --- for listeners

    def admit(self, host: str) -> bool:
        """Whether one more connection with this host is all right."""
        return len(self._connections) < MAX_CONNECTIONS and self._per_host[host] < MAX_CONNECTIONS_PER_HOST

    def keep(self, connection: "StreamConnection | WebSocketConnection") -> None:
        self._connections.add(connection)
        self._per_host[connection.remote[0]] += 1

    def forget(self, connection: "StreamConnection | WebSocketConnection") -> None:
        """It has ended."""
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        host = connection.remote[0]
        self._per_host[host] -= 1
        if self._per_host[host] <= 0:
            del self._per_host[host]
        for key in [key for key, other in self._by_address.items() if other is connection]:
            del self._by_address[key]
        self._receiver.lost(connection)

    async def _listen(self, listener: Listener) -> int:
        """The port."""
        loop = asyncio.get_running_loop()
        where = listener.host, listener.port
        if listener.transport == "udp":
            _, udp = await loop.create_datagram_endpoint(lambda: UdpSocket(self._receiver), local_addr=where)
            self._udp.append(udp)
            return udp.local[1]
        context = None if listener.tls is None else server_context(listener.tls)
        if listener.transport == "ws":
            server = await listen_websocket(self, self._receiver, listener, context)
            self._websockets.append(server)
            return int(next(iter(server.sockets)).getsockname()[1])
        if listener.transport == "tls" and context is None:
            raise ValueError("a TLS listener needs a certificate")
        transport = listener.transport
        handshake_sec = None if context is None else CONNECT_SEC
        stream = await loop.create_server(
            lambda: self._accepted(transport), *where, ssl=context, ssl_handshake_timeout=handshake_sec
        )
        self._servers.append(stream)
        return int(stream.sockets[0].getsockname()[1])

    def _accepted(self, transport: Transport) -> StreamConnection:
        def on_made(connection: StreamConnection) -> None:
            if not self.admit(connection.remote[0]):
                connection.close()
                return
            self.keep(connection)
            # Requests of ours to exactly that address use it too; with TLS, who is there would be unproved.
            if transport == "tcp":
                self._by_address.setdefault((transport, connection.remote, None), connection)

        return StreamConnection(self._receiver, transport, on_lost=self.forget, on_made=on_made)

    async def _connect(self, connection: StreamConnection, tls: TlsVerify) -> None:
        try:
            context = self._client_context(tls) if connection.transport == "tls" else None
            name = (tls.server_name or connection.remote[0]) if context is not None else None
            async with asyncio.timeout(CONNECT_SEC):
                await asyncio.get_running_loop().create_connection(
                    lambda: connection, *connection.remote, ssl=context, server_hostname=name
                )
        except (OSError, TimeoutError):
            connection.fail()

    def _client_context(self, tls: TlsVerify) -> ssl.SSLContext:
        context = self._contexts.get(tls)
        if context is None:
            context = ssl.create_default_context(cafile=None if tls.ca_file is None else str(tls.ca_file))
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if not tls.verify:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._contexts[tls] = context
        return context

    def _own_host(self, connection: Connection) -> str:
        """The address that a far end sees of us; asked of the routing table where a socket is bound to all."""
        host = connection.local[0]
        if host and not ip_address(host).is_unspecified:
            return host
        remote = connection.remote[0]
        if remote not in self._own:
            family = socket.AF_INET6 if ":" in remote else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                try:
                    probe.connect((remote, 9))  # sends nothing
                    self._own[remote] = probe.getsockname()[0]
                except OSError:
                    return host
            if len(self._own) > MAX_ROUTES:
                self._own.popitem(last=False)
        return self._own[remote]


def server_context(tls: ServerTls) -> ssl.SSLContext:
    """OSError or ssl.SSLError if the files are no good."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tls.certificate, tls.key)
    if tls.client_ca is not None:
        context.load_verify_locations(tls.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
