"""What was promised is held against what is there: the invariants of ARCHITECTURE.md, one by one."""

import asyncio
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import asyncpg

from nokyc.kit import ids
from nokyc.store.postgres import EmbeddedPostgres
from nokyc.store.store import LOST, Connection
from nokyc.torture.load import Promises
from nokyc.torture.platform import Platform

SETTLE_SEC = 300.0
"""How long the platform may take to finish what it accepted."""
MAX_SUBMISSIONS = 3
"""Of one message, however often its outcome is unknown."""
FINAL = ("delivered", "undelivered", "failed")
DOUBTFUL = "carrier_timeout"
"""Three outcomes in a row were unknown: the customer has the money back, whatever the carrier did."""


@dataclass(frozen=True, slots=True)
class Line:
    """One invariant: how much of it was looked at, and how much of that is broken."""

    invariant: str
    looked_at: int
    broken: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: nothing may be broken."""

    accepted: int
    """Messages for which the platform answered 201."""
    calls: int
    delivered: int
    failed: int
    lost: int
    duplicated: int
    """Terminal events beyond one for each message, and second messages for one idempotency key."""
    charged_twice: int
    resent: int
    """Submissions that the carrier took beyond one for each message: bounded, and never 0 after such faults."""
    faults: dict[str, int]
    invariants: list[Line]

    @property
    def ok(self) -> bool:
        return self.accepted > 0 and not any(line.broken for line in self.invariants)

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok} | asdict(self)


async def count(platform: Platform, promises: Promises, seen: dict[str, Any], faults: Counter[str]) -> Result:
    """Everything, from the rows; call it once `settle` has returned."""
    connection = await _connect(platform.postgres)
    try:
        outcomes = await connection.fetch(OUTCOMES)
        calls = {ids.show("call", row["id"]): row for row in await connection.fetch(_CALLS)}
        replies = {row["body"].removeprefix("Reply ") for row in await connection.fetch(_REPLIES)}
        events = {ids.show("evt", row["id"]) for row in await connection.fetch(_EVENTS)}
        books = await connection.fetchrow(_BOOKS)
        ledger = await platform.command("ledger", "verify", check=False)
    finally:
        await connection.close()
    assert books is not None
    rows = {row["body"].removeprefix("Torture "): row for row in outcomes}
    twice = len(outcomes) - len(rows)
    lines = [
        *of_messages(rows, promises, twice),
        *of_carrier(rows, seen, replies),
        *of_calls(calls, promises),
        Line("an object of another account is not shown", promises.peeks, promises.leaks),
        Line("balances are the sum of the ledger", ledger.get("entries", 0), len(ledger.get("problems", ["none"]))),
        Line("no balance is below zero, no hold is left", books["accounts"], books["odd"]),
        Line("no task is left, none is set aside", len(rows) + len(calls), books["tasks"]),
        Line("webhooks told of every end", len(events), len(events - promises.events.keys())),
        Line("an event is the same each time it is told", len(promises.events), promises.changed),
    ]
    states = Counter(row["status"] for row in rows.values())
    broken = {line.invariant: line.broken for line in lines}
    return Result(
        accepted=len(promises.messages), calls=len(promises.calls), delivered=states["delivered"],
        failed=states["failed"] + states["undelivered"], lost=broken[_KEPT], duplicated=broken[_ONE_END],
        charged_twice=broken[_CHARGED], resent=sum(n - 1 for n in seen["taken"].values()), faults=dict(faults),
        invariants=lines,
    )  # fmt: skip


async def settle(platform: Platform) -> None:
    """Wait until nothing is under way any more, or patience ends."""
    connection = await _connect(platform.postgres)
    try:
        async with asyncio.timeout(SETTLE_SEC):
            while await connection.fetchval(_UNDER_WAY):  # noqa: ASYNC110 - the state is in the database
                await asyncio.sleep(0.5)
    except TimeoutError:
        pass  # what is still under way will be counted as broken
    finally:
        await connection.close()


def of_messages(rows: dict[str, Any], promises: Promises, twice: int) -> list[Line]:
    # Sums kept by hand, as a ledger that agrees with wrong rows would not show it.
    charged = [row["charged"] == (row["price_micro"] if row["status"] != "failed" else 0) for row in rows.values()]
    return [
        Line(_KEPT, len(promises.messages), len(promises.messages.keys() - rows.keys())),
        Line("every message comes to an end", len(rows), sum(row["status"] not in FINAL for row in rows.values())),
        Line(_ONE_END, len(rows), twice + sum(row["terminal_events"] != 1 for row in rows.values())),
        Line(_CHARGED, len(rows), charged.count(False)),
    ]


def of_carrier(rows: dict[str, Any], seen: dict[str, Any], replies: set[str]) -> list[Line]:
    taken = {token: rows.get(token) for token in seen["taken"]}
    gone = [row is None or (row["status"] == "failed" and row["failure_code"] != DOUBTFUL) for row in taken.values()]
    told = [
        row is None
        or (row["status"] == "failed" and row["failure_code"] != DOUBTFUL)
        or row["status"] in ("queued", "sent")
        for row in map(rows.get, seen["told"])
    ]
    paid = [token for token, row in rows.items() if row["live"] and row["status"] in ("delivered", "undelivered")]
    return [
        Line("what the carrier took is not given up", len(taken), sum(gone)),
        Line("what is paid for, the carrier took", len(paid), len(set(paid) - taken.keys())),
        Line(
            f"no message is submitted more than {MAX_SUBMISSIONS} times", len(taken),
            sum(n > MAX_SUBMISSIONS for n in seen["taken"].values()),
        ),
        Line("an acknowledged receipt is applied", len(told), sum(told)),
        Line("an acknowledged reply is there", len(seen["replies"]), len(set(seen["replies"]) - replies)),
    ]  # fmt: skip


def of_calls(calls: dict[str, Any], promises: Promises) -> list[Line]:
    return [
        Line("every accepted call is there", len(promises.calls), len(promises.calls - calls.keys())),
        Line(
            "every call comes to one end", len(calls),
            sum(row["terminal_events"] != 1 or row["ended_at"] is None for row in calls.values()),
        ),
    ]  # fmt: skip


async def _connect(postgres: EmbeddedPostgres) -> Connection:
    while True:
        try:
            return await asyncpg.connect(postgres.dsn, timeout=5)
        except (*LOST, asyncpg.PostgresError, TimeoutError):
            await asyncio.sleep(0.2)


_KEPT = "every accepted message is there"
_ONE_END = "every message has one end, told once"
_CHARGED = "charged once if it was sent, never if it failed"
OUTCOMES = """
WITH ends AS (
    SELECT account_id, subject_id, count(*) AS n FROM events
    WHERE type IN ('sms.delivered', 'sms.failed') GROUP BY account_id, subject_id
), charges AS (
    SELECT account_id, subject_id, sum(amount_micro)::bigint AS micro FROM ledger_entries
    WHERE move = 'post' GROUP BY account_id, subject_id
)
SELECT s.account_id, s.body, s.status, s.failure_code, s.price_micro, a.livemode AS live,
    coalesce(e.n, 0) AS terminal_events, coalesce(c.micro, 0) AS charged
FROM sms s JOIN accounts a ON a.id = s.account_id
    LEFT JOIN ends e ON e.account_id = s.account_id AND e.subject_id = s.id
    LEFT JOIN charges c ON c.account_id = s.account_id AND c.subject_id = s.id
WHERE s.direction = 'outbound'
"""
"""Each outbound message, how often its end was told, and what was taken for it."""
_REPLIES = "SELECT body FROM sms WHERE direction = 'inbound'"
_CALLS = """
SELECT c.id, c.ended_at,
    (SELECT count(*) FROM events e WHERE e.account_id = c.account_id AND e.subject_id = c.id
     AND e.type = 'call.completed') AS terminal_events
FROM calls c
"""
_EVENTS = """
SELECT e.id FROM events e JOIN accounts a ON a.id = e.account_id
WHERE e.type IN ('sms.delivered', 'sms.failed', 'sms.received', 'call.completed')
    AND EXISTS (SELECT 1 FROM webhook_endpoints w WHERE w.account_id = e.account_id)
"""
_BOOKS = """
SELECT (SELECT count(*) FROM accounts) AS accounts,
    (SELECT count(*) FROM accounts WHERE balance_micro < 0 OR held_micro <> 0) AS odd,
    (SELECT count(*) FROM tasks WHERE queue <> 'schedule' AND kind <> 'receipt')
        + (SELECT count(*) FROM dead_tasks) AS tasks
"""
# A receipt waits for the submission that it names. If that one's answer never reached us, it waits in vain for a while,
# and the message has its end by the receipt of its next submission.
_UNDER_WAY = """
SELECT EXISTS (SELECT 1 FROM sms WHERE status IN ('queued', 'sent'))
    OR EXISTS (SELECT 1 FROM calls WHERE ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM tasks WHERE queue <> 'schedule' AND kind <> 'receipt')
    OR EXISTS (SELECT 1 FROM deliveries WHERE status = 'pending')
"""
