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

QUEUE = "webhooks"
ACCOUNT_WIDE = ("account.",)
"""Families that a number's own webhook does not get (decision F82)."""


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


async def emit(unit: Unit, facts: Sequence[Fact]) -> None:
    """Write events, with a delivery to every endpoint that wants them."""
    if facts:
        event_ids = await write(unit, facts)
        await _fan_out(unit, list(zip(event_ids, facts, strict=True)))


async def write(unit: Unit, facts: Sequence[Fact]) -> list[int]:
    """Write events alone; returns their ids."""
    event_ids = [unit.ids.new() for _ in facts]
    await unit.connection.execute(
        "INSERT INTO events (account_id, id, type, data, api_version, request_id, subject_id, number_id, created_at)"
        " SELECT a, i, t, d, $9, r, s, n, c FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[],"
        " $5::text[], $6::bigint[], $7::bigint[], $8::timestamptz[]) AS f (a, i, t, d, r, s, n, c)",
        [fact.account_id for fact in facts],
        event_ids,
        [fact.type for fact in facts],
        [ENCODER.encode({"object": fact.content} | fact.extra).decode() for fact in facts],
        [fact.request_id for fact in facts],
        [fact.subject_id for fact in facts],
        [fact.number_id for fact in facts],
        [fact.at for fact in facts],
        API_VERSION,
    )
    return event_ids


def wants(enabled: Sequence[str], number_id: int | None, fact_type: str, fact_number_id: int | None) -> bool:
    """Whether an endpoint with these subscriptions gets an event (decisions F82, F136)."""
    if number_id is not None and (number_id != fact_number_id or fact_type.startswith(ACCOUNT_WIDE)):
        return False
    family = fact_type.partition(".")[0] + ".*"
    return any(name in ("*", fact_type, family) for name in enabled)


async def deliver(
    unit: Unit, deliveries: Sequence[tuple[int, int, int, datetime]], *, resend: bool = False
) -> list[int]:
    """Queue deliveries of (account_id, endpoint_id, event_id, account time), due now; returns their ids."""
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
    await unit.connection.execute(
        "INSERT INTO tasks (account_id, id, queue, kind, subject_id, run_at)"
        " SELECT a, t, $4, 'webhook.deliver', s, $5"
        " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS d (a, t, s)",
        accounts,
        [unit.ids.new() for _ in deliveries],
        delivery_ids,
        QUEUE,
        unit.wall,
    )
    unit.wake(QUEUE)
    return delivery_ids


async def _fan_out(unit: Unit, events: Sequence[tuple[int, Fact]]) -> None:
    endpoints = defaultdict(list)
    for row in await unit.connection.fetch(
        "SELECT account_id, id, enabled_events, number_id FROM webhook_endpoints"
        " WHERE account_id = ANY ($1) AND status = 'enabled' AND deleted_at IS NULL ORDER BY id",
        list({fact.account_id for _, fact in events}),
    ):
        endpoints[row["account_id"]].append(row)
    await deliver(
        unit,
        [
            (fact.account_id, endpoint["id"], event_id, fact.at)
            for event_id, fact in events
            for endpoint in endpoints[fact.account_id]
            if wants(endpoint["enabled_events"], endpoint["number_id"], fact.type, fact.number_id)
        ],
    )
