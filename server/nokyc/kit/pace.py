"""Keeping a distance between pieces of work: many at once cost less than a few at a time."""

import asyncio


def now() -> float:
    """Seconds of the running loop's clock."""
    return asyncio.get_running_loop().time()


async def rest(since: float, distance_sec: float) -> None:
    """Wait until `distance_sec` after `since`; not at all if that is over."""
    await asyncio.sleep(since + distance_sec - now())
