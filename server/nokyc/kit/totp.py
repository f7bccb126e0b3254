"""Time-based one-time passwords: RFC 6238 with SHA-1, 6 digits and 30 seconds, as every authenticator app has it."""

import hmac
from base64 import b32encode
from hashlib import sha1
from urllib.parse import quote

SECRET_BYTES = 20
STEP_SEC = 30
DIGITS = 6
DRIFT_STEPS = 1
"""A phone's clock may be off by half a minute."""
ISSUER = "NoKYCNumber"


def code_at(secret: bytes, step: int) -> str:
    """The code of one time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: bytes, code: str, unix_sec: float, *, after: int) -> int | None:
    """The time step whose code this is, later than `after` (a code works once); None if there is none."""
    given = "".join(code.split())
    now = int(unix_sec) // STEP_SEC
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), given.encode()):
            return step
    return None


def spelled(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return b32encode(secret).decode().rstrip("=")


def uri(secret: bytes, account: str) -> str:
    """What an app reads from a QR code."""
    return f"otpauth://totp/{quote(ISSUER)}:{quote(account)}?secret={spelled(secret)}&issuer={quote(ISSUER)}"
