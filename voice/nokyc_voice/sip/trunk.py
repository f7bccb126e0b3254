"""Keeping up with a carrier: REGISTER refreshed in time, OPTIONS asked now and then, and both told in words."""

import asyncio
import re
from random import Random

from nokyc_voice.sip.address import Address
from nokyc_voice.sip.endpoint import Endpoint, Outgoing, Response, Target
from nokyc_voice.sip.statuses import reason_of
from nokyc_voice.sip.timers import Timers

REGISTER_SEC = 3_600
"""What we ask for; the carrier may give less."""
REFRESH_SHARE = 0.8
"""Of the time that was given."""
MIN_REFRESH_SEC = 15.0
BACKOFF_SEC = (2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Waits after failures, each with up to half of it more, so that a carrier's restart is not a stampede."""


class Registration:
    """Keeps one registration until `stop`. `state` is for the operator."""

    def __init__(self, endpoint: Endpoint, target: Target, user: str, *, timers: Timers, random: Random) -> None:
        """`target.uri` is the registrar (`sip:carrier.example`), `user` our name there."""
        self._endpoint = endpoint
        self._target = target
        self._self = Address(f"sip:{user}@{target.uri.partition(':')[2].partition(';')[0]}")
        self._timers = timers
        self._random = random
        self._call_id = f"{random.getrandbits(128):032x}"
        self._seq = 1
        self._failures = 0
        self._ask_sec = REGISTER_SEC
        self.is_up = False
        self.state = "not registered yet"
        self._wake = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Until stopped; then the registration is given back."""
        while not self._stopping:
            wait = await self._register(self._ask_sec)
            self._wake.clear()
            handle = self._timers.call_later(wait, self._wake.set)
            if not self._stopping:
                await self._wake.wait()
            handle.cancel()
        if self.is_up:
            await self._register(0)
            self.is_up, self.state = False, "unregistered"

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def _register(self, seconds: int) -> float:
        """The wait until the next one."""
        message = Outgoing(self._self, self._self, [("Expires", str(seconds))])
        response = await self._endpoint.request(self._target, "REGISTER", message, call_id=self._call_id, seq=self._seq)
        self._seq = response.cseq[0] + 1
        if 200 <= response.status < 300:
            self._failures = 0
            given = _given_sec(response, seconds)
            self.is_up = True
            self.state = f"registered for {given} s"
            return max(given * REFRESH_SHARE, MIN_REFRESH_SEC)
        if response.status == 423:
            self._ask_sec = max(self._ask_sec, min(_seconds(response, "Min-Expires"), 86_400))
        self.is_up = False
        self.state = f"not registered: {describe(response)}"
        return self._backoff(response)

    def _backoff(self, response: Response) -> float:
        wait = BACKOFF_SEC[min(self._failures, len(BACKOFF_SEC) - 1)]
        self._failures += 1
        wait *= 1 + self._random.random() / 2
        return max(wait, min(_seconds(response, "Retry-After"), 3_600))


class Pinger:
    """Asks with OPTIONS every so often; any answer but 503 shows that somebody is there."""

    def __init__(self, endpoint: Endpoint, target: Target, from_: Address, every_sec: float, *, timers: Timers) -> None:
        self._endpoint = endpoint
        self._target = target
        self._from = from_
        self._every_sec = every_sec
        self._timers = timers
        self._wake = asyncio.Event()
        self._stopping = False
        self.is_up = False
        self.state = "not asked yet"
        self.round_trip_ms: float | None = None

    async def run(self) -> None:
        while not self._stopping:
            await self.ping()
            self._wake.clear()
            handle = self._timers.call_later(self._every_sec, self._wake.set)
            if not self._stopping:
                await self._wake.wait()
            handle.cancel()

    async def ping(self) -> Response:
        """One question, and what it says about the trunk."""
        began = self._timers.now()
        message = Outgoing(self._from, Address(self._target.uri), [("Accept", "application/sdp")])
        response = await self._endpoint.request(self._target, "OPTIONS", message)
        self.is_up = not response.is_ours and response.status != 503
        self.round_trip_ms = (self._timers.now() - began) * 1000 if self.is_up else None
        self.state = describe(response)
        return response

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()


def describe(response: Response) -> str:
    """What a carrier answered, for people."""
    match response.status:
        case 408 if response.is_ours:
            return "no answer"
        case 503 if response.is_ours:
            return "no way there: the address does not resolve, or refuses the connection"
        case 401 | 407:
            return f"{response.status}: it does not accept the user name or password"
        case 403:
            return "403 Forbidden: it does not accept us (its list of addresses, or the user name)"
        case 404:
            return "404 Not Found: it does not know this user name"
        case status if status < 300:
            return f"answers ({status} {reason_of(status)})"
        case status:
            return f"answers with {status} {reason_of(status)}"


def _seconds(response: Response, name: str) -> int:
    """What a header begins with; 0 without it, and for what is no number. A comment may follow (RFC 3261, 20.33)."""
    found = re.match(r"[0-9]{1,9}(?![0-9])", response.headers.get(name) or "")
    return int(found[0]) if found is not None else 0


def _given_sec(response: Response, asked: int) -> int:
    """What the registrar gave us: our contact's own time, else Expires, else what we asked for."""
    times = [contact.params.get("expires") or "" for contact in response.contacts]
    stated = [int(time) for time in times if time.isascii() and time.isdigit() and len(time) < 9]
    given = min(stated) if stated else response.seconds("Expires")
    return asked if given is None else min(given, 86_400)
