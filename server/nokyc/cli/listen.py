"""`nokyc listen`: what happens on an account, forwarded to a program on this machine as webhooks would be."""

import hashlib
import hmac
import json
import sys
import time
from collections import OrderedDict
from typing import Annotated, Any

from cyclopts import Parameter

from nokyc.cli import context
from nokyc.cli.client import ApiKey, ApiRefusalError, BaseUrl, Client, check_url, send
from nokyc.kit.clock import SystemClock
from nokyc.kit.signing import new_secret, signature_headers
from nokyc.settings import API_VERSION

POLL_SEC = 1.5
"""40 requests a minute, of the 100 that a key has by default."""
MIN_POLL_SEC = 0.05
PAGE = 100
MAX_PAGES = 10
REMEMBERED = 10 * PAGE * MAX_PAGES
FORWARD_TIMEOUT_SEC = 15.0
"""As long as a webhook may take."""
FINAL_STATUSES = (401, 403)


def listen(
    *,
    api_key: ApiKey,
    forward_to: str | None = None,
    events: str = "*",
    base_url: BaseUrl = None,
    print_secret: Annotated[bool, Parameter(negative="")] = False,
    latest: Annotated[bool, Parameter(negative="")] = False,
    every: float = POLL_SEC,
) -> None:
    """Forward each new event of an account to a URL, signed, until Ctrl-C.

    Args:
        api_key: A key of the account; in test mode an sk_test_ key.
        forward_to: Your program, like http://127.0.0.1:3000/hooks.
        events: Types or families, like sms.received,number.*
        base_url: Where the API is; PUBLIC_URL if not given.
        print_secret: Print the signing secret and end. It is the same for the same key.
        latest: Events in the newest API version, instead of the account's.
        every: Seconds between two looks.
    """
    secret = _secret(api_key)
    if print_secret:
        context.answer({"secret": secret}, secret)
        return
    if forward_to is None:
        raise context.UsageError("--forward-to URL is missing")
    check_url(forward_to)
    wanted = [name.strip() for name in events.split(",") if name.strip()]
    client = Client(base_url, api_key, version=API_VERSION if latest else None)
    feed = _Feed(client)
    context.answer({"secret": secret}, f"Signing secret: {secret}", f"Forwarding to {forward_to}; Ctrl-C ends it.")
    while True:
        for event in feed.read():
            if _wants(wanted, event["type"]):
                status = _forward(forward_to, event, secret)
                context.answer(
                    {"id": event["id"], "type": event["type"], "status": status},
                    f"{event['type']:<20} {event['id']}  {status}",
                )
        time.sleep(max(every, MIN_POLL_SEC))


class _Feed:
    """New events, oldest first. Remembers ids instead of a place in the list: a commit may come late."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._new(self._page(None)["data"])

    def read(self) -> list[Any]:
        """What came since the last call; nothing while the API cannot be reached."""
        found: list[Any] = []
        after = None
        try:
            for _ in range(MAX_PAGES):
                page = self._page(after)
                new = self._new(page["data"])
                found += new
                if len(new) < len(page["data"]) or not page["has_more"]:
                    break
                after = page["data"][-1]["id"]
        except ApiRefusalError as error:
            if error.status in FINAL_STATUSES:
                raise
            print(f"nokyc: {error}; trying again", file=sys.stderr, flush=True)
        return found[::-1]

    def _page(self, after: str | None) -> Any:
        return self._client.get("/events", limit=PAGE, **({} if after is None else {"starting_after": after}))

    def _new(self, events: list[Any]) -> list[Any]:
        new = [event for event in events if event["id"] not in self._seen]
        self._seen.update(dict.fromkeys(event["id"] for event in new))
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return new


def _forward(url: str, event: Any, secret: str) -> int | str:
    """POST it like a first attempt of a delivery; the status, or why there is none."""
    body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "NoKYC-Webhooks/1",
        "NoKYC-Event-Id": event["id"],
        "NoKYC-Attempt": "1",
        **signature_headers([secret], event["id"], body, int(SystemClock().now().timestamp())),
    }
    try:
        return send("POST", url, body, headers, timeout_sec=FORWARD_TIMEOUT_SEC)[0]
    except ApiRefusalError as error:
        return str(error)


def _secret(api_key: str) -> str:
    """Derived from the key, so that nothing has to be stored and a restart changes nothing."""
    return new_secret(lambda size: hmac.digest(api_key.encode(), b"nokyc listen", hashlib.sha256)[:size])


def _wants(wanted: list[str], kind: str) -> bool:
    family = kind.partition(".")[0] + ".*"
    return any(name in ("*", kind, family) for name in wanted)
