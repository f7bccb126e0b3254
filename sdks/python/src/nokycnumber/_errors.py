"""What can go wrong, as one tree of exceptions. No text of theirs holds a key, a body or a signature."""

from __future__ import annotations

from typing import Any, Mapping

from . import _json
from ._response import Response


class NoKYCError(Exception):
    """Base of everything that this package raises on purpose, wrong arguments excepted."""


class APIConnectionError(NoKYCError):
    """No usable answer: the connection failed, broke, or brought something else than our JSON."""

    final: bool = False
    """Whether trying again cannot help."""


class APITimeoutError(APIConnectionError):
    """No answer in time."""


class APIStatusError(NoKYCError):
    """The server answered with a refusal. What the answer does not say is None.

    `limit` and `remaining` are requests in a minute, `reset` is in Unix seconds, `retry_after` in seconds.
    """

    def __init__(self, response: Response, error: Mapping[str, str]) -> None:
        self.response = response
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers
        self.body: bytes = response.body
        self.type = error.get("type")
        self.code = error.get("code")
        self.param = error.get("param")
        self.doc_url = error.get("doc_url")
        self.message = error.get("message") or "the answer holds no error"
        self.request_id = error.get("request_id") or response.request_id
        self.retry_after = _number(response, "retry-after")
        self.limit = _number(response, "x-rate-limit-limit")
        self.remaining = _number(response, "x-rate-limit-remaining")
        self.reset = _number(response, "x-rate-limit-reset")
        super().__init__(self.message)

    def __str__(self) -> str:
        code = f" {self.code}" if self.code else ""
        trace = f" (request_id={self.request_id})" if self.request_id else ""
        return f"[{self.status}{code}] {self.message}{trace}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.response, error_of(self.body)))


class SignatureVerificationError(NoKYCError):
    """A webhook does not prove itself.

    `reason` is one of no_header, malformed, no_v1, too_old, too_new, mismatch.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return f"[{self.reason}] {self.message}"


def error_of(body: bytes) -> dict[str, str]:
    """The texts in the `error` of an answer; none if it is not our JSON."""
    error = (_json.object_of(body) or {}).get("error")
    items = error.items() if isinstance(error, dict) else ()
    return {name: value for name, value in items if isinstance(value, str)}


def _number(response: Response, name: str) -> int | None:
    value = response.headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
