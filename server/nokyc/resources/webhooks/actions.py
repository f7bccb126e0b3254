"""What can happen to endpoints and deliveries. None of these talks to a customer's server."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nokyc.http.errors import ApiError
from nokyc.kit.signing import new_secret
from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, Task, enqueue, finish

RETRY_AFTER_SEC = (120, 720, 3_600, 18_000, 86_400)
"""Seconds after the event at which attempts 2 to 6 are made: gaps of 2 m, 10 m, 48 m, 4 h, 19 h, a day in all."""
JITTER = 0.2
"""Share of a gap by which an attempt may come early, so that a dead receiver's events do not return in one wave.
The last attempt has none: it is a day after the event, exactly."""
DISABLE_AFTER = timedelta(days=5)
MAX_ENDPOINTS = 16
MAX_SECRETS = 10
RESPONSE_CHARS = 2_000
"""What is kept of a receiver's answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt of a delivery ended."""

    task: Task
    delivery: Any
    """The delivery's row with its endpoint's, as the worker loaded it."""
    status_code: int | None
    error: str | None
    elapsed_ms: int
    response_body: str
    attempted_at: datetime
    account_now: datetime

    @property
    def n(self) -> int:
        return int(self.delivery["attempts"]) + 1

    @property
    def succeeded(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def gone(self) -> bool:
        return self.status_code == 410

    @property
    def status(self) -> str:
        if self.succeeded:
            return "succeeded"
        return "failed" if self.gone or self.delivery["resend"] or self.n > len(RETRY_AFTER_SEC) else "pending"


async def create(
    unit: Unit,
    account_id: int,
    *,
    url: str,
    enabled_events: Sequence[str],
    description: str | None,
    number_id: int | None,
    api_version: str,
    at: datetime,
    of_number: bool = False,
) -> tuple[Any, str]:
    """A new endpoint's row and its secret, which is shown this once. One `of_number` is not counted.

    Raises:
        ApiError: 422 `endpoint_limit_reached`.
    """
    await unit.connection.execute("SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE", account_id)
    count = await unit.connection.fetchval(
        "SELECT count(*) FROM webhook_endpoints WHERE account_id = $1 AND deleted_at IS NULL AND NOT of_number",
        account_id,
    )
    if not of_number and count >= MAX_ENDPOINTS:
        raise ApiError("endpoint_limit_reached")
    secret = new_secret(secrets.token_bytes)
    row = await unit.connection.fetchrow(
        "INSERT INTO webhook_endpoints"
        " (account_id, id, url, enabled_events, description, status, api_version, number_id, secret, created_at,"
        " of_number) VALUES ($1, $2, $3, $4, $5, 'enabled', $6, $7, $8, $9, $10) RETURNING *",
        account_id,
        unit.ids.new(),
        url,
        list(enabled_events),
        description,
        api_version,
        number_id,
        unit.vault.seal(secret.encode()),
        at,
        of_number,
    )
    return row, secret


async def update(unit: Unit, row: Any, changes: dict[str, Any]) -> Any:
    """Apply checked changes (url, enabled_events, description, status); returns the new row."""
    if not changes:
        return row
    if changes.get("status") == "enabled" and row["status"] == "disabled":
        changes = changes | {"disabled_reason": None, "failing_since": None}
    if changes.get("status") == "disabled" and row["status"] == "enabled":
        changes = changes | {"disabled_reason": "by hand"}
        await _cancel_pending(unit, row["account_id"], row["id"])
    if "url" in changes:
        await _mirror_url(unit, row["account_id"], row["id"], changes["url"])
    assignments = ", ".join(f"{name} = ${n}" for n, name in enumerate(changes, start=3))
    return await unit.connection.fetchrow(
        f"UPDATE webhook_endpoints SET {assignments} WHERE account_id = $1 AND id = $2 RETURNING *",  # noqa: S608
        row["account_id"],
        row["id"],
        *changes.values(),
    )


async def delete(unit: Unit, account_id: int, endpoint_id: int, at: datetime) -> None:
    """Remove an endpoint; what was still to be delivered to it is canceled."""
    await unit.connection.execute(
        "UPDATE webhook_endpoints SET deleted_at = $3, status = 'disabled' WHERE account_id = $1 AND id = $2",
        account_id,
        endpoint_id,
        at,
    )
    await _mirror_url(unit, account_id, endpoint_id, None)
    await _cancel_pending(unit, account_id, endpoint_id)


async def rotate_secret(unit: Unit, row: Any, *, overlap_sec: int, at: datetime) -> tuple[Any, str]:
    """A new secret; the old one goes on signing beside it for `overlap_sec`."""
    secret = new_secret(secrets.token_bytes)
    old = {"secret": row["secret"].hex(), "expires_at": (at + timedelta(seconds=overlap_sec)).isoformat()}
    previous = [old, *_unexpired(row["previous"], at)][: MAX_SECRETS - 1] if overlap_sec else []
    updated = await unit.connection.fetchrow(
        "UPDATE webhook_endpoints SET secret = $3, previous = $4 WHERE account_id = $1 AND id = $2 RETURNING *",
        row["account_id"],
        row["id"],
        unit.vault.seal(secret.encode()),
        previous,
    )
    return updated, secret


def active_secrets(unit_open: Any, row: Any, at: datetime) -> list[str]:
    """Every secret that signs now, the newest first. `unit_open` opens sealed bytes."""
    sealed = [row["secret"], *(bytes.fromhex(old["secret"]) for old in _unexpired(row["previous"], at))]
    return [unit_open(secret).decode() for secret in sealed]


async def set_number_endpoint(
    unit: Unit, account_id: int, number_id: int, url: str | None, *, api_version: str, at: datetime
) -> str | None:
    """Make, move or remove a number's own endpoint; returns the secret if a new one was made (decision F82)."""
    row = await unit.connection.fetchrow(
        "SELECT * FROM webhook_endpoints WHERE account_id = $1 AND number_id = $2 AND deleted_at IS NULL"
        " AND of_number FOR UPDATE",
        account_id,
        number_id,
    )
    if row is not None and row["url"] == url:
        return None
    if row is not None:
        await delete(unit, account_id, row["id"], at)
    if url is None:
        return None
    _, secret = await create(
        unit, account_id, url=url, enabled_events=["*"], description=None, number_id=number_id,
        api_version=api_version, at=at, of_number=True,
    )  # fmt: skip
    return secret


async def record_attempts(unit: Unit, outcomes: Sequence[Outcome]) -> None:
    """Write down attempts, and what follows: done, again later, given up, or the endpoint disabled."""
    await unit.connection.execute(
        "INSERT INTO delivery_attempts"
        " (account_id, delivery_id, n, status_code, error, elapsed_ms, response_body, attempted_at)"
        " SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::smallint[], $5::text[], $6::int[],"
        " $7::text[], $8::timestamptz[]) ON CONFLICT DO NOTHING",
        [o.task.account_id for o in outcomes],
        [o.delivery["id"] for o in outcomes],
        [o.n for o in outcomes],
        [o.status_code for o in outcomes],
        [o.error for o in outcomes],
        [o.elapsed_ms for o in outcomes],
        [o.response_body[:RESPONSE_CHARS] for o in outcomes],
        [o.attempted_at for o in outcomes],
    )
    next_at = [_next_attempt(o) for o in outcomes]
    await unit.connection.execute(
        "UPDATE deliveries d SET attempts = o.n, status = o.status, next_attempt_at = o.next_at"
        " FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::text[], $5::timestamptz[])"
        " AS o (account_id, id, n, status, next_at)"
        " WHERE d.account_id = o.account_id AND d.id = o.id AND d.status = 'pending'",
        [o.task.account_id for o in outcomes],
        [o.delivery["id"] for o in outcomes],
        [o.n for o in outcomes],
        [o.status for o in outcomes],
        next_at,
    )
    await unit.connection.execute(
        "WITH o AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS o (account_id, id, run_at)),"
        " done AS (DELETE FROM tasks t USING o"
        "   WHERE t.account_id = o.account_id AND t.id = o.id AND o.run_at IS NULL)"
        " UPDATE tasks t SET claimed = false, run_at = o.run_at, attempts = 0 FROM o"
        " WHERE t.account_id = o.account_id AND t.id = o.id AND o.run_at IS NOT NULL",
        [o.task.account_id for o in outcomes],
        [o.task.id for o in outcomes],
        [None if at is None else unit.wall + (at - o.account_now) for o, at in zip(outcomes, next_at, strict=True)],
    )
    for outcome in sorted(outcomes, key=lambda o: (o.task.account_id, o.delivery["endpoint_id"])):
        await _judge_endpoint(unit, outcome)  # in one order, so that batches cannot deadlock


async def disable_if_still_failing(unit: Unit, account_id: int, endpoint_id: int, failing_since: str) -> None:
    """Five days after the first failure: disable the endpoint unless something got through since."""
    row = await unit.connection.fetchrow(
        "SELECT failing_since FROM webhook_endpoints"
        " WHERE account_id = $1 AND id = $2 AND status = 'enabled' FOR UPDATE",
        account_id,
        endpoint_id,
    )
    if row is None or row["failing_since"] is None or row["failing_since"].isoformat() != failing_since:
        return
    # What was under way beside the first failure did not know of it when it succeeded.
    succeeded = await unit.connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM deliveries WHERE account_id = $1 AND endpoint_id = $2 AND status = 'succeeded'"
        " AND created_at >= $3)",
        account_id,
        endpoint_id,
        row["failing_since"],
    )
    if succeeded:
        await _got_through(unit, account_id, endpoint_id)
    else:
        await _disable(unit, account_id, endpoint_id, "no delivery succeeded for five days")


async def cancel_deliveries(unit: Unit, given_up: Sequence[Task]) -> None:
    """Deliveries whose endpoint is disabled or gone, or whose event has left; their tasks end too."""
    await unit.connection.execute(
        "UPDATE deliveries d SET status = 'canceled', next_attempt_at = NULL"
        " FROM unnest($1::bigint[], $2::bigint[]) AS c (account_id, id)"
        " WHERE d.account_id = c.account_id AND d.id = c.id AND d.status = 'pending'",
        [task.account_id for task in given_up],
        [task.subject_id for task in given_up],
    )
    await finish(unit.connection, given_up)


def _next_attempt(outcome: Outcome) -> datetime | None:
    """Account time of the next attempt, None if there is none.

    Times count from the event. If we were down when they came, those that were missed are not made all at once: the
    schedule goes on from now. Only a sandbox's clock may jump over several, and then all of them are due.
    """
    if outcome.status != "pending":
        return None
    n = outcome.n
    at = RETRY_AFTER_SEC[n - 1]
    gap = at - (RETRY_AFTER_SEC[n - 2] if n > 1 else 0)
    early = 0.0 if n == len(RETRY_AFTER_SEC) else gap * JITTER * random.random()  # noqa: S311 - spreads load only
    created_at: datetime = outcome.delivery["created_at"]
    planned = created_at + timedelta(seconds=at - early)
    if planned <= outcome.account_now and outcome.delivery["livemode"]:
        return outcome.account_now + timedelta(seconds=gap - early)
    return planned


async def _judge_endpoint(unit: Unit, outcome: Outcome) -> None:
    account_id, endpoint_id = outcome.task.account_id, outcome.delivery["endpoint_id"]
    if outcome.gone:
        await _disable(unit, account_id, endpoint_id, "the receiver answered 410 Gone")
    elif outcome.succeeded:
        if outcome.delivery["failing_since"] is not None:
            await _got_through(unit, account_id, endpoint_id)
    else:
        since = await unit.connection.fetchval(
            "UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, $3)"
            " WHERE account_id = $1 AND id = $2 RETURNING failing_since",
            account_id,
            endpoint_id,
            outcome.delivery["created_at"],
        )
        if outcome.status == "failed" and not outcome.delivery["resend"] and since is not None:
            wait = max(timedelta(0), since + DISABLE_AFTER - outcome.account_now)
            await enqueue(
                unit, SCHEDULE, "webhook.disable", account_id, endpoint_id,
                payload=since.isoformat(), run_at=unit.wall + wait,
            )  # fmt: skip


async def _got_through(unit: Unit, account_id: int, endpoint_id: int) -> None:
    await unit.connection.execute(
        "UPDATE webhook_endpoints SET failing_since = NULL WHERE account_id = $1 AND id = $2", account_id, endpoint_id
    )


async def _disable(unit: Unit, account_id: int, endpoint_id: int, reason: str) -> None:
    await unit.connection.execute(
        "UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = $3"
        " WHERE account_id = $1 AND id = $2 AND status = 'enabled'",
        account_id,
        endpoint_id,
        reason,
    )
    await _cancel_pending(unit, account_id, endpoint_id)


async def _mirror_url(unit: Unit, account_id: int, endpoint_id: int, url: str | None) -> None:
    """A number shows the URL of the endpoint that its webhook_url made, however that is changed."""
    await unit.connection.execute(
        "UPDATE numbers n SET webhook_url = $3 FROM webhook_endpoints w"
        " WHERE w.account_id = $1 AND w.id = $2 AND w.of_number AND n.account_id = $1 AND n.id = w.number_id",
        account_id,
        endpoint_id,
        url,
    )


async def _cancel_pending(unit: Unit, account_id: int, endpoint_id: int) -> None:
    await unit.connection.execute(
        "WITH canceled AS (UPDATE deliveries SET status = 'canceled', next_attempt_at = NULL"
        " WHERE account_id = $1 AND endpoint_id = $2 AND status = 'pending' RETURNING id)"
        " DELETE FROM tasks t USING canceled c"
        " WHERE t.account_id = $1 AND t.queue = 'webhooks' AND t.subject_id = c.id",
        account_id,
        endpoint_id,
    )


def _unexpired(previous: list[dict[str, str]], at: datetime) -> list[dict[str, str]]:
    return [old for old in previous if datetime.fromisoformat(old["expires_at"]) > at]
