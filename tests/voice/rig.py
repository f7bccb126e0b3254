"""A whole voice engine on loopback, with a scripted platform behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from nokyc.http.outbound import OutboundClient
from nokyc.kit import ids
from nokyc.kit.clock import SystemClock
from nokyc.speech.prompts import PromptCache
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.engine import Engine
from nokyc_voice.platform import Device, Trunk
from nokyc_voice.sip.digest import ALGORITHMS, compute_ha1
from nokyc_voice.sip.endpoint import Listener
from voice.audio import tone
from voice.engines import Ears, Mouth, engines
from voice.platform import ScriptedPlatform

REALM = "voice.test"
PROMPT_HZ = 600
"""What announcements sound like here: a second of this tone."""


class Rig:
    """The engine, its platform, and where it listens."""

    def __init__(self, engine: Engine, platform: ScriptedPlatform, mouth: Mouth, ears: Ears, folder: Path) -> None:
        self.engine = engine
        self.platform = platform
        self.mouth = mouth
        self.ears = ears
        self.folder = folder

    def port(self, transport: str = "udp") -> int:
        return next(each.port for each in self.engine.endpoint.listening if each.transport == transport)

    def uri(self, user: str, transport: str = "udp") -> str:
        over = "" if transport == "udp" else f";transport={transport}"
        return f"sip:{user}@127.0.0.1:{self.port(transport)}{over}"

    async def use_trunks(self, *trunks: Trunk) -> None:
        self.platform.known_trunks = list(trunks)
        await self.engine.changed()


def device(desk: Rig, number_id: int, password: str) -> Device:
    """A device that the platform knows."""
    username = ids.show("num", number_id)
    ha1 = {name: compute_ha1(name, username, REALM, password) for name in ALGORITHMS}
    made = desk.platform.devices[username] = Device(number_id, 2, username, ha1)
    return made


@asynccontextmanager
async def rig(folder: Path, *listeners: Listener) -> AsyncIterator[Rig]:
    """UDP and TCP by default, on ports of the system's choice."""
    platform, mouth, ears = ScriptedPlatform(), Mouth(), Ears()
    client = OutboundClient(allow_private=True)

    def prompt(name: str, language: str) -> bytes:
        return tone(PROMPT_HZ, 1.0)

    config = VoiceConfig(
        listeners or (Listener("udp", "127.0.0.1"), Listener("tcp", "127.0.0.1")),
        realm=REALM,
        secret=b"rig",
        rtp_host="127.0.0.1",
        rtp_ports=range(30_000, 34_000),
        folder=folder,
    )
    engine = Engine(
        config,
        platform,
        clock=SystemClock(),
        engines=engines(mouth, ears),
        prompts=PromptCache(folder / "prompts", [Mouth()]),
        prompt=prompt,
        open_stream=client.websocket,
    )
    running = asyncio.create_task(engine.run())
    await engine.started.wait()
    try:
        yield Rig(engine, platform, mouth, ears, folder)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await client.close()
