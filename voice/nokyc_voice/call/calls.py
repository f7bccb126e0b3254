"""The calls that go on in this process."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import suppress

from nokyc_voice.call import outbound
from nokyc_voice.call.call import Call
from nokyc_voice.call.services import Services
from nokyc_voice.platform import Place, Take

MAX_CALLS = 1_000
"""Of one process; more are refused with 503, so that those which go on stay clean."""
DRAIN_SEC = 5.0


class Calls:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._calls: dict[int, Call] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._gone = asyncio.Event()
        """Set whenever one is over."""
        self._closed = False

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    @property
    def full(self) -> bool:
        """No more can begin: there are too many, or the process ends."""
        return self._closed or len(self._calls) >= MAX_CALLS

    def open(self, plan: Place | Take) -> Call:
        """A call that is about to begin; `follow` it."""
        call = Call(
            self._services,
            plan.call_id,
            plan.account_id,
            recording=plan.recording,
            allowed_sec=plan.allowed_sec,
            max_sec=plan.max_sec,
        )
        self._calls[call.id] = call
        return call

    async def follow(self, call: Call, work: Coroutine[None, None, None]) -> None:
        """Do the work of a call to its end; then it is none of ours any more."""
        try:
            await work
        finally:
            del self._calls[call.id]
            self._gone.set()

    def place(self, plan: Place) -> None:
        """Begin an outbound call in the background."""
        call = self.open(plan)
        task = asyncio.create_task(self.follow(call, call.run(outbound.follow(call, plan))))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def hang_up(self, call_id: int) -> None:
        """End a call if it goes on here."""
        if call_id in self._calls:
            self._calls[call_id].end("api_hangup")

    def lives(self) -> tuple[dict[int, int], list[int]]:
        """Seconds talked by call, and the calls that nobody has answered yet."""
        live = [call for call in self if not call.is_over]
        talking = {call.id: seconds for call in live if (seconds := call.talked_sec) is not None}
        return talking, [call.id for call in live if call.id not in talking]

    def allow(self, allowed: Mapping[int, int]) -> None:
        """What the platform says is paid for."""
        for call_id, seconds in allowed.items():
            if call_id in self._calls:
                self._calls[call_id].allow(seconds)

    async def close(self) -> None:
        """End all of them in good order, within DRAIN_SEC."""
        self._closed = True
        for call in self:
            call.end("shutdown")
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SEC):
                while self._calls:
                    self._gone.clear()
                    await self._gone.wait()
