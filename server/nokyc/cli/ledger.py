"""`nokyc ledger`: does the money add up?"""

from cyclopts import App

from nokyc.cli import context
from nokyc.store.store import Store

app = App(name="ledger")


@app.command
def verify() -> None:
    """Hold every balance, hold, charge and day's sum against the ledger; exit 1 if something is wrong."""
    from nokyc.store import audit

    async def work(store: Store) -> audit.Audit:
        async with store.reading() as connection:
            return await audit.verify(connection)

    found = context.run(work)
    content = {"ok": found.ok, "accounts": found.accounts, "entries": found.entries, "problems": found.problems}
    if not found.ok:
        context.answer(content, *found.problems)
        context.refuse("the ledger does not add up")
    context.answer(content, f"{found.accounts} accounts and {found.entries} entries add up.")
