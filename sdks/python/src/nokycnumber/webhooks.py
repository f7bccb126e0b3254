"""Webhooks: whether a delivery is ours, and what it says."""

from __future__ import annotations

import hmac
import time
from hashlib import sha256
from typing import Callable, Sequence

from . import _json
from ._errors import SignatureVerificationError
from .events import Event, read_event

HEADER = "X-NoKYC-Signature"
TOLERANCE_SEC = 300
MAX_HEADER_CHARS = 4_096


def construct_event(
    payload: bytes | bytearray | str,
    header: str | None,
    secrets: str | Sequence[str],
    *,
    tolerance: float = TOLERANCE_SEC,
    now: Callable[[], float] = time.time,
) -> Event[object]:
    """The event of a delivery that proves itself.

    Args:
        payload: the request's body exactly as it came; a parsed and re-encoded one has another signature.
        header: the value of X-NoKYC-Signature.
        secrets: the endpoint's secret; several while it is being rotated.
        tolerance: seconds that the signature may be old, or ahead of our clock.

    Raises:
        SignatureVerificationError: it does not prove itself; `reason` says why.
        TypeError, ValueError: the arguments cannot be right.
    """
    body = _bytes(payload)
    known = [secrets] if isinstance(secrets, str) else list(secrets or ())
    if not known or not all(known):
        raise ValueError("a webhook secret is needed, such as whsec_…")
    timestamp, given = _parse(header)
    at = now()
    if timestamp < at - tolerance:
        raise SignatureVerificationError("too_old", f"signed {at - timestamp:.0f} s ago, {tolerance:.0f} s are allowed")
    if timestamp > at + tolerance:  # compared, not subtracted: it may be more than a float holds
        raise SignatureVerificationError("too_new", f"signed in the future; {tolerance:.0f} s are allowed")
    expected = [_signature(secret, timestamp, body) for secret in known]
    if not any(hmac.compare_digest(mine, theirs) for mine in expected for theirs in given):
        hint = "; a secret has whitespace around it" if any(s != s.strip() for s in known) else ""
        raise SignatureVerificationError("mismatch", f"no signature fits this body and secret{hint}")
    return _event(body)


def generate_test_header(payload: bytes | str, secret: str, timestamp: int | None = None) -> str:
    """A header as the server would make it, for tests of handlers; `timestamp` in Unix seconds, now by default."""
    at = int(time.time()) if timestamp is None else timestamp
    return f"t={at},v1={_signature(secret, at, _bytes(payload)).decode()}"


def _bytes(payload: object) -> bytes:
    if isinstance(payload, str):
        return payload.encode()
    if isinstance(payload, (bytes, bytearray, memoryview)):
        return bytes(payload)
    raise TypeError(
        f"payload is the raw body of the request (bytes), not {type(payload).__name__}: "
        "take it before your framework parses it"
    )


def _parse(header: str | None) -> tuple[int, list[bytes]]:
    """The time and all `v1` signatures; other schemes are ignored."""
    if not header:
        raise SignatureVerificationError("no_header", f"the request has no {HEADER} header")
    fields = [part.strip().partition("=") for part in header[:MAX_HEADER_CHARS].split(",")]
    times = [value for name, _, value in fields if name == "t"]
    if len(header) > MAX_HEADER_CHARS or len(times) != 1 or not (times[0].isascii() and times[0].isdigit()):
        raise SignatureVerificationError("malformed", f"{HEADER} is not of the form t=<Unix seconds>,v1=<hex>")
    given = [value.encode(errors="replace") for name, _, value in fields if name == "v1"]
    if not given:
        raise SignatureVerificationError("no_v1", f"{HEADER} has no v1 signature")
    return int(times[0]), given


def _signature(secret: str, timestamp: int, body: bytes) -> bytes:
    return hmac.new(secret.encode(), b"%d." % timestamp + body, sha256).hexdigest().encode()


def _event(body: bytes) -> Event[object]:
    content = _json.object_of(body)
    if content is None or not isinstance(content.get("type"), str):
        raise SignatureVerificationError("malformed", "the body is signed, but is no event")
    return read_event(content)
