"""`nokyc trigger`: make an event happen in test mode, by the API calls that cause it in earnest.

The simulated carrier plays its part, so the event, its delivery and everything else about it is real.
"""

import time
from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Any

from nokyc.cli import context
from nokyc.cli.client import ApiKey, BaseUrl, Client

REACHABLE = "+33612345678"
REFUSED = "+15005550001"
COUNTRIES = ("fr", "us", "gb", "de", "es", "ca")
"""Where a number is looked for, if the account has none."""
TIERS = ("standard", "premium")
"""The cheaper first: an event that is tried out costs no more than it must."""
PATIENCE_SEC = 15.0
POLL_SEC = 0.3
CALL_STEPS, CALL_STEP_SEC = 3, 30
TEST_PREFIX = "sk_test_"

Undo = Callable[[], object]
"""What is to be done once the event is there."""


def trigger(event: str, /, *, api_key: ApiKey, base_url: BaseUrl = None) -> None:
    """Make an event happen in the sandbox of a test key, and wait for it.

    Args:
        event: Its type, like sms.received.
        api_key: A key of test mode (sk_test_…) with scope read_write or admin.
        base_url: Where the API is; PUBLIC_URL if not given.
    """
    cause = CAUSES.get(event)
    if cause is None:
        raise context.UsageError(f"{event!r} cannot be triggered; these can: {', '.join(CAUSES)}")
    if not api_key.startswith(TEST_PREFIX):
        raise context.UsageError("only a key of test mode (sk_test_…) can trigger events")
    client = Client(base_url, api_key)
    known = {one["id"] for one in _events(client, event)}
    undo = cause(client)
    try:
        found = _wait(client, event, known)
    finally:
        if undo is not None:
            undo()
    context.answer(found, f"{found['type']} {found['id']}")


def _events(client: Client, kind: str) -> list[Any]:
    found: list[Any] = client.get("/events", type=kind, limit=100)["data"]
    return found


def _wait(client: Client, kind: str, known: set[str]) -> Any:
    deadline = time.monotonic() + PATIENCE_SEC
    while time.monotonic() < deadline:
        for event in _events(client, kind):
            if event["id"] not in known:
                return event
        time.sleep(POLL_SEC)
    return context.refuse(f"no {kind} came within {PATIENCE_SEC:.0f} s; is a worker running? (`nokyc doctor`)")


def _number(client: Client) -> Any:
    """An active number: one that is there, else a new one."""
    numbers = client.get("/numbers", status="active", limit=1)["data"]
    return numbers[0] if numbers else _activate(client)


def _activate(client: Client) -> Any:
    for tier, country in product(TIERS, COUNTRIES):
        for found in client.get("/numbers/available", country=country, tier=tier, limit=1)["data"]:
            return client.post("/numbers", {"available_id": found["id"], "billing_period": "monthly"})
    return context.refuse("no number is for sale: `nokyc inventory add`")


def _buy(client: Client) -> None:
    _activate(client)


def _send(client: Client, to: str = REACHABLE) -> None:
    client.post("/sms", {"from": _number(client)["id"], "to": to, "body": "Hello from nokyc trigger."})


def _receive(client: Client) -> None:
    body = {"from": REACHABLE, "to": _number(client)["id"], "body": "Hello from nokyc trigger."}
    client.post("/test/sms", body)


def _pause_and_resume(client: Client) -> None:
    path = f"/numbers/{_number(client)['id']}"
    client.patch(path, {"status": "paused"})
    client.patch(path, {"status": "active"})


def _renew(client: Client) -> None:
    client.post(f"/numbers/{_number(client)['id']}/renew", {})


def _release(client: Client) -> None:
    """The number goes back at the end of what was paid, so the sandbox's clock goes there."""
    number = _activate(client)
    client.delete(f"/numbers/{number['id']}")
    now = client.post("/test/clock/advance", {"seconds": 1})["now"]
    left = datetime.fromisoformat(number["renews_at"]) - datetime.fromisoformat(now)
    client.post("/test/clock/advance", {"seconds": int(left.total_seconds()) + 1})


def _fall_low(client: Client) -> Undo:
    """With the threshold at the balance, the next message falls below it."""
    _number(client)
    account = client.get("/account")
    before = {"balance_low_threshold_usd": account["balance_low_threshold_usd"]}
    client.patch("/account", {"balance_low_threshold_usd": account["balance_usd"]})
    try:
        _send(client)
    except BaseException:
        client.patch("/account", before)
        raise
    return lambda: client.patch("/account", before)


def _test_endpoint(client: Client) -> None:
    for endpoint in client.get("/webhook_endpoints", limit=100)["data"]:
        if endpoint["status"] == "enabled":
            client.post(f"/webhook_endpoints/{endpoint['id']}/test", {})
            return
    context.refuse("the account has no webhook endpoint that is enabled")


def _call(client: Client, **more: Any) -> None:
    """A call lives for some seconds of the sandbox's time."""
    client.post("/calls", {"from": _number(client)["id"], "to": REACHABLE} | more)
    _pass_time(client)


def _ring(client: Client) -> None:
    client.post("/test/calls", {"from": REACHABLE, "to": _number(client)["id"], "voicemail": True})
    _pass_time(client)


def _pass_time(client: Client) -> None:
    """The worker plans a call's steps when it begins; each minute then brings those that are due."""
    for _ in range(CALL_STEPS):
        time.sleep(POLL_SEC)
        client.post("/test/clock/advance", {"seconds": CALL_STEP_SEC})


CAUSES: dict[str, Callable[[Client], Undo | None]] = {
    "sms.received": _receive,
    "sms.sent": _send,
    "sms.delivered": _send,
    "sms.failed": lambda client: _send(client, REFUSED),
    "call.initiated": _call,
    "call.answered": _call,
    "call.completed": _call,
    "call.recorded": lambda client: _call(client, recording_enabled=True),
    "call.received": _ring,
    "voicemail.created": _ring,
    "number.activated": _buy,
    "number.paused": _pause_and_resume,
    "number.resumed": _pause_and_resume,
    "number.renewed": _renew,
    "number.released": _release,
    "account.balance_low": _fall_low,
    "webhook_endpoint.test": _test_endpoint,
}
