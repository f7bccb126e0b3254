"""The reference of `voice.py`: the same engine with nobody behind it. Every call that comes in is taken at once.

python bench/voice_core.py PORT
"""

import itertools
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvloop

from nokyc.kit.clock import SystemClock
from nokyc.speech.engines import local_engines, prompt_cache
from nokyc.speech.prompts import default_prompt
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.engine import Engine
from nokyc_voice.call.stream import StreamSocket
from nokyc_voice.platform import Device, Dialled, Incoming, Place, Refuse, Report, Take, Trunk, Voicemail
from nokyc_voice.sip.endpoint import Listener


class Nobody:
    """Implements `nokyc_voice.platform.Platform` without a store."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    async def trunks(self) -> Sequence[Trunk]:
        return [Trunk("bench", (("127.0.0.1", 9),), ping_sec=0)]

    async def incoming(self, incoming: Incoming) -> Take | Refuse:
        return Take(next(self._ids), 1, (Voicemail(1),), recording=False, allowed_sec=3_600, max_sec=3_600)

    async def device(self, username: str) -> Device | None:
        return None

    async def dialled(self, dialled: Dialled) -> Place | Refuse:
        return Refuse(403, "Forbidden", 21)

    async def report(self, report: Report) -> None:
        return None

    async def beat(self, talking: Mapping[int, int], waiting: Sequence[int]) -> Mapping[int, int]:
        return dict.fromkeys([*talking, *waiting], 3_600)


async def no_stream(url: str) -> StreamSocket:
    raise ConnectionError("nobody is there")


async def run(port: int, folder: Path) -> None:
    config = VoiceConfig(
        [Listener("udp", "127.0.0.1", port)],
        realm="bench",
        secret=b"bench",
        rtp_host="127.0.0.1",
        rtp_ports=range(20_000, 30_000),
        folder=folder,
    )
    engines = local_engines(folder)
    engine = Engine(
        config,
        Nobody(),
        clock=SystemClock(),
        engines=engines,
        prompts=prompt_cache(folder, engines.tts),
        prompt=default_prompt,
        open_stream=no_stream,
    )
    await engine.run()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        uvloop.run(run(int(sys.argv[1]), Path(made)))
