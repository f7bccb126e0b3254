"""A server that answers what it was told, faults included, and remembers what it was asked.

    python sdks/conformance/server.py        # prints its address, serves until its standard input ends

`POST /scripts` with {"replies": [...]} answers {"id", "base_url"}: requests below that address get the replies in
their order, and after the last one a 599. `GET /scripts/<id>` answers {"requests": [...]} as they came.

A reply: `status` (200), `headers`, one of `json`, `text`, `base64`; `delay_ms` before it; or `fault`: `reset`
(connection reset instead of an answer), `close` (closed without a byte), `truncate` (half of the body, then closed),
`garbage` (bytes that are no HTTP), `hang` (no answer; until the client goes away), `stall` (half of the body, then
nothing), `trickle` (spaces before the body, one every 20 ms, for two seconds).
"""

import asyncio
import base64
import contextlib
import json
import socket
import struct
import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]

MAX_HEAD_BYTES = 65_536
TRICKLE_SEC = 0.02
TRICKLED = 100
ENDLESS_BYTES = 1_000_000
GARBAGE = b"\x15\x03\x01\x00\x02\x02\x46 this is no HTTP\r\n\r\n"


@dataclass(slots=True)
class Script:
    """What one case wants to happen."""

    replies: list[Json]
    requests: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """One request as it came."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known.lower() == name), "")

    def shown(self, prefix: str) -> Json:
        """For the case's expectations; the path without the script's own prefix."""
        parts = urlsplit(self.target.removeprefix(prefix))
        headers: dict[str, list[str]] = {}
        for name, value in self.headers:
            headers.setdefault(name.lower(), []).append(value)
        shown: Json = {
            "method": self.method,
            "path": parts.path,
            "query": [list(pair) for pair in parse_qsl(parts.query, keep_blank_values=True)],
            "headers": {name: ", ".join(values) for name, values in headers.items()},
            "body": self.body.decode("utf-8", "replace"),
        }
        with contextlib.suppress(ValueError):
            shown["json"] = json.loads(self.body)
        return shown


class FaultServer:
    """Serves any number of scripts at a time."""

    def __init__(self) -> None:
        self._scripts: list[Script] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._origin = ""

    async def start(self) -> str:
        """Listen on a free loopback port; its address."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        self._origin = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self._origin

    async def stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while (request := await _read(reader)) is not None and await self._answer(request, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection can be used for another request."""
        if request.target.startswith("/scripts"):
            writer.write(_http(200, {}, json.dumps(self._control(request)).encode()))
            await writer.drain()
            return True
        prefix = "/" + "/".join(request.target.split("/")[1:3])
        script = self._scripts[int(prefix.rpartition("/")[2])]
        script.requests.append(request.shown(prefix))
        reply = script.replies.pop(0) if script.replies else {"status": 599, "text": "the script has no more replies"}
        await asyncio.sleep(reply.get("delay_ms", 0) / 1000)
        return await _reply(reply, prefix, reader, writer)

    def _control(self, request: Request) -> Json:
        if request.method == "GET":
            return {"requests": self._scripts[int(request.target.rpartition("/")[2])].requests}
        self._scripts.append(Script(json.loads(request.body)["replies"]))
        number = len(self._scripts) - 1
        return {"id": str(number), "base_url": f"{self._origin}/s/{number}"}


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ", 2)
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    request = Request(method, target, headers, b"")
    if request.header("transfer-encoding").lower() == "chunked":
        while size := int((await reader.readline()).split(b";")[0], 16):
            request.body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        request.body = await reader.readexactly(int(request.header("content-length") or 0))
    return request


async def _reply(reply: Json, prefix: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    match reply.get("fault"):
        case "hang":
            await reader.read()
            return False
        case "close":
            return False
        case "reset":
            linger = struct.pack("ii", 1, 0)  # closing then sends RST
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            return False
        case "garbage":
            writer.write(GARBAGE)
            await writer.drain()
            return False
    headers = {name: value.replace("{base}", prefix) for name, value in reply.get("headers", {}).items()}
    body = _body(reply, headers)
    message = _http(reply.get("status", 200), headers, body)
    match reply.get("fault"):
        case "truncate" | "stall" as fault:
            writer.write(message[: len(message) - (len(body) + 1) // 2])
            await writer.drain()
            if fault == "stall":
                await reader.read()
            return False
        case "trickle":
            writer.write(_http(reply.get("status", 200), headers, b" " * ENDLESS_BYTES)[:-ENDLESS_BYTES])
            for _ in range(TRICKLED):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(TRICKLE_SEC)
            return False
    writer.write(message)
    await writer.drain()
    return True


def _body(reply: Json, headers: dict[str, str]) -> bytes:
    if "json" in reply:
        headers.setdefault("Content-Type", "application/json")
        return json.dumps(reply["json"]).encode()
    if "base64" in reply:
        return base64.b64decode(reply["base64"])
    return str(reply.get("text", "")).encode()


def _http(status: int, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    if status != 204:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if status == 204 else body)


async def main() -> None:
    server = FaultServer()
    print(await server.start(), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(main())
