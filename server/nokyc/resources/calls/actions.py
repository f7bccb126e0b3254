"""What can happen to a call after it was written down. None of these talks to anybody outside.

Reports of the engine repeat what is known so far, and may be late or doubled: whatever would move a call back, or
on from a final state, changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from nokyc.carriers.simulated.carrier import NAME as SIMULATED
from nokyc.resources.calls import simulated
from nokyc.resources.calls.intake import QUEUE
from nokyc.resources.calls.money import extend
from nokyc.resources.calls.queries import lock
from nokyc.resources.calls.schemas import AnsweredBy, Status
from nokyc.resources.calls.settle import MOVES, NORMAL_CLEARING, OPEN, End, answer, end, ring, tell
from nokyc.resources.files.links import Links
from nokyc.resources.numbers.schemas import Addon
from nokyc.store.store import Unit
from nokyc.store.tasks import enqueue
from nokyc_voice.platform import MAX_CAPTIONS, Caption, EndReason, LadderStep, Quality

OUT_OF_ORDER = 27
RECORDING_LIFETIME = timedelta(days=30)
WORKER_PATIENCE = timedelta(seconds=20)
"""A process that has a call says so every few seconds; after this long without a word, it is dead."""
QUEUE_PATIENCE = timedelta(seconds=60)
"""A call that no process took within this time is given up."""
MAX_CAPTION_CHARS = 1_000
MAX_LADDER = 500
"""Steps that are kept of a call."""


def queue_of(worker: str) -> str:
    """The queue of what one voice process is to do with the dialogs that it has."""
    return f"{QUEUE}.{worker}"


async def take(unit: Unit, calls: Sequence[tuple[int, int]], worker: str) -> list[Any]:
    """A process takes calls (account_id, id) that wait; returns the rows of those that still do, oldest first."""
    rows = await unit.connection.fetch(
        "UPDATE calls c SET worker = $3, seen_at = $4 FROM unnest($1::bigint[], $2::bigint[]) AS t (account_id, id)"
        " WHERE c.account_id = t.account_id AND c.id = t.id AND c.status = 'queued' AND c.worker IS NULL RETURNING c.*",
        [account_id for account_id, _ in calls],
        [call_id for _, call_id in calls],
        worker,
        unit.wall,
    )
    return sorted(rows, key=lambda row: int(row["id"]))


async def hang_up(unit: Unit, account_id: int, call_id: int) -> bool:
    """End a call at once, as its account wants; one that is over already stays as it is. False if there is none.

    The process that has the dialog is told by a task; whatever it reports later changes nothing.
    """
    row = await lock(unit, account_id, call_id)
    if row is None:
        return False
    if row["status"] not in OPEN:
        return True
    reason: EndReason = "canceled" if row["answered_at"] is None else "api_hangup"
    await finish(unit, row, End("completed", reason, unit.account_now(row), NORMAL_CLEARING))
    if row["worker"] is not None:
        await enqueue(unit, queue_of(row["worker"]), "call.hangup", account_id, call_id)
    else:
        await _withdraw(unit, account_id, call_id)
    return True


async def record_rung(unit: Unit, account_id: int, call_id: int, at: datetime, carrier: str | None) -> None:
    """The far end is being rung; `at` is account time, here and below."""
    row = await lock(unit, account_id, call_id)
    if row is not None and row["status"] == "queued":
        await ring(unit, row, max(at, row["started_at"]), carrier)


async def record_answered(
    unit: Unit, account_id: int, call_id: int, at: datetime, by: AnsweredBy, *, addon: Addon = "ai-pickup"
) -> None:
    """Somebody answered; `addon` is the agent's, if it was one."""
    row = await lock(unit, account_id, call_id)
    if row is not None and "in_progress" in MOVES[_status(row)]:
        await answer(unit, row, max(at, row["started_at"]), by, addon=addon)


async def record_ended(
    unit: Unit,
    account_id: int,
    call_id: int,
    at: datetime,
    outcome: Status,
    reason: EndReason,
    *,
    answered_at: datetime | None = None,
    sip_status: int | None = None,
    cause: int | None = None,
) -> None:
    """The call is over. An answer of which the report was lost is made up for."""
    row = await lock(unit, account_id, call_id)
    if row is None or row["status"] not in OPEN:
        return
    if answered_at is not None and row["answered_at"] is None:
        row = dict(row) | dict(await answer(unit, row, max(answered_at, row["started_at"]), "party"))
    status: Status = outcome if outcome in MOVES[_status(row)] else "completed"
    began = row["answered_at"] or row["started_at"]
    await finish(unit, row, End(status, reason, max(at, began), cause, sip_status))


async def record_trace(
    unit: Unit,
    account_id: int,
    call_id: int,
    quality: Mapping[str, Quality],
    ladder: Sequence[LadderStep],
) -> None:
    """How a finished call went, for its object and its timeline: kept also if the account hung up before."""
    known = await unit.connection.fetchval(
        "UPDATE calls SET quality = coalesce($3, quality) WHERE account_id = $1 AND id = $2 RETURNING true",
        account_id,
        call_id,
        {leg: asdict(each) for leg, each in quality.items()} or None,
    )
    if known and ladder:
        steps = [{"at": each.at.isoformat(), "leg": each.leg, "sent": each.sent, "message": each.message}
                 for each in ladder[:MAX_LADDER]]  # fmt: skip
        await unit.connection.execute(
            "INSERT INTO call_ladders (account_id, call_id, steps) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            account_id,
            call_id,
            steps,
        )


async def record_alert(unit: Unit, account_id: int, call_id: int, at: datetime, kind: str, quality: Quality) -> None:
    """A call's audio got bad; told once per call and kind."""
    row = await lock(unit, account_id, call_id)
    if row is None:
        return
    figures = asdict(quality)
    added = await unit.connection.fetchval(
        "INSERT INTO call_alerts (account_id, call_id, kind, quality, at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING RETURNING kind",
        account_id, call_id, kind, figures, at,
    )  # fmt: skip
    if added is not None:
        await tell(unit, row, "call.quality_alert", at, extra={"alert": kind, "quality": figures})


async def record_caption(unit: Unit, account_id: int, call_id: int, at: datetime, caption: Caption) -> None:
    """Something that was said in a call that is translated live; MAX_CAPTIONS of a call are kept."""
    if caption.n < MAX_CAPTIONS and await lock(unit, account_id, call_id) is not None:
        await unit.connection.execute(
            "INSERT INTO call_captions (account_id, call_id, n, at, leg, language, said, translation, target)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            account_id, call_id, caption.n, at, caption.leg, caption.language, caption.said[:MAX_CAPTION_CHARS],
            caption.translation and caption.translation[:MAX_CAPTION_CHARS], caption.target,
        )  # fmt: skip


async def record_recording(
    unit: Unit, account_id: int, call_id: int, at: datetime, file: str, duration_ms: int, links: Links
) -> bool:
    """A recording is among the files; kept for 30 days. False if nobody knows the call, or it was told before."""
    row = await lock(unit, account_id, call_id)
    if row is None:
        return False
    added = await unit.connection.fetchval(
        "INSERT INTO recordings (account_id, id, file, duration_ms, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
        account_id, call_id, file, duration_ms, at, at + RECORDING_LIFETIME,
    )  # fmt: skip
    if added is not None:
        await tell(unit, row, "call.recorded", at, recording_url=links.sign("rec", call_id, file, at))
    return added is not None


async def beat(unit: Unit, worker: str, calls: Sequence[tuple[int, int]]) -> dict[int, int]:
    """These calls (account_id, id) of a process live; returns the seconds that each is paid for, without those that
    are over or another's."""
    rows = await unit.connection.fetch(
        "UPDATE calls c SET seen_at = $3 FROM unnest($1::bigint[], $2::bigint[]) AS b (account_id, id)"
        " WHERE c.account_id = b.account_id AND c.id = b.id AND c.worker = $4 AND c.status = ANY ($5)"
        " RETURNING c.id, c.allowed_sec",
        [account_id for account_id, _ in calls],
        [call_id for _, call_id in calls],
        unit.wall,
        worker,
        OPEN,
    )
    return {row["id"]: row["allowed_sec"] for row in rows}


async def extend_hold(unit: Unit, account_id: int, call_id: int, talked_sec: int, max_sec: int) -> int:
    """Set more aside for a call that goes on, if it is time; returns the seconds that are paid for, 0 if it is over."""
    row = await lock(unit, account_id, call_id)
    if row is None or row["status"] not in OPEN:
        return 0
    return await extend(unit, row, talked_sec=talked_sec, max_sec=max_sec, at=unit.account_now(row))


async def reap(unit: Unit, account_id: int, call_id: int) -> None:
    """End a call that nobody looks after any more, billed up to the last sign of life."""
    row = await lock(unit, account_id, call_id)
    if row is None or row["status"] not in OPEN or row["carrier"] == SIMULATED:
        return
    quiet = unit.wall - row["seen_at"]
    if row["worker"] is None and quiet >= QUEUE_PATIENCE:
        await finish(unit, row, End("failed", "unreachable", unit.account_now(row), OUT_OF_ORDER))
        await _withdraw(unit, account_id, call_id)
    elif row["worker"] is not None and quiet >= WORKER_PATIENCE:
        seen = row["seen_at"] + timedelta(seconds=row["clock_offset_sec"])
        began = row["answered_at"] or row["started_at"]
        await finish(unit, row, End("failed", "worker_lost", max(seen, began), OUT_OF_ORDER))


async def pair(unit: Unit, one: Any, other: Any) -> None:
    """Two simulated calls are the two sides of one."""
    for row, peer in ((one, other), (other, one)):
        await unit.connection.execute(
            "UPDATE calls SET peer_account_id = $3, peer_id = $4 WHERE account_id = $1 AND id = $2",
            row["account_id"],
            row["id"],
            peer["account_id"],
            peer["id"],
        )


async def finish(unit: Unit, row: Any, how: End) -> None:
    """End a call; a simulated one leaves behind what a real one's process would still do."""
    await end(unit, row, how)
    if row["carrier"] == SIMULATED and (row["recording_enabled"] or row["peer_id"] is not None):
        await simulated.plan(unit, row, "after", how.at, how.at)


def _status(row: Any) -> Status:
    status: Status = row["status"]
    return status


async def _withdraw(unit: Unit, account_id: int, call_id: int) -> None:
    """No process is to take a call that is over.

    One that claims it at this moment keeps its task: it waits for our lock on the call, and will find it over.
    """
    await unit.connection.execute(
        "DELETE FROM tasks WHERE account_id = $1 AND id IN (SELECT id FROM tasks"
        " WHERE account_id = $1 AND queue = $2 AND subject_id = $3 FOR UPDATE SKIP LOCKED)",
        account_id,
        QUEUE,
        call_id,
    )
