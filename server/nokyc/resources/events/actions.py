"""Emitting events: the fact, and a delivery for everybody who subscribed, in the transaction of the change."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from nokyc.http.call import ENCODER
from nokyc.resources.events.schemas import EventType
from nokyc.settings import API_VERSION
from nokyc.store.store import Unit
from nokyc.store.tasks import Task, enqueue_all

QUEUE = "webhooks"
ACCOUNT_WIDE = ("account.",)
"""Families that a number's own webhook does not get (decision F82)."""
OF_ENDPOINT = """w.account_id, w.id AS endpoint_id, w.url, w.secret, w.previous, w.api_version AS endpoint_version,
    w.failing_since, a.livemode, a.clock_offset_sec"""
"""What a delivery needs of its endpoint (w) and account (a)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An event about to be emitted."""

    account_id: int
    type: EventType
    subject_id: int
    content: Struct
    """The object in the newest shape."""
    request_id: str
    at: datetime
    """Account time."""
    number_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    """Further fields of `data`, beside `object`."""


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it was written down."""

    id: int
    fact: Fact
    data: str
    """JSON."""


async def emit(unit: Unit, facts: Sequence[Fact]) -> None:
    """Write events, with a delivery to every endpoint that wants them."""
    if facts:
        await _fan_out(unit, await write(unit, facts))


async def write(unit: Unit, facts: Sequence[Fact]) -> list[Written]:
    """Write events alone."""
    events = [
        Written(unit.ids.new(), fact, ENCODER.encode({"object": fact.content} | fact.extra).decode()) for fact in facts
    ]
    await unit.connection.execute(
        "INSERT INTO events (account_id, id, type, data, api_version, request_id, subject_id, number_id, created_at)"
        " SELECT a, i, t, d, $9, r, s, n, c FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[],"
        " $5::text[], $6::bigint[], $7::bigint[], $8::timestamptz[]) AS f (a, i, t, d, r, s, n, c)",
        [fact.account_id for fact in facts],
        [event.id for event in events],
        [fact.type for fact in facts],
        [event.data for event in events],
        [fact.request_id for fact in facts],
        [fact.subject_id for fact in facts],
        [fact.number_id for fact in facts],
        [fact.at for fact in facts],
        API_VERSION,
    )
    return events


def wants(enabled: Sequence[str], number_id: int | None, fact_type: str, fact_number_id: int | None) -> bool:
    """Whether an endpoint with these subscriptions gets an event (decisions F82, F136)."""
    if number_id is not None and (number_id != fact_number_id or fact_type.startswith(ACCOUNT_WIDE)):
        return False
    family = fact_type.partition(".")[0] + ".*"
    return any(name in ("*", fact_type, family) for name in enabled)


async def deliver(
    unit: Unit,
    deliveries: Sequence[tuple[int, int, int, datetime]],
    *,
    resend: bool = False,
    taken: int = 0,
    holder: int | None = None,
) -> list[Task]:
    """Queue deliveries of (account_id, endpoint_id, event_id, account time), due now; returns the tasks of the first
    `taken`, which the holder has claimed already."""
    if not deliveries:
        return []
    delivery_ids = [unit.ids.new() for _ in deliveries]
    accounts = [account_id for account_id, _, _, _ in deliveries]
    await unit.connection.execute(
        "INSERT INTO deliveries (account_id, id, endpoint_id, event_id, status, resend, next_attempt_at, created_at)"
        " SELECT a, i, e, v, 'pending', $6, c, c"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[]) AS d (a, i, e, v, c)",
        accounts,
        delivery_ids,
        [endpoint_id for _, endpoint_id, _, _ in deliveries],
        [event_id for _, _, event_id, _ in deliveries],
        [at for _, _, _, at in deliveries],
        resend,
    )
    subjects = list(zip(accounts, delivery_ids, strict=True))
    return await enqueue_all(unit, QUEUE, "webhook.deliver", subjects, taken=taken, holder=holder)


async def _fan_out(unit: Unit, events: Sequence[Written]) -> None:
    """A worker of this process gets what it has room for at once, and need not look it up; the rows stand in case."""
    endpoints = defaultdict(list)
    for row in await unit.connection.fetch(
        f"SELECT {OF_ENDPOINT}, w.enabled_events, w.number_id"  # noqa: S608 - words of our own
        " FROM webhook_endpoints w JOIN accounts a ON a.id = w.account_id"
        " WHERE w.account_id = ANY ($1) AND w.status = 'enabled' AND w.deleted_at IS NULL ORDER BY w.id",
        list({event.fact.account_id for event in events}),
    ):
        endpoints[row["account_id"]].append(row)
    wanted = [
        (event, endpoint)
        for event in events
        for endpoint in endpoints[event.fact.account_id]
        if wants(endpoint["enabled_events"], endpoint["number_id"], event.fact.type, event.fact.number_id)
    ]
    taker = unit.takers.get(QUEUE)
    tasks = await deliver(
        unit,
        [(event.fact.account_id, endpoint["endpoint_id"], event.id, event.fact.at) for event, endpoint in wanted],
        taken=0 if taker is None else min(taker.room(), len(wanted)),
        holder=None if taker is None else taker.holder,
    )
    if taker is not None and tasks:
        unit.hand_over(taker, [(task, _loaded(task, *each)) for task, each in zip(tasks, wanted, strict=False)])


def _loaded(task: Task, event: Written, endpoint: Any) -> dict[str, Any]:
    """A new delivery as the worker would load it."""
    fact = event.fact
    return dict(endpoint) | {
        "id": task.subject_id,
        "event_id": event.id,
        "attempts": 0,
        "resend": False,
        "created_at": fact.at,
        "type": fact.type,
        "data": event.data,
        "shape": API_VERSION,
        "request_id": fact.request_id,
        "event_at": fact.at,
    }
