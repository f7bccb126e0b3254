"""Submissions a second of our SMPP client beside smpp34's, against the same sink in one run.

    .venv/bin/python bench/smpp_client.py [--count 60000] [--window 64] [--rounds 3]

The sink is a process of its own that answers every submit_sm with ESME_ROK and does nothing else. Trust the ratio.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from multiprocessing.connection import Connection

import smpp34
import uvloop

from endings import end_in_order
from nokyc.carriers.port import Accepted, Report, Submission
from nokyc.carriers.smpp import SmppCarrier, SmppConfig
from nokyc.kit.segments import split

TEXT = "Your code is 123456. It is good for ten minutes; tell it to nobody, not even to us."
SENDER, RECIPIENT = "+33644630001", "+33612345678"

BIND, SUBMIT, ENQUIRE, UNBIND = 9, 4, 21, 6


class Sink(asyncio.Protocol):
    """The least that an SMSC can do, so that the client is what is measured."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        at, answers = 0, []
        while len(data) - at >= 16:
            length = int.from_bytes(data[at : at + 4], "big")
            if len(data) - at < length:
                break
            command, sequence = data[at + 7], data[at + 12 : at + 16]
            body = b"1f2e3d4c\0" if command == SUBMIT else b"sink\0" if command == BIND else b""
            head = (16 + len(body)).to_bytes(4, "big") + b"\x80\0\0" + bytes((command,)) + bytes(4)
            answers.append(head + sequence + body)
            at += length
        self.rest = data[at:]
        self.transport.write(b"".join(answers))  # type: ignore[attr-defined]


def run_sink(pipe: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(serve())


async def ours(port: int, count: int, window: int) -> float:
    config = SmppConfig("sink", "127.0.0.1", port, "bench", "bench", window=window)
    carrier = SmppCarrier(config)
    await carrier.start(nothing)
    async with asyncio.timeout(5):
        while not carrier.capacity():
            await asyncio.sleep(0.001)
    parts = split(TEXT, 1)
    submission = Submission("sms_1.1", SENDER, RECIPIENT, TEXT, parts[0].encoding, parts)

    async def one() -> None:
        verdict = await carrier.submit(submission)
        assert isinstance(verdict, Accepted), verdict

    rate = await timed(one, count, window)
    await carrier.stop()
    return rate


async def theirs(port: int, count: int, window: int) -> float:
    client = smpp34.Client("127.0.0.1", port, "bench", "bench", window_size=window)
    smsc = await client.connect()
    (part,) = split(TEXT, 1)

    async def one() -> None:
        answer = await smsc.submit_sm(
            RECIPIENT[1:],
            part.payload,
            source_addr=SENDER[1:],
            source_addr_ton=1,
            source_addr_npi=1,
            dest_addr_ton=1,
            dest_addr_npi=1,
            registered_delivery=1,
            validity_period="000001000000000R",
        )
        assert answer.is_success

    rate = await timed(one, count, window)
    await client.stop()
    return rate


async def nothing(reports: Sequence[Report]) -> None:
    pass


async def timed(one: Callable[[], Awaitable[None]], count: int, window: int) -> float:
    """`window` workers share `count` submissions; per second."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await one()

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(window)))
    return count / (time.perf_counter() - began)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=60_000)
    options.add_argument("--window", type=int, default=64)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    end_in_order()
    here, there = multiprocessing.Pipe()
    sink = multiprocessing.get_context("spawn").Process(target=run_sink, args=(there,), daemon=True)
    sink.start()
    port = here.recv()
    rates: dict[str, list[float]] = {"ours": [], "smpp34": []}
    for _ in range(chosen.rounds):
        rates["ours"].append(uvloop.run(ours(port, chosen.count, chosen.window)))
        rates["smpp34"].append(asyncio.run(theirs(port, chosen.count, chosen.window)))
    sink.terminate()
    middle = {name: statistics.median(each) for name, each in rates.items()}
    for name, rate in middle.items():
        print(f"{name:8} {rate:10,.0f} submit_sm/s   of {[round(each) for each in rates[name]]}")
    print(f"ratio    {middle['ours'] / middle['smpp34']:10.2f}")


if __name__ == "__main__":
    main()
