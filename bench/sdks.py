"""What each SDK adds to one call, beside its language's bare HTTP client, on loopback.

    .venv/bin/python bench/sdks.py [--count 2000] [--rounds 5] [python node …]

Every language has a program `bench` in its folder: with the address of a server, a count and rounds, it sends that many
POST /v1/sms one after the other, by turns with its bare client (headers, JSON both ways, the same connection) and with
the SDK, and prints {"bare_us": [...], "sdk_us": [...]}: microseconds a call, one figure a round. The server answers at
once and does nothing else. Trust the ratio of the medians; ours is to be 1.5 at most.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import sysconfig
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop

from endings import end_in_order

SDKS = Path(__file__).parents[1] / "sdks"
GO = Path(sysconfig.get_path("purelib")) / "go" / "bin" / "go"
PROGRAMS = {
    "python": [sys.executable, "bench.py"],
    "node": ["node", "bench.mjs"],
    "go": [str(GO), "run", "./internal/bench"],
    "php": ["php", "tests/bench.php"],
    "ruby": ["ruby", "test/bench.rb"],
}
CACHE = SDKS.parent / ".venv" / "go"
ENVIRONMENT = {"PYTHONPATH": "src", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
ENVIRONMENT |= {"GOCACHE": str(CACHE / "cache"), "GOPATH": str(CACHE)}
ANSWER = json.dumps(
    {
        "id": "sms_4n2v8j1q6h7y", "object": "sms", "from": "num_8a4c2f1e9b3d", "from_e164": "+33647189022",
        "to": "+33612345678", "number_id": "num_8a4c2f1e9b3d", "body": "Hello", "media_urls": [],
        "direction": "outbound", "segments": 1, "status": "queued", "failure_code": None,
        "created_at": "2026-04-26T11:24:50Z", "send_at": None, "delivered_at": None, "cost_usd": 0.012,
        "metadata": None,
    }
).encode()  # fmt: skip
HEADERS = (
    b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nrequest-id: req_8a4c2f1e9b3d4a7c\r\n"
    b"nokyc-version: 2026-04-01\r\nx-rate-limit-limit: 100\r\nx-rate-limit-remaining: 99\r\n"
    b"x-rate-limit-reset: 1777202690\r\ncontent-length: %d\r\n\r\n" % len(ANSWER)
)


class Server(asyncio.Protocol):
    """The least that a server can do, so that the client is what is measured."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        head, found, body = self.rest.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if len(body) >= length:
            self.rest = body[length:]
            self.transport.write(HEADERS + ANSWER)  # type: ignore[attr-defined]


def serve(pipe: Connection) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    uvloop.run(forever())


def measure(language: str, url: str, count: int, rounds: int) -> tuple[float, float]:
    """Median microseconds of a call: bare, with the SDK."""
    done = subprocess.run(
        [*PROGRAMS[language], url, str(count), str(rounds)],
        cwd=SDKS / language, env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures = json.loads(done.stdout)
    return statistics.median(figures["bare_us"]), statistics.median(figures["sdk_us"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("languages", nargs="*", default=list(PROGRAMS))
    options.add_argument("--count", type=int, default=2_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    end_in_order()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{here.recv()}"
    print("language   bare client, µs   SDK, µs   ratio")
    for language in chosen.languages:
        bare, ours = measure(language, url, chosen.count, chosen.rounds)
        print(f"{language:10} {bare:15.0f} {ours:9.0f} {ours / bare:7.2f}")
    server.terminate()


if __name__ == "__main__":
    main()
