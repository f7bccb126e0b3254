"""One call from its first message to its last report: its parties, its clock, its recording, and its end."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog

from nokyc.kit import ids
from nokyc.kit.faults import where
from nokyc_voice.agents import Addon
from nokyc_voice.call import causes
from nokyc_voice.call.party import Party
from nokyc_voice.call.quality import Watch
from nokyc_voice.call.services import Services
from nokyc_voice.media.errors import MediaRefusedError, NoPortsError
from nokyc_voice.media.recorder import StereoRecorder
from nokyc_voice.platform import (
    Answered,
    Ended,
    EndReason,
    LadderStep,
    MessageLeft,
    Outcome,
    QualityAlert,
    Recorded,
    Report,
    Rung,
)
from nokyc_voice.sip.endpoint import DialogLostError
from nokyc_voice.sip.ports import Trace

MAX_LADDER = 200
"""SIP messages kept of one call; the first ones, which explain most."""
BROKEN: frozenset[EndReason] = frozenset({"internal_error", "shutdown"})
"""Ends of an answered call that are nobody's wish."""
OUTCOMES: dict[EndReason, Outcome] = {
    "busy": "busy", "declined": "busy", "no_answer": "no_answer", "canceled": "no_answer", "screened": "busy",
}  # fmt: skip
"""How a call ends that nobody answered, where it is not `failed`."""

log = structlog.get_logger("nokyc.voice")


@dataclass(frozen=True, slots=True)
class End:
    """Why a call is over, with what the far end said if that decided it."""

    reason: EndReason
    outcome: Outcome | None = None
    """None: follows from the reason, and from whether it was answered."""
    status: int | None = None
    cause: int | None = None


class Call:
    """What one call knows of itself. `run` follows its story; anybody may `end` it, and the first one is heard."""

    def __init__(
        self, services: Services, call_id: int, account_id: int, *, recording: bool, allowed_sec: int, max_sec: int
    ) -> None:
        self.services = services
        self.id = call_id
        self.account_id = account_id
        self.answered_at: datetime | None = None
        self._recording = recording
        self._allowed_sec = min(allowed_sec, max_sec)
        self._max_sec = max_sec
        self._over: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self._parties: list[Party] = []
        self._watchers: set[asyncio.Task[None]] = set()
        self._watch = Watch()
        self._ladder: list[LadderStep] = []
        self._recorder: StereoRecorder | None = None
        self._messages: list[MessageLeft] = []
        self._deadline: asyncio.TimerHandle | None = None
        self._answered_on_loop = 0.0
        self._reports: asyncio.Queue[Report | None] = asyncio.Queue()

    @property
    def is_over(self) -> bool:
        """Only its last reports are still on their way."""
        return self._over.done()

    @property
    def talked_sec(self) -> int | None:
        """Whole seconds since the answer; None before."""
        if self.answered_at is None:
            return None
        return int(asyncio.get_running_loop().time() - self._answered_on_loop)

    async def run(self, story: Coroutine[None, None, End]) -> None:
        """Follow the story to its end, or until something else ends the call; then take everything down and report."""
        telling = asyncio.create_task(self._tell_all())
        following = asyncio.create_task(self._follow(story))
        try:
            await asyncio.wait({following, self._over}, return_when=asyncio.FIRST_COMPLETED)
            end = self._over.result() if self._over.done() else following.result()
        except asyncio.CancelledError:
            end = End("shutdown")
        now = self.services.clock.now()  # to stop may take the story a moment, which nobody talked for
        if not self._over.done():
            self._over.set_result(end)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await self._take_down(end, now)
        self._reports.put_nowait(None)
        await telling

    def end(self, reason: EndReason, cause: int | None = None) -> None:
        """End it from outside; with the far end's own Q.850 cause, if it said one."""
        if not self._over.done():
            self._over.set_result(End(reason, cause=cause))

    async def over(self) -> End:
        """Wait until somebody ends it."""
        return await asyncio.shield(self._over)

    def tell(self, report: Report) -> None:
        """Report, in order, without waiting for the store."""
        self._reports.put_nowait(report)

    def leave(self, message: MessageLeft) -> None:
        """Keep a message until the call is over: its end is not to wait until a file is written and put away, for a
        call that is silent for long counts as lost."""
        self._messages.append(message)

    def rung(self, carrier: str) -> None:
        self.tell(Rung(self.id, self.services.clock.now(), carrier))

    def answered(self, by: Literal["party", "device", "voicemail", "agent"], *, addon: Addon = "ai-pickup") -> None:
        """The money runs from here on; only the first answer counts."""
        if self.answered_at is not None:
            return
        loop = asyncio.get_running_loop()
        self.answered_at, self._answered_on_loop = self.services.clock.now(), loop.time()
        self.tell(Answered(self.id, self.answered_at, by, addon))
        self.allow(self._allowed_sec)

    def allow(self, seconds: int) -> None:
        """So many seconds of talking are paid for; 0 ends the call."""
        if seconds <= 0:
            self.end("api_hangup")  # the platform has ended it already, and its reason stands
        self._allowed_sec = min(seconds, self._max_sec)
        if self.answered_at is None or self._over.done():
            return
        if self._deadline is not None:
            self._deadline.cancel()
        reason: EndReason = "max_duration" if self._allowed_sec == self._max_sec else "balance_used_up"
        due = self._answered_on_loop + self._allowed_sec
        self._deadline = asyncio.get_running_loop().call_at(due, self.end, reason)

    def join(self, party: Party) -> None:
        """A party is in: the call ends when it hangs up, whoever else is there."""
        self._parties.append(party)
        watcher = asyncio.create_task(self._watch_party(party))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)

    def record(self, party: Party) -> None:
        """Record from now on what this party hears and says, if a recording was asked for."""
        if self._recording and self._recorder is None:
            self._recorder = StereoRecorder(party.leg, self.path("recording"), self.services.spool)

    def path(self, kind: str) -> Path:
        """Where an audio file of this call lies until the platform takes it over."""
        return self.services.folder / f"{ids.show('call', self.id)}.{kind}.wav"

    def trace(self, leg: str) -> Trace:
        """Writes the messages of one leg into the ladder."""

        def write(sent: bool, message: str) -> None:
            if len(self._ladder) < MAX_LADDER:
                self._ladder.append(LadderStep(self.services.clock.now(), leg, sent, message))

        return write

    def check(self) -> None:
        """Look at the audio of all parties: bad quality is told once, and a dead line ends the call."""
        for party in self._parties:
            for kind, quality in self._watch.alerts(party, party.age_sec):
                self.tell(QualityAlert(self.id, self.services.clock.now(), kind, quality))
            if self._watch.is_dead(party, party.age_sec):
                self.end("media_timeout")

    async def _follow(self, story: Coroutine[None, None, End]) -> End:
        try:
            return await story
        except DialogLostError:
            return End("canceled" if self.answered_at is None else "carrier_timeout")
        except MediaRefusedError:
            return End("no_media", status=488)
        except NoPortsError:
            return End("internal_error", status=503)
        except Exception as error:
            log.error("call failed", call=ids.show("call", self.id), error=type(error).__name__, where=where(error))
            return End("internal_error", status=500)

    async def _watch_party(self, party: Party) -> None:
        reason, cause = await party.gone()
        gave_up = party.is_caller and self.answered_at is None
        self.end("canceled" if gave_up else reason, cause)

    async def _take_down(self, end: End, now: datetime) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        for watcher in self._watchers:
            watcher.cancel()
        talked_ms = 0 if self.answered_at is None else round((now - self.answered_at).total_seconds() * 1_000)
        qualities = tuple((party.name, party.leg.quality()) for party in self._parties)
        for party in self._parties:
            party.hang_up(end.reason)
        self.tell(
            Ended(
                self.id,
                now,
                self._outcome(end),
                end.reason,
                self.answered_at,
                status=end.status,
                cause=causes.cause_of(end.reason) if end.cause is None else end.cause,
                talked_ms=talked_ms,
                quality=qualities,
                ladder=tuple(self._ladder),
            )
        )
        for message in self._messages:
            self.tell(message)
        if self._recorder is not None:
            await self._keep_recording(self._recorder)

    async def _keep_recording(self, recorder: StereoRecorder) -> None:
        try:
            duration_ms = await recorder.finish()
        except OSError as error:
            log.error("recording lost", call=ids.show("call", self.id), error=type(error).__name__)
            return
        path = self.path("recording")
        if duration_ms:
            self.tell(Recorded(self.id, self.services.clock.now(), path, duration_ms))
        else:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _outcome(self, end: End) -> Outcome:
        if self.answered_at is not None:
            return "failed" if end.reason in BROKEN else "completed"
        return end.outcome or OUTCOMES.get(end.reason, "failed")

    async def _tell_all(self) -> None:
        while (report := await self._reports.get()) is not None:
            await self.services.platform.report(report)
