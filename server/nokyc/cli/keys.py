"""`nokyc keys`: what signs requests, and what it may do."""

from typing import Any, Literal

from cyclopts import App

from nokyc.cli import context
from nokyc.cli.accounts import Mode, both
from nokyc.kit import ids
from nokyc.kit.clock import format_instant
from nokyc.store.store import Store, Unit

Scope = Literal["read", "read_write", "admin"]
MAX_RATE_LIMIT = 1_000_000

app = App(name="keys")


@app.command
def create(account: str, /, *, scope: Scope = "read_write", mode: Mode = "live", rate_limit: int | None = None) -> None:
    """A key; its secret is shown once.

    Args:
        account: The account's id (acct_…).
        scope: What it may do.
        mode: live, or test for the sandbox.
        rate_limit: Requests in any 60 seconds; 100 by default.
    """
    from nokyc.resources.keys import actions

    limit = actions.DEFAULT_RATE_LIMIT if rate_limit is None else rate_limit
    if not 1 <= limit <= MAX_RATE_LIMIT:
        raise context.UsageError(f"the rate limit must be 1 to {MAX_RATE_LIMIT:,} requests")

    async def work(unit: Unit) -> dict[str, Any]:
        account_id = (await both(unit.connection, account))[mode]["id"]
        key_id, secret = await actions.create(unit, account_id, scope=scope, mode=mode, rate_limit=limit)
        shown = {"id": ids.show("key", key_id), "secret": secret}
        return shown | {"scope": scope, "mode": mode, "rate_limit": limit}

    made = context.run(lambda store: store.run(work))
    context.answer(
        made,
        f"key     {made['id']}",
        f"secret  {made['secret']}",
        f"{mode}, {scope}, {limit} requests a minute. The secret is not shown again.",
    )


@app.command
def rotate(key: str, /) -> None:
    """A new secret for a key, shown once; the old one works five minutes more.

    Args:
        key: The key's id (key_…).
    """
    from nokyc.resources.keys import actions

    async def work(unit: Unit) -> dict[str, Any]:
        row = await _get(unit, key)
        return {"id": key, "secret": await actions.rotate(unit, row)}

    done = context.run(lambda store: store.run(work))
    context.answer(done, f"secret  {done['secret']}", "It is not shown again. The old one works five minutes more.")


@app.command
def revoke(key: str, /) -> None:
    """End a key: within a second no process accepts it.

    Args:
        key: The key's id (key_…).
    """
    from nokyc.resources.keys import actions

    async def work(unit: Unit) -> None:
        await actions.revoke(unit, (await _get(unit, key))["id"])

    context.run(lambda store: store.run(work))
    context.answer({"id": key, "secret": None}, f"{key} is revoked.")


@app.command(name="list")
def list_keys(account: str | None = None, /) -> None:
    """The keys of an account, or of all; no secrets.

    Args:
        account: The account's id (acct_…).
    """

    async def work(store: Store) -> list[Any]:
        async with store.reading() as connection:
            owner = None if account is None else (await both(connection, account))["live"]["id"]
            return list(
                await connection.fetch(
                    "SELECT k.*, a.live_id, a.livemode FROM api_keys k JOIN accounts a ON a.id = k.account_id"
                    " WHERE $1::bigint IS NULL OR a.live_id = $1 ORDER BY k.id",
                    owner,
                )
            )

    shown = [_show(row) for row in context.run(work)]
    header = ("KEY", "ACCOUNT", "MODE", "SCOPE", "LIMIT", "ENDS IN", "STATUS")
    cells = [
        (one["id"], one["account_id"], one["mode"], one["scope"], one["rate_limit"], f"…{one['last4']}", one["status"])
        for one in shown
    ]
    context.answer(shown, *context.table(header, cells, empty="There is no key yet: `nokyc keys create ACCOUNT`."))


async def _get(unit: Unit, key: str) -> Any:
    from nokyc.resources.keys import queries

    key_id = ids.read("key", key)
    row = None if key_id is None else await queries.find(unit.connection, key_id)
    if row is None:
        context.refuse(f"there is no key {key!r} that works")
    return row


def _show(row: Any) -> dict[str, Any]:
    return {
        "id": ids.show("key", row["id"]),
        "account_id": ids.show("acct", row["live_id"]),
        "mode": "live" if row["livemode"] else "test",
        "scope": row["scope"],
        "rate_limit": row["rate_limit"],
        "last4": row["last4"],
        "status": "active" if row["revoked_at"] is None else "revoked",
        "created_at": format_instant(row["created_at"]),
    }
