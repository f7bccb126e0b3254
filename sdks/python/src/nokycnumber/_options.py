"""What a call takes beside its parameters."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Mapping, TypedDict


class NotGiven:
    """Left out, which is not the same as null."""

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __bool__(self) -> bool:
        return False


NOT_GIVEN = NotGiven()


class Options(TypedDict, total=False):
    """Options of one call."""

    idempotency_key: str
    """Instead of a random one (POST)."""
    max_retries: int
    timeout: float
    """Seconds for one attempt."""
    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, Any]
    extra_body: Mapping[str, Any]
    """Fields that this version of the package does not know yet."""


@dataclass(frozen=True)
class Timing:
    """Where waiting, chance and time come from; tests hand in their own."""

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], float] = time.time


@dataclass(frozen=True)
class AsyncTiming:
    """The same for the asynchronous client."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], float] = time.time
