"""What is served beside the API: probes, metrics, description. No key is asked for; counts are for loopback only."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.http.metrics import Metrics
from nokyc.http.request import LOOPBACK
from nokyc.resources.calls.settle import IS_OPEN, OPEN
from nokyc.resources.carriers.links import NEWS
from nokyc.store.store import LOST, Store

FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-proto"})
"""What a proxy adds: behind one on this machine, all the world comes from loopback."""


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
        here = request.client is not None and request.client.host in LOOPBACK
        if not here or FORWARDED & set(request.headers):
            return PlainTextResponse("metrics are served on loopback only\n", status_code=403)
        try:
            await self._look()
        except (*LOST, TimeoutError):  # to Prometheus, this process is then down
            return PlainTextResponse("the database cannot be reached\n", status_code=503)
        return Response(self._metrics.render(), media_type="text/plain; version=0.0.4")

    async def openapi(self, request: Request) -> Response:
        return Response(self._description, media_type="application/json")

    async def _look(self) -> None:
        """Set the metrics that are read from the database."""
        async with self._store.reading() as connection:
            due = await connection.fetch(
                "SELECT queue, count(*) AS n FROM tasks WHERE run_at <= now() AND NOT claimed GROUP BY queue"
            )
            up = await connection.fetch(_LINKS_UP, SIMULATED, self._store.clock.now() - NEWS)
            going_on = await connection.fetch(_CALLS, OPEN)
            self._metrics.dead_tasks.set(await connection.fetchval("SELECT count(*) FROM dead_tasks"))
        self._metrics.tasks_due.clear()
        self._metrics.links_up.clear()
        for row in due:
            self._metrics.tasks_due.labels(queue=row["queue"]).set(row["n"])
        for row in up:
            self._metrics.links_up.labels(carrier=row["carrier"]).set(row["n"])
        for row in going_on:
            self._metrics.calls.labels(status=row["status"]).set(row["n"])


_CALLS = f"""
SELECT s.status, count(c.id) AS n FROM unnest($1::text[]) AS s (status)
LEFT JOIN calls c ON c.status = s.status AND c.{IS_OPEN} GROUP BY s.status
"""  # noqa: S608 - words of our own
_LINKS_UP = """
SELECT c.name AS carrier, count(l.name) FILTER (WHERE l.up AND l.seen_at > $2) AS n
FROM (SELECT name FROM carriers UNION ALL SELECT $1) AS c
LEFT JOIN links l ON l.carrier = c.name GROUP BY c.name
"""
