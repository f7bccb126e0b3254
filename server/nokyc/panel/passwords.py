"""Passwords as argon2id (RFC 9106), computed in two threads of our own so that no request of anybody waits for one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from nokyc.http.errors import ApiError

T = TypeVar("T")

THREADS = 2
MAX_WAITING = 16
"""Passwords that wait to be computed; more are refused at once."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""RFC 9106, section 4: the second recommended option, with one lane."""


class Passwords:
    """Hashes and checks passwords."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "password")
        self._waiting = 0
        self._nobody: str | None = None

    async def encode(self, password: str) -> str:
        """What is stored of a password. Raises ApiError 503 if too many wait."""
        return await self._run(_HASHER.hash, password)

    async def fits(self, encoded: str | None, password: str) -> bool:
        """Whether this is the password. It takes as long if there is none, so that nobody learns who has one."""
        if encoded is None:
            self._nobody = self._nobody or await self.encode("nobody's password")
        return await self._run(_verify, encoded or self._nobody or "", password) and encoded is not None

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= MAX_WAITING:
            raise ApiError("service_unavailable", "Too many people sign in just now.", headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1


def _verify(encoded: str, password: str) -> bool:
    try:
        return _HASHER.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False
