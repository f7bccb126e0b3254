"""The timeline of one call: what was asked, held, signalled, heard and told, causes before effects."""

from datetime import datetime, timedelta
from typing import Any

from nokyc.kit import ids
from nokyc.resources.calls import queries
from nokyc.resources.calls.schemas import CallTimeline
from nokyc.resources.events.timeline import ON_THE_WAY, OUTCOME, REQUEST, Moment, in_order, shared
from nokyc.store.store import Connection

FINAL = frozenset({"call.completed", "call.recorded"})
"""Events that come at a call's end."""


async def timeline(connection: Connection, account_id: int, call_id: int) -> CallTimeline:
    """Raises ApiError 404."""
    row = await queries.get(connection, account_id, call_id)
    connect = None if row["connect"] is None else row["connect"]["type"]
    request = {"direction": row["direction"], "connect": connect, "recording_enabled": row["recording_enabled"]}
    moments = [
        Moment(row["started_at"], REQUEST, "request", request),
        *await shared(connection, account_id, call_id, "call", final=FINAL),
        *_states(row),
        *await _ladder(connection, account_id, call_id),
        *await _alerts(connection, account_id, call_id),
        *await _captions(connection, account_id, call_id),
    ]
    if row["quality"] is not None:
        moments.append(Moment(row["ended_at"] or row["started_at"], OUTCOME, "quality", row["quality"]))
    return CallTimeline(call=ids.show("call", call_id), request_id=row["request_id"], steps=in_order(moments))


def _states(row: Any) -> list[Moment]:
    """When the call moved on."""
    moments: list[Moment] = []
    if row["rang_at"] is not None:
        moments.append(Moment(row["rang_at"], ON_THE_WAY, "state", {"status": "ringing", "carrier": row["carrier"]}))
    if row["answered_at"] is not None:
        detail = {"status": "in_progress", "answered_by": row["answered_by"]}
        moments.append(Moment(row["answered_at"], ON_THE_WAY, "state", detail))
    if row["ended_at"] is not None:
        detail = {
            "status": row["status"], "end_reason": row["end_reason"], "sip_status": row["sip_status"],
            "hangup_cause": row["hangup_cause"], "duration_sec": row["duration_sec"],
        }  # fmt: skip
        moments.append(Moment(row["ended_at"], OUTCOME, "state", detail))
    return moments


async def _ladder(connection: Connection, account_id: int, call_id: int) -> list[Moment]:
    """The SIP messages; they are dated by the wall clock, and stand here in account time, like the rest."""
    row = await connection.fetchrow(
        "SELECT l.steps, a.clock_offset_sec FROM call_ladders l JOIN accounts a ON a.id = l.account_id"
        " WHERE l.account_id = $1 AND l.call_id = $2",
        account_id,
        call_id,
    )
    if row is None:
        return []
    offset = timedelta(seconds=row["clock_offset_sec"])
    return [
        Moment(datetime.fromisoformat(step["at"]) + offset, ON_THE_WAY, "sip",
               {"leg": step["leg"], "sent": step["sent"], "message": step["message"]})
        for step in row["steps"]
    ]  # fmt: skip


async def _alerts(connection: Connection, account_id: int, call_id: int) -> list[Moment]:
    rows = await connection.fetch(
        "SELECT * FROM call_alerts WHERE account_id = $1 AND call_id = $2", account_id, call_id
    )
    return [Moment(row["at"], ON_THE_WAY, "quality", {"alert": row["kind"], **row["quality"]}) for row in rows]


async def _captions(connection: Connection, account_id: int, call_id: int) -> list[Moment]:
    """What was said in a call that was translated live."""
    rows = await connection.fetch(
        "SELECT * FROM call_captions WHERE account_id = $1 AND call_id = $2 ORDER BY n", account_id, call_id
    )
    names = ("leg", "language", "said", "translation", "target")
    return [Moment(row["at"], ON_THE_WAY, "caption", {name: row[name] for name in names}) for row in rows]
