"""What the voice engine tells: written down in order per call, and again and again while the store is away."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import structlog

from nokyc.kit import ids
from nokyc.kit.faults import where
from nokyc.resources.calls import actions
from nokyc.resources.devices.actions import record_registration
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails import actions as voicemails
from nokyc.resources.voicemails.schemas import VoicemailAi
from nokyc.store.batcher import Batcher
from nokyc.store.files import Files, FilesAwayError
from nokyc.store.store import LOST, Store, Unit
from nokyc.workers.audio import Encoder, store_audio
from nokyc_voice.platform import (
    Answered,
    Caption,
    Ended,
    MessageLeft,
    QualityAlert,
    Recorded,
    Registration,
    Report,
    Rung,
)

WAITS_SEC = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Between tries while the store is away; the last one repeats."""
MAX_FAILURES = 3
"""Of our own code on one report; then it is dropped, and a person told."""
MAX_REMEMBERED = 100_000
MOST_TOGETHER = 16
"""Reports that share a commit: a busy account's rows are then locked once for all of its calls, and not for long."""

Told = tuple[int, Rung | Answered | Ended | QualityAlert | Caption]
"""An account's id, and what happened to its call."""

log = structlog.get_logger("nokyc.voice")


class FileGoneError(Exception):
    """A report's own file. No OSError, so that a socket of the database that is not there is not taken for it."""


class Reports:
    """Records what happened to calls and devices."""

    def __init__(self, store: Store, files: Files, links: Links, *, speech: bool) -> None:
        self._store = store
        self._files = files
        self._links = links
        self._speech = speech
        self._accounts: OrderedDict[int, int] = OrderedDict()
        self._turns: dict[int, tuple[asyncio.Lock, int]] = {}
        self._encoder = Encoder()
        self._batcher: Batcher[Told, None] = Batcher(self._commit, most=MOST_TOGETHER)

    def know(self, call_id: int, account_id: int) -> None:
        """Whose call this is."""
        self._accounts[call_id] = account_id
        if len(self._accounts) > MAX_REMEMBERED:
            self._accounts.popitem(last=False)

    def account_of(self, call_id: int) -> int | None:
        """Whose call this is, if this process has had it."""
        return self._accounts.get(call_id)

    def close(self) -> None:
        """Nothing is reported any more."""
        self._encoder.close()

    async def record(self, report: Report) -> None:
        """Write a report down. Never raises; comes back when it is written, or can never be."""
        failures = tries = 0
        file_id = self._store.ids.new()
        async with self._turn(report.number_id if isinstance(report, Registration) else report.call_id):
            while True:
                try:
                    await self._apply(report, file_id)
                    return
                except FileGoneError:
                    log.error("a reported file is not there", report=type(report).__name__)
                    return
                except (*LOST, TimeoutError, FilesAwayError):
                    pass
                except Exception as error:  # a bug of ours must not end the engine
                    failures += 1
                    log.error("report failed", report=type(report).__name__, error=type(error).__name__,
                              where=where(error))  # fmt: skip
                    if failures == MAX_FAILURES:
                        return
                await asyncio.sleep(WAITS_SEC[min(tries, len(WAITS_SEC) - 1)])
                tries += 1

    @asynccontextmanager
    async def _turn(self, key: int) -> AsyncIterator[None]:
        """Reports about the same call wait for each other."""
        lock, waiting = self._turns.get(key, (asyncio.Lock(), 0))
        self._turns[key] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns[key]
            if waiting == 1:
                del self._turns[key]
            else:
                self._turns[key] = lock, waiting - 1

    async def _apply(self, report: Report, file_id: int) -> None:
        """`file_id` stays the same at every try, so that a message that is tried often is one file."""
        if isinstance(report, Registration):
            await self._store.run(
                lambda unit: record_registration(
                    unit, report.account_id, report.number_id, contact=report.contact, user_agent=report.user_agent,
                    transport=report.transport, expires_at=report.expires_at,
                )
            )  # fmt: skip
            return
        account_id = self._accounts.get(report.call_id) or await self._find_account(report.call_id)
        if account_id is None:
            log.warning("a report about a call that nobody knows", report=type(report).__name__)
        elif isinstance(report, Recorded | MessageLeft):
            if not await asyncio.to_thread(report.path.exists):
                raise FileGoneError
            if isinstance(report, Recorded):
                await self._keep_recording(account_id, report)
            else:
                await self._keep_message(account_id, report, file_id)
        else:
            await self._batcher.submit((account_id, report))

    async def _commit(self, told: Sequence[Told]) -> list[None]:
        # All batches lock the rows of accounts in one order, so that none of them waits for one that waits for it.
        in_order = sorted(told, key=lambda each: each[0])

        async def work(unit: Unit) -> None:
            for account_id, report in in_order:
                await _record(unit, account_id, report)

        await self._store.run(work)
        return [None] * len(told)

    async def _find_account(self, call_id: int) -> int | None:
        """Another process may have had the call, and left its file behind."""
        async with self._store.reading() as connection:
            account_id: int | None = await connection.fetchval("SELECT account_id FROM calls WHERE id = $1", call_id)
        return account_id

    async def _keep_recording(self, account_id: int, report: Recorded) -> None:
        file = await store_audio(
            self._files, f"rec/{ids.show('call', report.call_id)}", report.path, self._encoder.encode
        )
        await self._store.run(
            lambda unit: actions.record_recording(
                unit, account_id, report.call_id, report.at, file, report.duration_ms, self._links
            )
        )
        await _remove(report.path)

    async def _keep_message(self, account_id: int, report: MessageLeft, voicemail_id: int) -> None:
        file = await store_audio(self._files, f"vm/{ids.show('vm', voicemail_id)}", report.path, self._encoder.encode)
        kept = await self._store.run(
            lambda unit: voicemails.leave(
                unit, account_id, report.call_id, voicemail_id, at=report.at, file=file,
                duration_ms=report.duration_ms, links=self._links, speech=self._speech,
                ai=None if report.agent is None else VoicemailAi(**asdict(report.agent)),
            )
        )  # fmt: skip
        if not kept:
            await self._files.delete(file)
        await _remove(report.path)


async def _record(unit: Unit, account_id: int, report: Rung | Answered | Ended | QualityAlert | Caption) -> None:
    """Calls of the voice engine are live ones, whose time is the wall clock's."""
    match report:
        case Rung(call_id=call_id, at=at, carrier=carrier):
            await actions.record_rung(unit, account_id, call_id, at, carrier)
        case Answered(call_id=call_id, at=at, by=by, addon=addon):
            await actions.record_answered(unit, account_id, call_id, at, by, addon=addon)
        case Caption(call_id=call_id, at=at):
            await actions.record_caption(unit, account_id, call_id, at, report)
        case QualityAlert(call_id=call_id, at=at, kind=kind, quality=quality):
            await actions.record_alert(unit, account_id, call_id, at, kind, quality)
        case Ended(call_id=call_id, at=at):
            await actions.record_ended(
                unit, account_id, call_id, at, report.outcome, report.reason, answered_at=report.answered_at,
                sip_status=report.status, cause=report.cause,
            )  # fmt: skip
            await actions.record_trace(unit, account_id, call_id, dict(report.quality), report.ladder)


async def _remove(path: Path) -> None:
    await asyncio.to_thread(path.unlink, missing_ok=True)
