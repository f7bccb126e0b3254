"""What can go wrong, as one tree of exceptions. No text of theirs holds a key, a body or a signature."""

from __future__ import annotations

import json
from typing import Any, Mapping

from ._response import Response

NO_ERROR = "the answer holds no error"


class NoKYCError(Exception):
    """Base of everything that this package raises on purpose, wrong arguments excepted."""


class APIConnectionError(NoKYCError):
    """No usable answer: the connection failed, broke, or brought something else than our JSON."""

    final: bool = False
    """Whether trying again cannot help."""


class APITimeoutError(APIConnectionError):
    """No answer in time."""


class APIStatusError(NoKYCError):
    """The server answered with a refusal. What the answer does not say is None."""

    def __init__(self, response: Response, error: Mapping[str, Any]) -> None:
        self.response = response
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers
        self.body: bytes = response.body
        self.type: str | None = _text(error, "type")
        self.code: str | None = _text(error, "code")
        self.param: str | None = _text(error, "param")
        self.doc_url: str | None = _text(error, "doc_url")
        self.message: str = _text(error, "message") or NO_ERROR
        self.request_id: str | None = _text(error, "request_id") or response.request_id
        super().__init__(self.message)

    def __str__(self) -> str:
        code = f" {self.code}" if self.code else ""
        trace = f" (request_id={self.request_id})" if self.request_id else ""
        return f"[{self.status}{code}] {self.message}{trace}"

    def __reduce__(self) -> tuple[Any, ...]:
        return (status_error, (self.response,))


class InvalidRequestError(APIStatusError):
    """The request is malformed or asks for something impossible."""


class NotFoundError(InvalidRequestError):
    """There is no such object, or it is another account's."""


class AuthenticationError(APIStatusError):
    """The key is missing, unknown, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """The key's scope does not allow this."""


class ConflictError(APIStatusError):
    """The request contradicts another one."""


class IdempotencyError(ConflictError):
    """The idempotency key was used with another request, or is being used right now."""


class ResourceError(APIStatusError):
    """The object's state does not allow this."""


class PaymentRequiredError(ResourceError):
    """The balance or a cap of the account's own does not cover this."""


class RateLimitError(APIStatusError):
    """More requests in a minute than the key allows. `reset` is in Unix seconds, `retry_after` in seconds."""

    def __init__(self, response: Response, error: Mapping[str, Any]) -> None:
        super().__init__(response, error)
        self.retry_after = _number(response, "retry-after")
        self.limit = _number(response, "x-rate-limit-limit")
        self.remaining = _number(response, "x-rate-limit-remaining")
        self.reset = _number(response, "x-rate-limit-reset")


class UpstreamError(APIStatusError):
    """A carrier or partner failed."""


class APIError(APIStatusError):
    """The server's own fault."""


class RedirectError(APIStatusError):
    """The address leads elsewhere, mostly from http to https. Redirects are not followed: the key would go along."""


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


_BY_TYPE: dict[str, type[APIStatusError]] = {
    "invalid_request_error": InvalidRequestError,
    "authentication_error": AuthenticationError,
    "authorization_error": PermissionDeniedError,
    "rate_limit_error": RateLimitError,
    "resource_error": ResourceError,
    "upstream_error": UpstreamError,
    "api_error": APIError,
}
_BY_STATUS: dict[int, type[APIStatusError]] = {
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
_REFINED: dict[tuple[type[APIStatusError], int], type[APIStatusError]] = {
    (InvalidRequestError, 404): NotFoundError,
    (InvalidRequestError, 409): ConflictError,
    (ResourceError, 402): PaymentRequiredError,
}


def status_error(response: Response) -> APIStatusError:
    """The error that an answer outside 2xx is: by `error.type` first, by the status second."""
    error = _error_of(response.body)
    kind = _kind(response.status, error)
    if kind is ConflictError and (_text(error, "code") or "").startswith("idempotency_"):
        kind = IdempotencyError
    return kind(response, error)


def _kind(status: int, error: Mapping[str, Any]) -> type[APIStatusError]:
    if 300 <= status < 400:
        return RedirectError
    known = _BY_TYPE.get(_text(error, "type") or "")
    if known is not None:
        return _REFINED.get((known, status), known)
    return _BY_STATUS.get(status, APIError if status >= 500 else InvalidRequestError)


def _error_of(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else {}


def _text(error: Mapping[str, Any], name: str) -> str | None:
    value = error.get(name)
    return value if isinstance(value, str) else None


def _number(response: Response, name: str) -> int | None:
    value = response.headers.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else None
