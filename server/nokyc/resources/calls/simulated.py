"""The simulated carrier's calls: nothing but rows and scheduled tasks, in the account's time (decision S3).

Each step of such a call's life is a task that says when it happens; the worker takes it through the same actions as
a real call's reports.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from nokyc.resources.calls.settle import NORMAL_CLEARING
from nokyc.store.store import Unit
from nokyc.store.tasks import SCHEDULE, enqueue

BUSY = "+15005550010"
NO_ANSWER = "+15005550011"
FAILED = "+15005550012"
STAYS = "+15005550013"
EARLY_MEDIA = "+15005550014"
MACHINE = "+15005550015"

ANSWERS = {"devices": "device", "agent": "agent", "voicemail": "voicemail"}
"""Who answers, by the first of those who may."""
KIND = "call.simulate"
ANSWER_AFTER_SEC = 2
EARLY_MEDIA_SEC = 2
TALK_SEC = 10
GREETING_SEC = 2
MESSAGE_SEC = 5
CHARS_PER_SEC = 12
PATIENCE_SEC = 30
"""How long a call that nobody answers rings."""

Step = Literal["dialled", "rung", "answered", "allowance", "message", "ended", "after"]


async def plan(unit: Unit, row: Any, step: Step, at: datetime, now: datetime, **details: Any) -> None:
    """Have a step happen at `at`, account time; `now` is what that clock says."""
    payload = {"step": step, "at": at.isoformat(), **details}
    run_at = unit.wall + max(at - now, timedelta(0))
    await enqueue(unit, SCHEDULE, KIND, row["account_id"], row["id"], payload=payload, run_at=run_at)


async def pick_up(
    unit: Unit, row: Any, steps: Sequence[str], at: datetime, now: datetime, *,
    say: str | None = None, language: str | None = None, voicemail: bool | None = None,
) -> tuple[datetime, datetime]:  # fmt: skip
    """Plan an inbound call's life: who answers, what is said, when it ends; returns answer and end, account time.

    `voicemail`: whether the caller is led to the voicemail and leaves a message there, or leaves none anywhere; None
    for whoever is there, and a message if that is the voicemail.
    """
    by = "voicemail" if voicemail is True else ANSWERS[steps[0]]
    answered = at + timedelta(seconds=ANSWER_AFTER_SEC)
    await plan(unit, row, "answered", answered, now, by=by)
    if by != "voicemail":
        ended = answered + timedelta(seconds=TALK_SEC)
        reason = "agent_done" if by == "agent" else "caller_hangup"
    elif voicemail is False:
        ended = answered + timedelta(seconds=GREETING_SEC)
        reason = "caller_hangup"
    else:
        seconds = message_sec(say)
        ended = answered + timedelta(seconds=GREETING_SEC + seconds)
        reason = "voicemail_done"
        await plan(unit, row, "message", ended, now, say=say, language=language, seconds=seconds)
    await plan(unit, row, "ended", ended, now, status="completed", reason=reason, cause=NORMAL_CLEARING)
    return answered, ended


def message_sec(say: str | None) -> int:
    """How long it takes to say something on the telephone."""
    return MESSAGE_SEC if say is None else max(2, -(-len(say) // CHARS_PER_SEC))
