"""Housekeeping: what has served its time goes."""

from datetime import timedelta

from nokyc.kit.ids import first_id_at
from nokyc.store.store import Store

EVENT_RETENTION = timedelta(days=30)
SWEEP_ROWS = 5_000
"""Rows that one statement deletes, so that nothing waits for it."""


async def sweep(store: Store) -> None:
    """Delete old idempotency keys, quotes, events with their deliveries, and dedupe references."""
    wall = store.clock.now()
    old_event = first_id_at(wall - EVENT_RETENTION)
    statements = [
        ("idempotency_keys", "created_at < $1", wall - timedelta(days=2)),
        ("quotes", "expires_at < $1", wall - timedelta(days=1)),
        ("inbound_refs", "arrived_at < $1", wall - timedelta(days=7)),
        ("delivery_attempts", "delivery_id < $1", old_event),
        ("deliveries", "id < $1 AND status <> 'pending'", old_event),
        ("events", "id < $1", old_event),
        ("panel_links", "expires_at < $1", wall),
        ("panel_sessions", "expires_at < $1", wall),
    ]
    async with store.reading() as connection:
        for table, condition, limit in statements:
            await connection.execute(
                f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("  # noqa: S608 - our own constants
                f"SELECT ctid FROM {table} WHERE {condition} LIMIT {SWEEP_ROWS}))",
                limit,
            )
