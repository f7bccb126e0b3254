"""The carrier's side of `voice.py`, in a process of its own: a SIP user agent of few words and many phones.

Reads JSON lines. The first says how it is to be: `phones`, and `brief` for calls that are hung up as soon as they are
answered. A phone is rung by a number that ends in its five digits; the two of a pair hear each other over a bridge.
Afterwards, a word a line: `measure` (gaps and delays from now on), `hush-even` and `hush-odd` (every other pair sends
no more audio), `tell` (answers with the figures so far).
"""

import json
import os
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from voice_far_end import FRAME_NS, GROUPS, FarEnd, rtp_socket

HEADER = re.compile(rb"^(via|from|to|call-id|cseq|record-route)[ \t]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
MEDIA = re.compile(rb"^m=audio (\d+)", re.MULTILINE)
PHONE = re.compile(rb"^INVITE sip:[^@]*?(\d{5})@")
HUSH = {"hush-even": 0, "hush-odd": 1}
TURN_NS = FRAME_NS // GROUPS


@dataclass(slots=True)
class Phones:
    """All of them, at one SIP address."""

    sip: socket.socket
    ends: list[FarEnd]
    brief: bool
    answered: dict[bytes, bytes] = field(default_factory=dict)
    """Our 200 by Call-ID, until the ACK has come."""
    by_call: dict[bytes, FarEnd] = field(default_factory=dict)
    talking: list[list[FarEnd]] = field(default_factory=lambda: [[] for _ in range(GROUPS)])
    invites: int = 0
    acks: int = 0
    byes: int = 0

    @property
    def port(self) -> int:
        return int(self.sip.getsockname()[1])

    def receive(self) -> None:
        """One message: requests are answered, answers to our BYE are taken note of."""
        packet, source = self.sip.recvfrom(65_536)
        if packet.startswith(b"SIP/2.0"):
            return
        headers: dict[bytes, list[bytes]] = {}
        for name, value in HEADER.findall(packet.partition(b"\r\n\r\n")[0]):
            headers.setdefault(name.lower(), []).append(value.rstrip())
        if b"call-id" not in headers:  # not for us: somebody else's program tries ports
            return
        call_id = headers[b"call-id"][0]
        method = packet.partition(b" ")[0]
        if method == b"INVITE":
            if call_id not in self.answered:
                self.answered[call_id] = self._answer(packet, headers, call_id)
            self.sip.sendto(self.answered[call_id], source)
        elif method == b"ACK":
            self._acknowledged(headers, call_id, source)
        else:
            if method == b"BYE":
                self._ended(call_id)
            self.sip.sendto(self._reply(headers, b"", b""), source)

    def _answer(self, packet: bytes, headers: dict[bytes, list[bytes]], call_id: bytes) -> bytes:
        self.invites += 1
        found, media = PHONE.match(packet), MEDIA.search(packet)
        assert found is not None, packet
        assert media is not None, packet
        end = self.ends[int(found[1]) % len(self.ends)]
        end.target = ("127.0.0.1", int(media[1]))
        self.by_call[call_id] = end
        port = end.socket.getsockname()[1]
        sdp = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0\r\n"
        contact = f"Contact: <sip:phone@127.0.0.1:{self.port}>\r\nContent-Type: application/sdp\r\n"
        return self._reply(headers, contact.encode(), sdp.encode(), tag=b";tag=phone")

    def _acknowledged(self, headers: dict[bytes, list[bytes]], call_id: bytes, source: tuple[str, int]) -> None:
        answer = self.answered.pop(call_id, None)
        if answer is None:
            return
        self.acks += 1
        if self.brief:
            self._hang_up(headers, call_id, source)
            return
        end = self.by_call[call_id]
        self.talking[self.ends.index(end) % GROUPS].append(end)

    def _hang_up(self, headers: dict[bytes, list[bytes]], call_id: bytes, source: tuple[str, int]) -> None:
        self.by_call.pop(call_id)
        first = f"BYE sip:{source[0]}:{source[1]} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port}"
        self.sip.sendto(
            f"{first};branch=z9hG4bK{self.acks}\r\n".encode()
            + b"From: " + headers[b"to"][0] + b"\r\nTo: " + headers[b"from"][0] + b"\r\nCall-ID: " + call_id
            + b"\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            source,
        )  # fmt: skip
        self.byes += 1

    def _ended(self, call_id: bytes) -> None:
        self.byes += 1
        end = self.by_call.pop(call_id, None)
        for group in self.talking:
            if end in group:
                group.remove(end)

    def _reply(self, headers: dict[bytes, list[bytes]], extra: bytes, body: bytes, tag: bytes = b"") -> bytes:
        lines = [b"SIP/2.0 200 OK"]
        for name in (b"via", b"record-route", b"from", b"to", b"call-id", b"cseq"):
            lines += [name.title() + b": " + value + (tag if name == b"to" else b"") for value in headers.get(name, [])]
        return b"\r\n".join(lines) + b"\r\n" + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def figures(self) -> dict[str, Any]:
        heard = [end for end in self.ends if end.received]
        return {
            "invites": self.invites,
            "up": self.acks,
            "ended": self.byes,
            "sent": sum(end.sent for end in self.ends),
            "received": sum(end.received for end in self.ends),
            "lost": sum(end.lost for end in self.ends),
            "gaps_ms": sorted(end.worst_gap_ns / 1e6 for end in heard),
            "delays_ms": sorted(delay / 1e6 for end in self.ends for delay in end.delays_ns),
        }

    def hush(self, rest: int) -> None:
        """Every other pair is silent from now on."""
        silent = {id(end) for n, end in enumerate(self.ends) if n // 2 % 2 == rest}
        self.talking = [[end for end in group if id(end) not in silent] for group in self.talking]

    def measure(self) -> None:
        for end in self.ends:
            end.worst_gap_ns, end.delays_ns, end.pulse_ns = 0, [], 0


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sip.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sip.bind(("127.0.0.1", 0))
    sip.setblocking(False)
    phones = Phones(sip, [FarEnd(rtp_socket()) for _ in range(setup["phones"])], setup["brief"])
    print(json.dumps({"port": phones.port}), flush=True)
    run(phones)


def run(phones: Phones) -> None:
    """Until nobody gives orders any more."""
    ends = {end.socket.fileno(): (end, phones.ends[n ^ 1]) for n, end in enumerate(phones.ends)}
    poll = select.epoll()
    for descriptor in (*ends, phones.sip.fileno(), sys.stdin.fileno()):
        poll.register(descriptor, select.EPOLLIN)
    due, turn, late = time.monotonic_ns(), 0, 0
    while True:
        while (wait := due - time.monotonic_ns()) > 0:
            for descriptor, _ in poll.poll(wait / 1e9):
                if descriptor in ends:
                    ends[descriptor][0].receive(ends[descriptor][1])
                elif descriptor == phones.sip.fileno():
                    phones.receive()
                else:
                    order = os.read(descriptor, 64).decode().strip()
                    if not order:
                        return
                    if order == "measure":
                        phones.measure()
                        late = 0
                    if order in HUSH:
                        phones.hush(HUSH[order])
                    told = phones.figures() | {"late_ms": late / 1e6} if order == "tell" else {}
                    print(json.dumps(told), flush=True)
        late = max(late, -wait)
        due += TURN_NS
        turn += 1
        for end in phones.talking[turn % GROUPS]:
            end.send()


if __name__ == "__main__":
    main()
