"""Names to checked addresses, for aiohttp."""

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from nokyc.http.guard import Address, Resolver, resolve


class GuardedResolver(AbstractResolver):
    """Gives aiohttp only checked addresses; callers that ask for the same name at once share one look-up."""

    def __init__(self, resolver: Resolver, allow_private: bool) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._under_way: dict[tuple[str, int], asyncio.Task[list[Address]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        # A look-up outlives the request that began it: a thread in getaddrinfo cannot be stopped anyway.
        addresses = await asyncio.shield(self._under_way.get((host, port)) or self._begin(host, port))
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        for task in list(self._under_way.values()):
            task.cancel()

    def _begin(self, host: str, port: int) -> asyncio.Task[list[Address]]:
        task = asyncio.create_task(resolve(host, port, allow_private=self._allow_private, resolver=self._resolver))
        self._under_way[host, port] = task
        task.add_done_callback(lambda done: self._end(host, port, done))
        return task

    def _end(self, host: str, port: int, task: asyncio.Task[list[Address]]) -> None:
        del self._under_way[host, port]
        if not task.cancelled():
            task.exception()  # seen: perhaps nobody waits for it any more
