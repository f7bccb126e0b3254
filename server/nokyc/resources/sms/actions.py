"""What can happen to an outbound message after it was accepted. None of these talks to a carrier."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.carriers.port import Accepted, FailureCode, Inbound, NotSent, Receipt, Refused, Throttled, Unknown, Verdict
from nokyc.http.errors import ApiError
from nokyc.kit.jsontext import storable
from nokyc.resources.carriers.routing import queue_of
from nokyc.resources.sms.concatenation import references
from nokyc.resources.sms.inbox import Reported, enqueue_reports, storable_ref
from nokyc.resources.sms.settle import Move, moved, settle
from nokyc.store import ledger
from nokyc.store.store import Unit
from nokyc.store.tasks import Task, enqueue, finish, postpone

MAX_UNKNOWNS = 3
"""Submissions of one segment whose outcome never came; then the message fails rather than be sent once more."""
LAST_TRY_SEC = 30.0
"""Wait before the last of them: a carrier behind HTTP that is just being restarted answers 5xx, and that at once."""
RETRY_SEC = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Waits between tries while no carrier can take a message; the last one repeats until the validity ends."""
QUICK_TRIES = 3
"""Tries after which a message that was handed from carrier to carrier waits before the next one, too."""
TOLD_AGAIN = timedelta(hours=1)
"""How long after a submission a receipt about it may be one that came before."""
MAX_RAW = 500
"""Characters kept of what a carrier said."""
LOCK = """
SELECT s.*, a.livemode, a.clock_offset_sec, n.status AS number_status, n.off_now, n.carrier AS number_carrier
FROM unnest($1::bigint[], $2::bigint[]) AS k (account_id, id)
CROSS JOIN LATERAL (
    SELECT * FROM sms WHERE account_id = k.account_id AND id = k.id FOR NO KEY UPDATE
) AS s
JOIN accounts a ON a.id = s.account_id
LEFT JOIN numbers n ON n.account_id = s.account_id AND n.id = s.number_id
"""
"""LATERAL, so that each key is looked up by itself: a join may be planned as a walk over an account's messages."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one task: verdicts by segment index, from one carrier."""

    task: Task
    carrier: str
    verdicts: dict[int, Verdict]
    next_carrier: str | None
    """Who can be asked at once if this one could not be reached."""


async def mark_submitting(unit: Unit, carrier: str, rows: Sequence[Any]) -> dict[tuple[int, int], list[Any]]:
    """Mark the open segments of messages as being submitted; returns all segments of each message.

    A segment that is marked already was with a worker that died: its outcome is unknown, and it is sent once more.
    """
    lines = [(row["account_id"], row["id"], index) for row in rows for index in range(1, row["segments"] + 1)]
    now = {(row["account_id"], row["id"]): unit.account_now(row) for row in rows}
    tied = await references(unit, rows)
    await unit.connection.execute(
        "INSERT INTO segments AS s (account_id, sms_id, index, status, carrier, submitted_at, concatenation)"
        " SELECT a, i, n, 'submitting', $6, t, c"
        " FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::timestamptz[], $5::smallint[])"
        " AS m (a, i, n, t, c)"
        " ON CONFLICT (account_id, sms_id, index) DO UPDATE SET status = 'submitting', carrier = $6,"
        " unknowns = s.unknowns + (s.status = 'submitting')::int, submitted_at = excluded.submitted_at"
        " WHERE s.status IN ('queued', 'submitting')",
        [account_id for account_id, _, _ in lines],
        [sms_id for _, sms_id, _ in lines],
        [index for _, _, index in lines],
        [now[account_id, sms_id] for account_id, sms_id, _ in lines],
        [tied.get((account_id, sms_id)) for account_id, sms_id, _ in lines],
        carrier,
    )
    return await segment_states(unit, list(now))


async def record_results(unit: Unit, results: Sequence[Result]) -> None:
    """Write down the verdicts on a batch of messages, and what follows for each message."""
    rows = await lock(unit, [(result.task.account_id, result.task.subject_id) for result in results])
    results = [r for r in results if (r.task.account_id, r.task.subject_id) in rows]
    await _record_segments(unit, results)
    await _leave_reports(unit, results)
    await _record_notes(unit, results, rows)
    states = await segment_states(unit, list(rows))
    moves, done = [], []
    for result in results:
        row = rows[result.task.account_id, result.task.subject_id]
        move = _next_move(row, states[row["account_id"], row["id"]]) if row["status"] == "queued" else None
        if move is not None:
            moves.append(move)
        if move is not None or row["status"] != "queued":
            done.append(result.task)
        else:
            await _try_again(unit, result, states[row["account_id"], row["id"]])
    await settle(unit, moves)
    sent = {(m.row["account_id"], m.row["id"]): moved(m) for m in moves if m.to == "sent"}
    await settle(unit, _delivered(sent, states))  # receipts may have been quicker than our record
    await finish(unit.connection, done)


async def record_receipts(unit: Unit, reported: Sequence[tuple[str, Receipt]]) -> set[tuple[str, str]]:
    """Apply receipts (carrier, receipt); returns the (carrier, ref) of which nobody knows, or not yet.

    The first receipt about a submission is its final state; later ones change nothing. Carriers use their references
    again after a while: the youngest submission is meant, and a finished one that is older than TOLD_AGAIN is not.
    """
    first: dict[tuple[str, str], Receipt] = {}
    for carrier, receipt in reported:
        first.setdefault((carrier, storable_ref(receipt.carrier_ref)), receipt)
    found = await unit.connection.fetch(
        "SELECT DISTINCT ON (s.carrier, s.carrier_ref) s.account_id, s.sms_id, s.carrier, s.carrier_ref"
        " FROM unnest($1::text[], $2::text[]) AS r (carrier, ref)"
        " JOIN segments s ON s.carrier = r.carrier AND s.carrier_ref = r.ref"
        " AND (s.status = 'sent' OR s.submitted_at > $3)"
        " ORDER BY s.carrier, s.carrier_ref, s.status = 'sent' DESC, s.submitted_at DESC",
        [carrier for carrier, _ in first],
        [ref for _, ref in first],
        unit.wall - TOLD_AGAIN,
    )
    rows = await lock(unit, [(row["account_id"], row["sms_id"]) for row in found])
    receipts = [first[row["carrier"], row["carrier_ref"]] for row in found]
    await unit.connection.execute(
        "UPDATE segments s SET status = r.status, failure_code = r.code, receipt_raw = r.raw, receipt_at = r.at,"
        " delivered_at = CASE WHEN r.status = 'delivered' THEN r.at END"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],"
        " $7::text[], $8::timestamptz[]) AS r (account_id, sms_id, carrier, ref, status, code, raw, at)"
        " WHERE s.account_id = r.account_id AND s.sms_id = r.sms_id AND s.carrier = r.carrier AND s.status = 'sent'"
        " AND s.carrier_ref IS NOT DISTINCT FROM r.ref",  # which no index serves: the key is at hand
        [row["account_id"] for row in found],
        [row["sms_id"] for row in found],
        [row["carrier"] for row in found],
        [row["carrier_ref"] for row in found],
        [receipt.status for receipt in receipts],
        [receipt.failure_code for receipt in receipts],
        [_raw(receipt.raw) for receipt in receipts],
        [unit.account_now(rows[row["account_id"], row["sms_id"]]) for row in found],
    )
    sent = {key: row for key, row in rows.items() if row["status"] == "sent"}
    await settle(unit, _delivered(sent, await segment_states(unit, list(sent))))
    return set(first) - {(row["carrier"], row["carrier_ref"]) for row in found}


async def take_reports(unit: Unit, reported: Sequence[Reported]) -> None:
    """Apply receipts about submissions that are on record; whatever else a carrier reports waits in the inbox."""
    receipts = [(one.carrier, one.report) for one in reported if isinstance(one.report, Receipt)]
    early = await record_receipts(unit, receipts) if receipts else set()
    await enqueue_reports(
        unit,
        [
            one
            for one in reported
            if not isinstance(one.report, Receipt) or (one.carrier, storable_ref(one.report.carrier_ref)) in early
        ],
    )


async def start_scheduled(unit: Unit, task: Task, *, queue: str | None) -> None:
    """The time of a scheduled message has come: hold its price and hand it to a carrier's queue."""
    row = (await lock(unit, [(task.account_id, task.subject_id)])).get((task.account_id, task.subject_id))
    if row is None or row["status"] != "queued" or row["cost_micro"] is not None:
        return
    now = unit.account_now(row)
    if row["number_status"] != "active" or row["off_now"] or await _opted_out(unit, row):
        await settle(unit, [Move(row, "failed", "blocked")])
        return
    if queue is None:
        await settle(unit, [Move(row, "failed", "unreachable")])
        return
    try:
        await ledger.hold(unit, row["account_id"], row["price_micro"], category="sms", subject_id=row["id"], at=now)
    except ledger.InsufficientBalanceError:
        await settle(unit, [Move(row, "failed", "balance_insufficient")])
        return
    await unit.connection.execute(
        "UPDATE sms SET cost_micro = price_micro WHERE account_id = $1 AND id = $2", row["account_id"], row["id"]
    )
    await enqueue(unit, queue, "sms.submit", row["account_id"], row["id"])


async def _opted_out(unit: Unit, row: Any) -> bool:
    opted_out: bool = await unit.connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM opt_outs WHERE account_id = $1 AND number_id = $2 AND peer = $3)",
        row["account_id"],
        row["number_id"],
        row["recipient"],
    )
    return opted_out


async def cancel(unit: Unit, account_id: int, sms_id: int) -> Any:
    """Call off a scheduled message that was not handed over yet; returns its row, None if there is no such message.

    Raises:
        ApiError: 422 `not_cancelable`.
    """
    row = (await lock(unit, [(account_id, sms_id)])).get((account_id, sms_id))
    if row is None or row["failure_code"] == "canceled":
        return row
    if row["status"] != "queued" or row["send_at"] is None or row["cost_micro"] is not None:
        raise ApiError("not_cancelable")
    move = Move(row, "failed", "canceled")
    await settle(unit, [move])
    await unit.connection.execute(
        "DELETE FROM tasks WHERE account_id = $1 AND queue = 'schedule' AND kind = 'sms.due' AND subject_id = $2",
        account_id,
        sms_id,
    )
    return moved(move)


async def expire(unit: Unit, keys: Sequence[tuple[int, int]]) -> None:
    """Messages whose validity ended without a final word: undelivered if a carrier has them, failed if none has."""
    rows = await lock(unit, keys)
    moves = []
    for row in rows.values():
        if row["expires_at"] > unit.wall:
            continue
        if row["status"] == "sent":
            moves.append(Move(row, "undelivered", "expired"))
        elif row["status"] == "queued":
            moves.append(Move(row, "failed", "expired"))
    await settle(unit, moves)
    await unit.connection.execute(
        "UPDATE segments s SET status = 'undelivered', failure_code = 'expired'"
        " FROM unnest($1::bigint[], $2::bigint[]) AS k (account_id, id)"
        " WHERE s.account_id = k.account_id AND s.sms_id = k.id AND s.status = 'sent'",
        [move.row["account_id"] for move in moves if move.to == "undelivered"],
        [move.row["id"] for move in moves if move.to == "undelivered"],
    )


async def reroute(unit: Unit, moves: Sequence[tuple[int, int, str]]) -> None:
    """Move waiting tasks (account_id, task id) to another queue, due at once."""
    await unit.connection.execute(
        "UPDATE tasks t SET queue = m.queue, run_at = least(t.run_at, $4)"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS m (account_id, id, queue)"
        " WHERE t.account_id = m.account_id AND t.id = m.id AND NOT t.claimed",
        [account_id for account_id, _, _ in moves],
        [task_id for _, task_id, _ in moves],
        [queue for _, _, queue in moves],
        unit.wall,
    )
    for queue in {queue for _, _, queue in moves}:
        unit.wake(queue)


async def lock(unit: Unit, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """The rows of messages by (account_id, id), locked in one order so that batches cannot deadlock."""
    unique = sorted(set(keys))
    rows = await unit.connection.fetch(
        LOCK,
        [account_id for account_id, _ in unique],
        [sms_id for _, sms_id in unique],
    )
    return {(row["account_id"], row["id"]): row for row in rows}


async def segment_states(unit: Unit, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[Any]]:
    """The segments of messages, in order."""
    rows = await unit.connection.fetch(
        "SELECT s.* FROM segments s JOIN unnest($1::bigint[], $2::bigint[]) AS k (account_id, id)"
        " ON s.account_id = k.account_id AND s.sms_id = k.id ORDER BY s.account_id, s.sms_id, s.index",
        [account_id for account_id, _ in keys],
        [sms_id for _, sms_id in keys],
    )
    states: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        states[row["account_id"], row["sms_id"]].append(row)
    return states


def _next_move(row: Any, states: list[Any]) -> Move | None:
    """What the verdicts so far mean for the whole message; None while some segment is still to be handed over."""
    refused: list[FailureCode] = [state["failure_code"] for state in states if state["status"] == "failed"]
    if refused:
        return Move(row, "failed", refused[0])
    accepted = sum(state["status"] in ("sent", "delivered", "undelivered") for state in states)
    return Move(row, "sent") if accepted == row["segments"] else None


def _delivered(sent: dict[tuple[int, int], Any], states: dict[tuple[int, int], list[Any]]) -> list[Move]:
    """Which sent messages have a final word from all their segments, or a negative one from any (decision F108)."""
    moves = []
    for key, row in sent.items():
        segments = states[key]
        lost = [state["failure_code"] for state in segments if state["status"] == "undelivered"]
        if lost:
            moves.append(Move(row, "undelivered", lost[0] or "unknown"))
        elif sum(state["status"] == "delivered" for state in segments) == row["segments"]:
            latest: datetime = max(state["delivered_at"] for state in segments)
            moves.append(Move(row, "delivered", delivered_at=latest))
    return moves


async def _record_segments(unit: Unit, results: Sequence[Result]) -> None:
    lines = [
        (r.task.account_id, r.task.subject_id, index, *_segment(verdict))
        for r in results
        for index, verdict in sorted(r.verdicts.items())
    ]
    await unit.connection.execute(
        "UPDATE segments s SET status = v.status, carrier_ref = coalesce(v.ref, s.carrier_ref), failure_code = v.code,"
        " raw = v.raw, unknowns = s.unknowns + v.unknown"
        " FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[],"
        " $8::int[]) AS v (account_id, sms_id, index, status, ref, code, raw, unknown)"
        " WHERE s.account_id = v.account_id AND s.sms_id = v.sms_id AND s.index = v.index AND s.status = 'submitting'",
        *([line[column] for line in lines] for column in range(8)),
    )
    worn_out = [line for line in lines if line[7]]
    if worn_out:
        await unit.connection.execute(
            "UPDATE segments s SET status = 'failed', failure_code = 'carrier_timeout'"
            " FROM unnest($1::bigint[], $2::bigint[]) AS k (account_id, sms_id)"
            " WHERE s.account_id = k.account_id AND s.sms_id = k.sms_id AND s.status = 'queued' AND s.unknowns >= $3",
            [line[0] for line in worn_out],
            [line[1] for line in worn_out],
            MAX_UNKNOWNS,
        )


def _segment(verdict: Verdict) -> tuple[str, str | None, str | None, str, int]:
    """Status, carrier_ref, failure_code, raw and the number of unknown outcomes that a verdict gives a segment."""
    match verdict:
        case Accepted(carrier_ref=ref, raw=raw):
            return "sent", storable_ref(ref), None, _raw(raw), 0
        case Refused(failure_code=code, raw=raw):
            return "failed", None, code, _raw(raw), 0
        case Unknown(raw=raw):
            return "queued", None, None, _raw(raw), 1
        case Throttled(raw=raw) | NotSent(raw=raw):
            return "queued", None, None, _raw(raw), 0


def _raw(text: str) -> str:
    return storable(text)[:MAX_RAW]


async def _leave_reports(unit: Unit, results: Sequence[Result]) -> None:
    """What the simulated carrier will report later becomes rows now, save messages to numbers that nobody has."""
    later = [
        Reported(result.carrier, promise.report, result.task.account_id, promise.delay_sec)
        for result in results
        for verdict in result.verdicts.values()
        if isinstance(verdict, Accepted)
        for promise in verdict.later
    ]
    if not later:
        return
    recipients = {one.report.recipient for one in later if isinstance(one.report, Inbound)}
    ours = await unit.connection.fetch(
        "SELECT DISTINCT e164 FROM numbers WHERE e164 = ANY ($1) AND returned_at IS NULL", list(recipients)
    )
    reached = {row["e164"] for row in ours}
    await enqueue_reports(
        unit, [one for one in later if not isinstance(one.report, Inbound) or one.report.recipient in reached]
    )


async def _record_notes(unit: Unit, results: Sequence[Result], rows: dict[tuple[int, int], Any]) -> None:
    """Submissions that were not simply accepted are written down for the timeline."""
    notes = [
        (
            r.task.account_id, r.task.subject_id, unit.ids.new(), index, r.carrier, type(verdict).__name__.lower(),
            _raw(verdict.raw), unit.account_now(rows[r.task.account_id, r.task.subject_id]),
        )
        for r in results
        for index, verdict in r.verdicts.items()
        if not isinstance(verdict, Accepted) and verdict.raw  # without a word it never left us
    ]  # fmt: skip
    if notes:
        await unit.connection.executemany("INSERT INTO sms_notes VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", notes)


async def _try_again(unit: Unit, result: Result, states: list[Any]) -> None:
    """Give the task back: to another carrier if this one was not reached, else to the same after a wait.

    What an earlier try may have brought there is not given to another at once: that is the rerouter's, after a while.
    """
    verdicts, attempts = result.verdicts.values(), result.task.attempts
    unknowns = max((state["unknowns"] for state in states if state["status"] == "queued"), default=0)
    waits = [verdict.retry_after_sec for verdict in verdicts if isinstance(verdict, Throttled)]
    carrier = result.carrier
    if waits:
        wait = max(*waits, RETRY_SEC[min(attempts, len(RETRY_SEC)) - 1] if attempts > QUICK_TRIES else 0.0)
    else:
        wait = RETRY_SEC[min(attempts, len(RETRY_SEC)) - 1]
        unreached = all(isinstance(verdict, NotSent | Accepted) for verdict in verdicts)
        if unknowns == MAX_UNKNOWNS - 1 and any(isinstance(verdict, Unknown) for verdict in verdicts):
            wait = max(wait, LAST_TRY_SEC)
        if unreached and not unknowns and result.next_carrier is not None:
            carrier = result.next_carrier
            wait = 0.0 if attempts <= QUICK_TRIES else wait
    queue = queue_of(carrier)
    await postpone(unit.connection, result.task, unit.wall + timedelta(seconds=wait), queue=queue)
    if not wait:
        unit.wake(queue)
