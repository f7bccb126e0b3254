"""A proxy that loses answers: the server has done its work, and the client hears a reset."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

MAX_HEAD_BYTES = 65_536


@contextmanager
def losing_first_answers(port: int) -> Iterator[str]:
    """The address of a proxy to a loopback port; of every two answers to a POST, the first is lost."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    proxy = _Proxy(port)
    address = asyncio.run_coroutine_threadsafe(proxy.start(), loop).result()
    try:
        yield address
    finally:
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Proxy:
    def __init__(self, port: int) -> None:
        self._port = port
        self._posts = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=MAX_HEAD_BYTES)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        upstream, onward = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while True:
                request = await _message(reader)
                onward.write(request)
                answer = await _message(upstream)
                if request.startswith(b"POST"):
                    self._posts += 1
                    if self._posts % 2:
                        linger = struct.pack("ii", 1, 0)  # closing then sends RST
                        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        writer.transport.abort()
                        return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            onward.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer with its body; ours always tell their length."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    return head + await reader.readexactly(length)
