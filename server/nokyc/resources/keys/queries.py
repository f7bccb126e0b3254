"""Reading API keys. They are the operator's to manage, so ids here come from the command line or the panel."""

from typing import Any

from nokyc.store.store import Connection


async def find(connection: Connection, key_id: int) -> Any:
    """A key that works, with its account's mode and clock; None if there is none."""
    return await connection.fetchrow(
        "SELECT k.*, a.livemode, a.clock_offset_sec FROM api_keys k JOIN accounts a ON a.id = k.account_id"
        " WHERE k.id = $1 AND k.revoked_at IS NULL",
        key_id,
    )


async def of_account(connection: Connection, account_id: int) -> list[Any]:
    """The keys of one side of an account, the newest first."""
    return list(
        await connection.fetch("SELECT * FROM api_keys WHERE account_id = $1 ORDER BY id DESC LIMIT 200", account_id)
    )
