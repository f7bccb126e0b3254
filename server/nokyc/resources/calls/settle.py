"""Moving calls to their next state, with the event and the money that belong to it: said once.

    queued ──▶ ringing ──▶ in_progress ──▶ completed
       │          │             └────────▶ failed       (its process died, or the audio)
       └──────────┴──▶ completed · failed · no_answer · busy

A final state never changes. call.initiated and call.received are told at the beginning, call.answered when somebody
answers (and ai.pickup if that is an agent), call.completed once at the end. What was held is posted up to the cost,
and the rest given back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.resources.calls.schemas import AnsweredBy, Status, show_call
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.events.schemas import EventType
from nokyc.resources.numbers.schemas import Addon
from nokyc.store import ledger
from nokyc.store.store import Unit
from nokyc_voice.platform import EndReason

MOVES: dict[Status, tuple[Status, ...]] = {
    "queued": ("ringing", "in_progress", "completed", "failed", "no_answer", "busy"),
    "ringing": ("in_progress", "completed", "failed", "no_answer", "busy"),
    "in_progress": ("completed", "failed"),
    "completed": (),
    "failed": (),
    "no_answer": (),
    "busy": (),
}
OPEN = tuple(status for status, onward in MOVES.items() if onward)
IS_OPEN = f"status IN ({', '.join(map(repr, OPEN))})"
"""The same in SQL, written out: only so does PostgreSQL see that the index of open calls has all that is asked for."""
MINUTE = 60
NORMAL_CLEARING = 16
"""ITU-T Q.850."""


@dataclass(frozen=True, slots=True)
class End:
    """How a call ended, in account time."""

    status: Status
    reason: EndReason
    at: datetime
    hangup_cause: int | None = None
    sip_status: int | None = None


async def begin(unit: Unit, row: dict[str, Any], kind: EventType) -> Any:
    """Write a call down and tell of it; returns its row."""
    names = list(row)
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    written = await unit.connection.fetchrow(
        f"INSERT INTO calls ({', '.join(names)}) VALUES ({places}) RETURNING *",  # noqa: S608 - names of our own
        *row.values(),
    )
    await tell(unit, written, kind, row["started_at"])
    return written


async def ring(unit: Unit, row: Any, at: datetime, carrier: str | None) -> Any:
    """The far end is being rung."""
    return await _update(unit, row, "ringing", rang_at=at, carrier=carrier or row["carrier"])


async def answer(unit: Unit, row: Any, at: datetime, by: AnsweredBy, *, addon: Addon = "ai-pickup") -> Any:
    """Somebody answered: the time that is paid for begins. An agent belongs to an add-on."""
    moved = await _update(unit, row, "in_progress", answered_at=at, answered_by=by)
    await tell(unit, moved, "call.answered", at)
    if by == "agent":
        await tell(unit, moved, "ai.pickup", at, addon=addon)
    return moved


async def end(unit: Unit, row: Any, how: End) -> Any:
    """The call is over: what it cost is taken, the rest given back."""
    talked = duration_sec(row["answered_at"], how.at)
    cost = min(cost_micro(row["price_micro"], talked), row["held_micro"])  # the engine may be a moment late to end it
    moved = await _update(
        unit, row, how.status, end_reason=how.reason, hangup_cause=how.hangup_cause, sip_status=how.sip_status,
        ended_at=how.at, duration_sec=talked, cost_micro=cost,
    )  # fmt: skip
    await tell(unit, moved, "call.completed", how.at)
    # The account's rows come last, since those of a busy account are waited for.
    account_id, held = row["account_id"], row["held_micro"]
    await ledger.count_usage(
        unit, account_id, "call", at=how.at, units=-(-talked // MINUTE), cost=cost, **{row["direction"]: 1}
    )
    await ledger.settle(unit, account_id, held=held, cost=cost, category="call", subject_id=row["id"], at=how.at)
    return moved


async def tell(unit: Unit, row: Any, kind: EventType, at: datetime, **shown: Any) -> None:
    """Emit an event about a call."""
    extra = shown.pop("extra", {})
    content = show_call(row, **shown)
    fact = Fact(row["account_id"], kind, row["id"], content, row["request_id"], at, row["number_id"], extra)
    await emit(unit, [fact])


def cost_micro(price_micro: int, seconds: int) -> int:
    """What so many seconds cost at a price per minute, in micro-dollars, rounded up."""
    return -(-price_micro * seconds // MINUTE)


def duration_sec(answered_at: datetime | None, ended_at: datetime) -> int:
    """Seconds of talking, each begun one counted (decision F96)."""
    if answered_at is None or ended_at <= answered_at:
        return 0
    return -(-(ended_at - answered_at) // timedelta(seconds=1))


async def _update(unit: Unit, row: Any, status: Status, **changes: Any) -> Any:
    assert status in MOVES[row["status"]], f"{row['status']} → {status}"
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, start=4))
    return await unit.connection.fetchrow(
        f"UPDATE calls SET status = $3, {assignments} WHERE account_id = $1 AND id = $2 RETURNING *",  # noqa: S608
        row["account_id"],
        row["id"],
        status,
        *changes.values(),
    )
