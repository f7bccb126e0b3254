"""The timeline of one message: what was asked, decided, held, handed over, reported and told, causes before effects."""

from nokyc.kit import ids
from nokyc.resources.events.timeline import ON_THE_WAY, OUTCOME, REQUEST, Moment, in_order, shared
from nokyc.resources.sms import queries
from nokyc.resources.sms.schemas import Timeline
from nokyc.store.store import Connection

FINAL = frozenset({"sms.delivered", "sms.failed", "sms.received"})
"""Events that end a message's way."""


async def timeline(connection: Connection, account_id: int, sms_id: int) -> Timeline:
    """Raises ApiError 404."""
    row = await queries.get(connection, account_id, sms_id)
    request = {"direction": row["direction"], "segments": row["segments"], "encoding": row["encoding"]}
    moments: list[Moment] = [
        Moment(row["created_at"], REQUEST, "request", request),
        *await shared(connection, account_id, sms_id, "sms", final=FINAL),
        *await _notes(connection, account_id, sms_id),
        *await _segments(connection, account_id, sms_id),
    ]
    return Timeline(sms=ids.show("sms", sms_id), request_id=row["request_id"], steps=in_order(moments))


async def _notes(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    """Submissions that were not accepted."""
    rows = await connection.fetch(
        "SELECT * FROM sms_notes WHERE account_id = $1 AND sms_id = $2 ORDER BY id", account_id, sms_id
    )
    return [
        Moment(row["at"], ON_THE_WAY, "submission",
               {"segment": row["index"], "carrier": row["carrier"], "verdict": row["verdict"],
                "raw_status": row["raw"]})
        for row in rows
    ]  # fmt: skip


async def _segments(connection: Connection, account_id: int, sms_id: int) -> list[Moment]:
    """Submissions that were accepted, and their receipts."""
    moments: list[Moment] = []
    for row in await queries.segments(connection, account_id, sms_id):
        about = {"segment": row["index"], "carrier": row["carrier"], "carrier_ref": row["carrier_ref"]}
        if row["carrier_ref"] is not None:
            detail = about | {"verdict": "accepted", "raw_status": row["raw"]}
            moments.append(Moment(row["submitted_at"], ON_THE_WAY, "submission", detail))
        if row["receipt_at"] is not None:
            detail = about | {"status": row["status"], "failure_code": row["failure_code"]}
            moments.append(Moment(row["receipt_at"], OUTCOME, "receipt", detail | {"raw_status": row["receipt_raw"]}))
    return moments
