"""Four ways to move the audio of many calls in one Python process, with the same work for each frame.

    python bench/voice_ticker.py [--legs 200] [--seconds 10] [--rounds 3]

tasks      a task for each leg, that sleeps until its next frame; asyncio's datagram transports
readers    one timer for all legs; the loop calls for each packet (add_reader)
ticker     one timer for all legs, which reads all sockets first: what `media/` does
threads    a thread for each leg, that sleeps until its next frame

Each leg gives its far end back what it heard two frames ago. Trust the ratios of CPU; gaps are those at the far end.
"""

import argparse
import asyncio
import json
import resource
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import uvloop

from nokyc_voice.media.codecs import audioop

FAR_END = Path(__file__).with_name("voice_far_end.py")
FRAME_SEC = 0.02
HEADER = struct.Struct("!BBHII")
SILENCE = bytes(320)


class Leg:
    """The least that a leg must do: take packets apart, decode, encode, and send."""

    def __init__(self, far_port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.target = ("127.0.0.1", far_port)
        self.heard: deque[bytes] = deque([SILENCE, SILENCE], maxlen=10)
        self.number = 0
        self.send: Callable[[bytes, tuple[str, int]], object] = self.socket.sendto

    def take(self, packet: bytes) -> None:
        HEADER.unpack_from(packet)
        self.heard.append(audioop.ulaw2lin(packet[12:], 2))

    def read(self) -> None:
        try:
            self.take(self.socket.recv(2_048))
        except BlockingIOError:
            return

    def speak(self) -> None:
        frame = self.heard.popleft() if self.heard else SILENCE
        self.number += 1
        header = HEADER.pack(0x80, 0, self.number & 0xFFFF, self.number * 160 & 0xFFFFFFFF, 1)
        self.send(header + audioop.lin2ulaw(frame, 2), self.target)


class Transport(asyncio.DatagramProtocol):
    def __init__(self, leg: Leg) -> None:
        self.leg = leg

    def datagram_received(self, data: bytes, _: object) -> None:
        self.leg.take(data)


async def tasks(legs: list[Leg], over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    async def run(leg: Leg) -> None:
        transport, _ = await loop.create_datagram_endpoint(lambda: Transport(leg), sock=leg.socket)
        leg.send = transport.sendto
        due = loop.time()
        while not over.is_set():
            due += FRAME_SEC
            await asyncio.sleep(max(0.0, due - loop.time()))
            leg.speak()
        transport.close()

    await asyncio.gather(*map(run, legs))


async def readers(legs: list[Leg], over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for leg in legs:
        loop.add_reader(leg.socket, leg.read)
    due = loop.time()
    while not over.is_set():
        due += FRAME_SEC
        await asyncio.sleep(max(0.0, due - loop.time()))
        for leg in legs:
            leg.speak()
    for leg in legs:
        loop.remove_reader(leg.socket)


async def ticker(legs: list[Leg], over: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    poll, by_descriptor = select.epoll(), {leg.socket.fileno(): leg for leg in legs}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    due = loop.time()
    while not over.is_set():
        due += FRAME_SEC
        await asyncio.sleep(max(0.0, due - loop.time()))
        while ready := poll.poll(0):
            for descriptor, _ in ready:
                by_descriptor[descriptor].read()
        for leg in legs:
            leg.speak()
    poll.close()


async def threads(legs: list[Leg], over: asyncio.Event) -> None:
    ended = threading.Event()

    def run(leg: Leg) -> None:
        due = time.monotonic()
        while not ended.is_set():
            due += FRAME_SEC
            time.sleep(max(0.0, due - time.monotonic()))
            leg.read()
            leg.speak()

    started = [threading.Thread(target=run, args=(leg,)) for leg in legs]
    for thread in started:
        thread.start()
    await over.wait()
    ended.set()
    for thread in started:
        thread.join()


WAYS = {way.__name__: way for way in (tasks, readers, ticker, threads)}


async def measure(way: str, count: int, seconds: float) -> tuple[float, float, float, int]:
    """CPU in percent of a core, median and worst of the far ends' worst gaps in ms, and packets that did not come."""
    pipe = asyncio.subprocess.PIPE
    far = await asyncio.create_subprocess_exec(sys.executable, str(FAR_END), stdin=pipe, stdout=pipe, limit=1 << 24)
    assert far.stdin is not None
    assert far.stdout is not None
    far.stdin.write(json.dumps({"count": count, "seconds": seconds, "bridged": False}).encode() + b"\n")
    legs = [Leg(port) for port in json.loads(await far.stdout.readline())]
    over = asyncio.Event()
    running = asyncio.create_task(WAYS[way](legs, over))
    await asyncio.sleep(0.2)
    far.stdin.write(json.dumps([leg.socket.getsockname()[1] for leg in legs]).encode() + b"\n")
    started, cpu = time.monotonic(), time.process_time()
    told = json.loads(await far.stdout.readline())
    used = (time.process_time() - cpu) / (time.monotonic() - started)
    over.set()
    await running
    for leg in legs:
        leg.socket.close()
    await far.wait()
    gaps = told["gaps_ms"]
    return 100 * used, gaps[len(gaps) // 2], gaps[-1], told["lost"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--legs", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=WAYS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(uvloop.run(measure(given.only, given.legs, given.seconds))))
        return
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    size = ["--legs", str(given.legs), "--seconds", str(given.seconds)]
    print(f"{given.legs} legs, best of {given.rounds} rounds")
    found: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for _ in range(given.rounds):
        for way in WAYS:
            run = subprocess.run([sys.executable, __file__, "--only", way, *size], stdout=subprocess.PIPE, check=True)
            found[way].append(json.loads(run.stdout))
    for way, rounds in found.items():
        cpu, median, worst, lost = (min(figures) for figures in zip(*rounds, strict=True))
        print(
            f"{way:8} {cpu:6.1f} % of a core, worst gap {median:6.1f} ms (median), {worst:6.1f} ms (worst), lost {lost}"
        )


if __name__ == "__main__":
    main()
