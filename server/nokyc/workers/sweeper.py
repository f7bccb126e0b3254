"""Housekeeping: what has served its time goes."""

from datetime import timedelta
from typing import Any

from nokyc.http.request_log import RETENTION as REQUEST_RETENTION
from nokyc.kit.ids import first_id_at
from nokyc.resources.events.queries import RETENTION
from nokyc.resources.numbers.queries import QUOTE_LIFETIME
from nokyc.store.files import Files
from nokyc.store.store import Connection, Store

ANSWERS_KEPT = timedelta(days=2)
"""Under their idempotency keys, which hold for a day of their account's time."""
QUOTES_KEPT = timedelta(days=1)
"""After they have expired, so that whoever comes late is told so. A sandbox's clock runs ahead, never behind: they have
expired there, too."""
REFS_KEPT = timedelta(days=7)
"""By which an inbound message that a carrier repeats is known again."""
SWEEP_ROWS = 5_000
"""Rows that one statement deletes, so that nothing waits for it."""
ROWS_PER_ACCOUNT = 1_000
DEAF = timedelta(minutes=10)
"""A voice process that did not hear of a hang-up for so long is gone, and its calls with it."""
MAX_ROUNDS = 200
"""Statements for one table in one sweep; the rest waits for the next."""

_BY_TIME = "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {old} LIMIT {rows}))"
_BY_ID = (
    "DELETE FROM {table} t USING ("
    "SELECT o.ctid FROM accounts a CROSS JOIN LATERAL ("
    "SELECT x.ctid FROM {table} x WHERE x.account_id = a.id AND {old} LIMIT {of_account}) o LIMIT {rows}"
    ") gone WHERE t.ctid = gone.ctid"
)
"""For large tables: each account's oldest rows through the primary key, however many rows all of them have."""
_OF_SANDBOX = "NOT a.livemode AND x.created_at < $1::timestamptz + make_interval(secs => a.clock_offset_sec)"
"""By a clock of its own, which may be years ahead."""


async def sweep(store: Store, files: Files) -> None:
    """Delete what has served its time, table by table, and recordings with their files."""
    wall = store.clock.now()
    old_event = first_id_at(wall - RETENTION)
    plan = [
        (_BY_TIME, "idempotency_keys", "created_at < $1", wall - ANSWERS_KEPT),
        (_BY_ID, "idempotency_keys", _OF_SANDBOX, wall - ANSWERS_KEPT),
        (_BY_ID, "quotes", "x.id < $1", first_id_at(wall - QUOTE_LIFETIME - QUOTES_KEPT)),
        (_BY_TIME, "inbound_refs", "arrived_at < $1", wall - REFS_KEPT),
        (_BY_ID, "delivery_attempts", "x.delivery_id < $1", old_event),
        (_BY_ID, "deliveries", "x.id < $1 AND x.status <> 'pending'", old_event),
        (_BY_ID, "events", "x.id < $1", old_event),
        (_BY_TIME, "browser_sessions", "expires_at < $1", wall),
        (_BY_TIME, "registrations", "expires_at < $1", wall),
        (_BY_TIME, "tasks", "starts_with(queue, 'voice.') AND run_at < $1", wall - DEAF),
        (_BY_TIME, "request_log", "created_at < $1", wall - REQUEST_RETENTION),
        (_BY_TIME, "panel_challenges", "expires_at < $1", wall),
        (_BY_TIME, "panel_links", "expires_at < $1", wall),
        (_BY_TIME, "panel_sessions", "expires_at < $1", wall),
    ]
    for statement, table, old, limit in plan:
        text = statement.format(table=table, old=old, rows=SWEEP_ROWS, of_account=ROWS_PER_ACCOUNT)
        for _ in range(MAX_ROUNDS):
            async with store.reading() as connection:
                status = await connection.execute(text, limit)
            if status == "DELETE 0":
                break
    await _sweep_recordings(store, files)


async def _sweep_recordings(store: Store, files: Files) -> None:
    """Recordings are kept for 30 days of their account's time: the file goes first, so that none is forgotten."""
    for _ in range(MAX_ROUNDS):
        async with store.reading() as connection:
            rows = await _old_recordings(connection, store)
            for row in rows:
                await files.delete(row["file"])
                await connection.execute(
                    "DELETE FROM recordings WHERE account_id = $1 AND id = $2", row["account_id"], row["id"]
                )
        if not rows:
            return


async def _old_recordings(connection: Connection, store: Store) -> list[Any]:
    return list(
        await connection.fetch(
            "SELECT r.account_id, r.id, r.file FROM recordings r JOIN accounts a ON a.id = r.account_id"
            " WHERE r.expires_at <= $1::timestamptz + make_interval(secs => a.clock_offset_sec) LIMIT $2",
            store.clock.now(),
            ROWS_PER_ACCOUNT,
        )
    )
