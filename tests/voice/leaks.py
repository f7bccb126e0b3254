"""Many short calls through the whole platform, one kind after the other, and what is left of them.

    PYTHONPATH=tests python -m voice.leaks --calls 5000

Calls are taken by voicemail, placed and answered, refused both ways, given up while they ring, left by a far end that
says nothing any more (by the command only: that takes a minute to notice), and over while the database is away.
"""

import argparse
import asyncio
import gc
import json
import os
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nokyc_voice.call.call import Call
from nokyc_voice.media.rtp_leg import RtpLeg
from nokyc_voice.sip.endpoint import Address, Final, Invitation, Outgoing, Session, Target
from voice.house import Guest, House, open_house
from voice.peers.agent import SDP, Agent, running, until

ANSWERS, REFUSES, RINGS = "+33612345678", "+33612345679", "+33612345670"
AT_ONCE = 8
SETTLE_SEC = 40.0
"""Transactions are remembered for 32 seconds (RFC 3261, 17.2)."""
DURING_OUTAGE = 5
PASSING = 3
"""Descriptors and tasks of the moment, which are no leak."""
SILENT_SEC = 75.0
"""When a call without audio is over for sure."""


@dataclass(frozen=True, slots=True)
class Census:
    """What a process has in its hands."""

    descriptors: int
    """But for streams that are connected: the pools hold as many as the busiest moment needed."""
    tasks: int
    kept: dict[str, int]
    """Objects by kind."""
    files: int
    memory_kb: int

    @classmethod
    def take(cls, house: House) -> "Census":
        gc.collect()
        counted = Counter(type(each).__name__ for each in gc.get_objects() if isinstance(each, Call | RtpLeg | Session))
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        files = [path for path in (house.settings.data_dir / "voice").rglob("*") if path.suffix in (".wav", ".mp3")]
        return cls(
            sum(map(_counts, os.listdir("/proc/self/fd"))), len(asyncio.all_tasks()), dict(counted), len(files),
            pages * os.sysconf("SC_PAGE_SIZE") // 1_024,
        )  # fmt: skip

    def like(self, before: "Census") -> bool:
        return self.descriptors <= before.descriptors + PASSING and self.tasks <= before.tasks + PASSING


def _counts(descriptor: str) -> bool:
    path = Path("/proc/self/fd", descriptor)
    if not (path.exists() and path.is_socket()):
        return True
    with socket.socket(fileno=os.dup(int(descriptor))) as opened, suppress(OSError):  # not connected
        return opened.type != socket.SOCK_STREAM or not opened.getpeername()
    return True


class Calls:
    """Makes calls of every kind, and knows how each has to end."""

    def __init__(self, house: House, guest: Guest, agent: Agent) -> None:
        self._house = house
        self._guest = guest
        self._agent = agent
        self.expected: Counter[str] = Counter()
        """How many calls ought to have ended for which reason."""
        self.kinds: list[Callable[[], Awaitable[None]]] = [
            self.voicemail, self.answered, self.refused, self.given_up, self.unknown,
        ]  # fmt: skip
        agent.on_invite = self._invited

    async def make(self, count: int) -> None:
        numbers = iter(range(count))

        async def some() -> None:
            for n in numbers:
                await self.kinds[n % len(self.kinds)]()

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def voicemail(self) -> None:
        final = await self._call(self._guest.number["number"])
        assert final.session is not None, final.status
        final.session.bye(16)
        self.expected["caller_hangup"] += 1

    async def unknown(self) -> None:
        assert (await self._call("+33600000000")).status == 404

    async def answered(self) -> None:
        await self._place(ANSWERS)
        self.expected["callee_hangup"] += 1

    async def refused(self) -> None:
        await self._place(REFUSES)
        self.expected["busy"] += 1

    async def given_up(self) -> None:
        call = await self._place(RINGS)
        answer = await self._guest.api.post(f"/v1/calls/{call['id']}/hangup")
        assert answer.status_code == 200, answer.text
        self.expected["canceled"] += 1

    async def silent(self) -> None:
        """The far end dies without a word."""
        final = await self._call(self._guest.number["number"])
        assert final.session is not None, final.status
        final.session.drop()
        self.expected["voicemail_done"] += 1

    async def during_outage(self, stop: Callable[[], Awaitable[None]], start: Callable[[], Awaitable[None]]) -> None:
        """The far ends hang up while the database is away."""
        finals = [await self._call(self._guest.number["number"]) for _ in range(DURING_OUTAGE)]
        await stop()
        assert (await self._call(self._guest.number["number"])).status == 503
        for final in finals:
            assert final.session is not None, final.status
            final.session.bye(16)
            self.expected["caller_hangup"] += 1
        await asyncio.sleep(0.3)
        await start()

    async def ended(self) -> Counter[str]:
        async with self._house.store.reading() as connection:
            rows = await connection.fetch(
                "SELECT coalesce(end_reason, status) AS why, count(*) FROM calls GROUP BY coalesce(end_reason, status)"
            )
        return Counter({row["why"]: row["count"] for row in rows})

    async def _call(self, number: str) -> Final:
        uri = self._house.uri(number)
        message = Outgoing(Address("sip:+33700000000@127.0.0.1"), Address(uri))
        steps = [step async for step in self._agent.endpoint.invite(Target(uri, "udp"), message, SDP).progress()]
        assert isinstance(steps[-1], Final)
        return steps[-1]

    async def _place(self, to: str) -> Any:
        body = {"from": self._guest.number["id"], "to": to, "recording_enabled": True}
        answer = await self._guest.api.post("/v1/calls", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def _invited(self, invitation: Invitation) -> None:
        if REFUSES in invitation.request.uri:
            invitation.refuse(486)
        elif RINGS in invitation.request.uri:
            invitation.progress(180)
            await invitation.cancelled.wait()
        else:
            (await invitation.answer(SDP)).bye(16)


async def run(count: int, *, silent: int = 0) -> dict[str, Any]:
    """Make the calls; returns what was there after the first fifth, after all, and how they ended."""
    async with open_house() as house, running() as agent:
        guest = await house.customer(balance=10**12)
        await house.connect("acme", agent.port)
        calls = Calls(house, guest, agent)

        async def settle(before: Census | None = None) -> Census:
            """When the books are right, and as little is left as `before`, if that comes within a while."""
            deadline = time.monotonic() + SETTLE_SEC
            while (found := await calls.ended()) != calls.expected:
                assert time.monotonic() < deadline, (found, calls.expected)
                await house.worker.drain()
                await asyncio.sleep(0.1)
            await until(lambda: house.engine.endpoint.load["dialogs"] == 0)
            await until(lambda: Census.take(house).files == 0)
            while before and not Census.take(house).like(before) and time.monotonic() < deadline:  # noqa: ASYNC110
                await asyncio.sleep(0.2)  # connections to a database that came back
            return Census.take(house)

        await calls.make(count // 5)
        await calls.during_outage(house.stop_database, house.start_database)
        before = await settle()
        began = time.monotonic()
        await calls.make(count - count // 5)
        for _ in range(silent):
            await calls.silent()
        await calls.during_outage(house.stop_database, house.start_database)
        took_sec = time.monotonic() - began
        if silent:  # by then transactions are forgotten too, which keep hold of their calls
            await asyncio.sleep(SILENT_SEC)
        after = await settle(before)
        load = house.engine.endpoint.load
        return {"before": before, "after": after, "ended": dict(calls.expected), "seconds": took_sec, "load": load}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--calls", type=int, default=5_000)
    print(json.dumps(asyncio.run(run(options.parse_args().calls, silent=10)), default=str, indent=1))  # noqa: T201  # its result
