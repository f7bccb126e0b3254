"""Moving messages to their next state, with the money and the event that belong to it: said once, for batches.

    queued ──▶ sent ──▶ delivered
       │         └────▶ undelivered      (receipt said no, or none came in time)
       └──▶ failed                       (refused, canceled, out of money, out of time)

A final state never changes. Every move emits exactly one event. Money that was held is posted when a message is sent
and given back when it fails before.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nokyc.carriers.port import FailureCode
from nokyc.resources.events.actions import Fact, emit
from nokyc.resources.events.schemas import EventType
from nokyc.resources.sms.schemas import Status, show_sms
from nokyc.store.store import Unit

MOVES: dict[Status, tuple[Status, ...]] = {
    "queued": ("sent", "failed"),
    "sent": ("delivered", "undelivered"),
    "delivered": (),
    "failed": (),
    "undelivered": (),
}
EVENTS: dict[Status, EventType] = {
    "sent": "sms.sent",
    "delivered": "sms.delivered",
    "failed": "sms.failed",
    "undelivered": "sms.failed",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One message on its way to its next state; `row` is its row, locked, with the account's clock_offset_sec."""

    row: Any
    to: Status
    failure_code: FailureCode | None = None
    delivered_at: datetime | None = None


async def settle(unit: Unit, moves: Sequence[Move]) -> None:
    """Apply moves of different messages. A message that has to go two steps is settled twice."""
    if not moves:
        return
    for move in moves:
        assert move.to in MOVES[move.row["status"]], f"{move.row['status']} → {move.to}"
    costs = [
        0 if move.to == "failed" and move.row["cost_micro"] is not None else move.row["cost_micro"] for move in moves
    ]
    await unit.connection.execute(
        "UPDATE sms s SET status = m.status, failure_code = m.code, delivered_at = m.delivered_at, cost_micro = m.cost"
        " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])"
        " AS m (account_id, id, status, code, delivered_at, cost) WHERE s.account_id = m.account_id AND s.id = m.id",
        [move.row["account_id"] for move in moves],
        [move.row["id"] for move in moves],
        [move.to for move in moves],
        [move.failure_code for move in moves],
        [move.delivered_at for move in moves],
        costs,
    )
    await emit(unit, [_fact(unit, move, cost) for move, cost in zip(moves, costs, strict=True)])
    await _close_segments(unit, [move for move in moves if move.to == "failed"])
    await _settle_money(unit, [move for move in moves if move.to in ("sent", "failed")])


def moved(move: Move) -> dict[str, Any]:
    """The row after a move."""
    return dict(move.row) | {
        "status": move.to,
        "failure_code": move.failure_code,
        "delivered_at": move.delivered_at,
    }


def _fact(unit: Unit, move: Move, cost: int | None) -> Fact:
    row = move.row
    return Fact(
        account_id=row["account_id"],
        type=EVENTS[move.to],
        subject_id=row["id"],
        content=show_sms(moved(move) | {"cost_micro": cost}),
        request_id=row["request_id"],
        at=unit.account_now(row),
        number_id=row["number_id"],
    )


async def _close_segments(unit: Unit, moves: Sequence[Move]) -> None:
    """What was not handed over of a failed message never will be."""
    if moves:
        await unit.connection.execute(
            "UPDATE segments s SET status = 'failed', failure_code = m.code"
            " FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS m (account_id, id, code)"
            " WHERE s.account_id = m.account_id AND s.sms_id = m.id AND s.status IN ('queued', 'submitting')",
            [move.row["account_id"] for move in moves],
            [move.row["id"] for move in moves],
            [move.failure_code for move in moves],
        )


async def _settle_money(unit: Unit, moves: Sequence[Move]) -> None:
    """Post what was sent, give back what failed; the accounts' rows come last, since hot accounts are waited for."""
    held = [move for move in moves if move.row["cost_micro"]]
    if held:
        await unit.connection.execute(
            "INSERT INTO ledger_entries (account_id, id, move, category, amount_micro, subject_id, created_at)"
            " SELECT a, i, m, 'sms', c, s, t FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[],"
            " $5::bigint[], $6::timestamptz[]) AS e (a, i, m, c, s, t)",
            [move.row["account_id"] for move in held],
            [unit.ids.new() for _ in held],
            ["post" if move.to == "sent" else "void" for move in held],
            [move.row["cost_micro"] for move in held],
            [move.row["id"] for move in held],
            [unit.account_now(move.row) for move in held],
        )
    await _count_sent(unit, [move for move in moves if move.to == "sent"])
    released: dict[int, int] = defaultdict(int)
    returned: dict[int, int] = defaultdict(int)
    for move in held:
        released[move.row["account_id"]] += move.row["cost_micro"]
        returned[move.row["account_id"]] += move.row["cost_micro"] if move.to == "failed" else 0
    if not released:
        return
    accounts = sorted(released)
    await unit.connection.execute("SELECT 1 FROM accounts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", accounts)
    await unit.connection.execute(
        "UPDATE accounts a SET held_micro = a.held_micro - m.released, balance_micro = a.balance_micro + m.returned,"
        " is_low = a.is_low AND NOT a.balance_micro + m.returned >= coalesce(a.low_threshold_micro, 0)"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS m (id, released, returned) WHERE a.id = m.id",
        accounts,
        [released[account_id] for account_id in accounts],
        [returned[account_id] for account_id in accounts],
    )


async def _count_sent(unit: Unit, moves: Sequence[Move]) -> None:
    days: dict[tuple[int, Any], list[int]] = defaultdict(lambda: [0, 0, 0])
    for move in moves:
        day = days[move.row["account_id"], unit.account_now(move.row).date()]
        day[0] += 1
        day[1] += move.row["segments"]
        day[2] += move.row["cost_micro"] or 0
    if not days:
        return
    keys = sorted(days)
    await unit.connection.execute(
        "INSERT INTO usage_days AS u (account_id, day, category, outbound, units, cost_micro)"
        " SELECT a, d, 'sms', n, s, c FROM unnest($1::bigint[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[])"
        " AS t (a, d, n, s, c) ON CONFLICT (account_id, day, category) DO UPDATE SET"
        " outbound = u.outbound + excluded.outbound, units = u.units + excluded.units,"
        " cost_micro = u.cost_micro + excluded.cost_micro",
        [account_id for account_id, _ in keys],
        [day for _, day in keys],
        *([days[key][column] for key in keys] for column in range(3)),
    )
