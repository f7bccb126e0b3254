"""What is served beside the API: probes, metrics, the API's description. No key is asked for, no count given."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from nokyc.http.metrics import Metrics
from nokyc.http.request import LOOPBACK
from nokyc.store.store import LOST, Store


class Probes:
    """Handlers of /healthz, /readyz, /metrics and /openapi.json."""

    def __init__(self, store: Store, metrics: Metrics, description: dict[str, Any]) -> None:
        self._store = store
        self._metrics = metrics
        self._description = msgspec.json.encode(description)

    async def health(self, request: Request) -> Response:
        """The process is alive."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """The process can do its work."""
        try:
            async with self._store.reading() as connection:
                await connection.fetchval("SELECT 1", timeout=2)
        except (*LOST, TimeoutError):
            return JSONResponse({"status": "unavailable"}, status_code=503, headers={"Retry-After": "1"})
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        """Prometheus text; to this machine only, since it tells how much business there is."""
        if request.client is None or request.client.host not in LOOPBACK:
            return PlainTextResponse("metrics are served on loopback only\n", status_code=403)
        async with self._store.reading() as connection:
            due = await connection.fetch(
                "SELECT queue, count(*) AS n FROM tasks WHERE run_at <= now() AND NOT claimed GROUP BY queue"
            )
            up = await connection.fetch("SELECT carrier, count(*) FILTER (WHERE up) AS n FROM links GROUP BY carrier")
            self._metrics.dead_tasks.set(await connection.fetchval("SELECT count(*) FROM dead_tasks"))
        self._metrics.tasks_due.clear()
        for row in due:
            self._metrics.tasks_due.labels(queue=row["queue"]).set(row["n"])
        for row in up:
            self._metrics.links_up.labels(carrier=row["carrier"]).set(row["n"])
        return Response(self._metrics.render(), media_type="text/plain; version=0.0.4")

    async def openapi(self, request: Request) -> Response:
        return Response(self._description, media_type="application/json")
