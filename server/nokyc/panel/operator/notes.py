"""The operator's entries of the audit log."""

from nokyc.panel.view import View
from nokyc.resources.audit import actions as audit
from nokyc.store.store import Unit


async def note(
    unit: Unit, view: View, action: str, subject: str, detail: str = "", *, account_id: int = audit.PLATFORM
) -> None:
    """Write down what the operator does, to the platform or to an account."""
    await audit.record(
        unit, account_id, actor="operator", action=action, subject=subject, detail=detail, request_id=view.request_id
    )
