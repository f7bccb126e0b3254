"""Home: how the account stands, and what needs somebody's attention."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from nokyc.http.schema import ListQuery
from nokyc.kit import ids
from nokyc.kit.money import MICRO
from nokyc.panel.page import get
from nokyc.panel.view import View
from nokyc.resources.accounts import queries as accounts
from nokyc.resources.calls import queries as calls
from nokyc.resources.numbers import queries as numbers
from nokyc.resources.operator import queries as operator
from nokyc.resources.webhooks import queries as webhooks
from nokyc.store.store import Connection

DAYS = 30
SHOWN = 6
ENDING_SOON = timedelta(days=7)
BAD_AUDIO = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that needs attention, and where to see to it."""

    level: str
    text: str
    path: str
    action: str


async def home(view: View) -> Response:
    account = await view.api("account.get")
    usage = await view.api("account.usage", query={"period": "last_30d"})
    recent = await view.api("sms.list", query={"limit": str(SHOWN)})
    spoken = await view.api("calls.list", query={"limit": str(SHOWN)})
    held = await view.api("numbers.list", query={"limit": str(SHOWN)})
    async with view.store.reading() as connection:
        concerns = [concern async for concern in _concerns(connection, view)]
        course = await _course(connection, view, usage["daily"])
    return view.page(
        "home.html",
        figures=account,
        usage=usage,
        recent=recent["data"],
        calls=spoken["data"],
        numbers=held["data"],
        concerns=concerns,
        course=course,
        new=not held["data"],
    )


async def _concerns(connection: Connection, view: View) -> Any:
    account = view.account
    if account["is_low"]:
        yield Concern("bad", "The balance fell below your threshold.", "/billing/limits", "Look at limits")
    if account["livemode"] and await operator.lines_up(connection, view.wall) is False:
        yield Concern("bad", "No line to the telephone network is up just now: calls to and from it fail.", "", "")
    bad = await calls.bad_audio(connection, view.account_id, view.wall - BAD_AUDIO)
    if bad:
        text = f"{bad} call{' had' if bad == 1 else 's had'} bad audio in the last day."
        yield Concern("warn", text, "/events?type=call.quality_alert", "See which")
    for row in await webhooks.list_endpoints(connection, view.account_id, ListQuery(limit=100)):
        path = f"/webhooks/{ids.show('whk', row['id'])}"
        if row["status"] == "disabled" and row["disabled_reason"] != "by hand":
            yield Concern("bad", f"A webhook was switched off: {row['disabled_reason']}.", path, "Open")
        elif row["failing_since"] is not None:
            yield Concern("warn", f"A webhook is failing: {row['url']}", path, "See attempts")
    for row in await numbers.ending(connection, view.account_id, view.now + ENDING_SOON):
        left = max(0, (row["renews_at"] - view.now).days)
        text = f"{row['e164']} ends in {left} day{'' if left == 1 else 's'} and does not renew itself."
        yield Concern("warn", text, f"/numbers/{ids.show('num', row['id'])}", "Open")


async def _course(connection: Connection, view: View, daily: Iterable[Any]) -> list[float]:
    """The balance at the end of each day, found backwards from what it is now."""
    days = list(daily)
    first = (view.now.astimezone(UTC) - timedelta(days=DAYS - 1)).date()
    came_in = await accounts.top_ups(connection, view.account_id, first)
    balance = Decimal(view.account["balance_micro"] + view.account["held_micro"]) / MICRO
    course = []
    for offset, day in enumerate(reversed(days)):
        course.append(float(max(balance, Decimal(0))))
        date = view.now.astimezone(UTC).date() - timedelta(days=offset)
        balance += Decimal(day["cost_usd"]) - Decimal(came_in.get(date, 0)) / MICRO
    return course[::-1]


PAGES = [get("", home)]
