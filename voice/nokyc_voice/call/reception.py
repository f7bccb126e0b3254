"""Who may call in: carriers by their addresses, and whoever proves to be a device or a trunk of ours."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from nokyc.kit import ids
from nokyc.kit.clock import Clock
from nokyc_voice.call.callerid import callee_of, caller_of
from nokyc_voice.call.config import VoiceConfig
from nokyc_voice.call.destinations import Destination
from nokyc_voice.call.trunks import Trunks
from nokyc_voice.platform import Device, Platform, PlatformAwayError, Trunk
from nokyc_voice.platform import Registration as Registered
from nokyc_voice.sip.digest import ALGORITHMS, Authenticator, compute_ha1
from nokyc_voice.sip.endpoint import Invitation, RegisterRequest, Request, Source, Target, Timers
from nokyc_voice.sip.registrar import Binding, Registrar
from nokyc_voice.sip.uri import SipUri

STRIKES = 10
"""Wrong passwords after which a source is not listened to any more, …"""
STRIKE_SEC = 600.0
"""… for so long."""
MAX_SOURCES = 4_096
RETRY_SEC = "5"


class Reception:
    """Identifies callers, and knows where our devices are."""

    def __init__(
        self,
        config: VoiceConfig,
        platform: Platform,
        trunks: Trunks,
        *,
        clock: Clock,
        timers: Timers,
        random: Random,
        tell: "Callable[[Registered], None]",
    ) -> None:
        self._platform = platform
        self._trunks = trunks
        self._clock = clock
        self._timers = timers
        self._tell = tell
        self._authenticator = Authenticator(config.realm, config.secret, timers=timers, random=random)
        self.registrar = Registrar(self._authenticator, platform.device, timers, self._bound)
        self._strikes: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admits(self, source: Source, request: Request) -> bool:
        """Whether to look at a request at all: from a trunk's address, or with a name that could be one of ours."""
        if self._trunks.by_address(source.host, source.port) is not None:
            return True
        if request.method not in ("INVITE", "REGISTER", "OPTIONS") or self._struck_out(source.host):
            return False
        return self._named(request) is not None

    async def register(self, register: RegisterRequest) -> None:
        """A device says where it is."""
        try:
            await self.registrar.handle(register)
        except PlatformAwayError:
            register.refuse(503, headers=[("Retry-After", RETRY_SEC)])

    async def identify(self, invitation: Invitation) -> Trunk | Device | None:
        """Who calls; None once it was challenged or refused. Raises PlatformAwayError."""
        source, request = invitation.source, invitation.request
        name = self._named(request)
        if name is None or self._trunks.by_username(name) is None and ids.read("num", name) is None:
            trunk = self._trunks.by_address(source.host, source.port)
            if trunk is not None:
                return trunk
        return await self._prove(invitation)

    def devices(self, number_id: int) -> Sequence[Destination]:
        """Where the devices of a number can be reached now."""
        return [_destination(binding) for binding in self.registrar.bindings(number_id)]

    async def _prove(self, invitation: Invitation) -> Trunk | Device | None:
        """Digest (RFC 3261, 22.3) for whoever claims a name of ours."""
        claimed = self._authenticator.claimed(invitation.request, proxy=True)
        who: Trunk | Device | None = None
        if claimed is not None:
            who = self._trunks.by_username(claimed) or await self._platform.device(claimed)
        verdict = self._authenticator.verify(invitation.request, self._ha1(who), proxy=True)
        if who is not None and verdict == "ok":
            return who
        if verdict == "wrong":
            self._strike(invitation.source.host)
        invitation.challenge(self._authenticator.challenges(proxy=True, stale=verdict == "stale"))
        return None
