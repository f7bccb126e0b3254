"""Who may call in: carriers by their addresses, and whoever proves to be a device or a trunk of ours."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random

from nokyc.kit import ids
from nokyc.kit.clock import Clock
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.destinations import Destination
from nokyc_voice.call.trunks import Trunks
from nokyc_voice.platform import DEVICES, Device, Platform, PlatformAwayError, Registration, Trunk
from nokyc_voice.sip.digest import ALGORITHMS, Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import Invitation, RegisterRequest, Request, Source, Target, Timers
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.registrar import Binding, Registrar
from nokyc_voice.sip.uri import SipUri

RETRY_SEC = "5"
CHALLENGED = frozenset({"INVITE", "REGISTER"})
"""What strangers may try; they have to claim a name that could be one of ours."""


class Reception:
    """Identifies callers, and knows where our devices are. `tell` hears of every device that comes and goes."""

    def __init__(
        self,
        config: VoiceConfig,
        platform: Platform,
        trunks: Trunks,
        *,
        clock: Clock,
        timers: Timers,
        random: Random,
        tell: Callable[[Registration], None],
    ) -> None:
        self._platform = platform
        self._trunks = trunks
        self._clock = clock
        self._timers = timers
        self._tell = tell
        self._authenticator = Authenticator(
            config.realm, config.secret, timers=timers, random=random, algorithms=config.digests
        )
        self.registrar = Registrar(self._authenticator, platform.device, timers, self._bound)

    def admits(self, source: Source, request: Request) -> bool:
        """Whether to look at a request at all. Scanners try names that we never give; they cost no state."""
        if self._trunk_at(source) is not None:
            return True
        return request.method in CHALLENGED and self._is_ours(_user(request))

    async def register(self, register: RegisterRequest) -> None:
        """A device says where it is."""
        try:
            await self.registrar.handle(register)
        except PlatformAwayError:
            register.refuse(503, headers=[("Retry-After", RETRY_SEC)])

    async def identify(self, invitation: Invitation) -> Trunk | Device | None:
        """Who calls; None once it was challenged. Raises PlatformAwayError."""
        source = invitation.source
        if not self._is_ours(_user(invitation.request)):
            trunk = self._trunk_at(source)
            if trunk is not None:
                return trunk
        return await self._prove(invitation)

    async def devices(self, number_id: int) -> Sequence[Destination]:
        """Where the devices of a number can be reached now. Who signals in secret is offered secret audio, too."""
        bindings = self.registrar.bindings(number_id)
        valid = {each.device.username: await self._still(each.device) for each in bindings}
        return [
            Destination(
                "device",
                Target(binding.contact, binding.connection.transport, binding.connection),
                self._authenticator.realm,
                srtp=binding.connection.transport == "tls",
                browser=binding.connection.transport == "ws",
            )
            for binding in bindings
            if binding.device.ha1 == valid[binding.device.username]
        ]

    async def _still(self, device: Device) -> Mapping[str, str]:
        """What a device that signed in proves itself with by now: another password may have ended the one it had."""
        try:
            found = await self._platform.device(device.username)
        except PlatformAwayError:
            return device.ha1
        return {} if found is None else found.ha1

    async def _prove(self, invitation: Invitation) -> Trunk | Device | None:
        """Digest (RFC 3261, 22.3) of whoever claims a name of ours."""
        claimed = self._authenticator.claimed(invitation.request, proxy=True)
        who: Trunk | Device | None = None
        if claimed is not None:
            who = self._trunks.by_username(claimed) or await self._platform.device(claimed)
        verdict = self._authenticator.verify(invitation.request, self._ha1(who), proxy=True)
        if who is not None and verdict == "ok":
            return who
        invitation.challenge(self._authenticator.challenges(proxy=True, stale=verdict == "stale"))
        return None

    def _trunk_at(self, source: Source) -> Trunk | None:
        """The carrier that an address proves. A browser may share its own with one, and is none."""
        return None if source.transport == "ws" else self._trunks.by_address(source.host, source.port)

    def _is_ours(self, name: str) -> bool:
        return (
            any(ids.read(prefix, name) is not None for prefix in DEVICES) or self._trunks.by_username(name) is not None
        )

    def _ha1(self, who: Trunk | Device | None) -> Mapping[str, str]:
        match who:
            case Device():
                return who.ha1
            case Trunk(username=str(username), password=str(password)):
                realm = self._authenticator.realm
                return {name: compute_ha1(name, username, realm, password) for name in ALGORITHMS}
            case _:
                return {}

    def _bound(self, binding: Binding, holds: bool) -> None:
        left = timedelta(seconds=binding.expires_at - self._timers.now())
        self._tell(
            Registration(
                binding.device.number_id,
                binding.device.account_id,
                binding.contact,
                binding.user_agent,
                binding.connection.transport,
                self._clock.now() + left if holds else None,
            )
        )


def _user(request: Request) -> str:
    """The name in From: devices and trunks that have to prove themselves call under their user name."""
    try:
        return SipUri.parse(request.from_.uri).unescaped_user or ""
    except SipSyntaxError:
        return ""
