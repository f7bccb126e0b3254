"""How often somebody may do what costs much: pages count in the limiter of the API, in buckets of their own."""

import hashlib

from nokyc.http.errors import ApiError
from nokyc.http.limiter import Limiter


async def limit(limiter: Limiter, kind: str, value: str, per_minute: int, *, otherwise: str = "") -> None:
    """Count one try. Raises ApiError 429 if there were too many; `otherwise` is another way to what they want."""
    decision = await limiter.hit(_bucket(kind, value), per_minute)
    if not decision.allowed:
        wait = str(decision.retry_after_sec)
        message = f"Too many tries. Wait {wait} seconds{otherwise}."
        raise ApiError("rate_limit_exceeded", message, headers={"Retry-After": wait})


def _bucket(kind: str, value: str) -> int:
    """A bucket of the limiter that is no key's: those have ids above zero."""
    digest = hashlib.sha256(f"{kind} {value}".encode("utf-8", "surrogateescape")).digest()
    return -1 - (int.from_bytes(digest[:8], "big") >> 2)
