"""Calls from the outside to our numbers: taken or refused, and who is to have them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from nokyc.resources.calls.settle import End, begin, end
from nokyc.resources.devices.queries import is_registered
from nokyc.resources.numbers.assistant import Assistant, Screening, find_assistant
from nokyc.store.store import Unit

Step = Literal["devices", "agent", "voicemail"]
Refusal = Literal["unknown", "paused"]
CALL_REJECTED = 21
"""ITU-T Q.850."""
DECLINE = 603
"""RFC 3261, 21.6.2."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An inbound call that was written down, and who is to have it, in this order."""

    row: Any
    number: Any
    assistant: Assistant
    steps: tuple[Step, ...]
    screened: bool
    """Whether the caller is asked who it is before the devices ring."""


@dataclass(frozen=True, slots=True)
class Screened:
    """An inbound call of somebody on the number's deny list: it is written down, over, and answered with 603."""

    row: Any


async def receive(
    unit: Unit,
    *,
    sandbox_id: int | None,
    caller: str | None,
    callee: str,
    carrier: str,
    worker: str | None,
    max_sec: int,
    request_id: str,
    at: datetime | None = None,
) -> Taken | Screened | Refusal:
    """Write an inbound call down and tell of it, or refuse it (decision F75).

    A call in a sandbox stays in it; any other finds the live number. `at` is account time, now if None.
    """
    number = await _find_number(unit, sandbox_id, callee)
    if number is None or number["status"] == "released":
        return "unknown"
    if number["status"] == "paused":
        return "paused"
    now = at or unit.account_now(number)
    row = await begin(
        unit,
        {
            "account_id": number["account_id"], "id": unit.ids.new(), "number_id": number["id"],
            "direction": "inbound", "caller": caller, "callee": callee, "status": "ringing",
            "recording_enabled": False, "carrier": carrier, "worker": worker, "price_micro": 0,
            "allowed_sec": max_sec, "request_id": request_id, "started_at": now, "rang_at": now,
            "seen_at": unit.wall,
        },
        "call.received",
    )  # fmt: skip
    assistant = await find_assistant(unit.connection, number)
    if assistant.screening.enabled and caller in assistant.screening.deny:
        return Screened(await end(unit, row, End("busy", "screened", now, CALL_REJECTED, DECLINE)))
    steps = await _steps(unit, number, assistant)
    screened = steps[0] == "devices" and _asks(assistant.screening, caller)
    if screened:
        steps = ("devices", "voicemail")  # who was asked by one agent is not asked again by another
    return Taken(row, number, assistant, steps, screened)


async def _steps(unit: Unit, number: Any, assistant: Assistant) -> tuple[Step, ...]:
    """Devices, unless the number is off just now; then its agent; and a voicemail if none of them had the call."""
    steps: list[Step] = []
    if not number["off_now"] and await is_registered(unit.connection, number["account_id"], number["id"], unit.wall):
        steps.append("devices")
    if assistant.auto_pickup.enabled:
        steps.append("agent")
    return (*steps, "voicemail")


def _asks(screening: Screening, caller: str | None) -> bool:
    return screening.enabled and caller not in screening.allow


async def _find_number(unit: Unit, sandbox_id: int | None, callee: str) -> Any:
    return await unit.connection.fetchrow(
        "SELECT n.*, a.clock_offset_sec FROM numbers n JOIN accounts a ON a.id = n.account_id"
        " WHERE n.e164 = $1 AND n.returned_at IS NULL"
        " AND CASE WHEN $2::bigint IS NULL THEN n.livemode ELSE n.account_id = $2 END",
        callee,
        sandbox_id,
    )
