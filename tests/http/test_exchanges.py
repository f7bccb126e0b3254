"""Connections that are kept, given up, and shared out; the far ends are those of the outbound client's tests."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from test_outbound import OK, FarEnd, serving, silence

from carriers.conformance import until
from nokyc.http import exchanges
from nokyc.http.exchanges import ExchangeError, Exchanges, Limit, Progress, request_bytes, target_of
from nokyc.http.guard import Address

LIMIT = Limit(1_000, truncate=True)


@asynccontextmanager
async def connections(*addresses: str, keep_sec: float = 10.0) -> AsyncIterator[Exchanges]:
    async def resolve(host: str, port: int) -> Sequence[Address]:
        return [ip_address(address) for address in addresses or ("127.0.0.1",)]

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        return socket.socket(info[0], info[1])

    made = Exchanges(
        resolve, open_socket, ssl.create_default_context, most=9, per_host=2, connect_sec=2.0, keep_sec=keep_sec
    )
    yield made
    made.close()


async def get(made: Exchanges, far_end: FarEnd) -> bytes:
    target = target_of(f"http://far.example:{far_end.port}/")
    return bytes((await made.run(target, request_bytes("GET", target, {}, None), LIMIT, Progress())).body)


def hung_up(ended: list[int]) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)
            if not await reader.read(1):
                ended.append(1)
                return

    return script


async def test_what_nobody_uses_is_given_up() -> None:
    ended: list[int] = []
    async with serving(hung_up(ended)) as far_end, connections(keep_sec=0.01) as made:
        assert await get(made, far_end) == b"ok"
        await until(lambda: ended)
        assert not made._hosts
        assert not made._idle


async def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MAX_IDLE", 1)
    ended: list[int] = []
    async with serving(hung_up(ended)) as first, serving() as second, connections() as made:
        await get(made, first)
        await get(made, second)
        await until(lambda: ended)
        await get(made, second)
        assert (len(made._hosts), second.connections) == (1, 1)


async def test_one_host_has_so_many_at_once_and_the_others_wait() -> None:
    async with serving() as far_end, connections() as made:
        assert await asyncio.gather(*(get(made, far_end) for _ in range(8))) == [b"ok"] * 8
    assert far_end.connections == 2


async def test_the_next_address_is_tried() -> None:
    async with serving() as far_end, connections("::1", "127.0.0.2", "127.0.0.1") as made:
        assert await get(made, far_end) == b"ok"


async def test_closing_ends_what_is_under_way() -> None:
    async with serving(silence) as far_end, connections() as made:
        waiting = asyncio.create_task(get(made, far_end))
        await until(lambda: made._busy)
        made.close()
        with pytest.raises(ExchangeError, match="ended before"):
            await waiting
