"""A small SMSC that does what a test tells it to, over real sockets."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Literal, cast

from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.pdu import (
    RESPONSE_BIT,
    UDHI,
    Bind,
    BindReceiver,
    BindReceiverResp,
    BindResp,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    Deframer,
    DeliverSm,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
    parse,
)
from nokyc.carriers.smpp.status import RINVPASWD
from nokyc.kit.segments import join

SYSTEM_ID, PASSWORD = "nokyc", "secret"

_BIND_RESPONSES: dict[type[Pdu], type[BindResp]] = {
    BindReceiver: BindReceiverResp,
    BindTransmitter: BindTransmitterResp,
    BindTransceiver: BindTransceiverResp,
}

Treatment = int | Literal["silent", "drop"]
"""What happens to one submit_sm: a command_status, no answer at all, or the connection cut."""


class Connection(asyncio.Protocol):
    """One ESME, as the SMSC sees it."""

    def __init__(self, smsc: "Smsc") -> None:
        self.smsc = smsc
        self.bound: type[Pdu] | None = None
        self.deframer = Deframer()
        self.sequence = count(1)
        self.answers: dict[int, asyncio.Future[Pdu]] = {}
        self.received: list[Pdu] = []
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.smsc.connections.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.smsc.connections.remove(self)
        self.closed.set()
        for answer in self.answers.values():
            answer.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            for frame in self.deframer.feed(data):
                self._on_pdu(parse(frame))
        except PduError:
            self.transport.abort()

    def send(self, pdu: Pdu) -> None:
        self.transport.write(bytes(pdu))

    async def ask(self, pdu: Pdu) -> Pdu:
        """Send a request and wait for its answer."""
        pdu.sequence = next(self.sequence)
        answer = self.answers[pdu.sequence] = asyncio.get_running_loop().create_future()
        self.send(pdu)
        return await answer

    def _on_pdu(self, pdu: Pdu) -> None:
        self.received.append(pdu)
        if pdu.command & RESPONSE_BIT:
            if answer := self.answers.pop(pdu.sequence, None):
                answer.set_result(pdu)
            return
        match pdu:
            case Bind():
                self._on_bind(pdu)
            case SubmitSm():
                self._on_submit(pdu)
            case EnquireLink():
                if self.smsc.answers_enquire_link:
                    self.send(EnquireLinkResp(sequence=pdu.sequence))
            case Unbind():
                self.send(UnbindResp(sequence=pdu.sequence))
            case _:
                self.send(GenericNack(sequence=pdu.sequence, status=3))

    def _on_bind(self, pdu: Bind) -> None:
        response = _BIND_RESPONSES[type(pdu)](sequence=pdu.sequence, system_id="smsc")
        if (pdu.system_id, pdu.password) != (SYSTEM_ID, PASSWORD):
            response.status = RINVPASWD
        elif self.smsc.answers_binds:
            self.bound = type(pdu)
        if self.smsc.answers_binds:
            self.send(response)

    def _on_submit(self, pdu: SubmitSm) -> None:
        treatment = self.smsc.treatment(pdu)
        if treatment == "silent":
            return
        if treatment == "drop":
            self.transport.abort()
        elif treatment:
            self.send(SubmitSmResp(sequence=pdu.sequence, status=treatment))
        else:
            self.smsc.accept(self, pdu)


class Smsc:
    """Accepts everything until told otherwise."""

    def __init__(self, message_id: Callable[[int], str] = "{:x}".format, tls: ssl.SSLContext | None = None) -> None:
        self.message_id = message_id
        self.tls = tls
        self.port = 0
        self.connections: list[Connection] = []
        self.submits: list[SubmitSm] = []
        self.next: deque[Treatment] = deque()
        """Treatments of the submissions to come; when it is empty, `always` holds."""
        self.always: Treatment = 0
        self.answers_enquire_link = True
        self.answers_binds = True
        self.receipt_first = False
        """Send the receipt before the submit_sm_resp, on every receiving link."""
        self._serial = count(0x1000)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        for connection in list(self.connections):
            connection.transport.abort()
            await connection.closed.wait()

    def receivers(self) -> list[Connection]:
        return [each for each in self.connections if each.bound in (BindReceiver, BindTransceiver)]

    def treatment(self, pdu: SubmitSm) -> Treatment:
        return self.next.popleft() if self.next else self.always

    def accept(self, connection: Connection, pdu: SubmitSm) -> None:
        self.submits.append(pdu)
        message_id = self.message_id(next(self._serial))
        if self.receipt_first:
            for receiver in self.receivers():
                receiver.send(receipt(message_id, sequence=next(receiver.sequence)))
        connection.send(SubmitSmResp(sequence=pdu.sequence, message_id=message_id))

    async def deliver(self, pdu: DeliverSm) -> int:
        """Send it over one receiving link; returns the command_status of the answer."""
        return (await self.receivers()[0].ask(pdu)).status


def receipt(message_id: str, stat: str = "DELIVRD", *, sequence: int = 0) -> DeliverSm:
    """The receipt that most SMSCs write."""
    text = (
        f"id:{message_id} sub:001 dlvrd:001 submit date:2604010910 done date:2604010911 stat:{stat} err:000 text:Hello"
    )
    return DeliverSm(sequence=sequence, esm_class=0x04, short_message=text.encode("latin-1"))


def texts(submits: list[SubmitSm]) -> list[str]:
    """The bodies of what was submitted, put together again as a handset would."""
    bodies: dict[tuple[str, str, bytes | int], list[SubmitSm]] = {}
    for serial, pdu in enumerate(submits):
        key = pdu.short_message[3:4] if pdu.esm_class & UDHI else serial
        bodies.setdefault((pdu.source, pdu.dest, key), []).append(pdu)
    return [_text(parts) for parts in bodies.values()]


def _text(parts: list[SubmitSm]) -> str:
    headers = [part.short_message[0] + 1 if part.esm_class & UDHI else 0 for part in parts]
    ordered = sorted(zip(parts, headers, strict=True), key=lambda pair: pair[0].short_message[5 : pair[1]])
    encoding: Literal["gsm7", "ucs2"] = "ucs2" if parts[0].data_coding == 8 else "gsm7"
    return join(encoding, [part.short_message[header:] for part, header in ordered])
