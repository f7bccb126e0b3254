"""Speech work in the background: voicemails become words, one at a time, behind every live call.

What a task means is the handler's business (it loads the audio and writes the transcript down); this loop knows how
to process it, how long that may take, and when to try again.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

import structlog

from nokyc.kit.faults import where
from nokyc.resources.ai.actions import record_pairs
from nokyc.speech.port import Engines, Pair, SpeechFailed, SpeechUnavailable
from nokyc.speech.voicemail import VoicemailTranscript, process
from nokyc.store import tasks
from nokyc.store.store import LOST, Store, Unit
from nokyc.store.tasks import LEASE, MAX_ATTEMPTS, Task
from nokyc.workers.runner import Claimer, failed

QUEUE = "speech"
AT_ONCE = 1
"""A model uses all cores that it is given: two at once would only both be late."""
MAX_JOB_SEC = 900.0
"""Ten minutes of audio on a slow machine."""
RENEW_SEC = LEASE.total_seconds() / 3
RETRY_SEC = (2, 10, 30, 120, 600, 3_600)
"""Waits after an engine failed; then the transcript is written down as far as it came."""
NICENESS = 10
PAIRS_EVERY_SEC, PAIRS_LOOK_SEC = 3_600.0, 2.0
UNHEARD_SEC = 30.0
"""How often it is looked whether messages wait for ears, and whether there are any."""
PROBE_BYTES = 3_200
"""Silence: who has ears hears nothing in it."""

log = structlog.get_logger("nokyc.speech")


@dataclass(frozen=True, slots=True)
class SpeechJob:
    """What is to be understood, and how much of it the account may see."""

    pcm: bytes
    """8 kHz s16le."""
    languages: tuple[str, ...] = ()
    """The likeliest first; empty for any."""
    addons: Collection[str] = ()
    include_sentiment: bool = False


class SpeechHandler(Protocol):
    """What the resource that owns the audio does. Both may be called twice for one task."""

    async def load(self, task: Task) -> SpeechJob | None:
        """None if there is nothing to do any more: deleted, or done."""
        ...

    async def record(
        self, unit: Unit, task: Task, transcript: VoicemailTranscript | None, *, unheard: bool = False
    ) -> None:
        """Write it down and announce it; None if nobody spoke, or no engine could be had: `unheard`."""
        ...

    async def waits(self) -> bool:
        """Whether anything that was recorded as unheard waits for ears."""
        ...

    async def take_up(self, unit: Unit) -> int:
        """Leave tasks for some of what was recorded as unheard, the newest first; returns how many."""
        ...


class SpeechWorker:
    """Runs the queue `speech`. `once` fits a Runner."""

    def __init__(self, store: Store, engines: Engines, handler: SpeechHandler) -> None:
        self._store = store
        self._engines = engines
        self._handler = handler
        self._claimer = Claimer(store, QUEUE)

    def use(self, engines: Engines) -> None:
        """Others from now on."""
        self._engines = engines

    async def tell_pairs(self) -> None:
        """Say what can be translated here, whenever that changes and once an hour, until cancelled."""
        told: frozenset[Pair] = frozenset()
        since = 0.0
        while True:
            pairs = self._engines.translator.pairs()
            if pairs != told or since >= PAIRS_EVERY_SEC:
                with suppress(*LOST, TimeoutError):
                    await self._store.run(partial(record_pairs, pairs=pairs))
                    told, since = pairs, 0.0
            await asyncio.sleep(PAIRS_LOOK_SEC)
            since += PAIRS_LOOK_SEC

    async def take_up_unheard(self) -> None:
        """Once there are ears, hear the messages that were left while there were none; until cancelled."""
        while True:
            try:
                await self.take_up_once()
            except (*LOST, TimeoutError):
                log.warning("the database went away", queue=QUEUE)
            except Exception as error:  # an engine's bug must not stop the queue
                log.error("failed", queue=QUEUE, error=type(error).__name__, where=where(error))
            await asyncio.sleep(UNHEARD_SEC)

    async def take_up_once(self) -> int:
        """Ask for some of those messages to be heard; returns how many they are. Ears are asked only if some wait."""
        if not await self._handler.waits():
            return 0
        try:
            await self._engines.stt.transcribe(bytes(PROBE_BYTES))
        except SpeechUnavailable:
            return 0
        except SpeechFailed:
            pass  # it is there, and the tasks will wait for it
        return await self._store.run(self._handler.take_up)

    async def once(self) -> int:
        claimed = await self._claimer.claim(AT_ONCE)
        for task in claimed:
            try:
                async with self._held(task):
                    await self._one(task)
            except LOST:
                raise
            except Exception as error:
                await failed(self._store, task, error)
        return len(claimed)

    async def _one(self, task: Task) -> None:
        if task.attempts > MAX_ATTEMPTS:
            await self._give_up(task)
            return
        last_try = task.attempts > len(RETRY_SEC)
        job = await self._handler.load(task)
        transcript, unheard = None, False
        if job is not None:
            try:
                async with asyncio.timeout(MAX_JOB_SEC):
                    transcript = await process(
                        job.pcm,
                        engines=self._engines,
                        languages=job.languages,
                        addons=job.addons,
                        include_sentiment=job.include_sentiment,
                        last_try=last_try,
                    )
            except SpeechUnavailable as error:
                unheard = True
                log.warning("no transcript", engine=error.engine)
            except (SpeechFailed, TimeoutError) as error:
                final = isinstance(error, SpeechFailed) and not error.retryable
                log.warning("an engine failed", error=type(error).__name__, attempts=task.attempts, where=where(error))
                if not (final or last_try):
                    await self._later(task)
                    return

        async def work(unit: Unit) -> None:
            if job is not None:
                await self._handler.record(unit, task, transcript, unheard=unheard)
            await tasks.finish(unit.connection, [task])

        await self._store.run(work)

    async def _give_up(self, task: Task) -> None:
        """It was begun again and again without an end: what it holds ends our process."""
        log.error("task given up", kind=task.kind, attempts=task.attempts)
        async with self._store.reading() as connection:
            await tasks.give_up(connection, task, "the process died of it", self._store.clock.now())

    async def _later(self, task: Task) -> None:
        wait = timedelta(seconds=RETRY_SEC[min(task.attempts, len(RETRY_SEC)) - 1])
        async with self._store.reading() as connection:
            await tasks.postpone(connection, task, self._store.clock.now() + wait)

    @asynccontextmanager
    async def _held(self, task: Task) -> AsyncIterator[None]:
        """The task's lease is renewed for as long as the work goes on."""
        renewing = asyncio.create_task(self._renew(task))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])

    async def _renew(self, task: Task) -> None:
        while True:
            await asyncio.sleep(RENEW_SEC)
            try:
                async with self._store.reading() as connection:
                    await tasks.extend(connection, task, self._store.clock.now() + LEASE)
            except (*LOST, TimeoutError):
                log.warning("the database went away", queue=QUEUE)


def lower_priority() -> None:
    """Called first in the process that does this work: live calls and requests go before it, in every thread."""
    os.nice(max(0, NICENESS - os.nice(0)))
