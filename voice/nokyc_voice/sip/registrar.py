"""Where our devices are: REGISTER with digest, several contacts each, flows kept (RFC 3261 10.3, RFC 5626)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nokyc_voice.platform import Device
from nokyc_voice.sip.digest import Authenticator
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.ports import Connection
from nokyc_voice.sip.register import RegisterRequest
from nokyc_voice.sip.timers import Timers
from nokyc_voice.sip.uri import SipUri

MAX_CONTACTS = 10
"""Of one device; the one that was refreshed longest ago makes room."""
MIN_EXPIRES = 60
MAX_EXPIRES = 3_600
FLOW_MAX_EXPIRES = 600
"""Seconds, over UDP from behind NAT: the binding there does not live longer than it is used."""

FindDevice = Callable[[str], Awaitable[Device | None]]
Told = Callable[["Binding", bool], None]
"""A device can be reached there (True: also when refreshed), or cannot any more."""


@dataclass(slots=True)
class Binding:
    """One place where a device can be reached."""

    device: Device
    contact: str
    """The URI that goes into the Request-URI."""
    connection: Connection
    """The flow to it; for UDP, the address that it registered from."""
    user_agent: str
    expires_at: float
    """By the timers' clock."""
    call_id: str
    seq: int


class Registrar:
    """Gives each device's bindings; `told` hears of every change."""

    def __init__(self, authenticator: Authenticator, find: FindDevice, timers: Timers, told: Told) -> None:
        self._authenticator = authenticator
        self._find = find
        self._timers = timers
        self._told = told
        self._bindings: dict[int, list[Binding]] = {}
        """By the number's id, the freshest last."""

    def bindings(self, number_id: int) -> Sequence[Binding]:
        """Those that hold now and whose flow is open, the freshest first."""
        self._expire(number_id)
        return [each for each in reversed(self._bindings.get(number_id, [])) if each.connection.is_open]

    @property
    def count(self) -> int:
        return sum(map(len, self._bindings.values()))

    async def handle(self, register: RegisterRequest) -> None:
        """Challenge, or change the bindings and answer with all of them."""
        device = await self.prove(register)
        if device is None:
            return
        known = self._bindings.setdefault(device.number_id, [])
        self._expire(device.number_id)
        request = register.request
        if any(each.call_id == request.call_id and each.seq >= request.cseq[0] for each in known):
            register.refuse(500)  # out of order (RFC 3261 10.3, step 7)
            return
        if register.is_clearing:
            self._drop(device.number_id, [each for each in known if each.device.username == device.username])
        elif not self._change(device, register):
            register.refuse(423, headers=[("Min-Expires", str(MIN_EXPIRES))])
            return
        self._answer(device.number_id, register)

    async def prove(self, register: RegisterRequest) -> Device | None:
        """The device that a REGISTER proves to be from; None after it was challenged."""
        claimed = self._authenticator.claimed(register.request)
        device = await self._find(claimed) if claimed is not None else None
        verdict = self._authenticator.verify(register.request, device.ha1 if device is not None else {})
        if device is not None and verdict == "ok":
            return device
        register.refuse(401, headers=self._authenticator.challenges(stale=verdict == "stale"))
        return None

    def closed(self, connection: Connection) -> None:
        """A flow has ended: who registered over it cannot be reached (RFC 5626 7)."""
        for number_id, known in list(self._bindings.items()):
            self._drop(number_id, [each for each in known if each.connection is connection])

    def sweep(self) -> None:
        """Forget what has expired, or whose connection has closed; to be called every few seconds."""
        for number_id, known in list(self._bindings.items()):
            self._expire(number_id)
            self._drop(number_id, [each for each in known if not each.connection.is_open])

    def _change(self, device: Device, register: RegisterRequest) -> bool:
        """False: a time was too short."""
        if any(0 < seconds < MIN_EXPIRES for _, seconds in register.contacts):
            return False
        request = register.request
        for contact, seconds in register.contacts[:MAX_CONTACTS]:
            known = self._bindings.setdefault(device.number_id, [])
            same = [each for each in known if _is_same(each.contact, contact)]
            if seconds == 0:
                self._drop(device.number_id, same)
                continue
            for each in same:
                known.remove(each)
                if each.contact != contact:  # the same place in other words
                    self._told(each, False)
            limit: float = FLOW_MAX_EXPIRES if register.connection.transport == "udp" else MAX_EXPIRES
            if device.valid_sec is not None:
                limit = min(limit, device.valid_sec)
            binding = Binding(
                device,
                contact,
                register.connection,
                request.headers.get("User-Agent") or "",
                self._timers.now() + min(seconds, limit),
                request.call_id,
                request.cseq[0],
            )
            known.append(binding)
            self._drop(device.number_id, known[:-MAX_CONTACTS])
            self._told(binding, True)
        return True

    def _answer(self, number_id: int, register: RegisterRequest) -> None:
        now = self._timers.now()
        register.accept(
            [(each.contact, max(round(each.expires_at - now), 0)) for each in self._bindings.get(number_id, [])]
        )

    def _expire(self, number_id: int) -> None:
        now = self._timers.now()
        self._drop(number_id, [each for each in self._bindings.get(number_id, []) if each.expires_at <= now])

    def _drop(self, number_id: int, gone: Sequence[Binding]) -> None:
        known = self._bindings.get(number_id)
        if known is None:
            return
        for binding in gone:
            known.remove(binding)
            self._told(binding, False)
        if not known:
            del self._bindings[number_id]


def _is_same(one: str, other: str) -> bool:
    try:
        return SipUri.parse(one).is_same(SipUri.parse(other))
    except SipSyntaxError:
        return one == other
