"""What runs for each message and call finds its rows by their account, so that accounts could live on many servers.

The proof is PostgreSQL's own: messages, receipts, webhooks, an answer and a call go through the platform, and every
plan that was executed (auto_explain, functions included) reaches the accounts' tables by an index on the account, or
stands below with the reason why not. docs/decisions/0025 says what a reason means for sharding.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from carriers.smpp.smsc import receipt, texts
from nokyc import main
from nokyc.carriers.smpp.pdu import DeliverSm
from nokyc.http.outbound import OutboundClient
from nokyc.kit.clock import ManualClock
from nokyc.resources.calls.settle import IS_OPEN, OPEN
from nokyc.settings import Settings
from nokyc.store.store import Store
from resources.calls.desk import later, place
from resources.sms.desk import HANDSET, Fleet, eventually, inbox, new_smsc, send, state
from resources.webhooks.receiver import Receiver
from support import Client, activate, events_of, make_customer

EXPLAINED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
}
PLAN = re.compile(r"duration: [\d.]+ ms  plan:\n(\t\{.*?\n\t\})", re.DOTALL)
ONE_ACCOUNT = re.compile(r"\baccount_id = ")
REAPER = f"FROM calls WHERE {IS_OPEN} AND seen_at"
OTHERWISE = {
    "WITH RECURSIVE due (account_id, depth)": "claims walk over the accounts of a queue: each shard has its workers",
    "WITH RECURSIVE q (queue)": "which queues have something, for the rerouter: asked of each shard",
    "FROM sms WHERE status IN ('queued', 'sent') AND expires_at": "the sweep for expired messages: of each shard",
    REAPER: "the reaper of calls: of each shard",
    "FROM api_keys k": "whose key it is, is the question; asked once a second at most, then kept in memory",
    "JOIN segments s ON s.carrier = r.carrier AND s.carrier_ref": "a receipt names a submission, no account",
    "FROM numbers n JOIN accounts a ON a.id = n.account_id WHERE n.e164": "an inbound message names a number",
}
"""Statements that find rows without their account, by a part of their text, and why."""
SELDOM = (
    "UPDATE sms SET expires_at = expires_at - make_interval",
    "SELECT DISTINCT e164 FROM numbers",
)
"""When a sandbox's clock is moved: it names the account, and the planner may prefer the index of what expires. And when
the simulated carrier is to pass a message on to a number, of whatever account, which other tests may have left."""


@dataclass(frozen=True, slots=True)
class Access:
    """How one node of a plan reached a table of accounts."""

    table: str
    index: str
    condition: str
    statement: str

    @property
    def by_account(self) -> bool:
        if self.table == "accounts":
            return bool(re.search(r"\bid = ", self.condition))
        return bool(ONE_ACCOUNT.search(self.condition))


async def test_messages_and_calls_stay_with_their_account(
    store: Store, postgres_dsn: str, settings: Settings, clock: ManualClock
) -> None:
    async with store.reading() as connection:
        tables = {row["relname"] for row in await connection.fetch(_TABLES)} | {"accounts"}
        await connection.execute(_LARGE, ["deliveries", "segments", "sms", "tasks"])
        began = await connection.fetchval("SELECT size FROM pg_stat_file(pg_current_logfile())")
    async with explained(postgres_dsn, settings, clock) as watched:
        await live_a_day(watched, store, settings)
    async with store.reading() as connection:
        said = await connection.fetchval("SELECT pg_read_file(pg_current_logfile(), $1, 100000000)", began)
    accesses = [each for plan in plans(said) for each in read(plan, plan["Query Text"]) if each.table in tables]
    assert {"sms", "segments", "tasks", "events", "deliveries", "calls"} <= {each.table for each in accesses}
    astray = {
        each.statement
        for each in accesses
        if not each.by_account and not any(part in each.statement for part in SELDOM)
    }
    assert {each for each in astray if not any(part in each for part in OTHERWISE)} == set()
    assert [part for part in OTHERWISE if not any(part in each for each in astray)] == []
    assert {each.index for each in accesses if REAPER in each.statement} == {"calls_open"}


async def test_the_index_of_open_calls_has_just_those(store: Store) -> None:
    async with store.reading() as connection:
        kept = await connection.fetchval(
            "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'calls_open'::regclass"
        )
    assert re.findall(r"'(\w+)'", kept) == list(OPEN)


async def live_a_day(store: Store, unwatched: Store, settings: Settings) -> None:
    """Everything that happens all the time, for two accounts."""
    client, smsc, receiver = OutboundClient(allow_private=True), new_smsc(), Receiver()
    fleet = Fleet(store, settings, client)
    web = main.build_web(store, settings)
    await smsc.start()
    await receiver.start()
    await fleet.add_smpp("acme", smsc.port, "33")
    try:
        for body in ("Hello", "Hello. " * 40):
            customer = await make_customer(store)
            async with Client(web.app, customer.live_key) as live, Client(web.app, customer.test_key) as test:
                await exchange(live, fleet, smsc, receiver, body)
                number = await activate(store, test)
                call = await place(test, number)
                for _ in range(3):
                    await later(test, fleet.work, 10)
                assert "call.completed" in await events_of(test, call["id"])
    finally:
        fleet.store = unwatched
        await fleet.close()
        await client.close()
        await smsc.stop()
        await receiver.stop()


async def exchange(live: Client, fleet: Fleet, smsc: Any, receiver: Receiver, body: str) -> None:
    """A message out with its receipts, and an answer to it."""
    number = await activate(fleet.store, live)
    hook = {"url": f"{receiver.url}/", "enabled_events": ["*"]}
    assert (await live.post("/v1/webhook_endpoints", json=hook)).status_code == 201
    began = len(smsc.submits)
    sms = await send(live, number, body=body)

    async def sent() -> bool:
        return (await state(live, sms))[0] == "sent"

    await eventually(fleet.work, sent)
    assert texts(smsc.submits[began:]) == [body]
    for n in range(began, len(smsc.submits)):
        assert await smsc.deliver(receipt(smsc.message_id(0x1000 + n))) == 0
    reply = DeliverSm(source_ton=1, source=HANDSET[1:], dest=number["number"][1:], short_message=b"Yes")
    assert await smsc.deliver(reply) == 0
    await fleet.work()
    assert (await state(live, sms))[0] == "delivered"
    assert await inbox(live, number) == ["Yes"]
    await fleet.work()
    assert {"sms.sent", "sms.delivered", "sms.received"} <= {each["type"] for each in receiver.events()}


@asynccontextmanager
async def explained(dsn: str, settings: Settings, clock: ManualClock) -> AsyncIterator[Store]:
    """A store whose connections have PostgreSQL write down each plan."""
    store = await main.open_store(settings, f"{dsn}&{urlencode(EXPLAINED)}", clock=clock, size=10)
    try:
        yield store
    finally:
        await store.close()


def plans(log: str) -> Iterator[Any]:
    for match in PLAN.finditer(log):
        yield json.loads(match[1].replace("\n\t", "\n"))


def read(node: Any, statement: str) -> Iterator[Access]:
    """Every scan of a table below a node."""
    children = node.get("Plans", [])
    if "Plan" in node:
        children = [node["Plan"]]
    if node.get("Node Type", "").endswith("Scan") and "Relation Name" in node:
        bitmap = children[0] if node["Node Type"] == "Bitmap Heap Scan" else {}
        index = node.get("Index Name") or bitmap.get("Index Name") or "none"
        condition = node.get("Index Cond") or bitmap.get("Index Cond") or ""
        yield Access(node["Relation Name"], index, condition, " ".join(statement.split()))
    for child in children:
        yield from read(child, statement)


_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
_LARGE = """
UPDATE pg_class SET relpages = 1, reltuples = 100000
WHERE relname = ANY ($1::text[]) AND relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
"""What the planner is told of tables that batches update: if they had a few rows, it might well walk over all."""
