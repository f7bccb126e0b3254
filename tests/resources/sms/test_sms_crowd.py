"""What a receipt costs does not depend on how many messages wait for theirs."""

from datetime import timedelta

import asyncpg

from nokyc import main
from nokyc.carriers.port import Receipt
from nokyc.kit.clock import ManualClock
from nokyc.resources.sms.actions import record_receipts
from nokyc.settings import Settings
from nokyc.store.migrate import migrate
from nokyc.store.store import Unit
from support import START, make_customer

WAITING = 3_000
BATCH = 20
_SENT = """
INSERT INTO sms (account_id, id, number_id, direction, sender, recipient, body, encoding, segments, status, price_micro,
    cost_micro, request_id, created_at, expires_at)
SELECT $1, n, 1, 'outbound', '+33647000001', '+33647000002', 'Hello', 'gsm7', 1, 'sent', 0, 0, 'req_1', $2, $3
FROM generate_series($4::int, $5::int) AS n
"""
_SUBMITTED = """
INSERT INTO segments (account_id, sms_id, index, status, carrier, carrier_ref, submitted_at)
SELECT account_id, id, 0, 'sent', 'acme', 'ref-' || id, created_at FROM sms WHERE id >= $1
"""
_READ = "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'segments'"


async def test_receipts_read_what_they_are_about(postgres_dsn: str, settings: Settings) -> None:
    administration = await asyncpg.connect(postgres_dsn)
    await administration.execute("CREATE DATABASE crowd")
    await administration.close()
    dsn = postgres_dsn.replace("/nokyc?", "/crowd?")
    connection = await asyncpg.connect(dsn)
    await migrate(connection)
    store = await main.open_store(settings, dsn, clock=ManualClock(START), plan_once=True)
    customer = await make_customer(store)

    async def take(unit: Unit, first: int) -> int:
        receipts = [("acme", Receipt(f"ref-{n}", "delivered")) for n in range(first, first + BATCH)]
        assert await record_receipts(unit, receipts) == set()
        read: int = await unit.connection.fetchval(_READ)
        return read

    async def send(first: int, count: int) -> None:
        expiry = START + timedelta(days=1)
        await connection.execute(_SENT, customer.live_id, START, expiry, first, first + count - 1)
        await connection.execute(_SUBMITTED, first)

    try:
        await send(1, BATCH)
        alone = await store.run(lambda unit: take(unit, 1))  # plans are made while the tables are as small as this
        await send(BATCH + 1, WAITING)
        assert await store.run(lambda unit: take(unit, BATCH + 1)) <= 2 * alone
    finally:
        await store.close()
        await connection.close()
