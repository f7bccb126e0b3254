"""A platform that says what a test tells it to say, and remembers what it was told."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeVar

from nokyc_voice.platform import (
    Device,
    Dialled,
    Ended,
    Incoming,
    Place,
    Refuse,
    Report,
    Take,
    Trunk,
)

R = TypeVar("R", bound=Report)
PATIENCE_SEC = 20.0


class ScriptedPlatform:
    """Implements `nokyc_voice.platform.Platform`."""

    def __init__(self) -> None:
        self.known_trunks: list[Trunk] = []
        self.devices: dict[str, Device] = {}
        self.on_incoming: Take | Refuse = Refuse(404, "Not Found", 1)
        self.on_dialled: Place | Refuse = Refuse(403, "Forbidden", 21)
        self.allowed: dict[int, int] = {}
        """What the next beats grant."""
        self.incomings: list[Incoming] = []
        self.dialleds: list[Dialled] = []
        self.beats: list[dict[int, int]] = []
        self.reports: list[Report] = []
        self._news = asyncio.Event()

    async def trunks(self) -> Sequence[Trunk]:
        return self.known_trunks

    async def incoming(self, incoming: Incoming) -> Take | Refuse:
        self.incomings.append(incoming)
        return self.on_incoming

    async def device(self, username: str) -> Device | None:
        return self.devices.get(username)

    async def dialled(self, dialled: Dialled) -> Place | Refuse:
        self.dialleds.append(dialled)
        return self.on_dialled

    async def report(self, report: Report) -> None:
        self.reports.append(report)
        self._news.set()

    async def beat(self, talking: Mapping[int, int], waiting: Sequence[int]) -> Mapping[int, int]:
        self.beats.append(dict(talking))
        return {call_id: self.allowed.get(call_id, 3_600) for call_id in [*talking, *waiting]}

    async def told(self, kind: type[R], call_id: int | None = None, *, nth: int = 1) -> R:
        """The first report of a kind (about a call), or the `nth`, waited for."""
        async with asyncio.timeout(PATIENCE_SEC):
            while True:
                found = [
                    report
                    for report in self.reports
                    if isinstance(report, kind) and call_id in (None, getattr(report, "call_id", None))
                ]
                if len(found) >= nth:
                    return found[nth - 1]
                self._news.clear()
                await self._news.wait()

    async def ended(self, call_id: int) -> Ended:
        return await self.told(Ended, call_id)
