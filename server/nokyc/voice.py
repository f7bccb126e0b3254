"""The voice process: the engine, and the switchboard between it and the store."""

import asyncio
import gc
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import structlog

from nokyc.carriers.sip.config import SipConfig
from nokyc.http.outbound import OutboundClient
from nokyc.settings import Settings, SipSettings
from nokyc.speech.engines import local_engines, prompt_cache
from nokyc.speech.port import Engines, SpeechUnavailable
from nokyc.speech.prompts import PromptCache, default_prompt
from nokyc.speech.remote import attach, connect
from nokyc.speech.wire import SOCKET
from nokyc.store.store import Store
from nokyc.workers.salvage import Salvage, Spoolfolder
from nokyc.workers.switchboard import Switchboard
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.engine import Engine
from nokyc_voice.call.probe import probe
from nokyc_voice.call.stream import MAX_MESSAGE_BYTES, StreamSocket
from nokyc_voice.platform import TrunkState
from nokyc_voice.sip.endpoint import Listener, ServerTls

NONCES = "sip.nonces"
SPOOL = "voice"
"""Below the data folder: audio that the platform has not taken over yet, in a folder for each process."""
PRIORITY = 10
"""Among the processes that the kernel lets go first (SCHED_RR)."""
COLLECT_EVERY = 10_000
"""New objects between two garbage collections: each of them is a pause in everybody's audio."""

log = structlog.get_logger("nokyc.voice")


def go_first() -> None:
    """Have the kernel run this process's threads before others, where it lets us: audio is due every 20 ms, and
    whoever waits behind other programs sounds choppy. To be called before there are threads."""
    with suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))


async def open_engines(settings: Settings) -> Engines:
    """The speech process's engines, if one is to be there, from the moment that it is: no model then stalls the audio
    of calls. Else our own."""
    local = local_engines(settings.data_dir)
    with suppress(SpeechUnavailable):  # now: a detector that is loaded within a call is half a second of nobody's audio
        await asyncio.to_thread(local.vad.open)
    return attach(settings.data_dir / SOCKET, local.vad) if settings.speech else local


async def open_prompts(settings: Settings) -> PromptCache:
    """What the speech process has spoken and can speak: the prompts of calls, for whoever plays them elsewhere. Raises
    SpeechUnavailable if there is none: an api process loads no model."""
    engines = await connect(settings.data_dir / SOCKET, local_engines(settings.data_dir).vad)
    return prompt_cache(settings.data_dir, engines.tts)


def build_engine(
    store: Store, settings: Settings, switchboard: Switchboard, client: OutboundClient, engines: Engines, folder: Path
) -> Engine:
    """The engine of this process, whose unfinished audio lies in `folder`. Made inside a running loop."""

    async def open_stream(url: str) -> StreamSocket:
        return await client.websocket(url, max_bytes=MAX_MESSAGE_BYTES)

    return Engine(
        voice_config(store, settings, folder),
        switchboard,
        clock=store.clock,
        engines=engines,
        prompts=prompt_cache(settings.data_dir, engines.tts),
        prompt=default_prompt,
        open_stream=open_stream,
    )


async def serve_voice(
    store: Store, settings: Settings, switchboard: Switchboard, client: OutboundClient, engines: Engines
) -> None:
    """Until cancelled; calls then end in good order."""
    root = settings.data_dir / SPOOL
    folder = Spoolfolder(root, switchboard.name)
    try:
        engine = build_engine(store, settings, switchboard, client, engines, folder.path)
        gc.collect()
        gc.freeze()  # code and prompts live as long as the process: no collection needs to walk them
        gc.set_threshold(COLLECT_EVERY)
        await run_voice(switchboard, engine, Salvage(store, switchboard.reports, root))
    finally:
        switchboard.reports.close()
        folder.close()


async def run_voice(switchboard: Switchboard, engine: Engine, salvage: Salvage) -> None:
    """Run the parts of a voice process, until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.run())
        await engine.started.wait()
        log.info("listening", transports=[each.transport for each in engine.endpoint.listening])
        group.create_task(switchboard.run(engine))
        group.create_task(salvage.run())


async def probe_trunk(config: SipConfig, sip: SipSettings) -> TrunkState:
    """Ask a carrier from the address that the voice process has, and say what came back. Raises OSError."""
    return await probe(config.trunk(), host=sip.host, advertise=sip.advertise, random=SystemRandom())


def voice_config(store: Store, settings: Settings, folder: Path) -> VoiceConfig:
    """The settings as the engine takes them."""
    sip = settings.sip
    return VoiceConfig(
        _listeners(sip),
        realm=sip.domain,
        secret=store.vault.keyed_hash(NONCES, "secret"),
        rtp_host=sip.host,
        rtp_ports=sip.rtp_ports,
        folder=folder,
        advertise=sip.advertise,
        ice_servers=[url for url in sip.ice_servers if not url.startswith("turn") or "@" in url],
    )


def _listeners(sip: SipSettings) -> Sequence[Listener]:
    plain = [Listener("udp", sip.host, sip.port), Listener("tcp", sip.host, sip.port)]
    browsers = Listener("ws", "127.0.0.1", sip.ws_port)
    if sip.tls_cert is None or sip.tls_key is None:
        return [*plain, browsers]
    return [*plain, Listener("tls", sip.host, sip.tls_port, ServerTls(sip.tls_cert, sip.tls_key)), browsers]
