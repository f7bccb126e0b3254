"""Speech work in the background: voicemails become words, one at a time, behind every live call.

What a task means is the handler's business (it loads the audio and writes the transcript down); this loop knows how
to process it, how long that may take, and when to try again.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from nokyc.kit.faults import where
from nokyc.speech.port import Engines, SpeechFailed, SpeechUnavailable
from nokyc.speech.voicemail import VoicemailTranscript, process
from nokyc.store import tasks
from nokyc.store.store import LOST, Store, Unit
from nokyc.store.tasks import LEASE, Task
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

    async def record(self, unit: Unit, task: Task, transcript: VoicemailTranscript | None) -> None:
        """Write it down and announce it; None if nobody spoke, or no engine could be had."""
        ...


class SpeechWorker:
    """Runs the queue `speech`. `once` fits a Runner."""

    def __init__(self, store: Store, engines: Engines, handler: SpeechHandler) -> None:
        self._store = store
        self._engines = engines
        self._handler = handler
        self._claimer = Claimer(store, QUEUE)

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
        last_try = task.attempts > len(RETRY_SEC)
        job = await self._handler.load(task)
        transcript = None
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
                log.warning("no transcript", engine=error.engine)
            except (SpeechFailed, TimeoutError) as error:
                final = isinstance(error, SpeechFailed) and not error.retryable
                log.warning("an engine failed", error=type(error).__name__, attempts=task.attempts, where=where(error))
                if not (final or last_try):
                    await self._later(task)
                    return

        async def work(unit: Unit) -> None:
            if job is not None:
                await self._handler.record(unit, task, transcript)
            await tasks.finish(unit.connection, [task])

        await self._store.run(work)

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


def lower_priority(niceness: int = NICENESS) -> None:
    """Called first in the process that does this work: live calls and requests go before it, in every thread."""
    os.nice(max(0, niceness - os.nice(0)))
