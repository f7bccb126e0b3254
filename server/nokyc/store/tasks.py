"""Outbox and inbox: rows of work, left in the transaction that caused them, claimed by workers under a lease.

`run_at` is the wall clock at which a task is due; while a task is claimed it is the end of the lease, so that a dead
worker's tasks come back by themselves; those of one that is seen to be dead come back at once (`give_back`). Handlers
must bear being run twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.store.store import Connection, Unit

LEASE = timedelta(seconds=60)
"""Longer than any handler may take."""
CLAIM = 128
"""Tasks that one claim takes at the most."""
FAIR_ACCOUNTS = 32
"""Accounts that share one claim at the most."""
SCHEDULE = "schedule"
"""The queue of what becomes due by the clock."""
MAX_ATTEMPTS = 20
"""After so many failures of our own code a task is set aside in dead_tasks, for a person to look at."""


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the outbox or the inbox."""

    account_id: int
    id: int
    queue: str
    kind: str
    subject_id: int
    payload: Any
    attempts: int


async def enqueue(
    unit: Unit,
    queue: str,
    kind: str,
    account_id: int,
    subject_id: int,
    *,
    payload: Any = None,
    run_at: datetime | None = None,
) -> None:
    """Leave work behind; `run_at` is wall clock, now if None."""
    await unit.connection.execute(
        "INSERT INTO tasks (account_id, id, queue, kind, subject_id, payload, run_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        account_id, unit.ids.new(), queue, kind, subject_id, payload, run_at or unit.wall,
    )  # fmt: skip
    unit.wake(queue)


async def enqueue_all(
    unit: Unit, queue: str, kind: str, subjects: Sequence[tuple[int, int]], *, taken: int = 0, holder: int | None = None
) -> list[Task]:
    """Leave work about (account id, subject id) behind, due now; returns the first `taken`, already claimed."""
    task_ids = [unit.ids.new() for _ in subjects]
    await unit.connection.execute(
        "INSERT INTO tasks (account_id, id, queue, kind, subject_id, run_at, claimed, claimed_by, attempts)"
        " SELECT a, t, $4, $5, s, CASE WHEN n <= $6 THEN $7::timestamptz ELSE $8::timestamptz END, n <= $6,"
        " CASE WHEN n <= $6 THEN $9::bigint END, (n <= $6)::int"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS d (a, t, s, n)",
        [account_id for account_id, _ in subjects],
        task_ids,
        [subject_id for _, subject_id in subjects],
        queue,
        kind,
        taken,
        unit.wall + LEASE,
        unit.wall,
        holder,
    )
    if taken < len(subjects):
        unit.wake(queue)
    return [
        Task(account_id, task_id, queue, kind, subject_id, None, 1)
        for task_id, (account_id, subject_id) in zip(task_ids[:taken], subjects[:taken], strict=True)
    ]


async def claim(
    connection: Connection,
    queue: str,
    now: datetime,
    limit: int = CLAIM,
    after: int = -1,
    holder: int | None = None,
) -> list[Task]:
    """Lease up to `limit` due tasks of a queue, spread over the accounts that have some.

    `after` is an account id: the walk over accounts begins behind it, so that callers who hand in the last account
    of the previous claim serve everybody in turn, however much one account has queued. `holder` is the worker with
    whose death they come back.
    """
    rows = await connection.fetch(_CLAIM, queue, now, limit, after, now + LEASE, FAIR_ACCOUNTS, holder)
    if not rows and after >= 0:
        rows = await connection.fetch(_CLAIM, queue, now, limit, -1, now + LEASE, FAIR_ACCOUNTS, holder)
    return [Task(**row) for row in rows]


async def unclaim(connection: Connection, queue: str, holder: int, now: datetime) -> None:
    """Give back what a claim at `now` leased whose answer never came."""
    await connection.execute(
        "UPDATE tasks SET claimed = false, claimed_by = NULL, run_at = $3, attempts = attempts - 1"
        " WHERE queue = $1 AND claimed AND claimed_by = $2 AND run_at = $4",
        queue, holder, now, now + LEASE,
    )  # fmt: skip


async def finish(connection: Connection, tasks: Sequence[Task]) -> int:
    """Delete tasks that are done: in the transaction that recorded their result. Returns how many there were still."""
    status = await connection.execute(
        "DELETE FROM tasks t USING unnest($1::bigint[], $2::bigint[]) AS d (account_id, id)"
        " WHERE t.account_id = d.account_id AND t.id = d.id",
        [task.account_id for task in tasks],
        [task.id for task in tasks],
    )
    return int(status.removeprefix("DELETE "))


async def extend(connection: Connection, task: Task, until: datetime) -> None:
    """Keep a claimed task for longer than its lease: its handler is slow, and alive."""
    await connection.execute(
        "UPDATE tasks SET run_at = $3 WHERE account_id = $1 AND id = $2 AND claimed", task.account_id, task.id, until
    )


async def postpone(connection: Connection, task: Task, run_at: datetime, *, queue: str | None = None) -> None:
    """Give a claimed task back, due at `run_at` (wall clock), perhaps to another queue."""
    await connection.execute(
        "UPDATE tasks SET claimed = false, run_at = $3, queue = coalesce($4, queue) WHERE account_id = $1 AND id = $2",
        task.account_id, task.id, run_at, queue,
    )  # fmt: skip


async def postpone_each(connection: Connection, postponed: Sequence[tuple[Task, datetime]]) -> None:
    """Give claimed tasks back, each due at a time of its own (wall clock)."""
    await connection.execute(
        "UPDATE tasks t SET claimed = false, run_at = p.run_at"
        " FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS p (account_id, id, run_at)"
        " WHERE t.account_id = p.account_id AND t.id = p.id",
        [task.account_id for task, _ in postponed],
        [task.id for task, _ in postponed],
        [run_at for _, run_at in postponed],
    )


async def postpone_all(connection: Connection, postponed: Sequence[Task], run_at: datetime) -> None:
    """Give claimed tasks back that were not even begun: this was no attempt."""
    await connection.execute(
        "UPDATE tasks t SET claimed = false, run_at = $3, attempts = t.attempts - 1"
        " FROM unnest($1::bigint[], $2::bigint[]) AS p (account_id, id)"
        " WHERE t.account_id = p.account_id AND t.id = p.id",
        [task.account_id for task in postponed],
        [task.id for task in postponed],
        run_at,
    )


async def give_back(unit: Unit, holder: int) -> int:
    """End the leases of a worker that is gone; returns how many."""
    rows = await unit.connection.fetch(
        "UPDATE tasks SET run_at = $2, claimed_by = NULL WHERE claimed AND claimed_by = $1 RETURNING queue",
        holder,
        unit.wall,
    )
    for queue in {row["queue"] for row in rows}:
        unit.wake(queue)
    return len(rows)


async def give_up(connection: Connection, task: Task, error: str, now: datetime) -> None:
    """Set a task aside that our own code fails on again and again."""
    await connection.execute(
        "WITH dead AS (DELETE FROM tasks WHERE account_id = $1 AND id = $2"
        " RETURNING account_id, id, queue, kind, subject_id, payload, attempts, claimed, run_at)"
        " INSERT INTO dead_tasks SELECT dead.*, $3, $4 FROM dead",
        task.account_id, task.id, error, now,
    )  # fmt: skip


_CLAIM = """
WITH RECURSIVE due (account_id, depth) AS (
    (SELECT account_id, 1 FROM tasks
     WHERE queue = $1 AND account_id > $4 AND run_at <= $2 ORDER BY account_id LIMIT 1)
    UNION ALL
    SELECT (SELECT t.account_id FROM tasks t
            WHERE t.queue = $1 AND t.account_id > due.account_id AND t.run_at <= $2 ORDER BY t.account_id LIMIT 1),
           depth + 1
    FROM due WHERE due.account_id IS NOT NULL AND depth < $6
), mine AS MATERIALIZED (
    SELECT picked.account_id, picked.id FROM due CROSS JOIN LATERAL (
        SELECT t.account_id, t.id FROM tasks t
        WHERE t.queue = $1 AND t.account_id = due.account_id AND t.run_at <= $2
        ORDER BY t.run_at, t.id
        LIMIT greatest(1, $3 / (SELECT count(*) FROM due WHERE account_id IS NOT NULL))
        FOR UPDATE SKIP LOCKED
    ) AS picked LIMIT $3
)
UPDATE tasks t SET claimed = true, claimed_by = $7, run_at = $5, attempts = t.attempts + 1
FROM mine WHERE t.account_id = mine.account_id AND t.id = mine.id
RETURNING t.account_id, t.id, t.queue, t.kind, t.subject_id, t.payload, t.attempts
"""
