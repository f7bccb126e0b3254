"""Where HTTP carriers report to us: read, stored, then acknowledged."""

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from nokyc.carriers.http.protocol import BadRequest, BadSignature, Incoming
from nokyc.http.request import MAX_BODY_BYTES
from nokyc.resources.carriers.presets import find_preset
from nokyc.resources.sms.inbox import Reported, enqueue_reports
from nokyc.store.store import LOST, Store


class CarrierWebhooks:
    """Handler of /carriers/{name}/{inbound|status}."""

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._public_url = public_url
        self._presets: dict[str, Any] = {}
        store.on_change(self._forget)

    async def receive(self, request: Request) -> Response:
        """403 for a report that does not prove whose it is, 400 for one that makes no sense, 503 if it cannot be
        stored now, 200 once it is."""
        name, kind = request.path_params["name"], request.path_params["kind"]
        preset = await self._preset(name)
        if preset is None or kind not in ("inbound", "status"):
            return PlainTextResponse("not found\n", status_code=404)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return PlainTextResponse("too large\n", status_code=413)
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._public_url}{request.url.path}{query}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        incoming = Incoming(request.method, kind, url, headers, body)
        try:
            reports = preset.reports(incoming, self._store.clock.now())
        except BadSignature:
            return PlainTextResponse("bad signature\n", status_code=403)
        except BadRequest:
            return PlainTextResponse("bad request\n", status_code=400)
        try:
            await self._store.run(lambda unit: enqueue_reports(unit, [Reported(name, report) for report in reports]))
        except (*LOST, TimeoutError):  # not stored, so not acknowledged: the carrier tells it again
            return PlainTextResponse("not now\n", status_code=503)
        content_type, text = preset.acknowledgement()
        return Response(text, media_type=content_type)

    def _forget(self) -> None:
        self._presets = {}

    async def _preset(self, name: str) -> Any:
        presets = self._presets  # what was looked up before a change is not remembered after it
        if name not in presets:
            preset = await find_preset(self._store, name)
            if preset is None:
                return None
            presets[name] = preset
        return presets[name]
