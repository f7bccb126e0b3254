"""The API as the commands for developers call it: plain requests, refusals in words."""

import json
import os
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from cyclopts import Parameter

from nokyc.cli import context

TIMEOUT_SEC = 30.0
MAX_ANSWER_BYTES = 16_000_000

ApiKey = Annotated[str, Parameter(env_var="NOKYC_API_KEY")]
BaseUrl = Annotated[str | None, Parameter(env_var="NOKYC_BASE_URL")]


class ApiRefusalError(context.RefusalError):
    """The API said no; `status` is None if it was not reached."""

    def __init__(self, status: int | None, message: str) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """One key at one base URL."""

    def __init__(self, base_url: str | None, api_key: str, *, version: str | None = None) -> None:
        self.base_url = (base_url or context.public_url()).rstrip("/").removesuffix("/v1")
        self._headers = {"Authorization": f"Bearer {api_key}", "User-Agent": "nokyc-cli"}
        if version is not None:
            self._headers["NoKYC-Version"] = version

    def get(self, path: str, **query: object) -> Any:
        """Answer of a GET below /v1. Raises ApiRefusalError, like the others."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", path, body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path, None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        status, text = send(method, f"{self.base_url}/v1{path}", content, headers, timeout_sec=TIMEOUT_SEC)
        if not 200 <= status < 300:
            raise ApiRefusalError(status, _message(status, text))
        try:
            return json.loads(text) if text else None
        except ValueError:
            raise ApiRefusalError(status, _strange(status)) from None


def send(
    method: str, url: str, body: bytes | None, headers: dict[str, str], *, timeout_sec: float
) -> tuple[int, bytes]:
    """Status and body; redirects are not followed. Raises ApiRefusalError if nobody answers."""
    check_url(url)
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - checked above
    try:
        with _OPENER.open(request, timeout=timeout_sec) as answer:
            return answer.status, answer.read(MAX_ANSWER_BYTES)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MAX_ANSWER_BYTES)
    except (OSError, ValueError, HTTPException) as error:
        why = getattr(error, "reason", error)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        raise ApiRefusalError(None, f"{origin} does not answer: {getattr(why, 'strerror', None) or why}") from None


def check_url(url: str) -> None:
    """Raises ValueError unless it is an http or https URL with a host."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is not an http or https URL")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A key goes where it was meant to go, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


# Proxies of the environment are for the outside world; a base URL is usually this machine.
_OPENER = urllib.request.build_opener(
    _NoRedirects, *([] if os.environ.get("NOKYC_USE_PROXY") == "1" else [urllib.request.ProxyHandler({})])
)


def _message(status: int, text: bytes) -> str:
    try:
        error = json.loads(text)["error"]
        return f"{error['message']} ({status} {error['code']}, {error['request_id']})"
    except (ValueError, KeyError, TypeError):
        return _strange(status)


def _strange(status: int) -> str:
    return f"the server answered {status}, and not as our API does"
