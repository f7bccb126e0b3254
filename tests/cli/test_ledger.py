"""`nokyc ledger verify` against a database that somebody changes by hand."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from cli.conftest import Installation
from nokyc.kit import ids
from nokyc.store import audit

CHARGED_AND_GIVEN_BACK = (
    "UPDATE ledger_entries SET move = 'post' WHERE account_id = $1 AND move = 'hold' AND subject_id IN"
    " (SELECT subject_id FROM ledger_entries WHERE account_id = $1 AND move = 'void')"
)
DOUBLE_POST = (
    "INSERT INTO ledger_entries SELECT account_id, id + 1, move, category, amount_micro, subject_id, created_at"
    " FROM ledger_entries WHERE account_id = $1 AND move = 'post'"
)
TAMPERINGS = {
    "a balance": (
        "UPDATE accounts SET balance_micro = balance_micro + 1 WHERE id = $1",
        "balance is 94.988001 USD, the ledger says 94.988 USD",
    ),
    "a hold": ("UPDATE accounts SET held_micro = 5 WHERE id = $1", "held is 0.000005 USD, the ledger says 0 USD"),
    "no charge": (
        "DELETE FROM ledger_entries WHERE account_id = $1 AND move = 'post'",
        "was sent and never charged",
    ),
    "no credit": ("DELETE FROM ledger_entries WHERE account_id = $1 AND move = 'credit'", "the ledger says -5.012 USD"),
    "no refund": (
        "DELETE FROM ledger_entries WHERE account_id = $1 AND move = 'void'",
        "failed, and its money was not given back",
    ),
    "charged and given back": (
        CHARGED_AND_GIVEN_BACK,
        "was charged and given back",
    ),
    "a message that was never sent": (
        "UPDATE sms SET status = 'queued' WHERE account_id = $1 AND status = 'delivered'",
        "is queued, and its hold is not its cost",
    ),
    "a cost that is not the price": (
        "UPDATE sms SET cost_micro = 1 WHERE account_id = $1 AND status = 'delivered'",
        "was not charged what it was held for and shows",
    ),
    "no message": ("DELETE FROM sms WHERE account_id = $1", "does not exist, but the ledger has entries for it"),
    "a day's sum": (
        "UPDATE usage_days SET cost_micro = 0 WHERE account_id = $1 AND category = 'sms'",
        "is 0 USD, the ledger says 0.012 USD",
    ),
    "a day's row": ("DELETE FROM usage_days WHERE account_id = $1 AND category = 'number'", "the ledger says 5 USD"),
}


@pytest.fixture
def spender(platform: Installation, account: Any) -> int:
    """The sandbox of an account that leased a number, sent a message, and tried to send another."""
    for event in ("number.activated", "sms.delivered", "sms.failed"):
        assert platform.json("trigger", event, "--api-key", account["test_api_key"])["type"] == event
    live_id = ids.read("acct", account["account_id"])

    async def sandbox() -> int:
        connection = await asyncpg.connect(platform.dsn)
        try:
            found: int = await connection.fetchval("SELECT id FROM accounts WHERE live_id = $1 AND id <> $1", live_id)
            return found
        finally:
            await connection.close()

    return asyncio.run(sandbox())


def test_what_the_platform_did_adds_up(platform: Installation, spender: int) -> None:
    done = platform.json("ledger", "verify")
    assert list(done) == ["ok", "accounts", "entries", "problems"]
    assert (done["ok"], done["problems"]) == (True, [])
    assert done["accounts"] >= 2
    assert done["entries"] >= 7


def test_every_tampering_is_found(platform: Installation, spender: int) -> None:
    async def tamper() -> dict[str, list[str]]:
        connection = await asyncpg.connect(platform.dsn)
        found = {}
        try:
            for name, (statement, _) in TAMPERINGS.items():
                found[name] = await _problems_after(connection, statement, spender)
            found["charged twice"] = await _problems_after(connection, DOUBLE_POST, spender, "DROP INDEX ledger_once")
        finally:
            await connection.close()
        return found

    found = asyncio.run(tamper())
    for name, (_, sentence) in TAMPERINGS.items():
        assert any(sentence in problem for problem in found[name]), (name, found[name])
    assert any("was charged more than once" in problem for problem in found["charged twice"])
    assert all(ids.show("acct", spender) in problem for problems in found.values() for problem in problems)


def test_the_command_says_no(platform: Installation, account: Any) -> None:
    live_id = ids.read("acct", account["account_id"])

    async def change(micro: int) -> None:
        connection = await asyncpg.connect(platform.dsn)
        try:
            await connection.execute(
                "UPDATE accounts SET balance_micro = balance_micro + $2 WHERE id = $1", live_id, micro
            )
        finally:
            await connection.close()

    asyncio.run(change(1_000_000))
    try:
        done = platform.run("ledger", "verify", "--json")
    finally:
        asyncio.run(change(-1_000_000))
    assert (done.returncode, done.stderr) == (1, "nokyc: the ledger does not add up\n")
    assert json.loads(done.stdout)["ok"] is False
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem == f"{account['account_id']}: balance is 101 USD, the ledger says 100 USD"


async def _problems_after(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str, account_id: int, *before: str
) -> list[str]:
    """What an audit finds after a change that is rolled back."""
    outer = connection.transaction(isolation="repeatable_read")
    await outer.start()
    try:
        for preparation in before:
            await connection.execute(preparation)
        assert not (await connection.execute(statement, account_id)).endswith(" 0"), statement
        return (await audit.examine(connection)).problems
    finally:
        await outer.rollback()
