"""What the tests of audio share: time by hand, signals, and a network that does to packets what it is told."""

import asyncio
import math
import random
import re
import socket
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nokyc_voice.media.codecs import audioop
from nokyc_voice.media.port import FRAME_BYTES, FRAME_MS, FRAME_SAMPLES, RATE_HZ
from nokyc_voice.media.rtp_leg import Audio, RtpLeg
from nokyc_voice.media.sources import Player
from nokyc_voice.media.ticker import Ticker

CODECS = ("PCMA", "PCMU", "G722")
Fate = Callable[[int], Iterable[int]]
"""What becomes of the n-th packet: after how many ticks each copy of it arrives. None: it is lost."""


class Time:
    """Nanoseconds that move by hand."""

    def __init__(self) -> None:
        self.ns = 1_000_000_000

    def __call__(self) -> int:
        return self.ns


@dataclass
class Rig:
    """A ticker that is driven by hand, and the legs on it."""

    ports: range
    time: Time = field(default_factory=Time)
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.time)
        self.audio = Audio(
            host=self.host, ports=self.ports, ticker=self.ticker, random_bytes=random.Random(7).randbytes
        )

    def pair(
        self, *, codecs: tuple[str, ...] = CODECS, srtp: bool = False, events: bool = True
    ) -> tuple[RtpLeg, RtpLeg]:
        """Two legs that have agreed on audio with each other, and on DTMF as events, or as tones."""
        caller, offer = self.audio.offering(codecs=codecs, srtp=srtp)
        if not events:
            offer = re.sub(rb"a=(rtpmap|fmtp):101 .*\r\n", b"", offer)
        callee, answer = self.audio.answering(offer, codecs=codecs)
        caller.answered(answer)
        return caller, callee

    async def run(self, ticks: int, each: Callable[[], object] = lambda: None) -> None:
        """Let so many ticks of 20 ms go by; what is sent within one arrives within it."""
        for _ in range(ticks):
            self.time.ns += FRAME_MS * 1_000_000
            self.ticker.tick()
            await settle()
            each()
            self.audio.read()


async def settle() -> None:
    """Let the loop read what the sockets have. Loopback delivers within the call that sends."""
    for _ in range(3):
        await asyncio.sleep(0)


class Network:
    """Stands between two legs, on real sockets, and loses, repeats, delays and reorders packets as it is told."""

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[int, socket.socket, bytes, tuple[str, int]]] = []
        self._sockets: list[socket.socket] = []

    def relay(self, fate: Fate) -> "Relay":
        """Passes packets on between two ends. Those of the first end fare as fate says, the other's always well."""
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.bind(("127.0.0.1", 0))
        self._sockets.append(made)
        relay = Relay(made, fate, self._waiting, self._ticker)
        self._loop.add_reader(made, relay.read)
        return relay

    def deliver(self) -> None:
        """Hand on what is due by now, in the order in which it became due."""
        due = sorted((one for one in self._waiting if one[0] <= self._ticker.ticks), key=lambda one: one[0])
        for one in due:
            self._waiting.remove(one)
            one[1].sendto(one[2], one[3])

    def close(self) -> None:
        for made in self._sockets:
            self._loop.remove_reader(made)
            made.close()


@dataclass
class Relay:
    """One socket between two ends, which symmetric RTP keeps to."""

    socket: socket.socket
    fate: Fate
    waiting: list[tuple[int, socket.socket, bytes, tuple[str, int]]]
    ticker: Ticker
    ends: list[tuple[str, int]] = field(default_factory=list)
    count: int = 0

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def read(self) -> None:
        packet, source = self.socket.recvfrom(2_048)
        first, second = self.ends
        if source == second:
            self.socket.sendto(packet, first)
            return
        number, self.count = self.count, self.count + 1
        for delay in self.fate(number):
            self.waiting.append((self.ticker.ticks + delay, self.socket, packet, second))


def through(relay: Relay, description: bytes) -> bytes:
    """A description that says the relay's port in place of its author's, who becomes one of the relay's ends."""
    lines = description.decode().split("\r\n")
    for number, line in enumerate(lines):
        if line.startswith("m=audio "):
            parts = line.split()
            relay.ends.append(("127.0.0.1", int(parts[1])))
            lines[number] = " ".join([parts[0], str(relay.port), *parts[2:]])
    return "\r\n".join(lines).encode()


def sine(hz: float, ms: int, peak: int = 8_000) -> bytes:
    samples = (round(peak * math.sin(2 * math.pi * hz * n / RATE_HZ)) for n in range(RATE_HZ * ms // 1_000))
    return array("h", samples).tobytes()


def speak(leg: RtpLeg, pcm: bytes) -> Player:
    """Let a leg say something."""
    player = Player()
    player.write(pcm)
    leg.play(player)
    return player


class Ear:
    """All that a leg hears."""

    def __init__(self, leg: RtpLeg) -> None:
        self.frames: list[bytes] = []
        leg.listen(self.frames.append)

    @property
    def pcm(self) -> bytes:
        return b"".join(self.frames)

    def began(self, level: int = 200) -> int:
        """The first frame that is louder than that."""
        return next(n for n, frame in enumerate(self.frames) if audioop.rms(frame, 2) > level)

    def silent_frames(self, level: int = 200) -> int:
        return sum(audioop.rms(frame, 2) < level for frame in self.frames)


def level(pcm: bytes, hz: float) -> float:
    """The peak of one frequency within PCM."""
    samples = array("h", pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES])
    step = 2 * math.pi * hz / RATE_HZ
    real = sum(value * math.cos(step * n) for n, value in enumerate(samples))
    imaginary = sum(value * math.sin(step * n) for n, value in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)


__all__ = [
    "CODECS",
    "FRAME_SAMPLES",
    "Ear",
    "Network",
    "Relay",
    "Rig",
    "Time",
    "level",
    "settle",
    "sine",
    "speak",
    "through",
]
