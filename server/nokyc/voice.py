"""The voice process: the engine, and the switchboard between it and the store."""

import asyncio
from collections.abc import Sequence
from random import SystemRandom

import structlog

from nokyc.carriers.sip.config import SipConfig
from nokyc.http.outbound import OutboundClient
from nokyc.settings import Settings, SipSettings
from nokyc.speech.engines import local_engines
from nokyc.speech.prompts import default_prompt
from nokyc.store.store import Store
from nokyc.workers.switchboard import Switchboard
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.engine import Engine
from nokyc_voice.call.probe import probe
from nokyc_voice.call.stream import MAX_MESSAGE_BYTES, StreamSocket
from nokyc_voice.platform import TrunkState
from nokyc_voice.sip.endpoint import Listener, ServerTls

NONCES = "sip.nonces"
SPOOL = "voice"
"""Below the data folder: audio that the platform has not taken over yet."""

log = structlog.get_logger("nokyc.voice")


def build_engine(store: Store, settings: Settings, switchboard: Switchboard, client: OutboundClient) -> Engine:
    """The engine of this process. Made inside a running loop."""

    async def open_stream(url: str) -> StreamSocket:
        return await client.websocket(url, max_bytes=MAX_MESSAGE_BYTES)

    return Engine(
        voice_config(store, settings),
        switchboard,
        clock=store.clock,
        mouth=local_engines(settings.data_dir).tts,
        prompt=default_prompt,
        open_stream=open_stream,
    )


async def serve_voice(switchboard: Switchboard, engine: Engine) -> None:
    """Until cancelled; calls then end in good order."""
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.run())
        await engine.started.wait()
        log.info("listening", transports=[each.transport for each in engine.endpoint.listening])
        group.create_task(switchboard.run(engine))


async def probe_trunk(config: SipConfig, sip: SipSettings) -> TrunkState:
    """Ask a carrier from the address that the voice process has, and say what came back. Raises OSError."""
    return await probe(config.trunk(), host=sip.host, advertise=sip.advertise, random=SystemRandom())


def voice_config(store: Store, settings: Settings) -> VoiceConfig:
    """The settings as the engine takes them; its spool folder is made."""
    folder = settings.data_dir / SPOOL
    folder.mkdir(parents=True, exist_ok=True)
    sip = settings.sip
    return VoiceConfig(
        _listeners(sip),
        realm=sip.domain,
        secret=store.vault.keyed_hash(NONCES, "secret"),
        rtp_host=sip.host,
        rtp_ports=sip.rtp_ports,
        folder=folder,
        advertise=sip.advertise,
        ice_servers=sip.ice_servers,
    )


def _listeners(sip: SipSettings) -> Sequence[Listener]:
    plain = [Listener("udp", sip.host, sip.port), Listener("tcp", sip.host, sip.port)]
    browsers = Listener("ws", "127.0.0.1", sip.ws_port)
    if sip.tls_cert is None or sip.tls_key is None:
        return [*plain, browsers]
    return [*plain, Listener("tls", sip.host, sip.tls_port, ServerTls(sip.tls_cert, sip.tls_key)), browsers]
