"""What the timelines of messages and calls have in common: the key, the money, the events, and who was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.resources.events import queries
from nokyc.store.store import Connection

StepType = Literal[
    "request",
    "idempotency",
    "ledger",
    "submission",
    "receipt",
    "state",
    "sip",
    "quality",
    "caption",
    "event",
    "webhook_attempt",
]

REQUEST, IDEMPOTENCY, HOLD, ON_THE_WAY, SETTLED, FIRST_EVENT, OUTCOME, FINAL_EVENT, TOLD = range(9)
"""What comes first of steps that happened in one commit, causes before effects."""


class Step(Struct, frozen=True, kw_only=True):
    """One thing that happened on the way of a message or call."""

    at: str
    type: StepType
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """A step with its exact instant in account time, and its rank among those of the same instant."""

    at: datetime
    rank: int
    type: StepType
    detail: dict[str, Any]


def in_order(moments: Iterable[Moment]) -> list[Step]:
    """The steps as they are shown."""
    ordered = sorted(moments, key=lambda moment: (moment.at, moment.rank))
    return [Step(at=format_instant(each.at), type=each.type, detail=each.detail) for each in ordered]


async def shared(
    connection: Connection, account_id: int, subject_id: int, category: str, *, final: frozenset[str]
) -> list[Moment]:
    """The moments that any subject has; `final` are the types of the events that end it."""
    return [
        *await _idempotency(connection, account_id, subject_id),
        *await _ledger(connection, account_id, subject_id, category),
        *await _events(connection, account_id, subject_id, final),
        *await _attempts(connection, account_id, subject_id),
    ]


async def _idempotency(connection: Connection, account_id: int, subject_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT created_at, key, request_id FROM idempotency_keys WHERE account_id = $1 AND subject_id = $2",
        account_id,
        subject_id,
    )
    return [
        Moment(row["created_at"], IDEMPOTENCY, "idempotency",
               {"decision": "executed", "key": row["key"], "request_id": row["request_id"]})
        for row in rows
    ]  # fmt: skip


async def _ledger(connection: Connection, account_id: int, subject_id: int, category: str) -> list[Moment]:
    rows = await connection.fetch(
        f"SELECT * FROM ledger_entries WHERE account_id = $1 AND subject_id = $2 AND category = '{category}'"  # noqa: S608 - a word of our own, so that its index is found
        " ORDER BY id",
        account_id,
        subject_id,
    )
    return [
        Moment(row["created_at"], HOLD if row["move"] == "hold" else SETTLED, "ledger",
               {"move": row["move"], "amount_usd": str(usd(row["amount_micro"]))})
        for row in rows
    ]  # fmt: skip


async def _events(connection: Connection, account_id: int, subject_id: int, final: frozenset[str]) -> list[Moment]:
    return [
        Moment(row["created_at"], FINAL_EVENT if row["type"] in final else FIRST_EVENT, "event",
               {"id": ids.show("evt", row["id"]), "type": row["type"]})
        for row in await queries.of_subject(connection, account_id, subject_id)
    ]  # fmt: skip


async def _attempts(connection: Connection, account_id: int, subject_id: int) -> list[Moment]:
    """Attempts are dated by the wall clock; here they stand in account time, like the rest."""
    rows = await connection.fetch(
        "SELECT t.*, d.endpoint_id, d.event_id, e.type, a.clock_offset_sec FROM events e"
        " JOIN deliveries d ON d.account_id = e.account_id AND d.event_id = e.id"
        " JOIN delivery_attempts t ON t.account_id = d.account_id AND t.delivery_id = d.id"
        " JOIN accounts a ON a.id = e.account_id"
        " WHERE e.account_id = $1 AND e.subject_id = $2 ORDER BY t.delivery_id, t.n",
        account_id,
        subject_id,
    )
    return [
        Moment(row["attempted_at"] + timedelta(seconds=row["clock_offset_sec"]), TOLD, "webhook_attempt",
               {"event": ids.show("evt", row["event_id"]), "type": row["type"],
                "endpoint": ids.show("whk", row["endpoint_id"]), "attempt": row["n"],
                "status_code": row["status_code"], "error": row["error"]})
        for row in rows
    ]  # fmt: skip
