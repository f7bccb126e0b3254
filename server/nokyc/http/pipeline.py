"""The API as one ASGI application: every check in the order of decision F14, then the handler, then the answer."""

import gzip
import re
import time
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from starlette.routing import compile_path

from nokyc.http import idempotency
from nokyc.http.auth import METHODS, Authenticator, Caller
from nokyc.http.call import Answer, Call, Route
from nokyc.http.errors import ApiError
from nokyc.http.limiter import Decision, Limiter
from nokyc.http.metrics import Metrics
from nokyc.http.operations import Operations
from nokyc.http.request import Request
from nokyc.http.request_log import Logged, RequestLog
from nokyc.http.schema import Body, Query, body_of, query_of
from nokyc.http.versions import Versions
from nokyc.kit.faults import where
from nokyc.kit.ids import request_id as new_request_id
from nokyc.settings import Settings
from nokyc.store.batcher import OverloadedError
from nokyc.store.store import LOST, Store

GZIP_FROM_BYTES = 1_400
"""Smaller answers fit into one packet anyway."""
NO_WEIGHT = re.compile(r"q=0(\.0*)?")
WITH_BODY = frozenset({"POST", "PATCH"})
"""Methods whose body counts; that of any other is not even read."""

log = structlog.get_logger("nokyc.http")


class Api:
    """Runs the routes of /v1."""

    def __init__(
        self,
        operations: Operations,
        *,
        store: Store,
        settings: Settings,
        authenticator: Authenticator,
        limiter: Limiter,
        versions: Versions,
        metrics: Metrics,
        request_log: RequestLog,
    ) -> None:
        self._operations = operations
        self._request_log = request_log
        self._store = store
        self._settings = settings
        self._authenticator = authenticator
        self._limiter = limiter
        self._versions = versions
        self._metrics = metrics
        self._in_flight = idempotency.InFlight()
        self._fixed: dict[str, dict[str, Route]] = {}
        self._patterns: list[tuple[Any, dict[str, Route]]] = []
        for route in operations.routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        if "{" not in route.path:
            self._fixed.setdefault(route.path, {})[route.method] = route
            return
        pattern = compile_path(route.path)[0]
        for known, methods in self._patterns:
            if known == pattern:
                methods[route.method] = route
                return
        self._patterns.append((pattern, {route.method: route}))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        request = Request.of(scope)
        request_id = new_request_id()
        exchange = _Exchange(request_id, self._versions.newest)
        try:
            answer = await self._answer(request, exchange, receive)
        except Exception as error:
            answer = self._refusal(error, request, exchange)
        await self._send(send, request, exchange, answer)
        elapsed = time.perf_counter() - started
        self._metrics.request(exchange.operation, answer.status, elapsed)
        if exchange.caller is not None and self._request_log.wants(answer.status):
            self._request_log.note(_logged(request, exchange, exchange.caller, answer, elapsed))
        if answer.status >= 400:
            log.info(
                "refused",
                request_id=request_id,
                operation=exchange.operation,
                status=answer.status,
                ms=round(elapsed * 1000),
            )

    async def _answer(self, request: Request, exchange: "_Exchange", receive: Any) -> Answer:
        settings = self._settings
        if not request.secure(settings.trusted_proxies, exempt_loopback=settings.loopback_http):
            raise ApiError("https_required", headers={"Location": request.https_location()})
        if request.method in WITH_BODY:
            await request.read_body(receive)
        wall = self._store.clock.now()
        caller = await self._authenticator.authenticate(
            request.authorization, request.origin(settings.trusted_proxies), wall
        )
        exchange.caller = caller
        exchange.version = caller.api_version
        decision = exchange.decision = await self._limiter.hit(caller.key_id, caller.rate_limit)
        exchange.decided_ms = round(wall.timestamp() * 1000)
        if not decision.allowed:
            wait = decision.retry_after_sec
            message = f"More than {decision.limit} requests in 60 seconds. Try again in {wait} seconds."
            raise ApiError("rate_limit_exceeded", message, headers={"Retry-After": str(wait)})
        route, path = self._find(request)
        exchange.operation = route.operation
        return await self._execute(request, exchange, caller, wall, route, path)

    def _find(self, request: Request) -> tuple[Route, dict[str, str]]:
        path: dict[str, str] = {}
        methods = self._fixed.get(request.path)
        if methods is None:
            for pattern, candidates in self._patterns:
                if match := pattern.fullmatch(request.path):  # `$` would let a line's end pass
                    methods, path = candidates, match.groupdict()
                    break
        if methods is None:
            raise ApiError("route_not_found", f"There is no path {request.path[:100]}.")
        route = methods.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            allowed = sorted({*methods, *(["HEAD"] if "GET" in methods else [])})
            raise ApiError(
                "method_not_allowed",
                f"{request.method} is not a method of this path.",
                headers={"Allow": ", ".join(allowed)},
            )
        return route, path

    async def _execute(
        self,
        request: Request,
        exchange: "_Exchange",
        caller: Caller,
        wall: datetime,
        route: Route,
        path: dict[str, str],
    ) -> Answer:
        if request.method not in METHODS[caller.scope]:
            raise ApiError("scope_insufficient", f"A key with scope {caller.scope} cannot {request.method}.")
        values = request.json_object() if route.method in WITH_BODY else {}
        pinned = request.header(b"nokyc-version")
        version = exchange.version = self._versions.choose(pinned, caller.api_version, wall.date())
        render = partial(self._versions.downgrade, version=version)
        call = Call(exchange.request_id, caller, wall, version, path, self._store, render)
        if route.method == "POST" and route.mutates:
            call.idempotency_key = idempotency.read_key(request.header(b"idempotency-key"))
            if call.idempotency_key is not None:
                call.fingerprint = idempotency.fingerprint(request.method, request.path, values)

        def prepare() -> None:
            if route.test_mode_only and caller.livemode:
                raise ApiError("test_mode_only")
            upgraded = self._versions.upgrade(route.operation, values, exchange.version)
            if route.method in WITH_BODY:
                call.body = body_of(route.body or Body, upgraded)
            call.query = query_of(route.query or Query, request.query_pairs())

        self._in_flight.enter(call.account_id, call.idempotency_key)
        try:
            return await self._operations.run(route, call, prepare)
        finally:
            self._in_flight.leave(call.account_id, call.idempotency_key)

    def _refusal(self, error: Exception, request: Request, exchange: "_Exchange") -> Answer:
        if not isinstance(error, ApiError):
            if isinstance(error, (OverloadedError, TimeoutError, *LOST)):
                log.warning("unavailable", request_id=exchange.request_id, error=type(error).__name__)
                error = ApiError("service_unavailable", headers={"Retry-After": "1"})
            else:
                # The traceback names code, not values: bodies and numbers stay out of logs.
                log.error("failed", request_id=exchange.request_id, where=where(error), error=type(error).__name__)
                error = ApiError("internal_error")
        headers = error.headers | {"NoKYC-Should-Retry": "true" if error.retryable else "false"}
        if "application/problem+json" in (request.header(b"accept") or ""):
            text = error.problem(exchange.request_id, self._settings.public_url)
            return Answer(error.status, text=text, headers=headers | {"Content-Type": "application/problem+json"})
        return Answer(error.status, text=error.body(exchange.request_id, self._settings.public_url), headers=headers)

    async def _send(self, send: Any, request: Request, exchange: "_Exchange", answer: Answer) -> None:
        body = answer.text or b""
        headers = [
            (b"request-id", exchange.request_id.encode()),
            (b"cache-control", b"no-store"),
            *self._versions.headers(exchange.version, self._settings.public_url),
        ]
        if exchange.decision is not None:
            headers += exchange.decision.headers(exchange.decided_ms)
        if answer.status != 204 and "Content-Type" not in answer.headers:
            headers.append((b"content-type", b"application/json"))
        if len(body) >= GZIP_FROM_BYTES:
            headers.append((b"vary", b"accept-encoding"))
            if _takes_gzip(request.header(b"accept-encoding") or ""):
                body = gzip.compress(body, 5, mtime=0)
                headers.append((b"content-encoding", b"gzip"))
        if answer.status != 204:
            headers.append((b"content-length", b"%d" % len(body)))
        headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


class _Exchange:
    """What becomes known about a request on its way, for the answer's headers and the log."""

    __slots__ = ("caller", "decided_ms", "decision", "operation", "request_id", "version")

    def __init__(self, request_id: str, version: str) -> None:
        self.request_id = request_id
        self.version = version
        self.operation = "none"
        self.caller: Caller | None = None
        self.decision: Decision | None = None
        self.decided_ms = 0


def _logged(request: Request, exchange: _Exchange, caller: Caller, answer: Answer, elapsed: float) -> Logged:
    query = b"?" + request.query_string if request.query_string else b""
    return Logged(
        account_id=caller.account_id,
        key_id=caller.key_id,
        request_id=exchange.request_id,
        method=request.method,
        path=request.path + query.decode("latin-1"),
        operation=exchange.operation,
        status=answer.status,
        elapsed_ms=round(elapsed * 1000),
        idempotency_key=request.header(b"idempotency-key"),
        request_body=request.body,
        response_body=answer.text or b"",
    )


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether the client named gzip, and not with a weight of nothing (RFC 9110, section 12.5.3)."""
    for coding in accept_encoding.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return NO_WEIGHT.fullmatch(weight.replace(" ", "")) is None
    return False
