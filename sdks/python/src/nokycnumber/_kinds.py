"""Made by sdks/generator from the API's contract: what the server's refusals become."""

from __future__ import annotations

from ._errors import APIStatusError


class InvalidRequestError(APIStatusError):
    """The request is malformed or asks for something impossible."""


class NotFoundError(InvalidRequestError):
    """There is no such object or path, or it is another account's."""


class AuthenticationError(APIStatusError):
    """The key is missing, unknown, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """The key's scope does not allow this."""


class ConflictError(APIStatusError):
    """The request contradicts another one."""


class IdempotencyError(ConflictError):
    """The idempotency key was used with another request, or is in use."""


class ResourceError(APIStatusError):
    """The object's state does not allow this."""


class PaymentRequiredError(ResourceError):
    """The balance, or a cap of the account's own, does not cover this."""


class RateLimitError(APIStatusError):
    """More requests in a minute than the key allows."""


class UpstreamError(APIStatusError):
    """A carrier or partner failed."""


class APIError(APIStatusError):
    """The server's own fault."""


class RedirectError(APIStatusError):
    """The address leads elsewhere; not followed, since the key would go along."""


def kind_of(status: int, type: str, code: str) -> type[APIStatusError]:  # noqa: A002 - of the contract
    """By `error.type` first, by the status second."""
    if status >= 300 and status <= 399:
        return RedirectError
    if type == "authentication_error":
        return AuthenticationError
    if type == "authorization_error":
        return PermissionDeniedError
    if type == "rate_limit_error":
        return RateLimitError
    if type == "resource_error" and status == 402:
        return PaymentRequiredError
    if type == "resource_error":
        return ResourceError
    if type == "upstream_error":
        return UpstreamError
    if type == "api_error":
        return APIError
    if status == 404:
        return NotFoundError
    if status == 409 and code.startswith("idempotency_"):
        return IdempotencyError
    if status == 409:
        return ConflictError
    if type == "invalid_request_error":
        return InvalidRequestError
    if status == 401:
        return AuthenticationError
    if status == 402:
        return PaymentRequiredError
    if status == 403:
        return PermissionDeniedError
    if status == 429:
        return RateLimitError
    if status >= 500 and status <= 999:
        return APIError
    return InvalidRequestError
