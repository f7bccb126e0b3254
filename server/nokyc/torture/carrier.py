"""The carrier of a torture, a process of its own: an SMSC and a SIP gateway that misbehave when they are told to.

    python -m nokyc.torture.carrier

It says its ports in a line of JSON. After that each line that it reads is an order (`Orders`), and `{"tell": true}` is
answered with all that it saw (`Seen`).
"""

import asyncio
import contextlib
import json
import random
import re
import socket
import sys
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast
from uuid import uuid4

from nokyc.carriers.smpp.fields import PduError
from nokyc.carriers.smpp.pdu import (
    BindTransceiver,
    BindTransceiverResp,
    Deframer,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
    parse,
)
from nokyc.carriers.smpp.status import RINVDSTADR, RTHROTTLED
from nokyc_voice.sip.endpoint import Endpoint, Invitation, Listener, LoopTimers, RegisterRequest, Request, Source

TOKEN = re.compile(rb"Torture ([0-9a-f]{16})")
NOBODY = "33612340000"
"""Whom the SMSC refuses messages to."""
UNDELIVERED = 20
"""One message in so many is not delivered."""
REPEATED = 20
"""One receipt in so many is sent twice."""
RECEIPT_WITHIN_SEC = 2.0
REPLY_EVERY_SEC = 0.2
AGAIN_SEC = 5.0
"""After which a deliver_sm without an answer is sent once more."""
WINDOW = 50
BUSY = 10
"""One callee in so many is engaged."""
TALK_SEC = (0.5, 4.0)


@dataclass(slots=True)
class Seen:
    """What the platform cannot take back."""

    taken: Counter[str] = field(default_factory=Counter)
    """Submissions that were answered with ESME_ROK, by the message's token."""
    told: dict[str, str] = field(default_factory=dict)
    """Receipts that the platform acknowledged."""
    replies: list[str] = field(default_factory=list)
    """Messages of handsets that the platform acknowledged."""
    calls: int = 0


@dataclass(slots=True)
class Orders:
    """How it behaves. A link that was there while it was mute never says a word again: it is half open."""

    mute: bool = False
    throttle: bool = False
    number: str = ""
    """To whom handsets write."""


class Smsc:
    """What outlives links."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.orders = Orders()
        self.links: set[Link] = set()
        self.waiting: deque[tuple[str, DeliverSm]] = deque()
        self.serial = count(1)
        self.dice = random.Random()  # noqa: S311 - whims, no secrets

    def submit(self, pdu: SubmitSm) -> SubmitSmResp:
        if self.orders.throttle and self.dice.random() < 0.5:
            return SubmitSmResp(sequence=pdu.sequence, status=RTHROTTLED)
        if pdu.dest == NOBODY:
            return SubmitSmResp(sequence=pdu.sequence, status=RINVDSTADR)
        name = f"{next(self.serial):x}"
        if found := TOKEN.search(pdu.short_message):
            token = found[1].decode()
            self.seen.taken[token] += 1
            receipt = DeliverSm(esm_class=0x04, source=pdu.dest, dest=pdu.source, short_message=_receipt(name, token))
            for _ in range(1 + (self.dice.randrange(REPEATED) == 0)):
                delay = self.dice.uniform(0, RECEIPT_WITHIN_SEC)
                asyncio.get_running_loop().call_later(delay, self.deliver, token, receipt)
        return SubmitSmResp(sequence=pdu.sequence, message_id=name)

    def deliver(self, token: str, pdu: DeliverSm) -> None:
        self.waiting.append((token, pdu))
        self.empty()

    def empty(self) -> None:
        """Send what waits over links that have room."""
        for link in self.links:
            while self.waiting and link.receives and len(link.outstanding) < WINDOW:
                link.deliver(*self.waiting.popleft())

    def acknowledged(self, token: str, pdu: DeliverSm) -> None:
        if pdu.esm_class:
            self.seen.told[token] = _outcome(token)
        else:
            self.seen.replies.append(token)

    async def reply(self) -> None:
        """Handsets write, all the time."""
        while True:
            await asyncio.sleep(REPLY_EVERY_SEC)
            if self.orders.number:
                token = uuid4().hex[:16]
                text = f"Reply {token}".encode()
                self.deliver(token, DeliverSm(source="33612345678", dest=self.orders.number, short_message=text))


class Link(asyncio.Protocol):
    """One bind of the platform."""

    def __init__(self, smsc: Smsc) -> None:
        self.smsc = smsc
        self.bound = False
        self.deaf = False
        self.deframer = Deframer()
        self.sequence = count(1)
        self.outstanding: dict[int, tuple[str, DeliverSm]] = {}

    @property
    def receives(self) -> bool:
        return self.bound and not self.deaf and not self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.smsc.links.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.smsc.links.discard(self)
        self.smsc.waiting.extend(self.outstanding.values())
        self.outstanding.clear()

    def data_received(self, data: bytes) -> None:
        self.deaf |= self.smsc.orders.mute
        if self.deaf:
            return
        try:
            for frame in self.deframer.feed(data):
                if (answer := self._answer(parse(frame))) is not None:
                    self.transport.write(bytes(answer))
        except PduError:
            self.transport.abort()
        self.smsc.empty()

    def deliver(self, token: str, pdu: DeliverSm) -> None:
        pdu.sequence = next(self.sequence)
        self.outstanding[pdu.sequence] = token, pdu
        asyncio.get_running_loop().call_later(AGAIN_SEC, self._again, pdu.sequence)
        self.transport.write(bytes(pdu))

    def _again(self, sequence: int) -> None:
        if (unanswered := self.outstanding.pop(sequence, None)) is not None:
            self.smsc.deliver(*unanswered)

    def _answer(self, pdu: Pdu) -> Pdu | None:
        match pdu:
            case BindTransceiver():
                self.bound = True
                return BindTransceiverResp(sequence=pdu.sequence, system_id="torture")
            case SubmitSm():
                return self.smsc.submit(pdu)
            case DeliverSmResp():
                delivered = self.outstanding.pop(pdu.sequence, None)
                if delivered is not None and pdu.status == 0:
                    self.smsc.acknowledged(*delivered)
                elif delivered is not None:
                    asyncio.get_running_loop().call_later(1.0, self.smsc.deliver, *delivered)
            case EnquireLink():
                return EnquireLinkResp(sequence=pdu.sequence)
            case Unbind():
                return UnbindResp(sequence=pdu.sequence)
        return None


class Gateway:
    """Takes every call, most of them for a while, and sends no audio."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind(("127.0.0.1", 0))

    def admits(self, source: Source, request: Request) -> bool:
        return True

    async def invited(self, invitation: Invitation) -> None:
        self._smsc.seen.calls += 1
        if self._smsc.dice.randrange(BUSY) == 0:
            invitation.refuse(486, cause=17)
            return
        session = await invitation.answer(self._offer())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._smsc.dice.uniform(*TALK_SEC)):
                await session.ended()
        session.bye()

    async def registered(self, register: RegisterRequest) -> None:
        """Nobody registers with a carrier here; without an answer it becomes a 500."""

    def _offer(self) -> bytes:
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self._sink.getsockname()[1]} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        ).encode()


def _outcome(token: str) -> str:
    return "UNDELIV" if int(token, 16) % UNDELIVERED == 0 else "DELIVRD"


def _receipt(name: str, token: str) -> bytes:
    head = f"id:{name} sub:001 dlvrd:001 submit date:2604010910 done date:2604010911"
    return f"{head} stat:{_outcome(token)} err:000 text:".encode()


async def main() -> None:
    loop = asyncio.get_running_loop()
    smsc = Smsc()
    server = await loop.create_server(lambda: Link(smsc), "127.0.0.1", 0)
    endpoint = Endpoint(
        [Listener("udp", "127.0.0.1")], Gateway(smsc), timers=LoopTimers(), random=random.SystemRandom()
    )
    await endpoint.start()
    replying = asyncio.create_task(smsc.reply())
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _say({"smpp": server.sockets[0].getsockname()[1], "sip": endpoint.listening[0].port})
    while line := await orders.readline():
        order: dict[str, Any] = json.loads(line)
        if order.pop("drop", False):
            for link in list(smsc.links):
                link.transport.abort()
        if order.pop("tell", False):
            seen = smsc.seen
            _say({"taken": seen.taken, "told": seen.told, "replies": seen.replies, "calls": seen.calls})
        for name, value in order.items():
            setattr(smsc.orders, name, value)
    replying.cancel()


def _say(content: Any) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
