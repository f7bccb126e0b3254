"""The outermost layer of one process's HTTP: the API on its own short way, everything else beside it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from nokyc.http.errors import ApiError
from nokyc.kit.ids import request_id as new_request_id

STATE_KEY = "nokyc.request_id"


class Edge:
    """Sends /v1 straight to the API and the rest to `pages`; every answer has a Request-Id (decision F32)."""

    def __init__(self, api: Any, pages: Any) -> None:
        self._api = api
        self._pages = pages

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

        await self._pages(scope, receive, tagged)


class NotFound:
    """Answers for paths outside the API that lead nowhere."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    async def __call__(self, request: Request, error: Exception) -> Response:
        refusal = ApiError("route_not_found", f"There is no path {request.url.path[:100]}. The API is under /v1.")
        body = refusal.body(request.scope[STATE_KEY], self._public_url)
        headers = {"Cache-Control": "no-store"}
        return Response(body, refusal.status, headers, media_type="application/json")
