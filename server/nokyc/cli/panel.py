"""`nokyc panel`: letting people in."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from nokyc.cli import context
from nokyc.cli.accounts import both
from nokyc.kit import ids
from nokyc.store.store import Unit

app = App(name="panel")


@app.command
def link(account: str | None = None, /, *, operator: Annotated[bool, Parameter(negative="")] = False) -> None:
    """A link that signs in once, within the hour, without password or second factor.

    Args:
        account: The account's id (acct_…).
        operator: As the operator, who sees all accounts.
    """
    from nokyc.panel.sessions import make_link
    from nokyc.resources.logins.queries import OPERATOR

    if (account is None) != operator:
        raise context.UsageError("name an account, or say --operator")

    async def work(unit: Unit) -> dict[str, Any]:
        owner = OPERATOR if account is None else (await both(unit.connection, account))["live"]["id"]
        token = await make_link(unit, owner)
        shown = None if owner == OPERATOR else ids.show("acct", owner)
        return {"account_id": shown, "panel_url": f"{context.public_url()}/panel/sign-in/{token}"}

    made = context.run(lambda store: store.run(work))
    context.answer(made, made["panel_url"], "It works once, within the hour.")
