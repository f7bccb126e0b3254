"""Writing down who did what, in the transaction in which it was done."""

from nokyc.store.store import Unit

PLATFORM = 0
"""The account id of what concerns no account."""
MAX_DETAIL_CHARS = 500


async def record(
    unit: Unit, account_id: int, *, actor: str, action: str, subject: str, request_id: str, detail: str = ""
) -> None:
    """One line of the audit log; `account_id` is the live account."""
    await unit.connection.execute(
        "INSERT INTO audit_log (account_id, id, actor, action, subject, detail, request_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        account_id,
        unit.ids.new(),
        actor,
        action,
        subject,
        detail[:MAX_DETAIL_CHARS],
        request_id,
        unit.wall,
    )
