"""Customers' programs: each request is repeated under its key until it is answered, and each answer is a promise."""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from nokyc.torture.carrier import NOBODY

HANDSET = "+33612345678"
SENDERS = 12
"""Programs that send messages on the live account, one after the other each."""
PAUSE_SEC = 0.1
"""At the most between two of one program."""
CALL_EVERY_SEC = 0.7
REFUSED = 20
"""One message in so many goes to whom the carrier refuses."""
PEEK_EVERY_SEC = 0.5
SANDBOX_STEP_SEC = (60, 7_200)
"""By which the sandbox's clock is moved, again and again."""
SANDBOX_PAUSE_SEC = 0.3
SCHEDULED_AFTER = timedelta(minutes=30)
REQUEST_TIMEOUT_SEC = 10.0
AGAIN_SEC = 0.1


@dataclass(slots=True)
class Promises:
    """What the platform answered, and what its customers were told."""

    messages: dict[str, str] = field(default_factory=dict)
    """The id by the token in the body."""
    calls: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    """Answers that were a no, by their code."""
    peeks: int = 0
    leaks: int = 0
    """Objects of another account that were shown."""
    events: dict[str, bytes] = field(default_factory=dict)
    """Digests of what the webhook brought, by the event's id."""
    changed: int = 0
    """Events that came twice, and differed."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who pays: a key, and a number."""

    key: str
    number_id: str


class Load:
    """All of them, on a platform at `url`."""

    def __init__(self, url: str, dice: random.Random) -> None:
        self.promises = Promises()
        self._url = url
        self._dice = dice
        self._ending = asyncio.Event()
        timeout = aiohttp.ClientTimeout(total=REQUEST_TIMEOUT_SEC)
        self._session = aiohttp.ClientSession(timeout=timeout)

    def end(self) -> None:
        """No new requests; those that are not answered yet go on."""
        self._ending.set()

    async def close(self) -> None:
        await self._session.close()

    async def activate(self, key: str) -> tuple[Account, str]:
        """A number for an account, and how it is dialled."""
        found = await self.ask(key, "GET", "/v1/numbers/available?country=fr&limit=1")
        order = {"available_id": found["data"][0]["id"], "billing_period": "monthly"}
        number = await self.ask(key, "POST", "/v1/numbers", order)
        return Account(key, number["id"]), number["number"]

    async def run(self, live: Account, poor: Account, sandbox: Account) -> None:
        """Until `end`."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SENDERS):
                group.create_task(self._send(live))
            group.create_task(self._send(poor))
            group.create_task(self._call(live))
            group.create_task(self._live_fast(sandbox))
            group.create_task(self._peek(poor))

    async def ask(self, key: str, method: str, path: str, body: Any = None) -> Any:
        """The answer, however often it has to be asked for; None if it is no."""
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
        while True:
            try:
                async with self._session.request(method, self._url + path, json=body, headers=headers) as answer:
                    if answer.status < 300:
                        return await answer.json()
                    code = (await answer.json())["error"]["code"]
                    if answer.status < 500 and code not in ("idempotency_key_in_use", "rate_limit_exceeded"):
                        self.promises.refusals[code] += 1
                        return None
            except (aiohttp.ClientError, TimeoutError, ValueError):
                pass  # it was killed, or its answer was cut off
            await asyncio.sleep(AGAIN_SEC)

    async def _send(self, account: Account) -> None:
        while not self._ending.is_set():
            await self._send_one(account)
            await asyncio.sleep(self._dice.uniform(0, PAUSE_SEC))

    async def _send_one(self, account: Account, **more: Any) -> None:
        token = uuid4().hex[:16]
        to = f"+{NOBODY}" if self._dice.randrange(REFUSED) == 0 else HANDSET
        body = {"from": account.number_id, "to": to, "body": f"Torture {token}"} | more
        if (sms := await self.ask(account.key, "POST", "/v1/sms", body)) is not None:
            self.promises.messages[token] = sms["id"]

    async def _call(self, account: Account) -> None:
        while not self._ending.is_set():
            body = {"from": account.number_id, "to": HANDSET}
            if (call := await self.ask(account.key, "POST", "/v1/calls", body)) is not None:
                self.promises.calls.add(call["id"])
            await asyncio.sleep(CALL_EVERY_SEC)

    async def _live_fast(self, account: Account) -> None:
        """In the sandbox, hours pass in seconds: schedules, receipts, calls and renewals with them."""
        while not self._ending.is_set():
            step = {"seconds": self._dice.randrange(*SANDBOX_STEP_SEC)}
            clock = await self.ask(account.key, "POST", "/v1/test/clock/advance", step)
            at = datetime.fromisoformat(clock["now"]) + SCHEDULED_AFTER
            await self._send_one(account)
            await self._send_one(account, send_at=at.isoformat())
            call = await self.ask(account.key, "POST", "/v1/calls", {"from": account.number_id, "to": HANDSET})
            if call is not None:
                self.promises.calls.add(call["id"])
            await asyncio.sleep(SANDBOX_PAUSE_SEC)

    async def _peek(self, other: Account) -> None:
        """Ask with one account's key for what is another's."""
        while not self._ending.is_set():
            await asyncio.sleep(PEEK_EVERY_SEC)
            if self.promises.messages:
                sms = next(reversed(self.promises.messages.values()))
                shown = await self.ask(other.key, "GET", f"/v1/sms/{sms}")
                mine = shown is not None and shown["from"] == other.number_id
                self.promises.peeks += not mine
                self.promises.leaks += shown is not None and not mine


class Receiver:
    """The customer's webhook: it takes everything."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises
        app = web.Application()
        app.router.add_post("/", self._take)
        self._runner = web.AppRunner(app, access_log=None)

    async def start(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        addresses: Sequence[Any] = self._runner.addresses
        return f"http://127.0.0.1:{addresses[0][1]}/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        digest = hashlib.sha256(body).digest()
        if self._promises.events.setdefault(json.loads(body)["id"], digest) != digest:
            self._promises.changed += 1
        return web.Response()
