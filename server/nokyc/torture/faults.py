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
    end = behaves = loop.time()
    end += seconds
    deck: list[str] = []
    while loop.time() < end or deck or not happened:
        if not deck:
            deck = [*KILLS, *CARRIER]
            dice.shuffle(deck)
        await asyncio.sleep(dice.uniform(*FAULT_EVERY_SEC))
        fault = deck.pop()
        if fault == "links cut":
            carrier.order(drop=True)
        elif fault == "links half open":
            carrier.order(mute=True)
            behaves = loop.time() + MUTE_SEC
            loop.call_at(behaves, lambda: carrier.order(mute=False))
        elif fault == "throttling":
            carrier.order(throttle=True)
            behaves = loop.time() + THROTTLE_SEC
            loop.call_at(behaves, lambda: carrier.order(throttle=False))
        elif not await platform.kill(fault):
            deck.insert(0, fault)  # it was dead just then: its turn comes again
            continue
        happened[fault] += 1
    await platform.revive()
    await asyncio.sleep(behaves - loop.time())
    return happened
