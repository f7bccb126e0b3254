"""The composition root: the only place that chooses implementations."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from nokyc.carriers.http.carrier import HttpCarrier
from nokyc.carriers.http.config import HttpConfig
from nokyc.carriers.port import SmsCarrier
from nokyc.carriers.sip.config import SipConfig
from nokyc.carriers.smpp.carrier import SmppCarrier
from nokyc.carriers.smpp.config import SmppConfig
from nokyc.docs.serve import Docs
from nokyc.engines import ConfiguredEngines, endpoint_client
from nokyc.http import call as http
from nokyc.http.auth import Authenticator
from nokyc.http.connection import Connection
from nokyc.http.edge import Edge, NotFound
from nokyc.http.limiter import Limiter, LocalLimiter, SharedLimiter
from nokyc.http.metrics import Metrics
from nokyc.http.openapi import describe
from nokyc.http.operations import Operations
from nokyc.http.outbound import OutboundClient
from nokyc.http.pipeline import Api
from nokyc.http.request_log import RequestLog
from nokyc.http.siprelay import MAX_FRAME_BYTES, SipRelay
from nokyc.http.versions import Versions
from nokyc.panel.app import Panel
from nokyc.panel.live import Hub
from nokyc.panel.passwords import Passwords
from nokyc.panel.speaker import Speaker
from nokyc.panel.view import Desk
from nokyc.panel.waveforms import Waveforms
from nokyc.resources.accounts import routes as accounts
from nokyc.resources.ai import routes as ai
from nokyc.resources.calls import routes as calls
from nokyc.resources.calls.intake import Intake as CallIntake
from nokyc.resources.carriers.routing import VOICE_KIND, Routing
from nokyc.resources.carriers.webhooks import CarrierWebhooks
from nokyc.resources.devices import browsers
from nokyc.resources.devices import routes as devices
from nokyc.resources.events import routes as events
from nokyc.resources.files.links import Links
from nokyc.resources.files.serve import FileServer
from nokyc.resources.numbers import routes as numbers
from nokyc.resources.sms import routes as sms
from nokyc.resources.sms.intake import Intake
from nokyc.resources.sms.media import MediaFiles
from nokyc.resources.voicemails import routes as voicemails
from nokyc.resources.webhooks import routes as webhooks
from nokyc.settings import API_VERSION, Settings, SipSettings
from nokyc.speech.engines import prompt_cache
from nokyc.speech.port import Engines
from nokyc.speech.server import SpeechServer
from nokyc.store.files import open_files
from nokyc.store.opening import open_store
from nokyc.store.store import Store
from nokyc.store.watch import watch
from nokyc.voice import open_engines, open_prompts, probe_trunk, serve_voice
from nokyc.web import Probes
from nokyc.workers.callplans import Plans
from nokyc.workers.reports import Reports
from nokyc.workers.runner import Runner
from nokyc.workers.sentences import SentenceMaker
from nokyc.workers.speech import QUEUE as TRANSCRIPTS
from nokyc.workers.speech import SpeechWorker
from nokyc.workers.switchboard import Switchboard
from nokyc.workers.transcripts import VoicemailTranscripts
from nokyc.workers.worker import Worker

VERSIONS = Versions([API_VERSION])
API_CONNECTIONS = 12
WORKER_CONNECTIONS = 12
DRAIN_SEC = 20
PROBE_PATIENCE_SEC = 20.0
COLLECT_EVERY = 10_000
"""New objects between two garbage collections of api and worker; neither leaves many cycles behind."""


@dataclass(frozen=True, slots=True)
class Web:
    """The HTTP side of one process."""

    app: Edge
    api: Api
    routes: list[http.Route]
    live: Hub
    request_log: RequestLog


def build_web(store: Store, settings: Settings, *, versions: Versions = VERSIONS) -> Web:
    """The API, the carriers' callbacks, probes and panel as one ASGI application."""
    metrics = Metrics()
    routing = open_routing(store, settings)
    routes = api_routes(store, settings, routing)
    operations, request_log, live = Operations(routes, store), RequestLog(store), Hub(store)
    limiter: Limiter = LocalLimiter(store.clock) if settings.limiter == "local" else SharedLimiter(store)
    api = Api(
        operations,
        store=store,
        settings=settings,
        authenticator=Authenticator(store),
        limiter=limiter,
        versions=versions,
        metrics=metrics,
        request_log=request_log,
    )
    files, links = open_files(settings), Links(store.vault, settings.public_url)
    probe, speaker = partial(probe_carrier, sip=settings.sip), Speaker(partial(open_prompts, settings))
    desk = Desk(
        store, settings, operations, limiter, Passwords(), live, probe, speaker, CallIntake(routing, settings),
        Waveforms(files),
    )  # fmt: skip
    probes = Probes(store, metrics, describe(routes, settings.public_url, API_VERSION))
    callbacks = CarrierWebhooks(store, settings.public_url)
    pages = Starlette(
        routes=[
            Route("/healthz", probes.health),
            Route("/readyz", probes.ready),
            Route("/metrics", probes.metrics),
            Route("/openapi.json", probes.openapi),
            Route("/carriers/{name}/{kind}", callbacks.receive, methods=["GET", "POST"]),
            Route("/media/{id}", MediaFiles(store).serve),
            WebSocketRoute(browsers.PATH, SipRelay(settings).serve),
            Route("/files/{kind}/{name}", FileServer(store, files, links).serve),
            *Panel(desk).routes,
            *Docs(versions, settings.public_url).routes,
        ],
        exception_handlers={404: NotFound(settings.public_url)},
    )
    return Web(Edge(api, pages, settings), api, routes, live, request_log)


def api_routes(store: Store, settings: Settings, routing: Routing) -> list[http.Route]:
    """Every operation of /v1, in the API document's order."""
    private = settings.webhook_allow_private
    links = Links(store.vault, settings.public_url)
    return [
        *numbers.routes(allow_private=private),
        *devices.routes(settings),
        *calls.routes(CallIntake(routing, settings), links, max_call_sec=settings.max_call_sec),
        *sms.routes(Intake(store, routing, settings), routing),
        *voicemails.routes(links),
        *ai.ROUTES,
        *accounts.ROUTES,
        *webhooks.routes(allow_private=private),
        *events.ROUTES,
    ]


def build_worker(store: Store, settings: Settings, client: OutboundClient) -> Worker:
    """A worker with every kind of carrier that we can speak to."""

    def make(kind: str, name: str, config: dict[str, Any]) -> SmsCarrier | None:
        return make_carrier(kind, config, client)

    files = open_files(settings)
    return Worker(store, open_routing(store, settings), client, VERSIONS, make, files=files, settings=settings)


def build_switchboard(store: Store, settings: Settings) -> Switchboard:
    """What one voice process asks, and is asked by."""
    routing = open_routing(store, settings)
    return Switchboard(
        store,
        CallIntake(routing, settings),
        Plans(store, routing, max_call_sec=settings.max_call_sec),
        Reports(store, open_files(settings), Links(store.vault, settings.public_url), speech=settings.speech),
        max_call_sec=settings.max_call_sec,
    )


def build_transcriber(store: Store, settings: Settings, engines: Engines) -> SpeechWorker:
    """What makes words of voicemails."""
    links = Links(store.vault, settings.public_url)
    return SpeechWorker(store, engines, VoicemailTranscripts(store, open_files(settings), links))


def open_routing(store: Store, settings: Settings) -> Routing:
    """The routing table of this process, with this installation's default prices."""
    return Routing(store, settings.default_sms_price_micro, settings.default_call_price_micro)


def make_carrier(kind: str, config: dict[str, Any], client: OutboundClient) -> SmsCarrier | None:
    """The adapter for a real carrier; None for a kind that takes no SMS."""
    match kind:
        case "smpp":
            return SmppCarrier(SmppConfig.from_json(config))
        case "http":
            return HttpCarrier(HttpConfig.from_json(config), client)
        case _:
            return None


async def probe_carrier(
    kind: str, config: dict[str, Any], client: OutboundClient, *, sip: SipSettings
) -> tuple[bool, str]:
    """Ask a carrier something harmless: whether it is reached, and in words what came back."""
    try:
        async with asyncio.timeout(PROBE_PATIENCE_SEC):
            if kind == VOICE_KIND:
                trunk = await probe_trunk(SipConfig.from_json(config), sip)
                return trunk.up, trunk.detail
            carrier = make_carrier(kind, config, client)
            assert carrier is not None, kind
            state = await carrier.probe()
    except TimeoutError:
        return False, f"no answer within {PROBE_PATIENCE_SEC:.0f} seconds"
    except OSError as error:
        return False, f"cannot ask from our own address: {error}"
    return state.up, state.detail


async def run_api(
    settings: Settings, dsn: str, listener: socket.socket, *, tls_cert: Path | None = None, tls_key: Path | None = None
) -> None:
    """Serve HTTP until SIGTERM or SIGINT; what was begun is finished."""
    store = await open_store(settings, dsn, size=API_CONNECTIONS)
    web = build_web(store, settings)
    config = server_config(web, tls_cert=tls_cert, tls_key=tls_key)
    collect_seldom()
    server = uvicorn.Server(config)
    web.live.until(lambda: server.should_exit)
    async with _watching(store, dsn, lambda queue: None):
        await server.serve(sockets=[listener])
    await web.request_log.flush()
    await store.close()


def collect_seldom() -> None:
    """Spare the garbage collector what lives as long as the process: numbering plans and code."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


def server_config(web: Web, *, tls_cert: Path | None = None, tls_key: Path | None = None) -> uvicorn.Config:
    """How uvicorn serves it."""
    return uvicorn.Config(
        web.app,
        loop="uvloop",
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SEC,
        timeout_keep_alive=75,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
    )


async def run_worker(settings: Settings, dsn: str) -> None:
    """Work until cancelled."""
    store = await open_store(settings, dsn, size=WORKER_CONNECTIONS, plan_once=True)
    client = OutboundClient(allow_private=settings.webhook_allow_private)
    worker = build_worker(store, settings, client)
    collect_seldom()
    try:
        async with _watching(store, dsn, worker.wake):
            await worker.run()
    finally:
        await client.close()
        await store.close()


async def run_voice(settings: Settings, dsn: str) -> None:
    """Take and place calls until cancelled."""
    store = await open_store(settings, dsn, size=WORKER_CONNECTIONS)
    client = OutboundClient(allow_private=settings.webhook_allow_private)
    switchboard = build_switchboard(store, settings)
    try:
        async with _watching(store, dsn, switchboard.wake):
            engines = await open_engines(settings)
            await serve_voice(store, settings, switchboard, client, engines)
    finally:
        await client.close()
        await store.close()


async def run_speech(settings: Settings, local: Engines, path: Path) -> None:
    """Speak and hear for live calls behind a Unix socket, until cancelled; with endpoints if there is a database."""
    if settings.database_url is None:
        await SpeechServer(local, path).run()
        return
    async with _following(settings, settings.database_url, local) as (store, configured):
        server = SpeechServer(await configured.read(), path)
        async with _watching(store, settings.database_url, lambda queue: None), asyncio.TaskGroup() as group:
            group.create_task(server.run())
            group.create_task(configured.follow(server.use))


async def run_transcriber(settings: Settings, dsn: str, local: Engines) -> None:
    """Make words of voicemails, and sentences of agents before they are needed, until cancelled."""
    async with _following(settings, dsn, local) as (store, configured):
        engines = await configured.read()
        worker = build_transcriber(store, settings, engines)
        maker = SentenceMaker(store, prompt_cache(settings.data_dir, engines.tts))
        runner = Runner(TRANSCRIPTS, worker.once)

        def use(changed: Engines) -> None:
            worker.use(changed)
            maker.use(prompt_cache(settings.data_dir, changed.tts))

        async with _watching(store, dsn, lambda queue: runner.wake()), asyncio.TaskGroup() as group:
            for work in (runner.run(), worker.tell_pairs(), worker.take_up_unheard(), maker.run()):
                group.create_task(work)
            group.create_task(configured.follow(use))


@asynccontextmanager
async def _following(settings: Settings, dsn: str, local: Engines) -> AsyncIterator[tuple[Store, ConfiguredEngines]]:
    store, client = await open_store(settings, dsn), endpoint_client()
    try:
        yield store, ConfiguredEngines(store, local, client)
    finally:
        await client.close()
        await store.close()


@asynccontextmanager
async def _watching(store: Store, dsn: str, on_wake: Any) -> AsyncIterator[None]:
    watcher = asyncio.create_task(watch(store, dsn, on_wake))
    try:
        yield
    finally:
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
