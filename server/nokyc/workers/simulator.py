"""The simulated carrier's part in calls: takes each planned step of their lives, by the actions of real ones."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.kit import audio, ids
from nokyc.kit.audio import AudioError
from nokyc.kit.ids import request_id
from nokyc.kit.resampling import RATE_HZ
from nokyc.resources.calls import actions, inbound, queries, simulated
from nokyc.resources.calls.schemas import Status
from nokyc.resources.calls.settle import OPEN
from nokyc.resources.files.links import Links
from nokyc.resources.voicemails import actions as voicemails
from nokyc.store.files import Files
from nokyc.store.store import Unit
from nokyc.store.tasks import Task
from nokyc.workers.audio import store_audio
from nokyc_voice.platform import EndReason

MAX_AUDIO_SEC = 60
"""Of a simulated recording or message; real ones have no such limit here."""
SPEAKER = "espeak-ng"
SPEAK_TIMEOUT_SEC = 3.0
"""The account waits for it."""
PARTY_HERTZ, OWN_HERTZ = 660, 440
"""The two sides of a simulated recording: the other party's, and that of the account."""

REFUSALS: dict[str, tuple[Status, EndReason, int, int]] = {
    simulated.BUSY: ("busy", "busy", 486, 17),
    simulated.FAILED: ("failed", "carrier_refused", 503, 38),
}
"""Status, reason, SIP status and Q.850 cause of destinations that are never rung."""

Step = Callable[[Unit, Any, datetime, dict[str, Any]], Awaitable[None]]


class Simulator:
    """Handles tasks `call.simulate`."""

    def __init__(self, files: Files, links: Links, *, max_call_sec: int, speech: bool) -> None:
        self._files = files
        self._links = links
        self._max_sec = max_call_sec
        self._speech = speech
        self._steps: dict[str, Step] = {
            "dialled": self._dialled,
            "answered": self._answered,
            "allowance": self._allowance,
            "message": self._message,
            "ended": self._ended,
            "after": self._after,
        }

    async def handle(self, unit: Unit, task: Task, now: datetime) -> None:
        """Take one step, as if at the time that was planned for it, however late we are."""
        row = await queries.lock(unit, task.account_id, task.subject_id)
        step = task.payload["step"]
        if row is not None and (row["status"] in OPEN or step == "after"):
            at = min(datetime.fromisoformat(task.payload["at"]), now)
            await self._steps[step](unit, row, at, task.payload)

    async def _dialled(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        """What becomes of an outbound call is decided by whom it calls."""
        now = unit.account_now(row)
        callee = row["callee"]
        if callee in REFUSALS:
            await self._end(unit, row, at, *REFUSALS[callee])
            return
        met = await self._meet(unit, row, at, now)
        if met == "paused":
            await self._end(unit, row, at, "failed", "unreachable", 480, 20)
        elif met == "screened":
            await self._end(unit, row, at, "busy", "declined", inbound.DECLINE, inbound.CALL_REJECTED)
        elif met == "unknown":
            await actions.record_rung(unit, row["account_id"], row["id"], at, SIMULATED)
            await self._plan_answer(unit, row, at, now)

    async def _meet(self, unit: Unit, row: Any, at: datetime, now: datetime) -> str:
        """Numbers of the platform reach each other: `met` if the callee is one, else why not."""
        taken = await inbound.receive(
            unit, sandbox_id=None if row["livemode"] else row["account_id"],
            caller=None if row["callerid"] == "hidden" else row["callerid"], callee=row["callee"], carrier=SIMULATED,
            worker=None, max_sec=self._max_sec, request_id=request_id(), at=None if row["livemode"] else at,
        )  # fmt: skip
        if isinstance(taken, str):
            return taken
        if isinstance(taken, inbound.Screened):
            return "screened"
        await actions.pair(unit, row, taken.row)
        await actions.record_rung(unit, row["account_id"], row["id"], at, SIMULATED)
        answered, ended = await simulated.pick_up(unit, taken.row, taken.steps, at, now)
        await simulated.plan(unit, row, "answered", answered, now, by="party")
        await simulated.plan(unit, row, "ended", ended, now, status="completed", reason="callee_hangup", cause=16)
        return "met"

    async def _plan_answer(self, unit: Unit, row: Any, at: datetime, now: datetime) -> None:
        if row["callee"] == simulated.NO_ANSWER:
            gives_up = at + timedelta(seconds=simulated.PATIENCE_SEC)
            await simulated.plan(unit, row, "ended", gives_up, now, status="no_answer", reason="no_answer", cause=19)
            return
        early_sec = simulated.EARLY_MEDIA_SEC if row["callee"] == simulated.EARLY_MEDIA else 0
        answered = at + timedelta(seconds=simulated.ANSWER_AFTER_SEC + early_sec)
        by = "machine" if row["callee"] == simulated.MACHINE else "party"
        await simulated.plan(unit, row, "answered", answered, now, by=by)
        if row["callee"] == simulated.STAYS:
            until = answered + timedelta(seconds=row["allowed_sec"])
            await simulated.plan(unit, row, "allowance", until, now)
        else:
            ended = answered + timedelta(seconds=simulated.TALK_SEC)
            await simulated.plan(unit, row, "ended", ended, now, status="completed", reason="callee_hangup", cause=16)

    async def _answered(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        await actions.record_answered(unit, row["account_id"], row["id"], at, payload["by"])

    async def _allowance(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        """What was paid for is talked: on, if the balance has more; else this is the end."""
        paid = await actions.extend_hold(unit, row["account_id"], row["id"], row["allowed_sec"], self._max_sec)
        if paid > row["allowed_sec"]:
            until = at + timedelta(seconds=paid - row["allowed_sec"])
            await simulated.plan(unit, row, "allowance", until, unit.account_now(row))
        else:
            reason = "max_duration" if paid >= self._max_sec else "balance_used_up"
            await self._end(unit, row, at, "completed", reason, None, 16)

    async def _message(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        """The caller leaves a message."""
        voicemail_id = unit.ids.new()
        pcm = await speak(payload["say"], payload["language"], min(payload["seconds"], MAX_AUDIO_SEC))
        file = await self._keep(f"vm/{ids.show('vm', voicemail_id)}", pcm)
        await voicemails.leave(
            unit, row["account_id"], row["id"], voicemail_id, at=at, file=file, duration_ms=audio.duration_ms(pcm),
            links=self._links, speech=self._speech,
        )  # fmt: skip

    async def _ended(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        await self._end(unit, row, at, payload["status"], payload["reason"], None, payload["cause"])

    async def _after(self, unit: Unit, row: Any, at: datetime, payload: dict[str, Any]) -> None:
        """What a real call's process does at its end: hand over the recording, and let the other side know."""
        if row["recording_enabled"] and row["duration_sec"]:
            seconds = min(row["duration_sec"], MAX_AUDIO_SEC)
            pcm = await asyncio.to_thread(
                lambda: audio.stereo(audio.tone(seconds, PARTY_HERTZ), audio.tone(seconds, OWN_HERTZ))
            )
            file = await self._keep(f"rec/{ids.show('call', row['id'])}", pcm, channels=2)
            await actions.record_recording(
                unit, row["account_id"], row["id"], at, file, 1_000 * row["duration_sec"], self._links
            )
        if row["peer_id"] is not None:
            reason: EndReason = "caller_hangup" if row["direction"] == "outbound" else "callee_hangup"
            await actions.record_ended(unit, row["peer_account_id"], row["peer_id"], at, "no_answer", reason, cause=16)

    async def _end(
        self, unit: Unit, row: Any, at: datetime, status: Any, reason: Any, sip_status: int | None, cause: int
    ) -> None:
        await actions.record_ended(
            unit, row["account_id"], row["id"], at, status, reason, sip_status=sip_status, cause=cause
        )

    async def _keep(self, name: str, pcm: bytes, *, channels: int = 1) -> str:
        """Store sound among the files; returns its key there."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="nokyc-"))
        try:
            path = folder / "sound.wav"
            await asyncio.to_thread(lambda: path.write_bytes(audio.write_wav(pcm, channels=channels)))
            return await store_audio(self._files, name, path)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder)


async def speak(text: str | None, language: str | None, seconds: int) -> bytes:
    """A text said for so many seconds at the most, as 8 kHz mono; a tone where nobody can speak, or without a text."""
    pcm = b""
    if text is not None and shutil.which(SPEAKER):
        voice = "en" if language in (None, "auto") else language.partition("-")[0]
        process = await asyncio.create_subprocess_exec(
            SPEAKER, "-v", voice, "--stdout", "--", text,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(SPEAK_TIMEOUT_SEC):
                said, _ = await process.communicate()
            pcm = await asyncio.to_thread(audio.read_piped_wav, said)
        except (TimeoutError, AudioError):
            pcm = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    wanted = seconds * RATE_HZ * audio.SAMPLE_BYTES
    least = RATE_HZ * audio.SAMPLE_BYTES
    if len(pcm) < least:
        return await asyncio.to_thread(audio.tone, seconds)
    return pcm[:wanted]
