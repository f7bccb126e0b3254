"""Messages as conversations: what was said between a number and a peer.

There is no index by peer, since it would cost every message something; so a look goes over the newest messages, so
many and no more, and tells how far it came.
"""

from dataclasses import dataclass
from typing import Any

from nokyc.http.paging import NEWEST
from nokyc.store.store import Connection

LOOKED_AT = 1_000
"""Messages of an account that one list of conversations is made from."""
THREAD_LOOKED_AT = 2_000
"""Messages of a number that are searched for those with one peer."""
USAGE_LOOKED_AT = 5_000
PEER = "CASE direction WHEN 'inbound' THEN sender ELSE recipient END"


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, newest first, and where the look ended; None if it came to the very first message."""

    rows: list[Any]
    looked_to: int | None


async def conversations(
    connection: Connection, account_id: int, *, limit: int, below: int | None = None, number_id: int | None = None
) -> Found:
    """The newest message with each peer of each number."""
    newest = (
        f"SELECT id, number_id, {PEER} AS peer, direction, left(body, 200) AS body, status, created_at"  # noqa: S608
        " FROM sms WHERE account_id = $1 AND id < $2 AND ($3::bigint IS NULL OR number_id = $3)"
        f" ORDER BY id DESC LIMIT {LOOKED_AT}"
    )
    rows = await connection.fetch(
        f"WITH recent AS MATERIALIZED ({newest}), one AS (SELECT DISTINCT ON (number_id, peer) *"  # noqa: S608
        " FROM recent ORDER BY number_id, peer, id DESC)"
        " SELECT one.*, n.e164, (SELECT count(*) FROM recent) AS looked_at, (SELECT min(id) FROM recent) AS looked_to"
        " FROM one JOIN numbers n ON n.account_id = $1 AND n.id = one.number_id ORDER BY one.id DESC LIMIT $4",
        account_id,
        NEWEST if below is None else below,
        number_id,
        limit + 1,
    )
    if not rows:
        return Found([], None)
    if len(rows) > limit:
        return Found(list(rows[:limit]), rows[limit - 1]["id"])
    return Found(list(rows), rows[0]["looked_to"] if rows[0]["looked_at"] == LOOKED_AT else None)


async def thread(
    connection: Connection, account_id: int, number_id: int, peer: str, *, limit: int, below: int | None = None
) -> Found:
    """The messages between a number and a peer."""
    newest = NEWEST if below is None else below
    looked = await connection.fetchrow(
        f"WITH recent AS MATERIALIZED (SELECT id, {PEER} AS peer FROM sms"  # noqa: S608
        " WHERE account_id = $1 AND number_id = $2 AND id < $4 ORDER BY id DESC LIMIT $5)"
        " SELECT ARRAY(SELECT id FROM recent WHERE peer = $3 ORDER BY id DESC LIMIT $6) AS ids,"
        " count(*) AS looked_at, min(id) AS looked_to FROM recent",
        account_id,
        number_id,
        peer,
        newest,
        THREAD_LOOKED_AT,
        limit + 1,
    )
    assert looked is not None
    rows = await connection.fetch(
        "SELECT * FROM sms WHERE account_id = $1 AND id = ANY ($2) ORDER BY id DESC", account_id, looked["ids"][:limit]
    )
    if len(looked["ids"]) > limit:
        return Found(list(rows), rows[-1]["id"])
    return Found(list(rows), looked["looked_to"] if looked["looked_at"] == THREAD_LOOKED_AT else None)


async def by_number(connection: Connection, account_id: int) -> list[Any]:
    """Messages, segments and cost of each number, over the account's newest messages, the busiest first."""
    return list(
        await connection.fetch(
            "SELECT r.number_id, n.e164, count(*) AS messages, sum(r.segments)::bigint AS segments,"  # noqa: S608
            " count(*) FILTER (WHERE r.status IN ('failed', 'undelivered')) AS failed,"
            " coalesce(sum(r.cost_micro), 0)::bigint AS cost_micro, min(r.created_at) AS since FROM"
            " (SELECT number_id, segments, status, cost_micro, created_at FROM sms WHERE account_id = $1"
            f" ORDER BY id DESC LIMIT {USAGE_LOOKED_AT}) r"
            " JOIN numbers n ON n.account_id = $1 AND n.id = r.number_id"
            " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50",
            account_id,
        )
    )
