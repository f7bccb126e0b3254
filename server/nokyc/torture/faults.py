"""What goes wrong, in an order that the dice choose: every fault once before any comes again."""

import asyncio
import random
from collections import Counter

from nokyc.torture.platform import CHILDREN, Carrier, Platform

FAULT_EVERY_SEC = (0.5, 2.5)
MUTE_SEC = 4.0
THROTTLE_SEC = 3.0
KILLS = (*CHILDREN, "postgres", "supervisor")
CARRIER = ("links cut", "links half open", "throttling")


async def break_things(platform: Platform, carrier: Carrier, seconds: float, dice: random.Random) -> Counter[str]:
    """Until the time is over and each has happened; returns how often. The carrier behaves again afterwards."""
    happened: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    deck: list[str] = []
    while loop.time() < end or deck or not happened:
        if not deck:
            deck = [*KILLS, *CARRIER]
            dice.shuffle(deck)
        await asyncio.sleep(dice.uniform(*FAULT_EVERY_SEC))
        fault = deck.pop()
        if fault not in CARRIER:
            happened[fault] += await platform.kill(fault)
            continue
        happened[fault] += 1
        if fault == "links cut":
            carrier.order(drop=True)
        elif fault == "links half open":
            carrier.order(mute=True)
            loop.call_later(MUTE_SEC, lambda: carrier.order(mute=False))
        else:
            carrier.order(throttle=True)
            loop.call_later(THROTTLE_SEC, lambda: carrier.order(throttle=False))
    await platform.revive()
    await asyncio.sleep(max(MUTE_SEC, THROTTLE_SEC))
    return happened
