"""The SMSC that all gateways submit to: a process of its own that reads frames, answers, sends receipts and counts.

Every message carries a token (`T` and seven digits), by which it is known again: as a submit_sm, and in what the
gateway tells its customer, which comes in over HTTP here too. It does as little as can be, so that it is not what is
measured; the share of a core that it took stands in the results.
"""

import asyncio
import multiprocessing
import os
import re
import socket
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import Any

import uvloop

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT, DELIVER, UNBIND, BIND_TRANSCEIVER, ENQUIRE = 1, 2, 4, 5, 6, 9, 21
ANSWER = 0x8000_0000
THROTTLED = 0x58
RECEIPT_WINDOW = 100
"""Receipts without an answer on one link."""
RECEIPT_PATIENCE_SEC = 5.0
"""After which one without an answer is sent again."""
TOKEN = re.compile(rb"T\d{7}")
ENOUGH = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Type: text/plain\r\n\r\nACK/Jasmin"
"""What Jasmin wants to hear; the others are content with 200."""


@dataclass(slots=True)
class Seen:
    """What the SMSC saw, by token; times are of the monotonic clock, which all processes share."""

    accepted: dict[str, list[float]] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    """How often the customer heard of a message's end."""
    told_at: dict[str, float] = field(default_factory=dict)
    receipts: int = 0
    """Receipts that the gateway acknowledged."""
    last_receipt_at: float = 0.0
    throttled: int = 0
    busy_sec: float = 0.0
    """CPU time of the SMSC's process."""


@dataclass(slots=True)
class Manners:
    """How it behaves. `mute` is half-open: it takes connections and bytes, and never says a word."""

    receipt_after_sec: float = 0.0
    allowed_per_sec: float | None = None
    mute: bool = False


class Smsc:
    """The state that outlives connections: what was seen, and receipts that are still to be told."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.manners = Manners()
        self.links: set[Link] = set()
        self.receipts: deque[bytes] = deque()
        self.serial = 0
        self.tokens = 0.0
        self.filled_at = time.monotonic()

    def reset(self) -> None:
        self.seen, self.manners = Seen(), Manners()
        self.receipts.clear()

    def allows(self) -> bool:
        """A bucket of a tenth of a second's allowance."""
        rate = self.manners.allowed_per_sec
        if rate is None:
            return True
        now = time.monotonic()
        self.tokens = min(max(1.0, rate / 10), self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def accept(self, body: bytes) -> bytes:
        """Note a submit_sm; returns the message id."""
        self.serial += 1
        message_id = b"%08x" % self.serial
        found = TOKEN.search(body)
        token = found[0].decode() if found else ""
        self.seen.accepted.setdefault(token, []).append(time.monotonic())
        receipt = _receipt(message_id, _addresses(body))
        if self.manners.receipt_after_sec:
            asyncio.get_running_loop().call_later(self.manners.receipt_after_sec, self._due, receipt)
        else:
            self.receipts.append(receipt)
        return message_id

    def send_receipts(self) -> None:
        """As many as fit into the windows of the links that receive."""
        for link in self.links:
            while self.receipts and link.receives and len(link.outstanding) < RECEIPT_WINDOW:
                link.deliver(self.receipts.popleft())

    def drop(self) -> None:
        """Cut every link."""
        for link in list(self.links):
            link.transport.abort()

    def _due(self, receipt: bytes) -> None:
        self.receipts.append(receipt)
        self.send_receipts()


class Link(asyncio.Protocol):
    """One connection of a gateway."""

    def __init__(self, smsc: Smsc) -> None:
        self.smsc = smsc
        self.rest = b""
        self.receives = False
        self.sequence = 0
        self.outstanding: dict[int, bytes] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport
        self.socket = transport.get_extra_info("socket")
        self.smsc.links.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.smsc.links.discard(self)
        self.receives = False
        self.smsc.receipts.extend(self.outstanding.values())  # not acknowledged: another link gets them

    def data_received(self, data: bytes) -> None:
        if self.smsc.manners.mute:
            self.rest = b""
            return
        # A gateway that leaves Nagle's algorithm on (Jasmin) would stand still for 40 ms with each receipt.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        data = self.rest + data
        at, answers = 0, []
        while len(data) - at >= 16:
            length = int.from_bytes(data[at : at + 4], "big")
            if len(data) - at < length:
                break
            answers.append(self._frame(data[at : at + length]))
            at += length
        self.rest = data[at:]
        self.transport.write(b"".join(answers))
        self.smsc.send_receipts()

    def deliver(self, receipt: bytes) -> None:
        self.sequence += 1
        self.outstanding[self.sequence] = receipt
        asyncio.get_running_loop().call_later(RECEIPT_PATIENCE_SEC, self._again, self.sequence)
        self.transport.write(_frame(DELIVER, self.sequence, receipt))

    def _again(self, sequence: int) -> None:
        if self in self.smsc.links and (receipt := self.outstanding.pop(sequence, None)) is not None:
            self.smsc._due(receipt)

    def _frame(self, frame: bytes) -> bytes:
        command = int.from_bytes(frame[4:8], "big")
        sequence = int.from_bytes(frame[12:16], "big")
        if command == SUBMIT:
            if not self.smsc.allows():
                self.smsc.seen.throttled += 1
                return _frame(SUBMIT | ANSWER, sequence, b"\0", THROTTLED)
            return _frame(SUBMIT | ANSWER, sequence, self.smsc.accept(frame[16:]) + b"\0")
        if command == DELIVER | ANSWER:
            receipt = self.outstanding.pop(sequence, None)
            if frame[8:12] != bytes(4):
                if receipt is not None:
                    asyncio.get_running_loop().call_later(1.0, self.smsc._due, receipt)
            else:
                self.smsc.seen.receipts += 1
                self.smsc.seen.last_receipt_at = time.monotonic()
            return b""
        if command in (BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER):
            self.receives = command != BIND_TRANSMITTER
            return _frame(command | ANSWER, sequence, b"bench\0")
        if command in (ENQUIRE, UNBIND):
            return _frame(command | ANSWER, sequence, b"")
        return b""


class Customer(asyncio.Protocol):
    """The customer's URL: counts what it is told, and is content."""

    def __init__(self, smsc: Smsc) -> None:
        self.smsc = smsc
        self.rest = b""

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\r\n\r\n")) >= 0:
            head = self.rest[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.rest) < end + 4 + length:
                return
            found = TOKEN.search(self.rest[: end + 4 + length])
            if found:
                token = found[0].decode()
                self.smsc.seen.told[token] += 1
                self.smsc.seen.told_at[token] = time.monotonic()
            self.rest = self.rest[end + 4 + length :]
            self.transport.write(ENOUGH)


class SmscProcess:
    """The SMSC from outside."""

    def __init__(self) -> None:
        here, there = multiprocessing.Pipe()
        self._pipe = here
        self._process = multiprocessing.get_context("spawn").Process(target=_run, args=(there,), daemon=True)
        self._process.start()
        self.port, self.customer_port = here.recv()

    def reset(self) -> None:
        """Forget everything, and be polite."""
        self._ask("reset")

    def behave(self, **manners: Any) -> None:
        """Set some of `Manners`."""
        self._ask("behave", manners)

    def drop(self) -> None:
        """Cut every link."""
        self._ask("drop")

    def counts(self) -> tuple[int, int, int]:
        """Submissions accepted, receipts acknowledged, and messages whose end the customer knows."""
        counts: tuple[int, int, int] = self._ask("counts")
        return counts

    def seen(self) -> Seen:
        seen: Seen = self._ask("seen")
        return seen

    def stop(self) -> None:
        self._process.terminate()
        self._process.join()

    def _ask(self, *question: Any) -> Any:
        self._pipe.send(question)
        return self._pipe.recv()


def _run(pipe: Pipe) -> None:
    uvloop.run(_serve(pipe))


async def _serve(pipe: Pipe) -> None:
    loop = asyncio.get_running_loop()
    smsc = Smsc()
    server = await loop.create_server(lambda: Link(smsc), "127.0.0.1", 0)
    customer = await loop.create_server(lambda: Customer(smsc), "127.0.0.1", 0)
    pipe.send((server.sockets[0].getsockname()[1], customer.sockets[0].getsockname()[1]))
    ended = asyncio.Event()

    def answer() -> None:
        try:
            question, *values = pipe.recv()
        except EOFError:
            ended.set()
            return
        result: Any = None
        if question == "behave":
            for name, value in values[0].items():
                setattr(smsc.manners, name, value)
        elif question == "counts":
            result = sum(map(len, smsc.seen.accepted.values())), smsc.seen.receipts, len(smsc.seen.told)
        elif question == "seen":
            smsc.seen.busy_sec = time.process_time()
            result = smsc.seen
        else:
            getattr(smsc, question)()
        pipe.send(result)

    loop.add_reader(pipe.fileno(), answer)
    os.set_blocking(pipe.fileno(), True)  # which uvloop undoes, and long answers need
    await ended.wait()


def _frame(command: int, sequence: int, body: bytes, status: int = 0) -> bytes:
    head = (16 + len(body), command, status, sequence)
    return b"".join(number.to_bytes(4, "big") for number in head) + body


def _addresses(body: bytes) -> tuple[bytes, bytes]:
    """Sender and recipient of a submit_sm, each with its two octets of kind before it."""
    source = body.index(0) + 1
    dest = body.index(0, source + 2) + 1
    return body[source : dest - 1], body[dest : body.index(0, dest + 2)]


def _receipt(message_id: bytes, addresses: tuple[bytes, bytes]) -> bytes:
    """The body of a deliver_sm that says delivered (SMPP 3.4 appendix B)."""
    now = time.strftime("%y%m%d%H%M").encode()
    text = b"id:%s sub:001 dlvrd:001 submit date:%s done date:%s stat:DELIVRD err:000 text:" % (message_id, now, now)
    source, dest = addresses
    # service_type, then the handset as sender, us as recipient, and esm_class 4: a receipt
    return b"\0" + dest + b"\0" + source + b"\0\x04\0\0\0\0\0\0\0\0" + bytes((len(text),)) + text
