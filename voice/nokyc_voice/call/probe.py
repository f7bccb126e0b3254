"""Asking a carrier, beside the running engine and without touching its registration, and saying what came back."""

import asyncio
from random import Random

from nokyc_voice.call.destinations import Destination, of_trunk
from nokyc_voice.platform import Trunk, TrunkState
from nokyc_voice.sip.endpoint import (
    Address,
    Endpoint,
    Invitation,
    Listener,
    LoopTimers,
    Outgoing,
    RegisterRequest,
    Request,
    Source,
    Target,
)
from nokyc_voice.sip.trunk import Pinger, describe

PATIENCE_SEC = 8.0
"""For one answer. RFC 3261 would wait for 32 s, which nobody does who sits before a terminal."""
NAME = "nokyc"


async def probe(trunk: Trunk, *, host: str, advertise: str | None, random: Random) -> TrunkState:
    """OPTIONS to each target, and a question to the registrar if we register there. `host` is the address to ask
    from; the port is any. Raises OSError if that cannot be bound to."""
    timers = LoopTimers()
    endpoint = Endpoint([Listener("udp", host)], _Nobody(), timers=timers, random=random, advertise=advertise)
    await endpoint.start()
    try:
        destinations = of_trunk(trunk, trunk.username or NAME)
        own = Address(f"sip:{trunk.username or NAME}@{destinations[0].host}")
        pings = [_ask(Pinger(endpoint, each.target, own, 0, timers=timers)) for each in destinations]
        answers = await asyncio.gather(*pings)
        words = [f"OPTIONS to {_place(each)}: {said}" for each, (_, said) in zip(destinations, answers, strict=True)]
        up = any(is_up for is_up, _ in answers)
        if trunk.register:
            registered, said = await _registrar(endpoint, destinations[0], own)
            words.append(f"REGISTER at {_place(destinations[0])}: {said}")
            up = up and registered
    finally:
        await endpoint.stop()
    return TrunkState(trunk.name, up, "; ".join(words))


class _Nobody:
    """Whoever calls in here is not heard."""

    def admits(self, source: Source, request: Request) -> bool:
        return False

    async def invited(self, invitation: Invitation) -> None:
        raise AssertionError("nobody is admitted")

    async def registered(self, register: RegisterRequest) -> None:
        raise AssertionError("nobody is admitted")


async def _ask(pinger: Pinger) -> tuple[bool, str]:
    try:
        async with asyncio.timeout(PATIENCE_SEC):
            await pinger.ping()
    except TimeoutError:
        return False, "no answer"
    took = "" if pinger.round_trip_ms is None else f" after {pinger.round_trip_ms:.0f} ms"
    return pinger.is_up, pinger.state + took


async def _registrar(endpoint: Endpoint, destination: Destination, own: Address) -> tuple[bool, str]:
    """A REGISTER with neither Contact nor Expires asks what is registered, and changes nothing (RFC 3261, 10.2.3);
    the password is proved all the same."""
    target = destination.target
    registrar = Target(f"sip:{own.uri.partition('@')[2]}", target.transport, target.next_hop, target.credentials)
    try:
        async with asyncio.timeout(PATIENCE_SEC):
            response = await endpoint.request(registrar, "REGISTER", Outgoing(own, own))
    except TimeoutError:
        return False, "no answer"
    if not 200 <= response.status < 300:
        return False, describe(response)
    count = len(response.contacts)
    return True, f"{describe(response)}, and the password is right; {count} registered there now"


def _place(destination: Destination) -> str:
    """Host and port, and what it travels over."""
    uri = destination.target.uri.partition("@")[2].partition(";")[0]
    return f"{uri} over {destination.target.transport.upper()}"
