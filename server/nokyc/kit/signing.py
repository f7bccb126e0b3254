"""How a webhook proves that it is ours: our `X-NoKYC-Signature` and the three Standard Webhooks headers.

One secret serves both schemes, with different keys: ours takes the UTF-8 bytes of the whole secret string (as
Stripe does), Standard Webhooks the bytes that its Base64 stands for.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Literal

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE_SEC = 300
HEADER = "X-NoKYC-Signature"
MAX_HEADER_CHARS = 4_096

Reason = Literal["missing", "malformed", "too_old", "too_new", "mismatch"]


class SignatureError(Exception):
    """A delivery that does not prove itself; `reason` says which check it failed."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def new_secret(token_bytes: Callable[[int], bytes]) -> str:
    """A fresh secret, `whsec_` and 32 bytes in Base64."""
    return PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


def signature_headers(secrets: Sequence[str], event_id: str, body: bytes, timestamp: int) -> dict[str, str]:
    """All four signature headers of one attempt; `timestamp` in Unix seconds, newest secret first."""
    ours = ",".join(f"v1={_ours(secret, timestamp, body)}" for secret in secrets)
    standard = " ".join(f"v1,{_standard(secret, event_id, timestamp, body)}" for secret in secrets)
    return {
        HEADER: f"t={timestamp},{ours}",
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standard,
    }


def verify(header: str | None, body: bytes, secrets: Sequence[str], now: int) -> None:
    """Raise `SignatureError` unless a `v1` of the header was made with one of the secrets, lately."""
    if not header:
        raise SignatureError("missing", f"no {HEADER} header")
    timestamp, given = _parse(header)
    if timestamp < now - TOLERANCE_SEC:
        raise SignatureError("too_old", f"signed {now - timestamp} s ago, {TOLERANCE_SEC} s are allowed")
    if timestamp > now + TOLERANCE_SEC:
        raise SignatureError("too_new", f"signed {timestamp - now} s in the future")
    expected = [_ours(secret, timestamp, body).encode() for secret in secrets]
    if not any(hmac.compare_digest(mine, theirs) for mine in expected for theirs in given):
        raise SignatureError("mismatch", "no v1 signature fits the body and the secret")


def _ours(secret: str, timestamp: int, body: bytes) -> str:
    return hmac.digest(secret.encode(), b"%d." % timestamp + body, "sha256").hex()


def _standard(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """Standard Webhooks, "Signature scheme": `id.timestamp.body` under the decoded secret."""
    content = f"{event_id}.{timestamp}.".encode() + body
    return b64encode(hmac.digest(_decoded(secret), content, "sha256")).decode()


def _decoded(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("a webhook secret is whsec_ and Base64") from error


def _parse(header: str) -> tuple[int, list[bytes]]:
    """The time and all `v1` signatures; schemes that we do not know are ignored."""
    if len(header) > MAX_HEADER_CHARS:
        raise SignatureError("malformed", "the header is too long")
    fields = [field.strip().partition("=") for field in header.split(",")]
    times = [value for name, _, value in fields if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()):
        raise SignatureError("malformed", "the header has no t=<Unix seconds>")
    # Signatures are compared as bytes: compare_digest refuses text outside ASCII.
    given = [value.encode() for name, _, value in fields if name == "v1"]
    if not given:
        raise SignatureError("malformed", "the header has no v1 signature")
    return int(times[0]), given
