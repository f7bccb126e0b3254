"""Reading over all accounts: links, routes, stock, accounts, what was done, and how much there is to do."""

from datetime import datetime, timedelta
from typing import Any

from nokyc.http.paging import NEWEST
from nokyc.kit.ids import first_id_at
from nokyc.resources.calls.settle import IS_OPEN
from nokyc.resources.carriers.links import NEWS
from nokyc.store.store import Connection


async def account(connection: Connection, account_id: int) -> Any:
    """A live account with its sandbox's balance; None if there is none."""
    return await connection.fetchrow(f"{_ACCOUNTS} AND a.id = $1", account_id)


async def accounts(
    connection: Connection, *, limit: int, below: int | None = None, name: str | None = None
) -> list[Any]:
    """Live accounts, newest first, one more than asked for; with `name`, those whose sign-in name has it within."""
    statement = (
        f"{_ACCOUNTS} AND a.id < $1 AND ($2::text IS NULL OR EXISTS (SELECT FROM panel_logins l"
        " WHERE l.account_id = a.id AND strpos(lower(l.name), lower($2)) > 0)) ORDER BY a.id DESC LIMIT $3"
    )
    return list(await connection.fetch(statement, NEWEST if below is None else below, name, limit + 1))


async def carriers(connection: Connection) -> list[Any]:
    return list(await connection.fetch("SELECT name, kind, created_at FROM carriers ORDER BY created_at, name"))


async def carrier(connection: Connection, name: str) -> Any:
    """One carrier with its sealed configuration; None if there is none."""
    return await connection.fetchrow("SELECT * FROM carriers WHERE name = $1", name)


async def links(connection: Connection, now: datetime) -> list[Any]:
    """Links as the workers saw them in the last seconds."""
    return list(
        await connection.fetch("SELECT * FROM links WHERE seen_at > $1 ORDER BY carrier, name, worker", now - NEWS)
    )


async def voice_processes(connection: Connection, now: datetime) -> list[Any]:
    """Voice processes with their trunks and the calls that each has; one without either is not seen."""
    return list(
        await connection.fetch(
            "SELECT coalesce(l.worker, c.worker) AS worker, coalesce(l.trunks, 0) AS trunks, coalesce(l.up, 0) AS up,"  # noqa: S608 - words of our own
            " coalesce(c.ringing, 0) AS ringing, coalesce(c.talking, 0) AS talking FROM ("
            "SELECT worker, count(*) AS trunks, count(*) FILTER (WHERE up) AS up FROM links JOIN carriers"
            " ON carriers.name = links.carrier WHERE kind = 'sip' AND seen_at > $1 GROUP BY worker) l FULL JOIN ("
            "SELECT worker, count(*) FILTER (WHERE status = 'ringing') AS ringing,"
            " count(*) FILTER (WHERE status = 'in_progress') AS talking FROM calls"
            f" WHERE {IS_OPEN} AND worker IS NOT NULL GROUP BY worker"
            ") c ON c.worker = l.worker ORDER BY 1",
            now - NEWS,
        )
    )


async def lines_up(connection: Connection, now: datetime) -> bool | None:
    """Whether some SIP trunk is up; None if none was ever connected."""
    found: bool | None = await connection.fetchval(
        "SELECT bool_or(EXISTS (SELECT 1 FROM links l WHERE l.carrier = c.name AND l.up AND l.seen_at > $1))"
        " FROM carriers c WHERE c.kind = 'sip'",
        now - NEWS,
    )
    return found


async def routes(connection: Connection) -> list[Any]:
    """Routes in the order in which they are tried."""
    return list(await connection.fetch("SELECT * FROM routes ORDER BY length(prefix) DESC, prefix, id"))


async def stock(
    connection: Connection,
    *,
    limit: int,
    below: int | None,
    country: str | None,
    contains: str | None,
    free: bool | None,
) -> list[Any]:
    """The inventory, newest first, one more than asked for."""
    return list(
        await connection.fetch(
            "SELECT * FROM inventory WHERE id < $1 AND ($2::text IS NULL OR country = $2)"
            " AND ($3::text IS NULL OR strpos(e164, $3) > 0)"
            " AND ($4::boolean IS NULL OR (leased_by IS NULL) = $4) ORDER BY id DESC LIMIT $5",
            NEWEST if below is None else below,
            country,
            contains,
            free,
            limit + 1,
        )
    )


async def stock_sums(connection: Connection) -> list[Any]:
    """How many numbers of each country there are, and how many are free."""
    return list(
        await connection.fetch(
            "SELECT country, count(*) AS all, count(*) FILTER (WHERE leased_by IS NULL) AS free FROM inventory"
            " GROUP BY country ORDER BY 2 DESC, 1"
        )
    )


async def audit(
    connection: Connection, *, limit: int, below: int | None = None, account_id: int | None = None,
    actor: str | None = None,
) -> list[Any]:  # fmt: skip
    """What was done, by whomever, newest first, one more than asked for."""
    return list(
        await connection.fetch(
            "SELECT * FROM audit_log WHERE id < $1 AND ($2::bigint IS NULL OR account_id = $2)"
            " AND ($3::text IS NULL OR actor = $3) ORDER BY id DESC LIMIT $4",
            NEWEST if below is None else below,
            account_id,
            actor,
            limit + 1,
        )
    )


async def work(connection: Connection, now: datetime) -> list[Any]:
    """Tasks that are due in each queue, and how long the oldest of them waits."""
    return list(
        await connection.fetch(
            "SELECT queue, count(*) AS due, min(run_at) AS oldest FROM tasks WHERE run_at <= $1 AND NOT claimed"
            " GROUP BY queue ORDER BY 2 DESC",
            now,
        )
    )


async def dead(connection: Connection) -> list[Any]:
    """Tasks that were set aside, the latest first."""
    return list(await connection.fetch("SELECT * FROM dead_tasks ORDER BY died_at DESC LIMIT 20"))


async def throughput(connection: Connection, now: datetime) -> list[Any]:
    """Events of each of the last sixty minutes: of messages sent, received and failed. At most 60,000 are looked at."""
    since = now - timedelta(minutes=60)
    return list(
        await connection.fetch(
            "SELECT date_trunc('minute', created_at) AS minute, type, count(*) AS n FROM ("
            "SELECT e.type, e.created_at FROM accounts a CROSS JOIN LATERAL ("
            "SELECT type, created_at FROM events WHERE account_id = a.id AND id > $1 LIMIT 20000) e"
            " WHERE a.livemode LIMIT 60000) recent WHERE type IN ('sms.sent', 'sms.received', 'sms.failed')"
            " AND created_at > $2 GROUP BY 1, 2",
            first_id_at(since),
            since,
        )
    )


_ACCOUNTS = """
SELECT a.*, t.id AS test_id, t.balance_micro AS test_micro,
    (SELECT count(*) FROM numbers n WHERE n.account_id = a.id AND n.status <> 'released') AS numbers,
    (SELECT coalesce(sum(u.cost_micro), 0)::bigint FROM usage_days u WHERE u.account_id = a.id
        AND u.day >= current_date - 30) AS spent_micro,
    (SELECT name FROM panel_logins l WHERE l.account_id = a.id) AS login_name
FROM accounts a JOIN accounts t ON t.live_id = a.id AND NOT t.livemode WHERE a.livemode
"""
