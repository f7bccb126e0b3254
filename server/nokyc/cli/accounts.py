"""`nokyc accounts`: who pays, and how much they have."""

from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.cli.values import Usd, country_code, positive_usd, show_usd
from nokyc.kit import ids
from nokyc.kit.money import usd
from nokyc.store.store import Connection, Store, Unit

Mode = Literal["live", "test"]

app = App(name="accounts")


@app.command
def create(*, email: str | None = None, balance: Usd = 0, country: str | None = None) -> None:
    """An account with an admin live key and an admin test key, shown once.

    Args:
        email: Only a keyed hash of it is stored.
        balance: Dollars to begin with, in live and in test mode.
        country: Default country, ISO 3166, like fr.
    """
    from nokyc.panel.sessions import make_link
    from nokyc.resources.accounts import actions
    from nokyc.resources.keys import actions as keys

    code = country_code(country) if country else None
    if email is not None and "@" not in email:
        context.refuse(f"{email!r} is not an e-mail address")

    async def work(unit: Unit) -> dict[str, str]:
        live_id, test_id = await actions.create(unit, email=email, balance=balance, country=code)
        _, live_key = await keys.create(unit, live_id, scope="admin", mode="live")
        _, test_key = await keys.create(unit, test_id, scope="admin", mode="test")
        token = await make_link(unit, live_id)
        return {
            "account_id": ids.show("acct", live_id),
            "api_key": live_key,
            "test_api_key": test_key,
            "panel_url": f"{context.public_url()}/panel/sign-in/{token}",
        }

    made = context.run(lambda store: store.run(work), fresh=True)
    context.answer(
        made,
        f"account   {made['account_id']}",
        f"live key  {made['api_key']}",
        f"test key  {made['test_api_key']}",
        f"panel     {made['panel_url']}",
        "The keys are not shown again. The panel's link works once, within the hour.",
    )


@app.command
def credit(
    account: str,
    amount: Annotated[int, Parameter(converter=positive_usd)],
    /,
    *,
    mode: Mode | None = None,
) -> None:
    """Add dollars to an account's balance, in live and test mode alike unless --mode says which.

    Args:
        account: The account's id (acct_…).
        amount: Dollars, like 25 or 0.5.
        mode: Only this balance.
    """
    from nokyc.store import ledger

    async def work(unit: Unit) -> dict[str, Any]:
        rows = await both(unit.connection, account)
        for name, row in rows.items():
            if mode in (None, name):
                at = unit.account_now(row)
                await ledger.credit(unit, row["id"], amount, at=at)
        shown = (await both(unit.connection, account))[mode or "live"]
        return {"account_id": ids.show("acct", shown["id"]), "balance_usd": usd(shown["balance_micro"])}

    done = context.run(lambda store: store.run(work))
    context.answer(done, f"{done['account_id']} has {show_usd(done['balance_usd'])} now.")


@app.command(name="list")
def list_accounts() -> None:
    """Every account with its live balance, oldest first."""

    async def work(store: Store) -> list[Any]:
        async with store.reading() as connection:
            return list(
                await connection.fetch(
                    "SELECT a.*, t.balance_micro AS test_micro, (SELECT count(*) FROM numbers n WHERE"
                    " n.account_id = a.id AND n.status <> 'released') AS numbers FROM accounts a"
                    " JOIN accounts t ON t.live_id = a.id AND NOT t.livemode WHERE a.livemode ORDER BY a.id"
                )
            )

    rows = context.run(work)
    shown = [{"account_id": ids.show("acct", row["id"]), "balance_usd": usd(row["balance_micro"])} for row in rows]
    cells = [
        (one["account_id"], one["balance_usd"], usd(row["test_micro"]), row["numbers"], f"{row['created_at']:%Y-%m-%d}")
        for one, row in zip(shown, rows, strict=True)
    ]
    header = ("ACCOUNT", "BALANCE USD", "TEST USD", "NUMBERS", "CREATED")
    context.answer(shown, *context.table(header, cells, empty="There is no account yet: `nokyc accounts create`."))


async def both(connection: Connection, account: str) -> dict[str, Any]:
    """The rows `live` and `test` of an account, named by the id of either. Raises RefusalError if there is none."""
    rows = await connection.fetch(
        "SELECT * FROM accounts WHERE live_id = (SELECT live_id FROM accounts WHERE id = $1)", ids.read("acct", account)
    )
    if not rows:
        context.refuse(f"there is no account {account!r}")
    return {"live" if row["livemode"] else "test": row for row in rows}
