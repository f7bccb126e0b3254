"""The callers of `agent.py`, in a process of their own: they ring in over a trunk, speak by script, and listen closely.

Reads JSON lines: `port` of the voice process, and `calls`, each with `to` and `lines`. A line is audio (`path`, µ-law),
a key (`digit`) or the end (`hang_up`), once the agent has been silent for `after_ms`, or, with `into_ms`, once it has
spoken for so long: that is an interruption. A call that `mirrors` another says what that one's agent says. Prints
`{"port"}` at the start, a line for each call that ends, and `{"done"}` after the last one. Times are the kernel's own
of arrival, so that what this process is late by does not count.
"""

import json
import select
import socket
import sys
import time
import warnings
from array import array
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice_far_end import FRAME_NS, GROUPS, HEADER, TIMESPEC, rtp_socket
from voice_phones import HEADER as SIP_HEADER
from voice_phones import MEDIA

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

FRAME = 160
MS = 1_000_000
LOUD = 400
"""A sample that is speech, of 32,767: about -38 dBFS."""
SILENT_MS = 350
"""So long without a loud sample, and the agent is silent."""
QUIET = b"\xff" * FRAME
EVENT = 101
"""Payload type of keys (RFC 4733)."""
EVENT_VOLUME = 10
MAX_MIRRORED = 50
"""Frames that one agent is ahead of the other's ear."""


@dataclass(slots=True)
class Line:
    audio: bytes
    after_ms: int
    into_ms: int | None
    loud_to: int
    """Samples up to the last loud one."""
    loud_from: int
    digit: str = ""
    hang_up: bool = False
    begun_ns: int = 0
    """When its first loud sample left."""
    ended_ns: int = 0


@dataclass(slots=True)
class Caller:
    """One call."""

    n: int
    to: str
    lines: list[Line]
    sip: socket.socket
    rtp: socket.socket
    server: tuple[str, int]
    limit_ns: int
    media: tuple[str, int] | None = None
    sent: int = 0
    saying: Line | None = None
    at: int = 0
    measuring: Line | None = None
    """Spoken, and not answered yet."""
    cutting: Line | None = None
    """Interrupts, and the agent still speaks."""
    first_ns: int = 0
    """The agent began its utterance."""
    loud_ns: int = 0
    """Its last loud sample arrived."""
    answered_ns: int = 0
    arrived_ns: int = 0
    gaps_ms: list[float] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)
    barge_ins_ms: list[float] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    said: bytearray = field(default_factory=bytearray)
    over: bool = False
    by: str = ""
    to_header: bytes = b""
    mirrored: "Caller | None" = None
    """Whose agent's voice is ours."""
    frames: deque[bytes] = field(default_factory=lambda: deque(maxlen=MAX_MIRRORED))
    pressing: list[bytes] = field(default_factory=list)
    """Payloads of a key that is being pressed, one a frame."""
    pressed_at: int = 0

    def invite(self) -> None:
        port = self.rtp.getsockname()[1]
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP 0 101\r\n"
        )
        sdp += "a=rtpmap:101 telephone-event/8000\r\n"
        self._send("INVITE", 1, self._to(), f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}")

    def take(self, packet: bytes, source: tuple[str, int]) -> None:
        """One SIP message of this call."""
        if packet.startswith(b"SIP/2.0 200") and b"INVITE" in packet and self.media is None:
            headers = {name.lower(): value.rstrip() for name, value in SIP_HEADER.findall(packet)}
            self.to_header = headers[b"to"]
            found = MEDIA.search(packet)
            assert found is not None, packet
            self.media = ("127.0.0.1", int(found[1]))
            self.answered_ns = time.time_ns()
            self._send("ACK", 1, self.to_header.decode(), "Content-Length: 0\r\n\r\n")
        elif packet.startswith((b"SIP/2.0 4", b"SIP/2.0 5", b"SIP/2.0 6")) and b"INVITE" in packet:
            self._end(packet.partition(b"\r\n")[0].decode())
        elif packet.startswith(b"BYE"):
            lines = [b"SIP/2.0 200 OK"]
            lines += [name.title() + b": " + value.rstrip() for name, value in SIP_HEADER.findall(packet)]
            self.sip.sendto(b"\r\n".join(lines) + b"\r\nContent-Length: 0\r\n\r\n", source)
            self._end("agent")

    def hang_up(self, why: str) -> None:
        if not self.over:
            if self.media is not None:
                self._send("BYE", 2, self.to_header.decode(), "Content-Length: 0\r\n\r\n")
            self._end(why)

    def hear(self) -> None:
        """One packet of the agent's."""
        packet, ancillary, _, _ = self.rtp.recvmsg(2_048, 64)
        seconds, rest = TIMESPEC.unpack(ancillary[0][2][:16])
        now = seconds * 1_000_000_000 + rest
        if packet[1] & 0x7F != 0 or self.over:
            return
        if self.arrived_ns:
            self.gaps_ms.append((now - self.arrived_ns) / MS)
        self.arrived_ns = now
        payload = packet[12:]
        self.heard += payload
        self.frames.append(payload)
        samples = audioop.ulaw2lin(payload, 2)
        if audioop.max(samples, 2) < LOUD:
            return
        loud = _loud(samples)
        begins = now + loud[0] * MS // 8
        if not self.first_ns or begins - self.loud_ns > SILENT_MS * MS:
            self.first_ns = begins
        self.loud_ns = now + loud[-1] * MS // 8
        if self.measuring is not None and begins > self.measuring.ended_ns:
            self.latencies_ms.append((begins - self.measuring.ended_ns) / MS)
            self.measuring = None

    def tick(self) -> None:
        """Send 20 ms, and see whether it is time to speak."""
        now = time.time_ns()
        if self.over or self.media is None:
            if not self.over and now > self.limit_ns:
                self.hang_up("no answer")
            return
        if now > self.limit_ns:
            self.hang_up("limit")
            return
        if self.cutting is not None and now - self.loud_ns > SILENT_MS * MS:
            self.barge_ins_ms.append(max(0.0, (self.loud_ns - self.cutting.begun_ns) / MS))
            self.cutting = None
        if self.saying is None and self.lines and self._due(self.lines[0], now):
            self._begin(self.lines.pop(0))
        if not self.over:
            self._send_frame(now)

    def _begin(self, line: Line) -> None:
        if line.hang_up:
            self.hang_up("caller")
        elif line.digit:
            event, self.pressed_at = "0123456789*#".index(line.digit), self.sent * FRAME
            self.pressing = [
                bytes([event, EVENT_VOLUME | (0x80 if n > 5 else 0)]) + (min(n, 6) * FRAME).to_bytes(2, "big")
                for n in range(1, 9)
            ]
        else:
            self.saying, self.at = line, 0
            if line.into_ms is not None:
                self.cutting = line

    def _send_frame(self, now: int) -> None:
        assert self.media is not None
        payload, kind, timestamp = self._next(now), 0, self.sent * FRAME
        if self.pressing:
            payload, kind, timestamp = self.pressing.pop(0), EVENT, self.pressed_at
        else:
            self.said += payload
        packet = HEADER.pack(0x80, kind, self.sent & 0xFFFF, timestamp & 0xFFFFFFFF, self.rtp.getsockname()[1])
        self.rtp.sendto(packet + payload, self.media)
        self.sent += 1

    def _due(self, line: Line, now: int) -> bool:
        if self.measuring is not None or not self.first_ns:
            return False
        if line.into_ms is not None:
            return now - self.loud_ns < 100 * MS and now - self.first_ns >= line.into_ms * MS
        return now - self.loud_ns >= line.after_ms * MS

    def _next(self, now: int) -> bytes:
        line = self.saying
        if self.mirrored is not None:
            return self.mirrored.frames.popleft() if self.mirrored.frames else QUIET
        if line is None:
            return QUIET
        at, self.at = self.at, self.at + FRAME
        payload = line.audio[at : self.at]
        # What a packet holds was said in the 20 ms before it left.
        if at <= line.loud_from < self.at:
            line.begun_ns = now - (self.at - line.loud_from) * MS // 8
        if at <= line.loud_to < self.at:
            line.ended_ns = now - (self.at - line.loud_to) * MS // 8
        if self.at >= len(line.audio):
            self.saying = None
            self.measuring = line
        return payload.ljust(FRAME, b"\xff")

    def _end(self, by: str) -> None:
        self.over, self.by = True, by
        talked = (time.time_ns() - self.answered_ns) / 1e9 if self.answered_ns else 0.0
        told = {
            "call": self.n, "by": by, "seconds": round(talked, 1), "latencies_ms": self.latencies_ms,
            "barge_ins_ms": self.barge_ins_ms, "worst_gap_ms": max(self.gaps_ms, default=0.0),
            "lines_left": len(self.lines) + (self.measuring is not None),
        }  # fmt: skip
        print(json.dumps(told), flush=True)

    def _to(self) -> str:
        return f"<sip:{self.to}@127.0.0.1:{self.server[1]}>"

    def _send(self, method: str, cseq: int, to: str, rest: str) -> None:
        host, port = self.sip.getsockname()
        text = (
            f"{method} sip:{self.to}@127.0.0.1:{self.server[1]} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{self.n}-{cseq}-{method}\r\nMax-Forwards: 70\r\n"
            f"From: <sip:+33612340{self.n:03d}@127.0.0.1>;tag={self.n}\r\nTo: {to}\r\n"
            f"Call-ID: agent-{port}-{self.n}\r\nCSeq: {cseq} {method}\r\nContact: <sip:caller@{host}:{port}>\r\n{rest}"
        )
        self.sip.sendto(text.encode(), self.server)


def main() -> None:
    sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sip.bind(("127.0.0.1", 0))
    sip.setblocking(False)
    print(json.dumps({"port": sip.getsockname()[1]}), flush=True)
    setup = json.loads(sys.stdin.readline())
    while setup:
        _round(sip, setup)
        print(json.dumps({"done": True}), flush=True)
        setup = json.loads(sys.stdin.readline() or "null")


def _round(sip: socket.socket, setup: dict[str, Any]) -> None:
    limit = time.time_ns() + round(setup["limit_sec"] * 1e9)
    server = ("127.0.0.1", setup["port"])
    callers = [
        Caller(setup["first"] + n, one["to"], [_line(each) for each in one["lines"]], sip, rtp_socket(), server, limit)
        for n, one in enumerate(setup["calls"])
    ]
    for caller, one in zip(callers, setup["calls"], strict=True):
        if "mirrors" in one:
            caller.mirrored = callers[one["mirrors"]]
    by_socket = {caller.rtp.fileno(): caller for caller in callers}
    poll = select.epoll()
    for descriptor in (*by_socket, sip.fileno()):
        poll.register(descriptor, select.EPOLLIN)
    waits = [n * setup["apart_ms"] + one.get("wait_ms", 0) for n, one in enumerate(setup["calls"])]
    waiting = sorted(zip(waits, callers, strict=True), key=lambda each: each[0])
    begun = due = time.monotonic_ns()
    turn = 0
    while not all(caller.over for caller in callers):
        while waiting and time.monotonic_ns() - begun >= waiting[0][0] * MS:
            waiting.pop(0)[1].invite()
        while (wait := due - time.monotonic_ns()) > 0:
            for descriptor, _ in poll.poll(wait / 1e9):
                if descriptor in by_socket:
                    by_socket[descriptor].hear()
                    continue
                packet, source = sip.recvfrom(65_536)
                for caller in callers:
                    if b"agent-%d-%d\r\n" % (sip.getsockname()[1], caller.n) in packet:
                        caller.take(packet, source)
        due += FRAME_NS // GROUPS
        turn += 1
        for caller in callers[turn % GROUPS :: GROUPS]:
            caller.tick()
    if setup.get("keep"):
        for caller in callers:
            _keep(Path(setup["keep"]) / f"call-{caller.n}.wav", caller)
    for caller in callers:
        poll.unregister(caller.rtp)
        caller.rtp.close()


def _line(told: dict[str, Any]) -> Line:
    if "path" not in told:
        return Line(b"", told.get("after_ms", 600), told.get("into_ms"), 0, 0, digit=told.get("digit", ""),
                    hang_up="hang_up" in told)  # fmt: skip
    audio = Path(told["path"]).read_bytes()
    loud = _loud(audioop.ulaw2lin(audio, 2))
    return Line(audio, told.get("after_ms", 600), told.get("into_ms"), loud[-1], loud[0])


def _loud(pcm: bytes) -> list[int]:
    """Which samples are speech."""
    return [n for n, sample in enumerate(array("h", pcm)) if abs(sample) >= LOUD]


def _keep(path: Path, caller: Caller) -> None:
    """Both sides, for whoever wants to listen: the caller left, the agent right; in order, not in step."""
    import wave

    size = max(len(caller.said), len(caller.heard))
    left, right = (audioop.ulaw2lin(bytes(each).ljust(size, b"\xff"), 2) for each in (caller.said, caller.heard))
    both = audioop.add(audioop.tostereo(left, 2, 1, 0), audioop.tostereo(right, 2, 0, 1), 2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(both)


if __name__ == "__main__":
    main()
