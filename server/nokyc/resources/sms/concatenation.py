"""References that tie the segments of a long message together on the handset (3GPP TS 23.040, 9.2.3.24.1)."""

from collections.abc import Sequence
from typing import Any

from nokyc.store.store import Unit

REFERENCES = 256
"""An 8-bit reference leaves 153 septets to a segment, which is what customers pay for; a 16-bit one leaves 152."""
COUNT = """
WITH wanted AS (
    SELECT account_id, number_id, count(*) AS n
    FROM unnest($1::bigint[], $2::bigint[]) AS w (account_id, number_id) GROUP BY 1, 2 ORDER BY 1, 2
)
INSERT INTO concatenations AS c (account_id, number_id, count) SELECT account_id, number_id, n FROM wanted
ON CONFLICT (account_id, number_id) DO UPDATE SET count = c.count + excluded.count
RETURNING account_id, number_id, count
"""


async def references(unit: Unit, rows: Sequence[Any]) -> dict[tuple[int, int], int]:
    """The next reference of its number for each long message, by account and message.

    Handsets mix the parts of messages that share a sender and a reference, so a number counts through all of them.
    """
    long = [row for row in rows if row["segments"] > 1]
    if not long:
        return {}
    counts = await unit.connection.fetch(COUNT, [row["account_id"] for row in long], [row["number_id"] for row in long])
    last = {(row["account_id"], row["number_id"]): row["count"] for row in counts}
    taken = {}
    for row in reversed(long):
        number = row["account_id"], row["number_id"]
        taken[row["account_id"], row["id"]] = last[number] % REFERENCES
        last[number] -= 1
    return taken
