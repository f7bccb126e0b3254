"""The carriers' trunks in this process: registered, asked after, and known by their addresses."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from random import Random

from nokyc_voice.call.destinations import of_trunk
from nokyc_voice.platform import Platform, PlatformAwayError, Trunk, TrunkState
from nokyc_voice.sip.endpoint import Address, Endpoint, Target, Timers
from nokyc_voice.sip.trunk import Pinger, Registration

LOOK_UP_SEC = 300.0
"""How often the addresses of a trunk's hosts are looked up again."""
RETRY_SEC = 5.0
FAREWELL_SEC = 2.0
"""How long a carrier has for its last answers. One that is silent would have half a minute, and hold up the process."""
OWN_NAME = "nokyc"
"""Who asks, where a trunk has no user name."""


@dataclass(slots=True)
class _Kept:
    trunk: Trunk
    tasks: list[asyncio.Task[None]]
    registration: Registration | None
    pingers: list[Pinger]
    addresses: set[str] = field(default_factory=set)


class Trunks:
    def __init__(self, endpoint: Endpoint, platform: Platform, *, timers: Timers, random: Random) -> None:
        self._endpoint = endpoint
        self._platform = platform
        self._timers = timers
        self._random = random
        self._kept: dict[str, _Kept] = {}
        self._reloading = asyncio.Lock()

    async def reload(self) -> None:
        """Take up the trunks that the platform has now; waits for the platform to be there."""
        while True:
            try:
                wanted = {trunk.name: trunk for trunk in await self._platform.trunks()}
                break
            except PlatformAwayError:
                await asyncio.sleep(RETRY_SEC)
        async with self._reloading:
            gone = [kept for name, kept in self._kept.items() if wanted.get(name) != kept.trunk]
            await asyncio.gather(*map(self._end, gone))  # their calls are taken until others stand in their place
            left = {name: kept for name, kept in self._kept.items() if kept not in gone}
            fresh = {name: self._begin(trunk) for name, trunk in wanted.items() if name not in left}
            await asyncio.gather(*map(self._learn, fresh.values()))
            self._kept = left | fresh

    def by_address(self, host: str, port: int) -> Trunk | None:
        """Whose calls come from there. Of two carriers at one address, the port decides."""
        here = [kept.trunk for kept in self._kept.values() if host in kept.addresses or _allows(kept.trunk, host)]
        same_port = [trunk for trunk in here if any(port == target[1] for target in trunk.targets)]
        return next(iter([*same_port, *here]), None)

    def by_username(self, username: str) -> Trunk | None:
        """The trunk that may prove itself by this name from anywhere."""
        found = (kept.trunk for kept in self._kept.values())
        return next((trunk for trunk in found if trunk.username == username and trunk.password is not None), None)

    def states(self) -> list[TrunkState]:
        """Each trunk in words."""
        return [_state(kept) for kept in self._kept.values()]

    async def stop(self) -> None:
        """Give the registrations back."""
        kept, self._kept = list(self._kept.values()), {}
        await asyncio.gather(*map(self._end, kept))

    def _begin(self, trunk: Trunk) -> _Kept:
        # The targets of a call to nobody are the trunk's own addresses.
        targets = [destination.target for destination in of_trunk(trunk, trunk.username or OWN_NAME)]
        own = Address(f"sip:{trunk.username or OWN_NAME}@{_host(targets[0])}")
        registration = None
        if trunk.register and trunk.username is not None:
            registrar = Target(f"sip:{_host(targets[0])}", trunk.transport, targets[0].next_hop, targets[0].credentials)
            registration = Registration(
                self._endpoint, registrar, trunk.username, timers=self._timers, random=self._random
            )
        asked = targets if trunk.ping_sec else []
        pingers = [Pinger(self._endpoint, each, own, trunk.ping_sec, timers=self._timers) for each in asked]
        kept = _Kept(trunk, [], registration, pingers)
        kept.tasks = [asyncio.create_task(each.run()) for each in _keepers(kept)]
        kept.tasks.append(asyncio.create_task(self._keep_learning(kept)))
        return kept

    async def _end(self, kept: _Kept) -> None:
        kept.tasks.pop().cancel()
        for each in _keepers(kept):
            each.stop()
        if kept.tasks:
            _, waiting = await asyncio.wait(kept.tasks, timeout=FAREWELL_SEC)
            for task in waiting:
                task.cancel()

    async def _keep_learning(self, kept: _Kept) -> None:
        while True:
            await asyncio.sleep(LOOK_UP_SEC)
            await self._learn(kept)

    async def _learn(self, kept: _Kept) -> None:
        """The addresses of its hosts; what was known stays while the resolver is away."""
        for host, _ in kept.trunk.targets:
            try:
                kept.addresses.update(await _look_up(host))
            except (OSError, UnicodeError):  # the latter for what can be no name
                continue


def _keepers(kept: _Kept) -> list[Registration | Pinger]:
    return [*kept.pingers] if kept.registration is None else [kept.registration, *kept.pingers]


def _host(target: Target) -> str:
    """Host and port of a target's URI."""
    return target.uri.partition("@")[2].partition(";")[0]


def _allows(trunk: Trunk, host: str) -> bool:
    return any(ip_address(host) in ip_network(network, strict=False) for network in trunk.allow)


def _state(kept: _Kept) -> TrunkState:
    words = [kept.registration.state] if kept.registration is not None else []
    words += [pinger.state for pinger in kept.pingers]
    reached = not kept.pingers or any(pinger.is_up for pinger in kept.pingers)
    registered = kept.registration is None or kept.registration.is_up
    return TrunkState(kept.trunk.name, reached and registered, "; ".join(words) or "not asked: no OPTIONS are sent")


async def _look_up(host: str) -> list[str]:
    """All addresses of a host. Raises OSError if it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None)
    return [str(each[4][0]) for each in found]
