"""One call, without any I/O: what is sent, when it is sent again, and what becomes of the answer.

`attempts` is a generator that asks its driver to send or to wait; the two clients differ in nothing else.
"""

from __future__ import annotations

import logging
import platform
import re
import sys
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, Callable, Dict, Generator, Mapping, NamedTuple, Tuple, Union
from urllib.parse import quote, urlencode, urlsplit

from . import _json
from ._errors import APIConnectionError, APIStatusError, APITimeoutError, status_error
from ._options import NotGiven, Options
from ._response import Response
from ._retries import MAX_RETRIES, TIMEOUT_SEC, wait_before
from ._version import VERSION

DEFAULT_BASE_URL = "https://api.nokycnumber.com"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
USER_AGENT = (
    f"nokycnumber-python/{VERSION} ({platform.python_implementation()} {platform.python_version()};"
    f" {sys.platform} {platform.machine() or 'unknown'})"
)

log = logging.getLogger("nokycnumber")


@dataclass(frozen=True)
class Settings:
    """What a client was made with."""

    api_key: str
    base_url: str
    version: str
    """Of the API."""
    app: str | None = None
    max_retries: int = MAX_RETRIES
    timeout: float = TIMEOUT_SEC
    warned: set[str] = field(default_factory=set, compare=False)
    """Deprecations that have been logged: each is once."""

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url!r})"  # without the key


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


@dataclass(frozen=True)
class Send:
    """The driver sends this and answers with a Response or an APIConnectionError."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None
    timeout: float


@dataclass(frozen=True)
class Wait:
    """The driver waits."""

    seconds: float


Outcome = Union[Response, APIConnectionError, None]
"""What the driver hands back: for a Send one of the first two."""
Result = Tuple[Dict[str, Any], Response]
"""The JSON object of a success (empty if there is none), and the raw answer."""
Steps = Generator[Union[Send, Wait], Outcome, Result]


def settings(
    *,
    api_key: str | None,
    base_url: str | None,
    environment: Mapping[str, str],
    allow_insecure: bool,
    version: str,
    app: str | None,
    max_retries: int,
    timeout: float,
) -> Settings:
    """Checked settings. Raises ValueError."""
    key = environment.get("NOKYC_API_KEY", "") if api_key is None else api_key
    if not re.fullmatch(r"[!-~]+", key):
        raise ValueError("an API key is needed: pass api_key, or set NOKYC_API_KEY")
    url = base_url or environment.get("NOKYC_BASE_URL") or DEFAULT_BASE_URL
    if max_retries < 0 or timeout <= 0:
        raise ValueError("max_retries is 0 or more, timeout more than 0 seconds")
    return Settings(key, _checked(url, allow_insecure), version, app, max_retries, timeout)


def attempts(settings: Settings, call: Call, *, random: Callable[[], float], now: Callable[[], float]) -> Steps:
    """The steps of one call.

    Raises:
        APIStatusError: the server refused.
        APIConnectionError: no usable answer, however often it was tried.
    """
    options = call.options
    url = _url(settings, call.path, {**call.query, **options.get("extra_query", {})})
    content = _content(call.body, options)
    headers = _headers(settings, call.method, content, options)
    timeout = options.get("timeout", settings.timeout)
    retries = options.get("max_retries", settings.max_retries)
    for attempt in count():
        if attempt:
            headers = {**headers, "NoKYC-Retry-Count": str(attempt)}
        outcome = yield Send(call.method, url, headers, content, timeout)
        log.debug("%s %s: %s", call.method, call.path, _spoken(outcome))
        _warn_of_deprecation(settings, outcome)
        result = _result(outcome)
        if isinstance(result, tuple):
            return result
        response, hopeless = None, False
        if isinstance(result, APIConnectionError):
            hopeless = result.final
        else:
            response = result.response
        wait = wait_before(attempt + 1, response, random=random, now=now) if attempt < retries else None
        if wait is None or hopeless:
            raise result
        yield Wait(wait)
    raise AssertionError("count() does not end")


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
    if idempotency_key is None:
        return options or {}
    return {**(options or {}), "idempotency_key": idempotency_key}


def _result(outcome: Outcome) -> Result | APIStatusError | APIConnectionError:
    if not isinstance(outcome, Response):
        return outcome or APIConnectionError("no answer")
    if not 200 <= outcome.status < 300:
        return status_error(outcome)
    if outcome.status == 204:
        return {}, outcome
    try:
        content = _json.loads(outcome.body)
    except ValueError:
        content = None
    if isinstance(content, dict):
        return content, outcome
    return APIConnectionError(f"the answer ({outcome.status}) is no JSON object")


def _checked(url: str, allow_insecure: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("base_url is an address such as https://api.nokycnumber.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_insecure:
        raise ValueError("base_url must be https: over http the key could be read on the way (allow_insecure=True)")
    url = url.rstrip("/")
    return url.removesuffix("/v1")


def _url(settings: Settings, path: str, query: Mapping[str, Any]) -> str:
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a path begins with one slash, such as /v1/sms")
    text = urlencode([(name, _query_text(value)) for name, value in query.items() if value is not None])
    return f"{settings.base_url}{path}" + (f"?{text}" if text else "")


def _query_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _json.instant(value) if isinstance(value, datetime) else str(value)


def _content(body: Mapping[str, Any] | None, options: Options) -> bytes | None:
    extra = options.get("extra_body")
    if body is None and not extra:
        return None
    return _json.dumps({**(body or {}), **(extra or {})}).encode()


def _headers(settings: Settings, method: str, content: bytes | None, options: Options) -> dict[str, str]:
    headers = {
        "Authorization": f"Bearer {settings.api_key}",
        "Accept": "application/json",
        "NoKYC-Version": settings.version,
        "User-Agent": f"{USER_AGENT} {settings.app}" if settings.app else USER_AGENT,
    }
    if content is not None:
        headers["Content-Type"] = "application/json"
    if method == "POST":
        headers["Idempotency-Key"] = options.get("idempotency_key") or str(uuid.uuid4())
    return {**headers, **options.get("extra_headers", {})}


def _warn_of_deprecation(settings: Settings, outcome: Outcome) -> None:
    told = outcome.deprecation if isinstance(outcome, Response) else None
    if told and told not in settings.warned:
        settings.warned.add(told)
        log.warning("this version of the API is deprecated: %s", told)


def _spoken(outcome: Outcome) -> str:
    if isinstance(outcome, Response):
        return f"{outcome.status} {outcome.request_id}"
    return "time-out" if isinstance(outcome, APITimeoutError) else "no answer"
