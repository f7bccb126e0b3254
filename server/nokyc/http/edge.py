"""The outermost layer of one process's HTTP: the API on its own short way, everything else beside it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.http.request import Request as Head
from nokyc.kit.ids import request_id as new_request_id
from nokyc.settings import Settings

STATE_KEY = "nokyc.request_id"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What may be asked over plain HTTP from anywhere: a load balancer does, and the answers tell nothing."""


class Edge:
    """Sends /v1 straight to the API and the rest to `pages`; every answer has a Request-Id (decision F32).

    The API sees for itself that keys come over https; passwords, cookies and recordings do here (decision F1).
    """

    def __init__(self, api: Any, pages: Any, settings: Settings) -> None:
        self._api = api
        self._pages = pages
        self._settings = settings

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
        elif scope["path"].startswith("/v1/") or scope["path"] == "/v1":
            await self._api(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Any, receive: Any, send: Any) -> None:
        request_id = scope[STATE_KEY] = new_request_id()

        async def tagged(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"request-id", request_id.encode())]
            await send(message)

        head = Head.of(scope)
        settings = self._settings
        if scope["path"] in PROBES or head.secure(settings.trusted_proxies, exempt_loopback=settings.loopback_http):
            await self._pages(scope, receive, tagged)
        else:
            headers = {"Location": head.https_location(), "Cache-Control": "no-store"}
            await _refusal(ApiError("https_required"), request_id, settings.public_url, headers)(scope, receive, tagged)


class NotFound:
    """Answers for paths outside the API that lead nowhere."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    async def __call__(self, request: Request, error: Exception) -> Response:
        refusal = ApiError("route_not_found", f"There is no path {request.url.path[:100]}. The API is under /v1.")
        return _refusal(refusal, request.scope[STATE_KEY], self._public_url, {"Cache-Control": "no-store"})


def _refusal(refusal: ApiError, request_id: str, public_url: str, headers: dict[str, str]) -> Response:
    return Response(refusal.body(request_id, public_url), refusal.status, headers, media_type="application/json")
