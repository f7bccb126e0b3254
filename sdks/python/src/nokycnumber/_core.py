"""One call, without any I/O: what is sent, when it is sent again, and what becomes of the answer.

The two clients send what `Attempts` says, and differ in nothing else.
"""

from __future__ import annotations

import logging
import platform
import re
import sys
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, Mapping, NamedTuple, Tuple, Union
from urllib.parse import quote, urlencode, urlsplit

from . import _json
from ._errors import APIConnectionError, APIStatusError, APITimeoutError, error_of
from ._kinds import kind_of
from ._options import AsyncTiming, NotGiven, Options, Timing
from ._response import Response
from ._retries import CONNECT_TIMEOUT_SEC, MAX_RETRIES, TIMEOUT_SEC, wait_before
from ._version import VERSION

DEFAULT_BASE_URL = "https://api.nokycnumber.com"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
USER_AGENT = (
    f"nokycnumber-python/{VERSION} ({platform.python_implementation()} {platform.python_version()};"
    f" {sys.platform} {platform.machine() or 'unknown'})"
)

HEADER = re.compile(r"[\w!#$%&'*+.^`|~-]+: [\t -~]*", re.ASCII)

log = logging.getLogger("nokycnumber")


@dataclass(frozen=True)
class Settings:
    """What a client was made with."""

    api_key: str = field(repr=False)
    base_url: str
    version: str
    """Of the API."""
    app: str | None = None
    max_retries: int = MAX_RETRIES
    timeout: float = TIMEOUT_SEC
    warned: set[str] = field(default_factory=set, compare=False)
    """Deprecations that have been logged: each is once."""

    def __post_init__(self) -> None:
        if self.max_retries < 0 or self.timeout <= 0:
            raise ValueError("max_retries is 0 or more, timeout more than 0 seconds")


class Call(NamedTuple):
    """What a method of a resource asks for."""

    method: str
    path: str
    query: Mapping[str, Any]
    body: Mapping[str, Any] | None
    options: Options

    def after(self, cursor: str) -> Call:
        """The call for the page after this one."""
        return self._replace(query={**self.query, "starting_after": cursor})


Outcome = Union[Response, APIConnectionError]
"""Of an attempt."""
Result = Tuple[Dict[str, Any], Response]
"""The JSON object of a success (empty if there is none), and the raw answer."""


class Attempts:
    """Those of one call: send `request`, hand what came of it to `take`, and wait as long as it says."""

    result: Result
    """Once there is one."""

    def __init__(self, settings: Settings, call: Call, timing: Timing | AsyncTiming) -> None:
        self._settings, self._call, self._timing = settings, call, timing
        self._retries = call.options.get("max_retries", settings.max_retries)
        self._made = 0
        self.timeout = timeout = call.options.get("timeout", settings.timeout)
        content = _content(call)
        # As httpx takes it; the times are to connect, to read, to write, to wait for a connection.
        self.request: dict[str, Any] = {
            "method": call.method,
            "url": _url(settings, call),
            "headers": _headers(settings, call, content),
            "content": content,
            "timeout": (min(CONNECT_TIMEOUT_SEC, timeout), timeout, timeout, timeout),
            "follow_redirects": False,
        }

    def take(self, outcome: Outcome) -> float | None:
        """Seconds to wait before the next attempt; None if there is a result.

        Raises:
            APIStatusError: the server refused.
            APIConnectionError: no usable answer, however often it was tried.
        """
        self._made += 1
        log.debug("%s %s: %s", self._call.method, self._call.path, _spoken(outcome))
        _warn_of_deprecation(self._settings, outcome)
        result = _result(outcome)
        if isinstance(result, tuple):
            self.result = result
            return None
        response = result.response if isinstance(result, APIStatusError) else None
        hopeless = self._made > self._retries or (isinstance(result, APIConnectionError) and result.final)
        wait = None if hopeless else wait_before(self._made, response, random=self._timing.random, now=self._timing.now)
        if wait is None:
            raise result
        self.request["headers"]["NoKYC-Retry-Count"] = str(self._made)
        return wait


def checked_key(api_key: str | None, environment: Mapping[str, str]) -> str:
    """The key, or the environment's. Raises ValueError."""
    key = environment.get("NOKYC_API_KEY", "") if api_key is None else api_key
    if not re.fullmatch(r"[!-~]+", key):
        raise ValueError("an API key is needed: pass api_key, or set NOKYC_API_KEY")
    return key


def checked_url(base_url: str | None, environment: Mapping[str, str], allow_insecure: bool) -> str:
    """The address without /v1, or the environment's. Raises ValueError."""
    url = base_url or environment.get("NOKYC_BASE_URL") or DEFAULT_BASE_URL
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("base_url is an address such as https://api.nokycnumber.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_insecure:
        raise ValueError("base_url must be https: over http the key could be read on the way (allow_insecure=True)")
    return url.rstrip("/").removesuffix("/v1")


def path_of(template: str, *values: str) -> str:
    """A path with its ids, each escaped as one segment. Raises ValueError for an id that would change the path."""
    for value in values:
        if value in ("", ".", ".."):
            raise ValueError(f"{value!r} is no id")
        template = re.sub(r"\{\w+\}", lambda _, v=value: quote(v, safe=""), template, count=1)  # type: ignore[misc]
    return template


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without those that were left out."""
    return {name: value for name, value in values.items() if not isinstance(value, NotGiven)}


def keyed(options: Options | None, idempotency_key: str | None) -> Options:
    """Options with the key that was given by its own parameter."""
    own: Options = {} if idempotency_key is None else {"idempotency_key": idempotency_key}
    return {**(options or {}), **own}


def _result(outcome: Outcome) -> Result | APIStatusError | APIConnectionError:
    if isinstance(outcome, APIConnectionError):
        return outcome
    if not 200 <= outcome.status < 300:
        error = error_of(outcome.body)
        return kind_of(outcome.status, error.get("type", ""), error.get("code", ""))(outcome, error)
    if outcome.status == 204:
        return {}, outcome
    content = _json.object_of(outcome.body)
    if content is None:
        return APIConnectionError(f"the answer ({outcome.status}) is no JSON object")
    return content, outcome


def _url(settings: Settings, call: Call) -> str:
    if not call.path.startswith("/") or call.path.startswith("//"):
        raise ValueError("a path begins with one slash, such as /v1/sms")
    query = {**call.query, **call.options.get("extra_query", {})}
    text = urlencode([(name, _query_text(value)) for name, value in query.items() if value is not None])
    return f"{settings.base_url}{call.path}" + (f"?{text}" if text else "")


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _json.instant(value) if isinstance(value, datetime) else str(value)


def _content(call: Call) -> bytes | None:
    extra = call.options.get("extra_body")
    if call.body is None and not extra:
        return None
    return _json.dumps({**(call.body or {}), **(extra or {})}).encode()


def _headers(settings: Settings, call: Call, content: bytes | None) -> dict[str, str]:
    headers = {
        "Authorization": f"Bearer {settings.api_key}",
        "Accept": "application/json",
        "NoKYC-Version": settings.version,
        "User-Agent": f"{USER_AGENT} {settings.app}" if settings.app else USER_AGENT,
    }
    if content is not None:
        headers["Content-Type"] = "application/json"
    if call.method == "POST":
        headers["Idempotency-Key"] = call.options.get("idempotency_key") or str(uuid.uuid4())
    extra = call.options.get("extra_headers", {})
    replaced = {name.lower() for name in extra}
    headers = {**{name: value for name, value in headers.items() if name.lower() not in replaced}, **extra}
    if not all(HEADER.fullmatch(f"{name}: {value}") for name, value in headers.items()):
        raise ValueError("a header, an idempotency key or app is not printable ASCII")
    return headers


def _warn_of_deprecation(settings: Settings, outcome: Outcome) -> None:
    told = outcome.deprecation if isinstance(outcome, Response) else None
    if told and told not in settings.warned:
        settings.warned.add(told)
        log.warning("this version of the API is deprecated: %s", told)


def _spoken(outcome: Outcome) -> str:
    if isinstance(outcome, Response):
        return f"{outcome.status} {outcome.request_id}"
    return "time-out" if isinstance(outcome, APITimeoutError) else "no answer"
