"""The timeline of one message: what was asked, decided, held, handed over, reported and told, causes before effects."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.resources.events import queries as event_queries
from nokyc.resources.sms import queries
from nokyc.resources.sms.schemas import Step, Timeline
from nokyc.store.store import Connection

StepType = Literal["request", "idempotency", "ledger", "submission", "receipt", "event", "webhook_attempt"]

REQUEST, IDEMPOTENCY, HOLD, SUBMISSION, SETTLED, FIRST_EVENT, RECEIPT, FINAL_EVENT, TOLD = range(9)
"""What comes first of steps that happened in one commit."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A step with its exact instant in account time, and its rank among those of the same instant."""

    at: datetime
    rank: int
    type: StepType
    detail: dict[str, Any]


async def timeline(connection: Connection, account_id: int, sms_id: int) -> Timeline:
    """Raises ApiError 404."""
    row = await queries.get(connection, account_id, sms_id)
    request = {"direction": row["direction"], "segments": row["segments"], "encoding": row["encoding"]}
    moments = [
        Moment(row["created_at"], REQUEST, "request", request),
        *await _idempotency(connection, account_id, sms_id),
        *await _ledger(connection, account_id, sms_id),
        *await _notes(connection, account_id, sms_id),
        *await _segments(connection, account_id, sms_id),
        *await _events(connection, account_id, sms_id),
        *await _attempts(connection, account_id, sms_id),
    ]
    moments.sort(key=lambda moment: (moment.at, moment.rank))
    steps = [Step(at=format_instant(each.at), type=each.type, detail=each.detail) for each in moments]
    return Timeline(sms=ids.show("sms", sms_id), request_id=row["request_id"], steps=steps)


async def _idempotency(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT created_at, key, request_id FROM idempotency_keys WHERE account_id = $1 AND subject_id = $2",
        account_id,
        sms_id,
    )
    return [
        Moment(row["created_at"], IDEMPOTENCY, "idempotency",
               {"decision": "executed", "key": row["key"], "request_id": row["request_id"]})
        for row in rows
    ]  # fmt: skip


async def _ledger(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT * FROM ledger_entries WHERE account_id = $1 AND subject_id = $2 AND category = 'sms' ORDER BY id",
        account_id,
        sms_id,
    )
    return [
        Moment(row["created_at"], HOLD if row["move"] == "hold" else SETTLED, "ledger",
               {"move": row["move"], "amount_usd": str(usd(row["amount_micro"]))})
        for row in rows
    ]  # fmt: skip


async def _notes(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    """Submissions that were not accepted."""
    rows = await connection.fetch(
        "SELECT * FROM sms_notes WHERE account_id = $1 AND sms_id = $2 ORDER BY id", account_id, sms_id
    )
    return [
        Moment(row["at"], SUBMISSION, "submission",
               {"segment": row["index"], "carrier": row["carrier"], "verdict": row["verdict"],
                "raw_status": row["raw"]})
        for row in rows
    ]  # fmt: skip


async def _segments(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    """Submissions that were accepted, and their receipts."""
    moments = []
    for row in await queries.segments(connection, account_id, sms_id):
        about = {"segment": row["index"], "carrier": row["carrier"], "carrier_ref": row["carrier_ref"]}
        if row["carrier_ref"] is not None:
            detail = about | {"verdict": "accepted", "raw_status": row["raw"]}
            moments.append(Moment(row["submitted_at"], SUBMISSION, "submission", detail))
        if row["receipt_at"] is not None:
            detail = about | {"status": row["status"], "failure_code": row["failure_code"]}
            moments.append(Moment(row["receipt_at"], RECEIPT, "receipt", detail | {"raw_status": row["receipt_raw"]}))
    return moments


async def _events(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    return [
        Moment(row["created_at"], FIRST_EVENT if row["type"] == "sms.sent" else FINAL_EVENT, "event",
               {"id": ids.show("evt", row["id"]), "type": row["type"]})
        for row in await event_queries.of_subject(connection, account_id, sms_id)
    ]  # fmt: skip


async def _attempts(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    """Attempts are dated by the wall clock; here they stand in account time, like the rest."""
    rows = await connection.fetch(
        "SELECT t.*, d.endpoint_id, d.event_id, e.type, a.clock_offset_sec FROM events e"
        " JOIN deliveries d ON d.account_id = e.account_id AND d.event_id = e.id"
        " JOIN delivery_attempts t ON t.account_id = d.account_id AND t.delivery_id = d.id"
        " JOIN accounts a ON a.id = e.account_id"
        " WHERE e.account_id = $1 AND e.subject_id = $2 ORDER BY t.delivery_id, t.n",
        account_id,
        sms_id,
    )
    return [
        Moment(row["attempted_at"] + timedelta(seconds=row["clock_offset_sec"]), TOLD, "webhook_attempt",
               {"event": ids.show("evt", row["event_id"]), "type": row["type"],
                "endpoint": ids.show("whk", row["endpoint_id"]), "attempt": row["n"],
                "status_code": row["status_code"], "error": row["error"]})
        for row in rows
    ]  # fmt: skip
