"""Reading what AI can do here."""

from datetime import datetime, timedelta
from typing import Any

from nokyc.store.store import Connection

PAIRS_LIVE = timedelta(days=7)
"""A speech process that was not seen for so long is not coming back; until then its pairs can be configured."""


async def translation_pairs(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """Source and target languages that some speech process can do, in order; empty if none ever said so. `now` is
    wall clock."""
    rows = await connection.fetch(
        "SELECT source, target FROM translation_pairs WHERE seen_at > $1 ORDER BY source, target", now - PAIRS_LIVE
    )
    return [(row["source"], row["target"]) for row in rows]


async def answering_numbers(connection: Connection, limit: int) -> list[Any]:
    """Numbers of all accounts that have an agent, the newest first, each with what was set (`settings`): for whoever
    prepares what agents say."""
    rows = await connection.fetch(
        "SELECT n.*, c.settings FROM numbers n LEFT JOIN ai_configs c ON c.account_id = n.account_id"
        " AND c.number_id = n.id WHERE n.status <> 'released' AND n.addons && '{ai-pickup,ai-screen}'"
        " ORDER BY n.id DESC LIMIT $1",
        limit,
    )
    return list(rows)
