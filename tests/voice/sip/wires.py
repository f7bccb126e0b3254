"""Time and wires for SIP tests: a clock that moves when told to, and a network that loses, repeats and reorders."""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from nokyc_voice.platform import Transport
from nokyc_voice.sip.endpoint import (
    Endpoint,
    Invitation,
    Listener,
    RegisterRequest,
    Request,
    Response,
    Source,
    TlsVerify,
)
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.message import parse
from nokyc_voice.sip.ports import Connection, Receiver

T = TypeVar("T")

SETTLE_TURNS = 12
"""Turns of the event loop that a chain of our own coroutines may need after one event."""


@dataclass(order=True)
class Due:
    at: float
    order: int
    callback: Callable[[], object] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class VirtualTimers:
    """`run` moves the time to each thing that is due, in order."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._due: list[Due] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], object]) -> Due:
        due = Due(self._now + delay, next(self._order), callback)
        heapq.heappush(self._due, due)
        return due

    @property
    def pending(self) -> int:
        return sum(not due.is_cancelled for due in self._due)

    async def run(self, seconds: float) -> None:
        end = self._now + seconds
        await settle()
        while self._due and self._due[0].at <= end:
            due = heapq.heappop(self._due)
            self._now = max(self._now, due.at)
            if not due.is_cancelled:
                due.callback()
                await settle()
        self._now = end

    async def until(self, work: Awaitable[T], within: float = 300.0) -> T:
        """The result of something that needs time to pass."""
        task = asyncio.ensure_future(work)
        end = self._now + within
        await settle()
        while not task.done():
            while self._due and self._due[0].is_cancelled:
                heapq.heappop(self._due)
            if not self._due or self._due[0].at > end:
                task.cancel()
                raise AssertionError(f"not done within {within} s")
            await self.run(max(self._due[0].at - self._now, 0.0))
        return task.result()


async def settle() -> None:
    for _ in range(SETTLE_TURNS):
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Packet:
    data: bytes
    source: tuple[str, int]
    target: tuple[str, int]

    @property
    def first_line(self) -> str:
        return self.data.split(b"\r\n", 1)[0].decode()

    @property
    def what(self) -> str:
        """`INVITE`, or `200 INVITE`."""
        words = self.first_line.split()
        if words[0] != "SIP/2.0":
            return words[0]
        cseq = next(line for line in self.data.split(b"\r\n") if line.lower().startswith(b"cseq"))
        return f"{words[1]} {cseq.split()[-1].decode()}"


class Wire:
    """Between any number of hosts. `fate` says when copies of a packet arrive, in seconds; none: it is lost."""

    def __init__(self, timers: VirtualTimers) -> None:
        self.timers = timers
        self.fate: Callable[[Packet], Sequence[float]] = lambda packet: [0.01]
        self.log: list[Packet] = []
        self.keeps_log = True
        self._hosts: dict[tuple[str, int], Host] = {}

    def host(self, address: str, port: int = 5060, transport: Transport = "udp") -> "Host":
        host = self._hosts[address, port] = Host(self, (address, port), transport)
        return host

    def carry(self, packet: Packet, transport: Transport) -> None:
        if self.keeps_log:
            self.log.append(packet)
        for delay in self.fate(packet):
            self.timers.call_later(delay, lambda: self._arrive(packet, transport))

    def whats(self) -> list[str]:
        return [packet.what for packet in self.log]

    def _arrive(self, packet: Packet, transport: Transport) -> None:
        host = self._hosts.get(packet.target)
        if host is not None and host.receiver is not None:
            framing = "datagram" if transport == "udp" else "stream"
            host.receiver.received(packet.data, host.flow(transport, packet.source, TlsVerify()), framing)


class Host:
    """One endpoint's network."""

    def __init__(self, wire: Wire, local: tuple[str, int], transport: Transport) -> None:
        self.wire = wire
        self.local = local
        self.receiver: Receiver | None = None
        self.listening = [Listener(transport, *local)]
        self._flows: dict[tuple[str, int], WireFlow] = {}

    async def start(self, receiver: Receiver) -> None:
        self.receiver = receiver

    async def stop(self) -> None:
        self.receiver = None

    def flow(self, transport: Transport, address: tuple[str, int], tls: TlsVerify) -> "WireFlow":
        return self._flows.setdefault(address, WireFlow(self, transport, address))

    def answering(self, connection: Connection, address: tuple[str, int]) -> "WireFlow":
        return self.flow(connection.transport, address, TlsVerify())

    def address(self, connection: Connection) -> tuple[str, int]:
        return self.local


class WireFlow:
    def __init__(self, host: Host, transport: Transport, remote: tuple[str, int]) -> None:
        self.host = host
        self.transport: Transport = transport
        self.remote = remote
        self.local = host.local
        self.subject: str | None = None
        self.is_open = True

    def send(self, data: bytes) -> None:
        if self.is_open:
            self.host.wire.carry(Packet(data, self.local, self.remote), self.transport)

    def close(self) -> None:
        self.is_open = False


Decide = Callable[[Invitation], Awaitable[None]]


class Party:
    """A user agent on a wire, whose handlers are what the test says."""

    def __init__(
        self, wire: Wire, address: str, seed: int = 1, transport: Transport = "udp", on_invite: Decide | None = None
    ) -> None:
        self.host = wire.host(address, transport=transport)
        self.on_invite = on_invite
        self.on_register: Callable[[RegisterRequest], Awaitable[None]] | None = None
        self.admitting = True
        self.invitations: list[Invitation] = []
        self.endpoint = Endpoint([], self, timers=wire.timers, random=Random(seed), network=self.host)

    @property
    def uri(self) -> str:
        return f"sip:someone@{self.host.local[0]}:{self.host.local[1]}"

    def admits(self, source: Source, request: Request) -> bool:
        return self.admitting

    async def invited(self, invitation: Invitation) -> None:
        self.invitations.append(invitation)
        if self.on_invite is not None:
            await self.on_invite(invitation)

    async def registered(self, register: RegisterRequest) -> None:
        if self.on_register is not None:
            await self.on_register(register)


class Raw:
    """A far end that does nothing by itself: the test reads what came and writes what it likes."""

    def __init__(self, wire: Wire, address: str = "192.0.2.3", transport: Transport = "udp") -> None:
        self.host = wire.host(address, transport=transport)
        self.host.receiver = self
        self.uri = f"sip:raw@{address}:5060"
        self.came: list[Request | Response] = []
        self._flow: Connection | None = None

    def received(self, data: bytes, connection: Connection, framing: str) -> None:
        with contextlib.suppress(SipSyntaxError):  # a refusal repeats what was malformed
            self.came.append(parse(data))
        self._flow = connection

    def lost(self, connection: Connection) -> None: ...

    def requests(self, method: str) -> list[Request]:
        return [each for each in self.came if isinstance(each, Request) and each.method == method]

    def statuses(self) -> list[int]:
        return [each.status for each in self.came if isinstance(each, Response)]

    def reply(
        self,
        request: Request,
        status: int,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        tag: str = "raw",
    ) -> None:
        response = request.reply(status, None, [("Contact", f"<{self.uri}>"), *headers], to_tag=tag)
        if body:
            response.headers.add("Content-Type", "application/sdp")
            response.body = body
        assert self._flow is not None
        self._flow.send(bytes(response))

    def send(self, party: "Party", text: str | bytes) -> None:
        """A whole message; lines may end in LF alone."""
        data = text if isinstance(text, bytes) else text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        self.host.flow(self.host.listening[0].transport, party.host.local, TlsVerify()).send(data)
