"""Whether and when a request is sent again. Pure; the numbers are those of all our SDKs (sdks/README.md)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Callable

from ._errors import error_of
from ._response import Response

MAX_RETRIES = 4
CONNECT_TIMEOUT_SEC = 5.0
TIMEOUT_SEC = 30.0
LONGEST_RETRY_AFTER_SEC = 60
LONGEST_BACKOFF_SEC = 8.0
RETRIED = frozenset({429, 500, 502, 503, 504})


def wait_before(
    retry: int, response: Response | None, *, random: Callable[[], float], now: Callable[[], float]
) -> float | None:
    """Seconds before the retry of this number (from 1); None if there should be none.

    `response` is None for an attempt that brought no usable answer.
    """
    if response is not None and not _is_retried(response):
        return None
    asked = None if response is None else _retry_after(response.headers.get("retry-after", ""), now)
    if asked is not None:
        return None if asked > LONGEST_RETRY_AFTER_SEC else asked * (1 + 0.1 * random())
    backoff = float(retry) if response is not None and response.status == 429 else 0.5 * 2.0 ** min(retry - 1, 10)
    return min(LONGEST_BACKOFF_SEC, backoff) * (0.5 + 0.5 * random())


def _is_retried(response: Response) -> bool:
    told = response.headers.get("nokyc-should-retry", "")
    if told in ("true", "false"):
        return told == "true"
    if response.status == 409:
        return error_of(response.body).get("code") == "idempotency_key_in_use"
    return response.status in RETRIED


def _retry_after(text: str, now: Callable[[], float]) -> float | None:
    """Seconds (RFC 9110, section 10.2.3); None if it says nothing usable."""
    if text.isascii() and text.isdigit():
        return float(text) or None
    try:
        seconds = parsedate_to_datetime(text).timestamp() - now()
    except (ValueError, TypeError, IndexError):
        return None
    return seconds if seconds > 0 else None
