"""What the server's refusals become in every SDK: a tree of errors, and the rules that choose among them."""

from dataclasses import dataclass

ROOT = "APIStatusError"
"""Written by hand in every SDK; all of these descend from it."""


@dataclass(frozen=True, slots=True)
class Error:
    """A class of errors, or a sentinel where a language has no classes."""

    name: str
    parent: str
    doc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A refusal is `name` if all that is set here fits it. Rules are asked in their order."""

    name: str
    type: str = ""
    statuses: tuple[int, int] | None = None
    """First and last."""
    code: str = ""
    """What its code begins with."""


ERRORS = (
    Error("InvalidRequestError", ROOT, "The request is malformed or asks for something impossible."),
    Error("NotFoundError", "InvalidRequestError", "There is no such object or path, or it is another account's."),
    Error("AuthenticationError", ROOT, "The key is missing, unknown, expired or revoked."),
    Error("PermissionDeniedError", ROOT, "The key's scope does not allow this."),
    Error("ConflictError", ROOT, "The request contradicts another one."),
    Error("IdempotencyError", "ConflictError", "The idempotency key was used with another request, or is in use."),
    Error("ResourceError", ROOT, "The object's state does not allow this."),
    Error("PaymentRequiredError", "ResourceError", "The balance, or a cap of the account's own, does not cover this."),
    Error("RateLimitError", ROOT, "More requests in a minute than the key allows."),
    Error("UpstreamError", ROOT, "A carrier or partner failed."),
    Error("APIError", ROOT, "The server's own fault."),
    Error("RedirectError", ROOT, "The address leads elsewhere; not followed, since the key would go along."),
)


def _on(status: int) -> tuple[int, int]:
    return status, status


RULES = (
    Rule("RedirectError", statuses=(300, 399)),
    Rule("AuthenticationError", type="authentication_error"),
    Rule("PermissionDeniedError", type="authorization_error"),
    Rule("RateLimitError", type="rate_limit_error"),
    Rule("PaymentRequiredError", type="resource_error", statuses=_on(402)),
    Rule("ResourceError", type="resource_error"),
    Rule("UpstreamError", type="upstream_error"),
    Rule("APIError", type="api_error"),
    # An invalid_request_error, or a type that is not known.
    Rule("NotFoundError", statuses=_on(404)),
    Rule("IdempotencyError", statuses=_on(409), code="idempotency_"),
    Rule("ConflictError", statuses=_on(409)),
    Rule("InvalidRequestError", type="invalid_request_error"),
    Rule("AuthenticationError", statuses=_on(401)),
    Rule("PaymentRequiredError", statuses=_on(402)),
    Rule("PermissionDeniedError", statuses=_on(403)),
    Rule("RateLimitError", statuses=_on(429)),
    Rule("APIError", statuses=(500, 999)),
    Rule("InvalidRequestError"),
)


def ancestry(name: str) -> list[str]:
    """An error with those that it is too, itself first; without the root."""
    parents = {error.name: error.parent for error in ERRORS}
    found = []
    while name != ROOT:
        found.append(name)
        name = parents[name]
    return found


def condition(rule: Rule, both: str, starts: str) -> str:
    """When a rule applies, as most languages write it; `both` is their `and`, `starts` has `{code}`. Empty: always."""
    first, last = rule.statuses or (0, 0)
    parts = []
    if rule.type:
        parts.append(f'type == "{rule.type}"')
    if rule.statuses:
        parts.append(f"status == {first}" if first == last else f"status >= {first} {both} status <= {last}")
    if rule.code:
        parts.append(starts.format(code=rule.code))
    return f" {both} ".join(parts)
