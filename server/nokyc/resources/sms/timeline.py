"""The timeline of one message: what was asked, decided, held, handed over, reported and told, in order."""

from datetime import datetime
from typing import Any

from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.kit.money import usd
from nokyc.resources.events import queries as event_queries
from nokyc.resources.sms import queries
from nokyc.resources.sms.schemas import Step, Timeline
from nokyc.resources.webhooks import queries as webhook_queries
from nokyc.store.store import Connection

Moment = tuple[datetime, Step]
"""A step with its exact time, by which steps are sorted."""

_ORDER = ("request", "idempotency", "ledger", "submission", "receipt", "event", "webhook_attempt")
"""What happened in one commit, causes before effects."""


async def timeline(connection: Connection, account_id: int, sms_id: int) -> Timeline:
    """Raises ApiError 404."""
    row = await queries.get(connection, account_id, sms_id)
    events = await event_queries.of_subject(connection, account_id, sms_id)
    steps = [
        _step(row["created_at"], "request", direction=row["direction"], segments=row["segments"]),
        *await _idempotency(connection, account_id, sms_id),
        *await _ledger(connection, account_id, sms_id),
        *await _submissions(connection, account_id, sms_id),
        *(_step(event["created_at"], "event", id=ids.show("evt", event["id"]), type=event["type"]) for event in events),
        *await _attempts(connection, account_id, [event["id"] for event in events]),
    ]
    steps.sort(key=lambda moment: (moment[0], _ORDER.index(moment[1].type)))
    return Timeline(sms=ids.show("sms", sms_id), request_id=row["request_id"], steps=[step for _, step in steps])


async def _idempotency(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT k.created_at, k.request_id FROM idempotency_keys k WHERE k.account_id = $1 AND k.key ="
        " (SELECT key FROM idempotency_keys WHERE account_id = $1 AND subject_id = $2 LIMIT 1)",
        account_id,
        sms_id,
    )
    return [_step(row["created_at"], "idempotency", decision="executed", request_id=row["request_id"]) for row in rows]


async def _ledger(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT * FROM ledger_entries WHERE account_id = $1 AND subject_id = $2 AND category = 'sms' ORDER BY id",
        account_id,
        sms_id,
    )
    return [
        _step(row["created_at"], "ledger", move=row["move"], amount_usd=str(usd(row["amount_micro"]))) for row in rows
    ]


async def _submissions(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    steps = []
    for note in await connection.fetch(
        "SELECT * FROM sms_notes WHERE account_id = $1 AND sms_id = $2 ORDER BY id", account_id, sms_id
    ):
        which = {"segment": note["index"], "carrier": note["carrier"]}
        steps.append(_step(note["at"], "submission", **which, verdict=note["verdict"], raw_status=note["raw"]))
    for segment in await queries.segments(connection, account_id, sms_id):
        about: dict[str, Any] = {
            "segment": segment["index"],
            "carrier": segment["carrier"],
            "carrier_ref": segment["carrier_ref"],
        }
        if segment["carrier_ref"] is not None:
            steps.append(
                _step(segment["submitted_at"], "submission", **about, verdict="accepted", raw_status=segment["raw"])
            )
        if segment["receipt_raw"] is not None:
            at = segment["delivered_at"] or segment["submitted_at"]
            status = {"status": segment["status"], "failure_code": segment["failure_code"]}
            steps.append(_step(at, "receipt", **about, **status, raw_status=segment["receipt_raw"]))
    return steps


async def _attempts(connection: Connection, account_id: int, event_ids: list[int]) -> list[Moment]:
    steps = []
    for delivery in await webhook_queries.deliveries_of_events(connection, account_id, event_ids):
        for attempt in delivery.attempts:
            detail = {
                "event": delivery.event,
                "endpoint": delivery.endpoint,
                "attempt": attempt.attempt,
                "status_code": attempt.status_code,
                "error": attempt.error,
            }
            at = datetime.fromisoformat(attempt.attempted_at)
            steps.append(_step(at, "webhook_attempt", **detail))
    return steps


def _step(at: Any, type_: Any, **detail: Any) -> Moment:
    return at, Step(at=format_instant(at), type=type_, detail=detail)
