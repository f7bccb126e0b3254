"""The books of an account, added up from its ledger without a line of the server's own arithmetic."""

from dataclasses import dataclass

from nokyc.store.store import Store


@dataclass(frozen=True, slots=True)
class Books:
    """Micro-dollars."""

    balance: int
    """As the account's row says."""
    held: int
    ledger_balance: int
    """As its entries say."""
    ledger_held: int
    spent: int
    """Charges and posts."""
    usage: int
    """The sum of the days."""


async def books(store: Store, account_id: int) -> Books:
    """Read the row, and add up the entries."""
    async with store.reading() as connection:
        row = await connection.fetchrow("SELECT balance_micro, held_micro FROM accounts WHERE id = $1", account_id)
        entries = await connection.fetch(
            "SELECT move, amount_micro FROM ledger_entries WHERE account_id = $1", account_id
        )
        days = await connection.fetch("SELECT cost_micro FROM usage_days WHERE account_id = $1", account_id)
    assert row is not None
    total = {"credit": 0, "charge": 0, "hold": 0, "post": 0, "void": 0}
    for entry in entries:
        total[entry["move"]] += entry["amount_micro"]
    return Books(
        balance=row["balance_micro"],
        held=row["held_micro"],
        ledger_balance=total["credit"] - total["charge"] - total["hold"] + total["void"],
        ledger_held=total["hold"] - total["post"] - total["void"],
        spent=total["charge"] + total["post"],
        usage=sum(day["cost_micro"] for day in days),
    )


async def check_books(store: Store, account_id: int) -> Books:
    """The books, after they were found right."""
    found = await books(store, account_id)
    assert found.balance == found.ledger_balance >= 0
    assert found.held == found.ledger_held >= 0
    assert found.spent == found.usage
    return found
