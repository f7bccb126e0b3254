"""Object ids: 62-bit integers in time order inside, `sms_4n2v8j1q6h7y` outside.

Inside, an id is milliseconds since 2026 (41 bits), the process's node number (10 bits) and a sequence (11 bits), so
that rows land at the end of every index and a newer object always has the greater id. Outside, the integer goes
through a fixed bijection on 62 bits and is written as 12 characters of base 36. The bijection hides nothing; it keeps
customers from reading an order or a volume into ids, which the contract calls opaque.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

EPOCH_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
BITS = 62
NODE_BITS = 10
SEQUENCE_BITS = 11
LENGTH = 12
MAX_SHOWN = 4_096
"""Ids that are remembered in their public form: those of numbers and accounts come again and again."""

_MASK = (1 << BITS) - 1
_MULTIPLIER_1 = 0x2545_F491_4F6C_DD1D & _MASK
_MULTIPLIER_2 = 0x1D8E_4E27_C47D_124F & _MASK
_INVERSE_1 = pow(_MULTIPLIER_1, -1, 1 << BITS)
_INVERSE_2 = pow(_MULTIPLIER_2, -1, 1 << BITS)
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS = frozenset(_ALPHABET)
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


class IdFactory:
    """Makes ids for one process. `node` tells processes apart (0 to 1023); `clock_ms` is unix milliseconds."""

    def __init__(self, node: int, clock_ms: Callable[[], int]) -> None:
        self._node = (node % (1 << NODE_BITS)) << SEQUENCE_BITS
        self._clock_ms = clock_ms
        self._last_ms = 0
        self._sequence = 0

    def new(self) -> int:
        """The next id, greater than every id that this factory made before."""
        now_ms = self._clock_ms() - EPOCH_MS
        if now_ms > self._last_ms:
            self._last_ms, self._sequence = now_ms, 0
        else:
            self._sequence += 1
            if self._sequence >> SEQUENCE_BITS:  # more than 2,048 in a millisecond: borrow from the next one
                self._last_ms, self._sequence = self._last_ms + 1, 0
        return (self._last_ms << (NODE_BITS + SEQUENCE_BITS)) | self._node | self._sequence


@lru_cache(MAX_SHOWN)
def show(prefix: str, value: int) -> str:
    """The public form of an id: `show("sms", 5)` is `sms_` and 12 characters of [0-9a-z]."""
    x = (value * _MULTIPLIER_1) & _MASK
    x ^= x >> 31
    x = (x * _MULTIPLIER_2) & _MASK
    x ^= x >> 31
    x, f = divmod(x, 1296)
    x, e = divmod(x, 1296)
    x, d = divmod(x, 1296)
    x, c = divmod(x, 1296)
    a, b = divmod(x, 1296)
    return f"{prefix}_{_PAIRS[a]}{_PAIRS[b]}{_PAIRS[c]}{_PAIRS[d]}{_PAIRS[e]}{_PAIRS[f]}"


def read(prefix: str, text: str) -> int | None:
    """The integer behind a public id, or None if the text is no id of this kind."""
    body = text[len(prefix) + 1 :]
    if not text.startswith(prefix + "_") or len(body) != LENGTH or not _DIGITS.issuperset(body):
        return None
    x = int(body, 36)
    if x > _MASK:
        return None
    x ^= x >> 31
    x = (x * _INVERSE_2) & _MASK
    x ^= x >> 31
    return (x * _INVERSE_1) & _MASK


def first_id_at(instant: datetime) -> int:
    """The smallest id that can have been made at or after an instant (for retention and range scans); the greatest of
    all for one that is later than ids reach, in 2095."""
    milliseconds = int(instant.timestamp() * 1000) - EPOCH_MS
    return min(max(0, milliseconds) << (NODE_BITS + SEQUENCE_BITS), _MASK)


def request_id() -> str:
    """`req_` and 16 random hex digits: one per HTTP request or inbound report."""
    return "req_" + os.urandom(8).hex()
